// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"

#include <QtGlobal>

#include <atomic>
#include <chrono>
#include <mutex>

namespace ferry {

/// A speed limit that any number of threads share: each says what it moved and rests as long as
/// it is told. What was moved too early is a debt, so over a second or more the sum keeps the rate
/// exactly; a pause earns at most limits::limiterBurst of credit. Any thread.
class RateLimiter
{
public:
    using Clock = std::chrono::steady_clock;

    /// Bytes per second; 0: no limit.
    explicit RateLimiter(qint64 rate = 0)
        : m_rate(rate)
    {
    }

    /// Takes effect with the next piece; what was owed at the old rate is forgotten.
    void setRate(qint64 rate);
    qint64 rate() const { return m_rate.load(std::memory_order_relaxed); }

    /// How much to move at once, at most `most`, so that the flow stays even: what the rate
    /// allows in limits::limiterPiece, one byte at least.
    qint64 piece(qint64 most) const;

    /// `bytes` were moved: how long to rest before the next piece. `now` is Clock::now().
    Clock::duration spend(qint64 bytes, Clock::time_point now);
    Clock::duration spend(qint64 bytes)
    {
        return rate() > 0 ? spend(bytes, Clock::now()) : Clock::duration(0);
    }

private:
    std::atomic<qint64> m_rate;
    std::mutex m_mutex;       ///< guards m_paid
    Clock::time_point m_paid; ///< until when what was moved takes at this rate
};

} // namespace ferry
