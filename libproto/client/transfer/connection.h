// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/classicconversation.h"
#include "client/connect/clientconfig.h"
#include "client/connect/securelink.h"
#include "client/disk/partialfile.h"
#include "client/queue/downloadqueue.h"
#include "client/transfer/extraconnections.h"
#include "client/transfer/filesaver.h"
#include "client/transfer/transferscheduler.h"
#include "net/base/filedescriptor.h"
#include "net/base/logqueue.h"
#include "net/base/workerthread.h"
#include "net/channel/channel.h"

#include <QMutex>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

namespace ferry {
class PlainChannel;
class TlsChannel;
} // namespace ferry

namespace ferry::client {

enum class LinkState {
    Offline,
    Connecting,
    LoggingIn,
    Online,
    Failed, ///< see the error; nothing is retried until asked
};

/// One connection to a server, on a thread of its own: connects, logs in, fetches what the queue
/// gives, keeps the connection while there is nothing to do, and reconnects when there is again.
/// A straight blocking loop; close() from another thread ends it at once.
///
/// If the first connection fails, the queue stays as it is: the person corrects the password and
/// asks again. If a later one fails, what is under way and what waits fails with its reason.
class ConnectionThread final
{
public:
    /// Called from this thread when its link, the end of the queue or its own end may have
    /// changed: a few times per connection.
    using Notify = std::function<void()>;

    ConnectionThread(ClientConfig config, std::shared_ptr<DownloadQueue> queue,
                     std::shared_ptr<LogQueue> conversation,
                     std::shared_ptr<sasl::SaltedPasswords> derived, Notify notify);
    ~ConnectionThread();
    ConnectionThread(const ConnectionThread &) = delete;
    ConnectionThread &operator=(const ConnectionThread &) = delete;

    /// Once. CannotConnect: the system gives no thread.
    Result<> start() { return m_thread.start(); }

    /// Any thread. Ends the connection; the file under way goes back to the queue.
    void close();

    /// Any thread. A transfer under way that the queue does not want any more ends now; in the
    /// classic dialect the connection is made anew for the next.
    void abortUnwanted();

    struct Link
    {
        LinkState state = LinkState::Offline;
        Error error{ErrorCode::Cancelled, {}}; ///< of state Failed
        QString description;                   ///< e.g. "unencrypted"
        QByteArray offered;                    ///< the server's fingerprint, once it is known
        QByteArray saved;                      ///< the one that was expected, if it differs
        /// Offline: the server is gone and is looked for again then, because files wait.
        std::optional<std::chrono::steady_clock::time_point> retryAt;
    };
    /// Any thread.
    Link link() const;

    /// Any thread. Files are under way, or receipts of files that the queue calls done already: a
    /// close() would cut them off. notify is called after it has become false.
    bool busy() const { return m_busy; }

    /// Any thread. run() is about to return; waiting for the end takes no time.
    bool leaving() const { return m_leaving; }

private:
    void run();
    void communicate();
    void breakDown(const Error &error);
    Result<> connectAndLogIn();
    Result<> tryToConnect();
    Result<> logInOver(FileDescriptor socket);
    Result<> logIn(PlainChannel &channel);
    Result<> logIn(TlsChannel &channel);
    void hold(std::unique_ptr<Channel> channel);
    void describe();
    void workExtended();
    Result<> startSaver();
    Result<> transfer();
    void giveUpParts();
    bool onUnsolicitedData();
    void disconnectNow();
    void work(const Download &download);
    Result<> fetch(const Download &download, PartialFile &file);
    void saved(const Download &download, PartialFile &file);
    void failed(const Download &download, const Error &error);
    void waitForWork();
    bool online() const { return m_secure || (m_conversation && m_conversation->usable()); }
    void setIdle(bool idle);
    void setCurrent(quint64 id);
    void setLink(LinkState state);
    void setFailed(const Error &error);
    bool mayReconnect(const Error &error) const;
    bool waitForServer(const Error &error);

    ClientConfig m_config; ///< does not change, but for the pin: see logIn()
    const std::shared_ptr<DownloadQueue> m_queue;
    const std::shared_ptr<LogQueue> m_log;
    const Notify m_notify;
    std::atomic_bool m_closing = false;
    std::atomic_bool m_leaving = false;
    std::atomic_bool m_busy = false;

    mutable QMutex m_mutex; ///< guards the five below, and shutdown() against the channel's end
    Link m_link;
    quint64 m_current = 0; ///< id of the file under way
    bool m_idle = false;   ///< nothing is under way: close() may leave the goodbye to run()
    std::unique_ptr<Channel> m_channel;   ///< changed by this thread only
    ExtraConnections *m_extras = nullptr; ///< while files are fetched

    // This thread only.
    std::optional<ClassicConversation> m_conversation; ///< one of the two, while connected
    std::optional<SecureLink> m_secure;
    std::chrono::steady_clock::time_point m_connectBegan;
    std::chrono::steady_clock::duration m_connectCost{}; ///< of a further connection
    std::unique_ptr<FileSaver> m_saver;                  ///< of the extended dialect
    TransferScheduler m_scheduler;
    QDeadlineTimer m_nextPing;
    std::shared_ptr<sasl::SaltedPasswords> m_derived;
    bool m_reconnectAtOnce = false; ///< the connection was given up on our side for one file's sake
    bool m_givenUp = false;
    int m_reconnects = 0; ///< tries without success since the last login

    WorkerThread m_thread; ///< last: it uses all the others
};

} // namespace ferry::client
