// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry::client {

/// Bytes per second, lately and on average. The caller gives the time.
class RateMeter
{
public:
    using Clock = std::chrono::steady_clock;

    void start(Clock::time_point now);
    void add(qint64 bytes, Clock::time_point now);

    /// Over the last full second; in the first one, since the start, but not before 100 ms
    /// have passed.
    qint64 lately() const { return m_lately; }
    /// From the start to `now`.
    qint64 average(Clock::time_point now) const;

private:
    static qint64 rate(qint64 bytes, Clock::duration time);

    Clock::time_point m_start;
    Clock::time_point m_windowStart;
    qint64 m_total = 0;
    qint64 m_inWindow = 0;
    qint64 m_lately = 0;
    bool m_fullWindow = false;
};

} // namespace ferry::client
