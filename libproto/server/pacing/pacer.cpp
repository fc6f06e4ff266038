// SPDX-License-Identifier: MIT
#include "server/pacing/pacer.h"

#include "server/limits.h"
#include "server/pacing/sessioncounters.h"

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

void Pacer::spend(qint64 bytes)
{
    m_owedAt = rates();
    const RateLimiter::Clock::duration rest = std::max(m_own.spend(bytes), m_shared->spend(bytes));
    m_restEnd =
        rest < minRest ? RateLimiter::Clock::time_point() : RateLimiter::Clock::now() + rest;
}

Result<> Pacer::rest(Channel &channel, SessionCounters &counters, const Beat &beat)
{
    while (!m_released && m_owedAt == rates()) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(m_restEnd - RateLimiter::Clock::now());
        if (left <= 0ms)
            break;
        if (auto paused = channel.pause(QDeadlineTimer(std::min(left, limits::pausePollInterval)));
            !paused)
            return paused;
        counters.touch();
        if (!beat)
            continue;
        const auto end = beat();
        if (!end)
            return end.error();
        if (end.value())
            break;
    }
    m_restEnd = {};
    return {};
}

Result<> Pacer::waitWhilePaused(Channel &channel, const Beat &beat)
{
    while (m_paused && !m_released) {
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
    return {};
}

} // namespace ferry::server
