// SPDX-License-Identifier: MIT
#include "server/filesender.h"

#include "server/sessioncounters.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace ferry::server {

Result<> sendWholeFile(Channel &channel, const OpenFile &file, const ServerConfig &config,
                       SessionCounters &counters)
{
    qint64 sent = 0;
    qint64 sentInWindow = 0;
    QElapsedTimer window;
    window.start();

    while (sent < file.size) {
        const qint64 piece = qMin<qint64>(file.size - sent, limits::ioBytes);
        const auto step = channel.sendFile(file.descriptor.get(), sent, piece,
                                           QDeadlineTimer(config.noProgressTime));
        if (!step)
            return step.error();
        if (step.value() == 0)
            return Error{ErrorCode::LocalFile,
                         QCoreApplication::translate("ferry", "the file became shorter")};
        sent += step.value();
        sentInWindow += step.value();
        counters.addBytes(step.value());

        const qint64 elapsed = window.elapsed();
        if (elapsed >= config.minimumRateWindow.count()) {
            if (sentInWindow * 1000 < config.minimumRate * elapsed)
                return Error{ErrorCode::TimedOut, QCoreApplication::translate("ferry", "too slow")};
            sentInWindow = 0;
            window.restart();
        }
    }
    return {};
}

} // namespace ferry::server
