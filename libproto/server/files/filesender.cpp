// SPDX-License-Identifier: MIT
#include "server/files/filesender.h"

#include "net/limits.h"
#include "server/pacing/pacer.h"
#include "server/pacing/rateguard.h"
#include "server/pacing/sessioncounters.h"

#include <QCoreApplication>

namespace ferry::server {

Result<> sendWholeFile(Channel &channel, const OpenFile &file, const ServerConfig &config,
                       Pacer &pacer, SessionCounters &counters)
{
    RateGuard guard(config);
    for (qint64 sent = 0; sent < file.size;) {
        if (auto resumed = pacer.waitWhilePaused(channel, guard); !resumed)
            return resumed;
        const qint64 piece = pacer.piece(qMin<qint64>(file.size - sent, limits::ioBytes));
        const auto step = channel.sendFile(file.descriptor.get(), sent, piece,
                                           QDeadlineTimer(config.noProgressTime));
        if (!step)
            return step.error();
        if (step.value() == 0)
            return Error{ErrorCode::LocalFile,
                         QCoreApplication::translate("ferry", "the file became shorter")};
        sent += step.value();
        counters.addBytes(step.value());
        if (!guard.add(step.value()))
            return Error{ErrorCode::TimedOut, QCoreApplication::translate("ferry", "too slow")};
        if (auto rested = pacer.spend(step.value(), channel, guard, counters); !rested)
            return rested;
    }
    return {};
}

} // namespace ferry::server
