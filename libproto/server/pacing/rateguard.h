// SPDX-License-Identifier: MIT
#pragma once

#include "server/serverconfig.h"

#include <QElapsedTimer>

namespace ferry::server {

/// Tells a transfer that crawls from one that moves: fewer than config.minimumRate bytes per
/// second, averaged over config.minimumRateWindow, is too slow to keep a session for.
class RateGuard
{
public:
    explicit RateGuard(const ServerConfig &config)
        : m_rate(config.minimumRate)
        , m_windowMs(config.minimumRateWindow.count())
    {
        m_window.start();
    }

    /// Begins to count afresh, after a time in which nothing was to be sent.
    void restart()
    {
        m_bytes = 0;
        m_excusedMs = 0;
        m_window.restart();
    }

    /// `ms` of the time since the window began were spent resting, by our own wish.
    void excuse(qint64 ms) { m_excusedMs += ms; }

    /// `bytes` more were taken by the peer. False: too slow.
    bool add(qint64 bytes)
    {
        m_bytes += bytes;
        const qint64 elapsed = m_window.elapsed() - m_excusedMs;
        if (elapsed < m_windowMs)
            return true;
        const bool fastEnough = m_bytes * 1000 >= m_rate * elapsed;
        restart();
        return fastEnough;
    }

private:
    qint64 m_rate;
    qint64 m_windowMs;
    qint64 m_bytes = 0;
    qint64 m_excusedMs = 0;
    QElapsedTimer m_window;
};

} // namespace ferry::server
