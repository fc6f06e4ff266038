// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/workerthread.h"
#include "net/channel/plainchannel.h"
#include "net/channel/tlschannel.h"
#include "server/session/servercontext.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace ferry::server {

/// One connection and the QThread that serves it, with a small stack. Owns the channel and the
/// connection. Everything public belongs to the façade's thread.
class SessionThread final
{
public:
    /// Who came in, through which door.
    struct Visitor
    {
        FileDescriptor socket;
        QHostAddress address;
        std::shared_ptr<const TlsContext> tls; ///< null: the door is unencrypted
        SessionInfo info;                      ///< what never changes of it
        Admission::Place place;
    };
    /// `ended`: called from the thread as its last, once.
    SessionThread(Visitor visitor, std::shared_ptr<const ServerContext> context,
                  std::function<void()> ended);
    ~SessionThread();
    SessionThread(const SessionThread &) = delete;
    SessionThread &operator=(const SessionThread &) = delete;

    /// Starts. False if the system gives no thread.
    bool begin();

    /// Ends the connection at once, in mid-transfer too. The first `reason` becomes the outcome.
    void close(const QString &reason);

    /// The same, but the peer is told why, if that can be done soon: close() has to follow.
    void end(EndReason why, const QString &reason);

    /// No more commands; a file under way is finished. ServerContext::draining is set before.
    void drain();

    /// Holds content back, or lets it go on.
    void setPaused(bool paused) { m_pacer.setPaused(paused); }

    /// Bytes per second; 0: no limit of its own.
    void setRate(qint64 bytesPerSecond) { m_pacer.setRate(bytesPerSecond); }

    const QHostAddress &peer() const { return m_peer; }
    quint64 id() const { return m_info.id; }

    /// Gives the socket back if begin() failed.
    FileDescriptor takeSocket();

    /// Waits for the end of the thread. False if the time was up first.
    bool join(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));

    /// It has ended: join() takes no time.
    bool isOver() { return m_thread && m_thread->hasEnded(); }

    /// Nobody waits for this one: it deletes itself when it ends, and tells nobody.
    static void abandon(std::unique_ptr<SessionThread> thread);

    /// A copy of what is known now.
    SessionInfo info();

private:
    void stopListening();
    void run();
    void serve();
    Ending converse(ConnectionParts &parts);

    std::shared_ptr<const ServerContext> m_context;
    const SessionInfo m_info;
    const QHostAddress m_peer;
    const int m_socket;                    ///< of the channel
    std::unique_ptr<PlainChannel> m_plain; ///< one of the two
    std::unique_ptr<TlsChannel> m_tls;
    Channel &m_channel; ///< the one
    Pacer m_pacer;
    SessionCounters m_counters;
    Admission::Place m_place;
    const std::function<void()> m_ended;
    std::unique_ptr<WorkerThread> m_thread; ///< from begin() on, unless it is abandoned
    std::mutex m_mutex;                     ///< guards the next two
    bool m_over = false;
    bool m_abandoned = false;
    EndRequest m_end;
    QString m_reason; ///< set once, before the channel is shut down; read after that was noticed
    bool m_closing = false;
};

} // namespace ferry::server
