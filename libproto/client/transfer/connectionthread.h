// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/connectionstate.h"
#include "client/queue/downloadqueue.h"
#include "client/transfer/connectionworker.h"
#include "net/base/logqueue.h"
#include "net/base/workerthread.h"
#include "net/login/sasl.h"

#include <QMutex>

#include <atomic>
#include <functional>
#include <memory>

namespace ferry::client {

/// One connection to a server, on a thread of its own: connects, logs in, fetches what the queue
/// gives, keeps the connection while there is nothing to do, and reconnects when there is again.
/// A straight blocking loop; close() from another thread ends it at once.
///
/// If the first connection fails, the queue stays as it is: the person corrects the password and
/// asks again. If a later one fails, what is under way and what waits fails with its reason.
class ConnectionThread final
{
public:
    /// Called from this thread when its status, the end of the queue or its own end may have
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
    void abortUnwanted() { m_worker->abortUnwanted(); }

    /// Any thread. The server that is gone is looked for now.
    void retryNow();

    /// Any thread.
    ConnectionStatus status() const;

    /// Any thread. Files are under way, or receipts of files that the queue calls done already: a
    /// close() would cut them off. notify is called after it has become false.
    bool busy() const;

    /// Any thread. run() is about to return; waiting for the end takes no time.
    bool leaving() const { return m_leaving; }

private:
    enum class Activity {
        Idle,         ///< nothing is under way: close() may leave the goodbye to run()
        Connecting,   ///< or asking whether the server is there
        Transferring, ///< busy()
    };

    void run();
    void communicate();
    void breakDown(const Error &error);
    Result<> connect();
    void loggingIn(const QString &description);
    void reconnect();
    void work();
    void waitForWork();
    bool waitForServer(const Error &error);
    void lost();
    void giveUp(const Error &error);
    void setActivity(Activity activity);
    void setState(ConnectionState state);
    void setFailed(const Error &error);

    const ClientConfig m_config;
    const std::shared_ptr<DownloadQueue> m_queue;
    const std::shared_ptr<LogQueue> m_log;
    const Notify m_notify;
    std::atomic_bool m_closing = false;
    std::atomic_bool m_leaving = false;
    std::atomic_bool m_retryNow = false;
    const std::unique_ptr<ConnectionWorker> m_worker;

    mutable QMutex m_mutex; ///< guards the two below, so that close() cuts no goodbye off
    ConnectionStatus m_status;
    Activity m_activity = Activity::Idle;

    // This thread only.
    bool m_reconnectAtOnce = false; ///< although nothing waits for it
    bool m_givenUp = false;
    int m_reconnects = 0; ///< tries without success since the last login

    WorkerThread m_thread; ///< last: it uses all the others
};

} // namespace ferry::client
