// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "net/base/workerthread.h"
#include "net/channel/tlschannel.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::server {

/// Tells refused connections of the TLS door why. That costs a handshake, so one thread does it for
/// one after the other and spends limits::tlsRefusalTime on each at most. A few wait for it; more
/// are closed without a word. Belongs to the thread that makes it.
class TlsRefusals
{
public:
    explicit TlsRefusals(std::shared_ptr<const TlsContext> context);

    /// Closes those that wait.
    ~TlsRefusals();

    void send(FileDescriptor socket, QByteArrayView line);

private:
    struct Entry
    {
        FileDescriptor socket;
        QByteArray line;
    };
    void run();

    const std::shared_ptr<const TlsContext> m_context;
    std::mutex m_mutex; ///< guards the next five
    std::condition_variable m_changed;
    std::deque<Entry> m_waiting;
    TlsChannel *m_current = nullptr; ///< the thread's
    bool m_ending = false;
    bool m_running = false;               ///< the thread takes what is added
    std::optional<WorkerThread> m_thread; ///< while refusals come
};

} // namespace ferry::server
