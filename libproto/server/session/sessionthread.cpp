// SPDX-License-Identifier: MIT
#include "server/session/sessionthread.h"

#include "net/base/guarded.h"
#include "net/base/tlsthread.h"
#include "server/limits.h"
#include "server/session/connection.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>

namespace ferry::server {

SessionThread::SessionThread(Visitor visitor, std::shared_ptr<const ServerContext> context,
                             std::function<void()> ended)
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
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0)
        return false;
    ::pthread_attr_setstacksize(&attributes, limits::sessionStackBytes);
    m_started = ::pthread_create(&m_thread, &attributes, enter, this) == 0;
    ::pthread_attr_destroy(&attributes);
    return m_started;
}

void *SessionThread::enter(void *self)
{
    auto *const thread = static_cast<SessionThread *>(self);
#if defined(__linux__)
    char name[16] = {};
    std::snprintf(name, sizeof name, "session %llu",
                  static_cast<unsigned long long>(thread->m_info.id));
    ::pthread_setname_np(::pthread_self(), name);
#endif
    thread->run();
    if (thread->end()) {
        ::pthread_detach(thread->m_thread);
        thread->m_started = false;
        delete thread;
    }
    return nullptr;
}

/// Whether nobody waits for it.
bool SessionThread::end()
{
    const std::lock_guard lock(m_mutex);
    m_over = true;
    // Without memory nobody is told; whoever looks at isOver() finds it.
    if (!m_abandoned)
        static_cast<void>(guarded(m_ended));
    m_changed.notify_all();
    return m_abandoned;
}

bool SessionThread::isOver()
{
    const std::lock_guard lock(m_mutex);
    return m_over;
}

void SessionThread::abandon(std::unique_ptr<SessionThread> thread)
{
    std::unique_lock lock(thread->m_mutex);
    if (thread->m_over) {
        lock.unlock();
        thread.reset();
        return;
    }
    thread->m_abandoned = true;
    static_cast<void>(thread.release());
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
    if (!m_started)
        return true;
    {
        std::unique_lock lock(m_mutex);
        const auto over = [this] { return m_over; };
        if (deadline.isForever())
            m_changed.wait(lock, over);
        else if (!m_changed.wait_for(lock, std::chrono::milliseconds(deadline.remainingTime()),
                                     over))
            return false;
    }
    ::pthread_join(m_thread, nullptr);
    m_started = false;
    return true;
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
    const auto log = [this](LogKind kind, const QString &text) {
        m_context->log->add(m_info.id, kind, text);
    };
    const Result<> done = guarded([&] {
        DeliveryReporter deliveries(m_context->deliveries,
                                    {m_info.id, m_info.address, {}, {}, m_tls != nullptr});
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
        m_counters.end(cause, ending.failed, ending.cancelled);
        deliveries.ended(cause);
        log(ending.failed ? LogKind::Warning : LogKind::Status, m_counters.outcome());
        linger();
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
        const QDeadlineTimer deadline(m_context->config.tlsHandshakeTime);
        if (const auto shaken = m_tls->handshake(qMin(deadline, parts.loginDeadline)); !shaken) {
            if (m_context->draining)
                return {QCoreApplication::translate("ferry", "server is stopping"), false};
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
