// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QHash>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace ferry::test {

/// One accepted connection, as a script sees it: blocking, ended from outside by the server's
/// destructor, after which reading gives nothing and writing fails.
class TutorialPeer
{
public:
    explicit TutorialPeer(int socket)
        : m_socket(socket)
    {
    }

    /// A line without its end; nothing when the client has gone.
    std::optional<QByteArray> readLine();

    /// What one recv(2) gives, as the tutorial's server takes a command; empty at the end.
    QByteArray receiveOnce();

    /// Waits until the client ends the connection.
    void readToEnd();

    bool write(QByteArrayView bytes);
    bool writeByteByByte(QByteArrayView bytes);

private:
    std::optional<char> readByte();

    int m_socket;
};

/// A scripted server of the tutorial's dialect, or of whatever the script makes of it: each
/// connection runs the script on a thread of its own. The listening socket is on 127.0.0.1.
class TutorialServer
{
public:
    using Script = std::function<void(TutorialPeer &, int connection)>;

    explicit TutorialServer(Script script);
    ~TutorialServer();
    TutorialServer(const TutorialServer &) = delete;
    TutorialServer &operator=(const TutorialServer &) = delete;

    quint16 port() const { return m_port; }

    /// Nobody can connect any more; who has goes on.
    void stopListening();

    /// How many were accepted so far.
    int connections() const { return m_connections; }

private:
    void accept();

    const Script m_script;
    FileDescriptor m_listener;
    quint16 m_port = 0;
    std::atomic_bool m_stopping = false;
    std::atomic_int m_connections = 0;
    std::mutex m_mutex; ///< guards the two below
    std::vector<FileDescriptor> m_sockets;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

/// The tutorial's server with its habits as switches. Sends what is in `files`.
struct TutorialHabits
{
    QHash<QByteArray, QByteArray> files;
    QByteArray password = "passwd";
    QByteArray lineEnd = "\r\n";
    bool byteByByte = false;         ///< each byte in a segment of its own
    bool answersUnknownNames = true; ///< false: says nothing about a missing file (or a probe)
    bool closesAfterFile = false;
};

/// A script of it. `lines`, if given, gathers what the clients said.
TutorialServer::Script tutorialScript(const TutorialHabits &habits);

} // namespace ferry::test
