// SPDX-License-Identifier: MIT
#include "client/transfer/connectioncount.h"

#include "client/limits.h"

#include <algorithm>

namespace ferry::client {

ConnectionCount::ConnectionCount(int most, Clock::duration cost)
    : m_most(std::max(most, 1))
    , m_cost(cost)
{
}

int ConnectionCount::wanted(Clock::time_point now, int open, qint64 received, qint64 left)
{
    if (open != m_open) {
        // Opened as wanted: what came before is compared with. Otherwise begin anew.
        if (open < m_open || open != m_wanted)
            m_rateBefore = 0;
        if (open < m_wanted && open < m_open)
            m_wanted = open; // one was lost; it is tried again like a new one
        measureFrom(now, open, received);
        return m_wanted;
    }
    const Clock::duration measured = now - m_since;
    if (open != m_wanted || measured < limits::rateMeasured)
        return m_wanted;
    const double rate =
        double(received - m_receivedBefore) / std::chrono::duration<double>(measured).count();
    if (open > 1 && m_rateBefore > 0 && rate < m_rateBefore * limits::gainOfConnection) {
        m_rest = std::max<Clock::duration>(limits::connectionRest, m_rest * 2);
        m_nextTry = now + m_rest;
        m_wanted = open - 1;
        m_rateBefore = 0;
        return m_wanted;
    }
    measureFrom(now, open, received);
    m_rateBefore = 0;
    const double secondsLeft = rate > 0 ? double(left) / rate : 0;
    const bool worth =
        secondsLeft > limits::worthOfConnection * std::chrono::duration<double>(m_cost).count() &&
        secondsLeft > std::chrono::duration<double>(limits::rateMeasured).count();
    if (open < m_most && worth && now >= m_nextTry) {
        m_rateBefore = rate;
        m_wanted = open + 1;
    }
    return m_wanted;
}

void ConnectionCount::interrupt()
{
    m_open = 0;
    m_rateBefore = 0;
}

void ConnectionCount::measureFrom(Clock::time_point now, int open, qint64 received)
{
    m_open = open;
    m_since = now;
    m_receivedBefore = received;
}

} // namespace ferry::client
