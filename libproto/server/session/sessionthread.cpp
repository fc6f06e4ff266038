// SPDX-License-Identifier: MIT
#include "server/session/sessionthread.h"

#include "net/base/guarded.h"
#include "net/base/translate.h"
#include "net/channel/socketops.h"
#include "server/doors/lingeringclose.h"
#include "server/limits.h"
#include "server/session/classicconversation.h"

#include <cstdio>

namespace ferry::server {

SessionThread::SessionThread(Visitor visitor, std::shared_ptr<const ServerContext> context,
                             std::function<void()> ended)
    : m_context(std::move(context))
    , m_info(std::move(visitor.info))
    , m_peer(visitor.address)
    , m_socket(visitor.socket.get())
    , m_plain(visitor.tls ? nullptr : std::make_unique<PlainChannel>(std::move(visitor.socket)))
    , m_tls(visitor.tls ? std::make_unique<TlsChannel>(std::move(visitor.socket), visitor.tls)
                        : nullptr)
    , m_channel(m_tls ? static_cast<Channel &>(*m_tls) : *m_plain)
    , m_pacer(m_context->limiter)
    , m_place(std::move(visitor.place))
    , m_ended(std::move(ended))
{
}

SessionThread::~SessionThread()
{
    m_channel.shutdown();
    join();
}

bool SessionThread::begin()
{
    char name[16] = {};
    std::snprintf(name, sizeof name, "session %llu", static_cast<unsigned long long>(m_info.id));
    m_thread = std::make_unique<WorkerThread>(
        name, [this] { run(); }, WorkerThread::Failed(), limits::sessionStackBytes);
    return m_thread->start().ok();
}

void SessionThread::run()
{
    serve();
    {
        const std::lock_guard lock(m_mutex);
        m_over = true;
        // Without memory no event is posted, but isOver() says so.
        if (!m_abandoned) {
            static_cast<void>(guarded(m_ended));
            return;
        }
    }
    delete this; // nobody waits for it
}

void SessionThread::abandon(std::unique_ptr<SessionThread> thread)
{
    std::unique_ptr<WorkerThread> worker;
    {
        const std::lock_guard lock(thread->m_mutex);
        if (!thread->m_over) {
            thread->m_abandoned = true;
            worker = std::move(thread->m_thread);
        }
    }
    if (worker) {
        static_cast<void>(thread.release());
        WorkerThread::abandon(std::move(worker));
    }
}

void SessionThread::close(const QString &reason)
{
    if (!m_closing) {
        m_closing = true;
        m_reason = reason;
    }
    m_channel.shutdown();
}

void SessionThread::end(EndReason why, const QString &reason)
{
    if (m_closing)
        return;
    m_closing = true;
    m_reason = reason;
    m_end.reason = why;
    m_pacer.release();
    stopListening();
}

void SessionThread::drain()
{
    m_pacer.setPaused(false); // else its file would never end
    stopListening();
}

/// Of one that is at work the peer's requests are still read: a CANCEL would not be seen otherwise,
/// and its socket would be reset.
void SessionThread::stopListening()
{
    if (m_end.listening)
        m_channel.finishReading();
}

FileDescriptor SessionThread::takeSocket()
{
    return m_tls ? m_tls->takeSocket() : m_plain->takeSocket();
}

bool SessionThread::join(QDeadlineTimer deadline)
{
    return !m_thread || m_thread->wait(deadline);
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

void SessionThread::serve()
{
    const auto log = [this](LogKind kind, const QString &text) {
        m_context->log->add(m_info.id, kind, text);
    };
    const Result<> done = guarded([&] {
        const auto config = m_context->config.get();
        if (config->besideWindow)
            WorkerThread::stepBack();
        DeliveryReporter deliveries(m_context->deliveries,
                                    {m_info.id, m_info.address, {}, {}, m_tls != nullptr});
        ConnectionParts parts{m_info.id,  m_peer,           m_channel,
                              {},         m_tls != nullptr, m_context,
                              config,     m_pacer,          m_counters,
                              deliveries, m_place,          QDeadlineTimer(config->loginTime),
                              m_end};
        const Ending ending = converse(parts);
        parts.presence.reset(); // whatever else takes time now
        const QString cause = ending.cancelled ? m_reason : ending.cause;
        m_counters.end(cause, ending.failed, ending.cancelled);
        deliveries.ended(cause);
        log(ending.failed ? LogKind::Warning : LogKind::Status, m_counters.outcome());
        if (parts.isEnded()) // the reason is behind what a slow peer has not read yet
            socketops::awaitPeersEnd(m_socket, QDeadlineTimer(limits::lastWordTime));
        finish(m_channel);
    });
    if (!done) {
        static_cast<void>(guarded([&] {
            m_counters.end(done.error().text, true);
            log(LogKind::Error, done.error().text);
        }));
    }
    m_channel.shutdown();
}

Ending SessionThread::converse(ConnectionParts &parts)
{
    if (m_tls) {
        const QDeadlineTimer deadline(parts.config->tlsHandshakeTime);
        if (const auto shaken = m_tls->handshake(qMin(deadline, parts.loginDeadline)); !shaken) {
            if (m_context->draining)
                return {tr("server is stopping"), false};
            const bool cancelled = parts.isEnded() || shaken.error().code == ErrorCode::Cancelled;
            return {tr("no encryption agreed: %1").arg(shaken.error().text), true, cancelled};
        }
        parts.channelBinding = m_tls->exporter();
        m_counters.setEncryption(m_tls->version(), m_tls->cipher());
    }
    return ClassicConversation(parts).run();
}

} // namespace ferry::server
