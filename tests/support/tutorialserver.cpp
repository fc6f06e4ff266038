// SPDX-License-Identifier: MIT
#include "support/tutorialserver.h"

#include <QtGlobal>

#include <algorithm>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ferry::test {

std::optional<char> TutorialPeer::readByte()
{
    char c = 0;
    return ::recv(m_socket, &c, 1, 0) == 1 ? std::optional(c) : std::nullopt;
}

std::optional<QByteArray> TutorialPeer::readLine()
{
    QByteArray line;
    while (const std::optional<char> c = readByte()) {
        if (*c == '\n') {
            if (line.endsWith('\r'))
                line.chop(1);
            return line;
        }
        line.append(*c);
    }
    return std::nullopt;
}

QByteArray TutorialPeer::receiveOnce()
{
    QByteArray bytes(4096, '\0');
    bytes.resize(std::max<qsizetype>(::recv(m_socket, bytes.data(), size_t(bytes.size()), 0), 0));
    return bytes;
}

void TutorialPeer::readToEnd()
{
    while (readByte()) {
    }
}

bool TutorialPeer::write(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t count = ::send(m_socket, bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes = bytes.sliced(count);
    }
    return true;
}

bool TutorialPeer::writeByteByByte(QByteArrayView bytes)
{
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (!write(bytes.sliced(i, 1)))
            return false;
    }
    return true;
}

TutorialServer::TutorialServer(Script script)
    : m_script(std::move(script))
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(m_listener.get(), generic, length) != 0 || ::listen(m_listener.get(), 64) != 0 ||
        ::getsockname(m_listener.get(), generic, &length) != 0)
        qFatal("The test's server cannot listen");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

TutorialServer::~TutorialServer()
{
    stopListening();
    for (const FileDescriptor &socket : m_sockets)
        ::shutdown(socket.get(), SHUT_RDWR);
    for (std::thread &thread : m_threads)
        thread.join();
}

void TutorialServer::stopListening()
{
    m_stopping = true;
    ::shutdown(m_listener.get(), SHUT_RDWR);
    if (m_acceptor.joinable())
        m_acceptor.join();
    m_listener.reset();
}

void TutorialServer::accept()
{
    while (!m_stopping) {
        const int socket = ::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0)
            return;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const int number = m_connections++;
        const std::lock_guard lock(m_mutex);
        m_sockets.emplace_back(socket);
        m_threads.emplace_back([this, socket, number] {
            TutorialPeer peer(socket);
            m_script(peer, number);
            // The descriptor stays open until the end, so that its number is not used again.
            ::shutdown(socket, SHUT_RDWR);
        });
    }
}

namespace {

void serve(TutorialPeer &peer, const TutorialHabits &habits)
{
    const auto say = [&](const QByteArray &bytes) {
        return habits.byteByByte ? peer.writeByteByByte(bytes) : peer.write(bytes);
    };
    if (!say("#Server Ready." + habits.lineEnd))
        return;
    bool loggedIn = false;
    while (const std::optional<QByteArray> line = peer.readLine()) {
        const QByteArray verb = line->left(5).toUpper();
        const QByteArray argument = line->mid(5);
        if (line->toUpper() == "QUIT")
            return;
        if (verb == "AUTH ") {
            loggedIn = argument == habits.password;
            say((loggedIn ? "#You are logged in." : "!Bad password.") + habits.lineEnd);
        } else if (verb != "FILE ") {
            say("!Invalid command." + habits.lineEnd);
        } else if (!loggedIn) {
            say("!You are not logged in." + habits.lineEnd);
        } else if (const auto file = habits.files.find(argument); file != habits.files.end()) {
            say(*file + "#File " + argument + " sent successfully." + habits.lineEnd);
            if (habits.closesAfterFile)
                return;
        } else if (habits.answersUnknownNames) {
            say("!File " + argument + " could not be opened." + habits.lineEnd);
        }
    }
}

} // namespace

TutorialServer::Script tutorialScript(const TutorialHabits &habits)
{
    return [habits](TutorialPeer &peer, int) { serve(peer, habits); };
}

} // namespace ferry::test
