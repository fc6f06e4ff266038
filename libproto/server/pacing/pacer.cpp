// SPDX-License-Identifier: MIT
#include "server/pacing/pacer.h"

#include "server/limits.h"
#include "server/pacing/sessioncounters.h"

#include <QElapsedTimer>

#include <algorithm>

namespace ferry::server {

using namespace std::chrono_literals;

namespace {

/// A shorter rest is left owing: the limiter adds it to the next one.
constexpr auto minRest = 2ms;

} // namespace

Pacer::Pacer(std::shared_ptr<RateLimiter> shared)
    : m_shared(std::move(shared))
{
}

Result<> Pacer::spend(qint64 bytes, Channel &channel, RateGuard &guard, SessionCounters &counters)
{
    const RateLimiter::Clock::duration rest = std::max(m_own.spend(bytes), m_shared->spend(bytes));
    if (rest < minRest)
        return {};
    const qint64 own = m_own.rate();
    const qint64 shared = m_shared->rate();
    const auto end = RateLimiter::Clock::now() + rest;
    QElapsedTimer rested;
    rested.start();
    while (m_own.rate() == own && m_shared->rate() == shared) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - RateLimiter::Clock::now());
        if (left <= 0ms)
            break;
        if (auto paused = channel.pause(QDeadlineTimer(std::min(left, limits::pausePollInterval)));
            !paused)
            return paused;
        counters.touch();
    }
    guard.excuse(rested.elapsed());
    return {};
}

Result<> Pacer::waitWhilePaused(Channel &channel, RateGuard &guard, const Beat &beat)
{
    if (!m_paused)
        return {};
    while (m_paused) {
        if (auto paused = channel.pause(QDeadlineTimer(limits::pausePollInterval)); !paused)
            return paused;
        if (!beat)
            continue;
        const auto end = beat();
        if (!end)
            return end.error();
        if (end.value())
            break;
    }
    guard.restart();
    return {};
}

} // namespace ferry::server
