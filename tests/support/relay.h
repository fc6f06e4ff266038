// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "net/base/ratelimiter.h"

#include <QtGlobal>

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace ferry::test {

/// A port on 127.0.0.1 that leads to another one, counts what the clients get, and gives it to
/// them no faster than told, so that hardly anything waits in the buffers on the way.
class Relay
{
public:
    /// Bytes per second to the clients, all together.
    Relay(quint16 serverPort, qint64 rate);
    ~Relay();

    quint16 port() const { return m_port; }
    qint64 bytesToClients() const { return m_bytes; }

    /// As above, from now on; 0: no limit.
    void setRate(qint64 rate) { m_limiter.setRate(rate); }

    /// Ends the youngest connection without a word to either end.
    void cutLast();

private:
    struct Line
    {
        FileDescriptor client;
        FileDescriptor server;
        std::thread there;
        std::thread back;
    };

    void accept();
    void pump(int from, int to, bool counted);

    const quint16 m_serverPort;
    RateLimiter m_limiter;
    FileDescriptor m_listening;
    quint16 m_port = 0;
    std::atomic<qint64> m_bytes = 0;
    std::atomic_bool m_ending = false;
    std::mutex m_mutex; ///< guards the lines
    std::list<Line> m_lines;
    std::thread m_thread; ///< last: it uses all the others
};

} // namespace ferry::test
