// SPDX-License-Identifier: MIT
#pragma once

#include "client/queue/downloadqueue.h"
#include "net/base/ratelimiter.h"

#include <algorithm>
#include <memory>

namespace ferry::client {

/// What the bytes of one row are held to: the limit of all rows together, and the row's own, which
/// somebody may set meanwhile. One thread.
class SpeedLimits
{
public:
    SpeedLimits(const DownloadQueue &queue, quint64 row)
        : m_queue(queue)
        , m_row(row)
        , m_all(queue.rateLimiter())
    {
    }

    /// How much to move at once, at most `most`.
    qint64 piece(qint64 most)
    {
        m_own = m_queue.limiterOf(m_row);
        const qint64 piece = m_all->piece(most);
        return m_own ? m_own->piece(piece) : piece;
    }

    /// `bytes` were moved: how long to rest before the next piece.
    RateLimiter::Clock::duration spend(qint64 bytes)
    {
        const auto rest = m_all->spend(bytes);
        return m_own ? std::max(rest, m_own->spend(bytes)) : rest;
    }

private:
    const DownloadQueue &m_queue;
    const quint64 m_row;
    const std::shared_ptr<RateLimiter> m_all;
    std::shared_ptr<RateLimiter> m_own; ///< null: the row has none
};

} // namespace ferry::client
