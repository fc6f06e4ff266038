// SPDX-License-Identifier: MIT
#include "support/rawpeer.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace ferry::test {

namespace {

sockaddr_in addressOf(const char *text, quint16 port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, text, &address.sin_addr);
    return address;
}

} // namespace

RawPeer::RawPeer(quint16 port, const char *from, int receiveBuffer)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    const int on = 1;
    ::setsockopt(m_socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receiveBuffer > 0)
        ::setsockopt(m_socket.get(), SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    const timeval patience = {patienceMs / 1000, 0};
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (from) {
        const sockaddr_in own = addressOf(from, 0);
        if (::bind(m_socket.get(), reinterpret_cast<const sockaddr *>(&own), sizeof own) != 0)
            return;
    }
    const sockaddr_in server = addressOf("127.0.0.1", port);
    m_connected =
        ::connect(m_socket.get(), reinterpret_cast<const sockaddr *>(&server), sizeof server) == 0;
}

bool RawPeer::send(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t sent =
            ::send(m_socket.get(), bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes = bytes.sliced(sent);
    }
    return true;
}

bool RawPeer::sendByteByByte(QByteArrayView bytes)
{
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (!send(bytes.sliced(i, 1)))
            return false;
    }
    return true;
}

bool RawPeer::fill()
{
    if (m_atEnd)
        return false;
    pollfd entry{m_socket.get(), POLLIN, 0};
    int ready;
    do
        ready = ::poll(&entry, 1, patienceMs);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return false;
    char bytes[64 * 1024];
    ssize_t count;
    do
        count = ::recv(m_socket.get(), bytes, sizeof bytes, 0);
    while (count < 0 && errno == EINTR);
    if (count <= 0) {
        m_error = count < 0 ? errno : 0;
        m_atEnd = true;
        return false;
    }
    m_buffer.append(bytes, count);
    return true;
}

QByteArray RawPeer::readLine()
{
    qsizetype end;
    qsizetype searched = 0;
    while ((end = m_buffer.indexOf('\n', searched)) < 0) {
        searched = m_buffer.size();
        if (!fill())
            return std::exchange(m_buffer, {});
    }
    const QByteArray line = m_buffer.first(end + 1);
    m_buffer.remove(0, end + 1);
    return line;
}

QByteArray RawPeer::read(qsizetype count)
{
    while (m_buffer.size() < count && fill()) {
    }
    const QByteArray bytes = m_buffer.first(qMin(count, m_buffer.size()));
    m_buffer.remove(0, bytes.size());
    return bytes;
}

std::optional<QByteArray> RawPeer::readToEnd()
{
    while (fill()) {
    }
    if (!m_atEnd || m_error != 0)
        return {};
    return std::exchange(m_buffer, {});
}

bool RawPeer::ended()
{
    while (fill())
        m_buffer.clear();
    return m_atEnd;
}

void RawPeer::finishWriting()
{
    ::shutdown(m_socket.get(), SHUT_WR);
}

void RawPeer::reset()
{
    const linger hard = {1, 0};
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
}

void RawPeer::close()
{
    m_socket.reset();
    m_atEnd = true;
}

bool RawPeer::login(QByteArrayView password)
{
    return m_connected && readLine() == "#Server Ready.\r\n" &&
           send("AUTH " + password.toByteArray() + "\r\n") &&
           readLine() == "#You are logged in.\r\n";
}

std::optional<QByteArray> RawPeer::fetch(QByteArrayView path, qsizetype size)
{
    const QByteArray name = path.toByteArray();
    if (!send("FILE " + name + "\r\n"))
        return {};
    const QByteArray content = read(size);
    if (content.size() != size || readLine() != "#File " + name + " sent successfully.\r\n")
        return {};
    return content;
}

} // namespace ferry::test
