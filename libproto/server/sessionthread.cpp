// SPDX-License-Identifier: MIT
#include "server/sessionthread.h"

#include <exception>

namespace ferry::server {

SessionThread::SessionThread(std::unique_ptr<Channel> channel,
                             std::shared_ptr<const ServerContext> context, const SessionInfo &info,
                             Admission::Place place)
    : m_context(std::move(context))
    , m_channel(std::move(channel))
    , m_info(info)
    , m_place(std::move(place))
{
    setObjectName(QStringLiteral("session %1").arg(info.id));
    setStackSize(limits::sessionStackBytes);
}

SessionThread::~SessionThread()
{
    m_channel->shutdown();
    wait();
}

bool SessionThread::begin()
{
    start();
    if (!isRunning() && !isFinished())
        return false;
    m_running.acquire();
    return true;
}

void SessionThread::close(const QString &reason)
{
    if (!m_closing) {
        m_closing = true;
        m_reason = reason;
    }
    m_channel->shutdown();
}

void SessionThread::drain()
{
    m_channel->finishReading();
}

SessionInfo SessionThread::info()
{
    SessionInfo copy = m_info;
    m_counters.sample(copy);
    return copy;
}

void SessionThread::run()
{
    m_running.release();
    const auto log = [this](LogKind kind, const QString &text) {
        m_context->log->add(m_info.id, kind, text);
    };
    // An exception that left a thread would end the program: nothing that one connection meets,
    // not even a lack of memory, may do that to the others.
    try {
        Connection connection(m_info.id, *m_channel, m_context, m_counters, m_place);
        const Connection::Ending ending = connection.run();
        m_counters.end(ending.cancelled ? m_reason : ending.cause, ending.failed);
        log(ending.failed ? LogKind::Warning : LogKind::Status, m_counters.outcome());
        connection.linger();
    } catch (const std::exception &exception) {
        const QString what = QString::fromLocal8Bit(exception.what());
        m_counters.end(QStringLiteral("internal error: %1").arg(what), true);
        log(LogKind::Error, what);
    }
    m_channel->shutdown();
}

} // namespace ferry::server
