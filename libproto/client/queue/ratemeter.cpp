// SPDX-License-Identifier: MIT
#include "client/queue/ratemeter.h"

namespace ferry::client {

namespace {
// The first piece comes at once, also where a speed limit then holds the next one back.
constexpr std::chrono::milliseconds minTime(100);
} // namespace

void RateMeter::start(Clock::time_point now)
{
    *this = {};
    m_start = m_windowStart = now;
}

void RateMeter::add(qint64 bytes, Clock::time_point now)
{
    m_total += bytes;
    m_inWindow += bytes;
    const Clock::duration open = now - m_windowStart;
    if (open >= std::chrono::seconds(1)) {
        m_lately = rate(m_inWindow, open);
        m_windowStart = now;
        m_inWindow = 0;
        m_fullWindow = true;
    } else if (!m_fullWindow && open >= minTime) {
        m_lately = rate(m_inWindow, open);
    }
}

qint64 RateMeter::average(Clock::time_point now) const
{
    return rate(m_total, now - m_start);
}

qint64 RateMeter::rate(qint64 bytes, Clock::duration time)
{
    const double seconds = std::chrono::duration<double>(time).count();
    // A few bytes at once say nothing about a second.
    return seconds < 0.001 ? 0 : static_cast<qint64>(static_cast<double>(bytes) / seconds);
}

} // namespace ferry::client
