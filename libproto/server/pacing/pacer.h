// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/ratelimiter.h"
#include "net/channel/channel.h"
#include "server/limits.h"
#include "server/pacing/rateguard.h"

#include <atomic>
#include <functional>
#include <memory>

namespace ferry::server {

class SessionCounters;

/// What holds a session's content back: the operator's pause, a speed limit of its own, and the
/// one that all sessions share. Resting and pausing are no fault of the peer, so they count
/// neither as idle nor as slow. A rest ends at once when the channel is shut down, and soon after
/// the limits change.
class Pacer
{
public:
    /// `shared`: the limit of all sessions together.
    explicit Pacer(std::shared_ptr<RateLimiter> shared);

    // Any thread:
    void setPaused(bool paused) { m_paused = paused; }
    bool isPaused() const { return m_paused; }
    void setRate(qint64 bytesPerSecond) { m_own.setRate(bytesPerSecond); } ///< 0: no limit
    qint64 rate() const { return m_own.rate(); }

    // The session's thread:

    /// How much of `most` bytes to send at once.
    qint64 piece(qint64 most) const { return m_own.piece(m_shared->piece(most)); }

    /// `bytes` were sent: rests as long as the limits want. Cancelled, CutShort.
    Result<> spend(qint64 bytes, Channel &channel, RateGuard &guard, SessionCounters &counters);

    /// Waits as long as the session is paused, and looks at `beat` every limits::pausePollInterval:
    /// an error ends the wait with it, true ends it without. Cancelled, CutShort.
    using Beat = std::function<Result<bool>()>;
    Result<> waitWhilePaused(Channel &channel, RateGuard &guard, const Beat &beat = {});

private:
    const std::shared_ptr<RateLimiter> m_shared;
    RateLimiter m_own;
    std::atomic_bool m_paused = false;
};

} // namespace ferry::server
