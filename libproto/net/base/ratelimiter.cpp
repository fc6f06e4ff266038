// SPDX-License-Identifier: MIT
#include "net/base/ratelimiter.h"

#include "net/limits.h"

#include <algorithm>

namespace ferry {

void RateLimiter::setRate(qint64 rate)
{
    const std::lock_guard lock(m_mutex);
    m_rate = std::max<qint64>(rate, 0);
    m_paid = Clock::time_point();
}

qint64 RateLimiter::piece(qint64 most) const
{
    const qint64 limit = rate();
    if (limit == 0)
        return most;
    constexpr qint64 second = std::chrono::milliseconds(std::chrono::seconds(1)).count();
    // Divided first: the product of a rate near 2^63 would not fit.
    const qint64 even = limit / second * limits::limiterPiece.count() +
                        limit % second * limits::limiterPiece.count() / second;
    return std::clamp<qint64>(even, 1, most);
}

RateLimiter::Clock::duration RateLimiter::spend(qint64 bytes, Clock::time_point now)
{
    const std::lock_guard lock(m_mutex);
    const qint64 limit = rate();
    if (limit == 0)
        return {};
    // Nobody pays in more than an hour's pieces; anything near what Clock holds would overflow.
    const std::chrono::duration<double> cost(std::min(double(bytes) / double(limit), 3600.0));
    m_paid = std::clamp(m_paid, now - limits::limiterBurst, now + std::chrono::hours(1)) +
             std::chrono::duration_cast<Clock::duration>(cost);
    return std::max(m_paid - now, Clock::duration(0));
}

} // namespace ferry
