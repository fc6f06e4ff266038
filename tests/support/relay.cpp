// SPDX-License-Identifier: MIT
#include "support/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ferry::test {

namespace {

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

bool sendAll(int to, const char *bytes, ssize_t count)
{
    while (count > 0) {
        const ssize_t sent = ::send(to, bytes, size_t(count), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        count -= sent;
    }
    return true;
}

} // namespace

Relay::Relay(quint16 serverPort, qint64 rate)
    : m_serverPort(serverPort)
    , m_limiter(rate)
    , m_listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto *const generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(m_listening.get(), generic, size) == 0 && ::listen(m_listening.get(), 64) == 0 &&
        ::getsockname(m_listening.get(), generic, &size) == 0)
        m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { accept(); });
}

Relay::~Relay()
{
    m_ending = true;
    ::shutdown(m_listening.get(), SHUT_RDWR);
    m_thread.join();
    for (Line &line : m_lines) {
        ::shutdown(line.client.get(), SHUT_RDWR);
        ::shutdown(line.server.get(), SHUT_RDWR);
        line.there.join();
        line.back.join();
    }
}

void Relay::accept()
{
    while (!m_ending) {
        FileDescriptor client(::accept4(m_listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client.valid())
            return;
        FileDescriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const sockaddr_in address = loopback(m_serverPort);
        if (::connect(server.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) !=
            0)
            continue;
        const std::lock_guard lock(m_mutex);
        Line &line = m_lines.emplace_back();
        line.client = std::move(client);
        line.server = std::move(server);
        const int a = line.client.get();
        const int b = line.server.get();
        line.there = std::thread([this, a, b] { pump(a, b, false); });
        line.back = std::thread([this, a, b] { pump(b, a, true); });
    }
}

void Relay::pump(int from, int to, bool counted)
{
    char bytes[16 * 1024];
    for (;;) {
        const ssize_t count = ::recv(from, bytes, sizeof bytes, 0);
        if (count <= 0 || !sendAll(to, bytes, count))
            break;
        if (counted) {
            m_bytes += count;
            std::this_thread::sleep_for(m_limiter.spend(count));
        }
    }
    // One end is gone, so the other is not needed any more.
    ::shutdown(from, SHUT_RDWR);
    ::shutdown(to, SHUT_RDWR);
}

void Relay::cutLast()
{
    const std::lock_guard lock(m_mutex);
    ::shutdown(m_lines.back().client.get(), SHUT_RDWR);
    ::shutdown(m_lines.back().server.get(), SHUT_RDWR);
}

} // namespace ferry::test
