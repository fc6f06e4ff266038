// SPDX-License-Identifier: MIT
#pragma once

#include "client/limits.h"
#include "net/limits.h"

#include <QDeadlineTimer>

#include <chrono>

namespace ferry::client {

/// How long a server may say that it is busy. It has good reasons to (a pause, a checksum of much,
/// a speed limit), but without an end it would keep everything that waits. One thread.
class BusyGuard
{
public:
    explicit BusyGuard(std::chrono::milliseconds time)
        : m_time(time)
    {
    }

    /// It is busy, with the checksum of so many bytes if that was asked for, which takes a time of
    /// its own. False: since the first time it gave less than limits::minimumRate.
    bool busy(qint64 checksumBytes = 0)
    {
        if (m_until.isForever()) {
            const qint64 ms = m_time.count() + checksumBytes / (limits::minimumChecksumRate / 1000);
            m_until.setRemainingTime(ms);
            m_missing = limits::minimumRate * ms / 1000;
        }
        return !m_until.hasExpired();
    }

    /// So many bytes of an answer came.
    void add(qint64 bytes)
    {
        m_missing -= bytes;
        if (m_missing <= 0)
            restart();
    }

    /// An answer came to its end.
    void restart() { m_until = QDeadlineTimer(QDeadlineTimer::Forever); }

private:
    const std::chrono::milliseconds m_time;
    QDeadlineTimer m_until{QDeadlineTimer::Forever};
    qint64 m_missing = 0; ///< bytes until what was said is forgotten
};

} // namespace ferry::client
