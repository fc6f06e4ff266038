// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry {

/// Tells a peer that crawls from one that moves: fewer than `rate` bytes per second, averaged over
/// `window`, are too few to go on with. Only time that was spent waiting for the peer counts, so
/// our own rests, pauses and disks are never held against it. One thread.
class RateGuard
{
public:
    using Clock = std::chrono::steady_clock;

    RateGuard(qint64 rate, std::chrono::milliseconds window)
        : m_rate(rate)
        , m_window(window)
    {
    }

    /// Begins to count afresh.
    void restart()
    {
        m_bytes = 0;
        m_waited = {};
    }

    /// `bytes` more were moved, after a wait of this long. False: too slow.
    bool add(qint64 bytes, Clock::duration waited)
    {
        m_bytes += bytes;
        m_waited += waited;
        if (m_waited < m_window)
            return true;
        const double seconds = std::chrono::duration<double>(m_waited).count();
        const bool fastEnough = double(m_bytes) >= double(m_rate) * seconds;
        restart();
        return fastEnough;
    }

private:
    const qint64 m_rate;
    const Clock::duration m_window;
    qint64 m_bytes = 0;
    Clock::duration m_waited{};
};

} // namespace ferry
