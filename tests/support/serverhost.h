// SPDX-License-Identifier: MIT
#pragma once

#include "server/server.h"
#include "support/process.h"

#include <QAbstractEventDispatcher>
#include <QTemporaryDir>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ferry::test {

/// A real server on 127.0.0.1, with a port that the system chooses and the façade on a thread of
/// its own, so that a test may block. It shares one fresh folder as `/pub`; the password is
/// `passwd` and a wrong one costs little time.
class ServerHost
{
public:
    ServerHost();
    ~ServerHost();

    server::ServerConfig config; ///< to be changed before start()

    Result<> start();
    quint16 port() const { return m_port; }

    /// Runs `work(server)` on the façade's thread and returns what it returns.
    template <typename Work>
    auto call(Work work)
    {
        using Value = decltype(work(*m_server));
        if constexpr (std::is_void_v<Value>) {
            runThere([&] { work(*m_server); });
        } else {
            Value value{};
            runThere([&] { value = work(*m_server); });
            return value;
        }
    }

    QList<server::SessionInfo> sessions();
    int liveSessions();
    void stop();

    /// Waits until more than `before` sessions have ended; the youngest of them.
    server::SessionInfo waitForEnded(qsizetype before = 0);

    /// The shared folder.
    QString folder() const { return m_folder.path() + QStringLiteral("/pub"); }
    /// The folder around it: what is here must never leave the server.
    QString outside() const { return m_folder.path(); }
    /// Writes a file of the share.
    bool write(const QString &name, const QByteArray &content);

    /// A new client can log in and is served.
    bool servesSomebodyNew();

private:
    void serve();
    void runThere(std::function<void()> task);

    QTemporaryDir m_folder;
    quint16 m_port = 0;

    // Handed over with the standard library's means, not with a queued call: ThreadSanitizer sees
    // those, and does not see into Qt.
    std::mutex m_mutex; ///< guards the next three
    std::condition_variable m_changed;
    std::function<void()> m_task;
    QAbstractEventDispatcher *m_dispatcher = nullptr; ///< null before and after the thread's life
    server::Server *m_server = nullptr;               ///< lives on the thread
    std::thread m_thread;
};

/// Bytes that look random and are the same every time; another `seed`, other bytes.
QByteArray noise(qsizetype size, quint32 seed = 1);

} // namespace ferry::test
