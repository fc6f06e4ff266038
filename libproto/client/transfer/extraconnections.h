// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/encryptedconnection.h"
#include "client/transfer/connectioncount.h"
#include "client/transfer/extendedtransfer.h"
#include "client/transfer/transferjob.h"
#include "net/base/workerthread.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ferry::client {

/// More connections to the same server for large files, as many as ConnectionCount finds useful,
/// each on a thread of its own. One that cannot be made, or breaks, is no error: what it had
/// under way goes back to the scheduler.
///
/// The owner is the main connection's thread; close() is for any.
class ExtraConnections
{
public:
    /// `config`: with the pin of the server that the main connection reached; `cost`: how long
    /// that took.
    ExtraConnections(ClientConfig config, TransferContext context, std::shared_ptr<LogQueue> log,
                     std::shared_ptr<sasl::SaltedPasswords> derived,
                     ConnectionCount::Clock::duration cost);
    ~ExtraConnections();

    /// Opens or dismisses one if it is time to.
    void adjust();

    /// Says goodbye to those that have nothing to do, closes the others, and waits until they have
    /// given everything back.
    void end();

    /// The operator ended one of them, and means all.
    std::optional<Error> dismissal();

    /// Any thread; does not wait.
    void close();

private:
    struct Extra
    {
        std::unique_ptr<EncryptedConnection> connection;
        std::unique_ptr<ExtendedTransfer> transfer; ///< once it is logged in; with m_mutex
        std::atomic_bool open = false;
        std::atomic_bool over = false;
        std::atomic_bool refused = false; ///< there was no login
        std::optional<WorkerThread> thread;
    };

    void work(Extra &extra);
    void fetch(Extra &extra);
    void add();
    void dropEnded();

    const ClientConfig m_config;
    const TransferContext m_context;
    const std::shared_ptr<LogQueue> m_log;
    const std::shared_ptr<sasl::SaltedPasswords> m_derived;

    ConnectionCount m_count;
    ConnectionCount::Clock::time_point m_nextLook;
    bool m_refused = false; ///< the server took no further one; it is not asked again

    std::mutex m_mutex;              ///< guards the list, each `transfer` and m_dismissal
    std::condition_variable m_ended; ///< one of them is over
    std::vector<std::unique_ptr<Extra>> m_extras;
    bool m_closed = false;
    std::optional<Error> m_dismissal;
};

} // namespace ferry::client
