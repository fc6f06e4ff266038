// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/encryptedconnection.h"
#include "client/queue/downloadqueue.h"
#include "client/upload/uploader.h"
#include "net/base/logqueue.h"
#include "net/base/workerthread.h"
#include "net/login/sasl.h"

#include <atomic>
#include <memory>
#include <optional>

namespace ferry::client {

/// Sends the uploads of a queue over a connection of its own, on a thread of its own, so that both
/// directions go at once. It ends when there has been nothing to send for a while, or when it
/// breaks. The owner is one thread; close() is for any.
class UploadConnection
{
public:
    /// `config`: with the pin of the server that the main connection reached. `prefix` is not
    /// owned.
    UploadConnection(const ClientConfig &config, std::shared_ptr<DownloadQueue> queue,
                     std::shared_ptr<LogQueue> log, std::shared_ptr<sasl::SaltedPasswords> derived,
                     PrefixSum &prefix);
    /// Closes it, and waits until all has gone back to the queue.
    ~UploadConnection();
    UploadConnection(const UploadConnection &) = delete;
    UploadConnection &operator=(const UploadConnection &) = delete;

    Result<> start() { return m_thread.start(); }

    bool isOver() const { return m_over; }
    /// Once isOver(): why it broke; nothing: it did not.
    const std::optional<Error> &error() const { return m_error; }
    /// Once isOver(): there was a login.
    bool wasConnected() const { return m_wasConnected; }

    /// What is under way goes back to the queue. Does not wait.
    void close();

private:
    void run();
    void refuse(const Error &error);
    bool waitForWork();

    const std::shared_ptr<DownloadQueue> m_queue;
    const std::shared_ptr<LogQueue> m_log;
    std::atomic_bool m_closing = false;
    EncryptedConnection m_connection;
    PrefixSum &m_prefix;
    std::optional<Error> m_error;
    bool m_wasConnected = false;
    std::atomic_bool m_over = false;
    WorkerThread m_thread; ///< last: it uses all the others
};

} // namespace ferry::client
