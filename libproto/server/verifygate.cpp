// SPDX-License-Identifier: MIT
#include "server/verifygate.h"

#include <QCoreApplication>

namespace ferry::server {

VerifyGate::VerifyGate(int atOnce, int waiting)
    : m_atOnce(atOnce)
    , m_mostWaiting(waiting)
{
}

Result<VerifyGate::Pass> VerifyGate::enter(QDeadlineTimer deadline,
                                           const std::function<bool()> &cancelled)
{
    const QMutexLocker locker(&m_mutex);
    const bool atOnce = m_inside < m_atOnce && m_queue.isEmpty();
    if (!atOnce && m_queue.size() >= m_mostWaiting)
        return Error{ErrorCode::Refused,
                     QCoreApplication::translate("ferry", "Too many logins at once.")};
    const quint64 ticket = m_nextTicket++;
    m_queue.append(ticket);
    for (;;) {
        const bool stop = cancelled && cancelled();
        const bool turn = m_inside < m_atOnce && m_queue.constFirst() == ticket;
        if (!stop && !turn && m_changed.wait(&m_mutex, deadline))
            continue;
        m_queue.removeOne(ticket);
        // Whoever follows may be first now.
        m_changed.wakeAll();
        if (stop)
            return Error{ErrorCode::Cancelled,
                         QCoreApplication::translate("ferry", "The connection was closed here.")};
        if (!turn)
            return Error{ErrorCode::TimedOut,
                         QCoreApplication::translate("ferry", "The login took too long.")};
        ++m_inside;
        return Pass(this);
    }
}

void VerifyGate::wake()
{
    const QMutexLocker locker(&m_mutex);
    m_changed.wakeAll();
}

int VerifyGate::inside() const
{
    const QMutexLocker locker(&m_mutex);
    return m_inside;
}

int VerifyGate::waiting() const
{
    const QMutexLocker locker(&m_mutex);
    return int(m_queue.size());
}

void VerifyGate::leave()
{
    const QMutexLocker locker(&m_mutex);
    --m_inside;
    m_changed.wakeAll();
}

void VerifyGate::Pass::giveBack()
{
    if (m_gate)
        std::exchange(m_gate, nullptr)->leave();
}

} // namespace ferry::server
