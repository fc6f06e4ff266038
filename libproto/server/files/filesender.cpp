// SPDX-License-Identifier: MIT
#include "server/files/filesender.h"

#include "net/base/rateguard.h"
#include "net/base/translate.h"
#include "net/limits.h"
#include "server/pacing/pacer.h"
#include "server/pacing/sessioncounters.h"

namespace ferry::server {

Result<> sendWholeFile(Channel &channel, const OpenFile &file, const ServerConfig &config,
                       Pacer &pacer, SessionCounters &counters)
{
    RateGuard guard(config.minimumRate, config.minimumRateWindow);
    for (qint64 sent = 0; sent < file.size;) {
        if (auto resumed = pacer.waitWhilePaused(channel); !resumed)
            return resumed;
        if (auto rested = pacer.rest(channel, counters); !rested)
            return rested;
        if (pacer.isReleased()) // the dialect has no word for it in the middle of a file
            return Error{ErrorCode::Cancelled, {}};
        const qint64 piece = pacer.piece(qMin<qint64>(file.size - sent, limits::ioBytes));
        const auto began = RateGuard::Clock::now();
        const auto step = channel.sendFile(file.descriptor.get(), sent, piece,
                                           QDeadlineTimer(config.noProgressTime));
        if (!step)
            return step.error();
        if (step.value() == 0)
            return Error{ErrorCode::LocalFile, tr("the file became shorter")};
        sent += step.value();
        counters.addBytes(step.value());
        if (!guard.add(step.value(), RateGuard::Clock::now() - began))
            return Error{ErrorCode::TimedOut, tr("too slow")};
        pacer.spend(step.value());
    }
    return {};
}

} // namespace ferry::server
