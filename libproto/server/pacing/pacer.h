// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/ratelimiter.h"
#include "net/channel/channel.h"
#include "server/limits.h"

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace ferry::server {

class SessionCounters;

/// What holds a session's content back: the operator's pause, a speed limit of its own, and the
/// one that all sessions share. A rest is no fault of the peer, so it does not count as idle. It
/// ends at once when the channel is shut down, and soon after the limits change.
class Pacer
{
public:
    /// `shared`: the limit of all sessions together.
    explicit Pacer(std::shared_ptr<RateLimiter> shared);

    // Any thread:
    void setPaused(bool paused) { m_paused = paused; }
    bool isPaused() const { return m_paused; }
    /// The session is to end, so nothing is held back any more.
    void release() { m_released = true; }
    bool isReleased() const { return m_released; }
    void setRate(qint64 bytesPerSecond) { m_own.setRate(bytesPerSecond); } ///< 0: no limit
    qint64 rate() const { return m_own.rate(); }

    // The session's thread:

    /// How much of `most` bytes to send at once.
    qint64 piece(qint64 most) const { return m_own.piece(m_shared->piece(most)); }

    /// Called every limits::pausePollInterval of a wait: an error ends the wait with it, true ends
    /// it without.
    using Beat = std::function<Result<bool>()>;

    /// `bytes` were sent: the next rest() pays for them.
    void spend(qint64 bytes);

    /// Before more is sent: waits as long as the limits want. Cancelled, CutShort.
    Result<> rest(Channel &channel, SessionCounters &counters, const Beat &beat = {});

    /// Waits as long as the session is paused. Cancelled, CutShort.
    Result<> waitWhilePaused(Channel &channel, const Beat &beat = {});

private:
    const std::shared_ptr<RateLimiter> m_shared;
    RateLimiter m_own;
    std::atomic_bool m_paused = false;
    std::atomic_bool m_released = false;

    // The session's thread only:
    std::pair<qint64, qint64> rates() const { return {m_own.rate(), m_shared->rate()}; }
    std::pair<qint64, qint64> m_owedAt; ///< the rates that m_restEnd was reckoned with
    RateLimiter::Clock::time_point m_restEnd;
};

} // namespace ferry::server
