// SPDX-License-Identifier: MIT
#include "net/channel/socketops.h"

#include "net/base/ipv4.h"
#include "net/base/uninterrupted.h"

#include <QVarLengthArray>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace ferry::socketops {

namespace {

/// Rounded up, so that a deadline in half a millisecond is slept towards and not spun towards.
int pollTime(QDeadlineTimer deadline)
{
    if (deadline.isForever())
        return -1;
    const qint64 ms = (deadline.remainingTimeNSecs() + 999'999) / 1'000'000;
    return int(qMin<qint64>(ms, INT_MAX));
}

Ready waitFor(int fd, short events, QDeadlineTimer deadline, int wakeup = -1)
{
    for (;;) {
        // Of a descriptor below zero poll knows nothing, and nothing happens to it.
        std::array<pollfd, 2> entries = {{{fd, events, 0}, {wakeup, POLLIN, 0}}};
        const int count = ::poll(entries.data(), entries.size(), pollTime(deadline));
        if (count > 0 && ((entries[0].revents | entries[1].revents) & POLLNVAL))
            return Ready::Failed;
        if (count > 0)
            return entries[0].revents ? Ready::Yes : Ready::Woken;
        if (count < 0 && errno != EINTR)
            return Ready::Failed;
        if (deadline.hasExpired())
            return Ready::TimedOut;
    }
}

} // namespace

Ready waitReadable(int fd, QDeadlineTimer deadline)
{
    return waitFor(fd, POLLIN, deadline);
}

Ready waitReadable(int fd, int wakeup, QDeadlineTimer deadline)
{
    return waitFor(fd, POLLIN, deadline, wakeup);
}

Ready waitWritable(int fd, QDeadlineTimer deadline)
{
    return waitFor(fd, POLLOUT, deadline);
}

bool waitWhileIntact(int fd, QDeadlineTimer deadline)
{
    // No events asked for: poll reports errors and hang-ups (both directions ended) regardless.
    return waitFor(fd, 0, deadline) == Ready::TimedOut;
}

void prepare(int fd)
{
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ignoreBrokenPipes();
}

void ignoreBrokenPipes()
{
    static std::once_flag once;
    std::call_once(once, [] { ::signal(SIGPIPE, SIG_IGN); });
}

qint64 receive(int socket, char *to, qint64 most)
{
    return uninterrupted([&] { return ::recv(socket, to, size_t(most), 0); });
}

qint64 send(int socket, const char *from, qint64 count)
{
    return uninterrupted([&] { return ::send(socket, from, size_t(count), MSG_NOSIGNAL); });
}

void shutDown(int socket, Direction direction)
{
    const int how = direction == Direction::Read    ? SHUT_RD
                    : direction == Direction::Write ? SHUT_WR
                                                    : SHUT_RDWR;
    ::shutdown(socket, how);
}

void awaitPeersEnd(int socket, QDeadlineTimer deadline)
{
    constexpr std::chrono::milliseconds look(20);
    char bytes[4096];
    while (!deadline.hasExpired()) {
        while (receive(socket, bytes, sizeof bytes) > 0) {
        }
        tcp_info info = {};
        socklen_t size = sizeof info;
        if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
            info.tcpi_state != TCP_ESTABLISHED)
            return;
        std::this_thread::sleep_for(look);
    }
}

bool isConnectionError(int errnoValue)
{
    switch (errnoValue) {
    case EPIPE:
    case ECONNRESET:
    case ECONNABORTED:
    case ENOTCONN:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
        return true;
    default:
        return false;
    }
}

Peer peerOf(int socket)
{
    sockaddr_storage storage = {};
    socklen_t length = sizeof storage;
    auto *generic = reinterpret_cast<sockaddr *>(&storage);
    if (::getpeername(socket, generic, &length) != 0)
        return {};
    Peer peer;
    peer.address.setAddress(generic);
    if (const auto ipv4 = ipv4In(peer.address))
        peer.address = *ipv4;
    peer.port = ntohs(storage.ss_family == AF_INET6
                          ? reinterpret_cast<const sockaddr_in6 *>(&storage)->sin6_port
                          : reinterpret_cast<const sockaddr_in *>(&storage)->sin_port);
    return peer;
}

qint64 sendFile(int socket, int file, qint64 offset, qint64 count)
{
    off_t position = offset;
    return uninterrupted([&] { return ::sendfile(socket, file, &position, size_t(count)); });
}

qint64 readAndSend(int socket, int file, qint64 offset, qint64 count)
{
    // What does not fit into the socket is read again next time. A modest piece keeps that
    // cheap and stays within a session thread's stack.
    QVarLengthArray<char, 64 * 1024> piece(qsizetype(qMin<qint64>(count, 64 * 1024)));
    const ssize_t got =
        uninterrupted([&] { return ::pread(file, piece.data(), size_t(piece.size()), offset); });
    return got > 0 ? send(socket, piece.data(), got) : got;
}

void sayLastLine(int socket, QByteArrayView line)
{
    prepare(socket);
    send(socket, line.data(), line.size());
    shutDown(socket, Direction::Write);
}

bool discardInput(int socket)
{
    char bytes[4096];
    // Bounded, so that a peer that sends without end cannot hold the caller.
    for (int round = 0; round < 64; ++round) {
        const qint64 count = receive(socket, bytes, sizeof bytes);
        if (count <= 0)
            return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
    return true;
}

} // namespace ferry::socketops
