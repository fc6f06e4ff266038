// SPDX-License-Identifier: MIT
#include "server/sessionthread.h"

#include "net/tlsthread.h"
#include "server/connection.h"

#include <QCoreApplication>

#include <exception>

namespace ferry::server {

SessionThread::SessionThread(Visitor visitor, std::shared_ptr<const ServerContext> context)
    : m_context(std::move(context))
    , m_info(std::move(visitor.info))
    , m_peer(visitor.address)
    , m_password(std::move(visitor.password))
    , m_plain(visitor.tls ? nullptr : std::make_unique<PlainChannel>(std::move(visitor.socket)))
    , m_tls(visitor.tls ? std::make_unique<TlsChannel>(std::move(visitor.socket), visitor.tls)
                        : nullptr)
    , m_channel(m_tls ? static_cast<Channel &>(*m_tls) : *m_plain)
    , m_pacer(m_context->limiter)
    , m_place(std::move(visitor.place))
{
    setObjectName(QStringLiteral("session %1").arg(m_info.id));
    setStackSize(limits::sessionStackBytes);
}

SessionThread::~SessionThread()
{
    m_channel.shutdown();
    join();
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
    m_channel.shutdown();
}

void SessionThread::drain()
{
    m_pacer.setPaused(false); // else its file would never end
    m_channel.finishReading();
}

FileDescriptor SessionThread::takeSocket()
{
    return m_tls ? m_tls->takeSocket() : m_plain->takeSocket();
}

bool SessionThread::join(QDeadlineTimer deadline)
{
    // The order matters: what run() did is visible to whoever sees the flag.
    return wait(deadline) && (m_over || !isFinished());
}

SessionInfo SessionThread::info()
{
    SessionInfo copy = m_info;
    m_counters.sample(copy);
    copy.paused = m_pacer.isPaused();
    copy.rateLimit = m_pacer.rate();
    if (copy.paused && copy.state != SessionState::Ended && copy.state != SessionState::Login) {
        copy.state = SessionState::Paused;
        copy.bytesPerSecond = 0;
    }
    return copy;
}

void SessionThread::run()
{
    const TlsThread tls;
    m_running.release();
    const auto log = [this](LogKind kind, const QString &text) {
        m_context->log->add(m_info.id, kind, text);
    };
    DeliveryReporter deliveries(m_context->deliveries,
                                {m_info.id, m_info.address, {}, {}, m_tls != nullptr});
    // An exception that left a thread would end the program: nothing that one connection meets,
    // not even a lack of memory, may do that to the others.
    try {
        ConnectionParts parts{m_info.id,
                              m_peer,
                              m_channel,
                              {},
                              m_password,
                              m_context,
                              m_pacer,
                              m_counters,
                              deliveries,
                              m_place,
                              QDeadlineTimer(m_context->config.loginTime)};
        const Ending ending = converse(parts);
        const QString cause = ending.cancelled ? m_reason : ending.cause;
        m_counters.end(cause, ending.failed);
        deliveries.ended(cause);
        log(ending.failed ? LogKind::Warning : LogKind::Status, m_counters.outcome());
        linger();
    } catch (const std::exception &exception) {
        const QString what = QString::fromLocal8Bit(exception.what());
        m_counters.end(QStringLiteral("internal error: %1").arg(what), true);
        deliveries.ended(what);
        log(LogKind::Error, what);
    }
    m_channel.shutdown();
    m_over = true;
}

Ending SessionThread::converse(ConnectionParts &parts)
{
    if (m_tls) {
        const QDeadlineTimer deadline(m_context->config.tlsHandshakeTime);
        if (const auto shaken = m_tls->handshake(qMin(deadline, parts.loginDeadline)); !shaken) {
            const bool cancelled = shaken.error().code == ErrorCode::Cancelled;
            return {QCoreApplication::translate("ferry", "no encryption agreed: %1")
                        .arg(shaken.error().text),
                    true, cancelled};
        }
        parts.channelBinding = m_tls->exporter();
        m_counters.setDoor(QStringLiteral("TLS (%1)").arg(m_tls->description()));
    }
    Connection connection(parts);
    return connection.run();
}

/// Takes leave so that the last line is not lost with the connection.
void SessionThread::linger()
{
    m_channel.finishWriting();
    const QDeadlineTimer deadline(limits::lingerTime);
    char bytes[4096];
    for (qint64 dropped = 0; dropped < limits::lingerBytes;) {
        const auto count = m_channel.read(bytes, sizeof bytes, deadline);
        if (!count || count.value() == 0)
            return;
        dropped += count.value();
    }
}

} // namespace ferry::server
