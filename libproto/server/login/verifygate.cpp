// SPDX-License-Identifier: MIT
#include "server/login/verifygate.h"

#include "net/base/translate.h"

namespace ferry::server {

VerifyGate::VerifyGate(int atOnce, int waiting)
    : m_atOnce(atOnce)
    , m_mostWaiting(waiting)
{
}

Result<VerifyGate::Pass> VerifyGate::enter(QDeadlineTimer deadline,
                                           const std::function<bool()> &cancelled)
{
    std::unique_lock lock(m_mutex);
    const bool atOnce = m_inside < m_atOnce && m_queue.isEmpty();
    if (!atOnce && m_queue.size() >= m_mostWaiting)
        return Error{ErrorCode::Refused, tr("Too many logins at once.")};
    const quint64 ticket = m_nextTicket++;
    m_queue.append(ticket);
    for (;;) {
        const bool stop = cancelled && cancelled();
        const bool turn = m_inside < m_atOnce && m_queue.constFirst() == ticket;
        if (!stop && !turn && !deadline.hasExpired()) {
            if (deadline.isForever())
                m_changed.wait(lock);
            else
                m_changed.wait_for(lock, deadline.remainingTimeAsDuration());
            continue;
        }
        m_queue.removeOne(ticket);
        // Whoever follows may be first now.
        m_changed.notify_all();
        if (stop)
            return Error{ErrorCode::Cancelled, tr("The connection was closed here.")};
        if (!turn)
            return Error{ErrorCode::TimedOut, tr("The login took too long.")};
        ++m_inside;
        return Pass(this);
    }
}

void VerifyGate::wake()
{
    const std::lock_guard lock(m_mutex);
    m_changed.notify_all();
}

int VerifyGate::inside() const
{
    const std::lock_guard lock(m_mutex);
    return m_inside;
}

int VerifyGate::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return int(m_queue.size());
}

void VerifyGate::leave()
{
    const std::lock_guard lock(m_mutex);
    --m_inside;
    m_changed.notify_all();
}

void VerifyGate::Pass::release()
{
    if (m_gate)
        std::exchange(m_gate, nullptr)->leave();
}

} // namespace ferry::server
