// SPDX-License-Identifier: MIT
#pragma once

#include "server/server.h"
#include "support/process.h"

#include <QTemporaryDir>
#include <QThread>

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
            QMetaObject::invokeMethod(
                m_server, [&] { work(*m_server); }, Qt::BlockingQueuedConnection);
        } else {
            Value value{};
            QMetaObject::invokeMethod(
                m_server, [&] { value = work(*m_server); }, Qt::BlockingQueuedConnection);
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
    QTemporaryDir m_folder;
    QThread m_thread;
    server::Server *m_server = nullptr;
    quint16 m_port = 0;
};

/// Bytes that look random and are the same every time; another `seed`, other bytes.
QByteArray noise(qsizetype size, quint32 seed = 1);

} // namespace ferry::test
