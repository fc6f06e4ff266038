// SPDX-License-Identifier: MIT
#pragma once

#include "net/plainchannel.h"
#include "net/tlschannel.h"
#include "server/servercontext.h"

#include <QThread>

#include <atomic>
#include <memory>
#include <semaphore>

namespace ferry::server {

/// A thread for one connection. Owns the channel and the connection; no slots, no event loop,
/// nothing for moc.
/// Everything public belongs to the façade's thread.
class SessionThread final : public QThread
{
public:
    /// Who came in, through which door.
    struct Visitor
    {
        FileDescriptor socket;
        QHostAddress address;
        std::shared_ptr<const TlsContext> tls; ///< null: the door is unencrypted
        QByteArray password;                   ///< what AUTH takes at this door
        SessionInfo info;                      ///< what never changes of it
        Admission::Place place;
    };
    SessionThread(Visitor visitor, std::shared_ptr<const ServerContext> context);
    ~SessionThread() override;

    /// Starts, and returns when the thread runs: from then on it takes no more descriptors for
    /// itself, so the next one can be judged. False if the system gives no thread.
    bool begin();

    /// Ends the connection at once, in mid-transfer too. The first `reason` becomes the outcome.
    void close(const QString &reason);

    /// No more commands; a file under way is finished. ServerContext::draining is set before.
    void drain();

    /// Holds content back, or lets it go on.
    void setPaused(bool paused) { m_pacer.setPaused(paused); }

    /// Bytes per second; 0: no limit of its own.
    void setRate(qint64 bytesPerSecond) { m_pacer.setRate(bytesPerSecond); }

    const QHostAddress &peer() const { return m_peer; }

    /// Gives the socket back if begin() failed.
    FileDescriptor takeSocket();

    /// Waits for the end of the thread. False if the time was up first.
    bool join(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));

    /// A copy of what is known now.
    SessionInfo info();

protected:
    void run() override;

private:
    Ending converse(ConnectionParts &parts);
    void linger();

    std::shared_ptr<const ServerContext> m_context;
    const SessionInfo m_info;
    const QHostAddress m_peer;
    const QByteArray m_password;
    std::unique_ptr<PlainChannel> m_plain; ///< one of the two
    std::unique_ptr<TlsChannel> m_tls;
    Channel &m_channel; ///< the one
    Pacer m_pacer;
    SessionCounters m_counters;
    Admission::Place m_place;
    std::binary_semaphore m_running{0};
    /// QThread::wait() alone would do, but the synchronisation inside Qt is invisible to
    /// ThreadSanitizer, which then finds a race in everything that the thread ever touched.
    std::atomic_bool m_over = false;
    QString m_reason; ///< set once, before the channel is shut down; read after that was noticed
    bool m_closing = false;
};

} // namespace ferry::server
