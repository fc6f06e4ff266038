// SPDX-License-Identifier: MIT
/// What the others see of a ConnectionThread, and how it looks for a server that is gone.
#include "client/transfer/connection.h"

#include "client/queue/retryplan.h"

#include <QDeadlineTimer>
#include <QMutexLocker>

#include <algorithm>

namespace ferry::client {

namespace {

/// How often the wait for a server is looked at.
constexpr int lookMs = 200;

} // namespace

bool ConnectionThread::mayReconnect(const Error &error) const
{
    return (m_config.reconnects < 0 || m_reconnects < m_config.reconnects) &&
           isTemporary(error.code, 0);
}

/// Before the next look for a server that is gone. False: it is not looked for any more.
bool ConnectionThread::waitForServer(const Error &error)
{
    if (m_closing || !mayReconnect(error))
        return false;
    const auto pause = reconnectDelay(++m_reconnects);
    const QDeadlineTimer until(pause);
    m_log->add(0, LogKind::Warning, error.text);
    {
        const QMutexLocker lock(&m_mutex);
        m_link.state = LinkState::Offline;
        m_link.error = error;
        m_link.description.clear();
        m_link.retryAt = std::chrono::steady_clock::now() + pause;
    }
    m_notify();
    while (!m_closing && !until.hasExpired())
        m_queue->waitForWake(int(std::min<qint64>(until.remainingTime(), lookMs)));
    const QMutexLocker lock(&m_mutex);
    m_link.retryAt.reset();
    return true;
}

void ConnectionThread::setIdle(bool idle)
{
    const QMutexLocker lock(&m_mutex);
    m_idle = idle;
}

void ConnectionThread::setCurrent(quint64 id)
{
    const QMutexLocker lock(&m_mutex);
    m_current = id;
}

void ConnectionThread::setLink(LinkState state)
{
    {
        const QMutexLocker lock(&m_mutex);
        if (m_link.state == state)
            return;
        m_link.state = state;
        if (state == LinkState::Offline)
            m_link.description.clear();
    }
    m_notify();
}

void ConnectionThread::setFailed(const Error &error)
{
    m_log->add(0, LogKind::Error, error.text);
    {
        const QMutexLocker lock(&m_mutex);
        m_link.state = LinkState::Failed;
        m_link.error = error;
        m_link.description.clear();
    }
    m_notify();
}

} // namespace ferry::client
