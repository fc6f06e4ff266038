// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/queue/downloadqueue.h"
#include "net/base/logqueue.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace ferry::client {

/// What a ConnectionThread does over its connection, in one of the dialects. Its thread calls
/// everything but interrupt() and abortUnwanted(), which are for any.
class ConnectionWorker
{
public:
    struct Context
    {
        ClientConfig config;
        std::shared_ptr<DownloadQueue> queue;
        std::shared_ptr<LogQueue> log;
        const std::atomic_bool &closing; ///< the person ends it: nothing fails, all goes back
    };

    explicit ConnectionWorker(Context context)
        : m_config(std::move(context.config))
        , m_queue(std::move(context.queue))
        , m_log(std::move(context.log))
        , m_closing(context.closing)
    {
    }
    virtual ~ConnectionWorker() = default;
    ConnectionWorker(const ConnectionWorker &) = delete;
    ConnectionWorker &operator=(const ConnectionWorker &) = delete;

    /// Makes the connection and logs in; `loggingIn` is called in between, with a description of
    /// the connection. disconnect() has to follow an error.
    using LoggingIn = std::function<void(const QString &description)>;
    virtual Result<> connect(const LoggingIn &loggingIn) = 0;

    /// After connect(): the server's fingerprint, and the one that was expected instead.
    virtual QByteArray offered() const { return {}; }
    virtual QByteArray saved() const { return {}; }

    /// After connect(): the server knows of people.
    virtual bool knowsPeople() const { return false; }

    enum class Outcome {
        Done,    ///< the queue knows how it ended
        Offline, ///< there is work, and no connection for it
        Lost,    ///< the connection is of no use any more; another one is wanted at once
    };
    /// Fetches what the queue gives. An error ends the connection for good, and all that waits.
    virtual Result<Outcome> work() = 0;

    /// Sends what waits to be sent, beside all else; called every now and then. Here: it cannot be.
    virtual void lookAtUploads();
    /// There is something to send, and no connection.
    virtual bool wantsConnection() const { return false; }

    /// Looks at the connection while there is nothing to do. False: there was one, and it has
    /// ended; disconnect() has to follow.
    virtual bool isAlive() = 0;

    /// Why the connection was lost; nothing: it was not, or nobody knows. Once.
    std::optional<Error> takeLoss() { return std::exchange(m_loss, std::nullopt); }

    /// Says goodbye, if there is somebody to hear it.
    virtual void quit() = 0;
    virtual void disconnect() = 0;
    /// The last call: waits for what goes on beside it, such as a sync of what was fetched.
    virtual void finish() {}

    /// Ends what is under way at once. `closing` has been set.
    virtual void interrupt() = 0;
    /// The queue does not want the transfer under way any more.
    virtual void abortUnwanted() {}

protected:
    void failUploads(const Error &error);

    ClientConfig m_config; ///< does not change, but for the pin
    const std::shared_ptr<DownloadQueue> m_queue;
    const std::shared_ptr<LogQueue> m_log;
    const std::atomic_bool &m_closing;
    std::optional<Error> m_loss;
};

} // namespace ferry::client
