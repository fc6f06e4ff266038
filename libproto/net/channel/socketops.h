// SPDX-License-Identifier: MIT
/// The platform's socket calls behind one small set of functions. Nothing else in libproto
/// calls poll, recv, send, sendfile or connect.
#pragma once

#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QByteArrayView>
#include <QDeadlineTimer>
#include <QHostAddress>

#include <atomic>

namespace ferry::socketops {

enum class Ready { Yes, Woken, TimedOut, Failed };

Ready waitReadable(int fd, QDeadlineTimer deadline);

/// The same; Woken if `wakeup` is readable and `fd` is not. Below zero: there is none.
Ready waitReadable(int fd, int wakeup, QDeadlineTimer deadline);
Ready waitWritable(int fd, QDeadlineTimer deadline);

/// Waits for neither: false as soon as the connection is broken or shut down in both directions,
/// true at the deadline.
bool waitWhileIntact(int fd, QDeadlineTimer deadline);

/// Non-blocking, close-on-exec, TCP_NODELAY, and ignoreBrokenPipes().
void prepare(int fd);

/// Ignores SIGPIPE in the whole process, once: sendfile(2) has no MSG_NOSIGNAL, and a peer that
/// leaves must never end the program. QProcess gives children the default back.
void ignoreBrokenPipes();

/// As recv(2) and send(2) without a signal and without EINTR: -1 with errno.
qint64 receive(int socket, char *to, qint64 most);
qint64 send(int socket, const char *from, qint64 count);

enum class Direction { Read, Write, Both };
void shutDown(int socket, Direction direction);

/// Drops what the peer sends until it closes its direction, or the connection is gone. Also where
/// reading was shut down: closing before would reset the connection, and lose what is on its way.
void awaitPeersEnd(int socket, QDeadlineTimer deadline);

/// Is this errno value one of a lost connection, rather than of a file?
bool isConnectionError(int errnoValue);

struct Peer
{
    QHostAddress address; ///< an IPv4 address also when it came through an IPv6 socket
    quint16 port = 0;
};
Peer peerOf(int socket);

/// Copies from the file to the socket inside the kernel: bytes sent, 0 at the end of the file,
/// or -1 with errno. ENOSYS or EINVAL: not for this file; use readAndSend.
qint64 sendFile(int socket, int file, qint64 offset, qint64 count);

/// The same by way of a buffer.
qint64 readAndSend(int socket, int file, qint64 offset, qint64 count);

/// Resolves `host` and connects to the first of its addresses that answers.
/// HostNotFound, CannotConnect, TimedOut; Cancelled soon after `*cancelled` becomes true.
Result<FileDescriptor> connectTo(const QString &host, quint16 port, QDeadlineTimer deadline,
                                 const std::atomic_bool *cancelled = nullptr);

/// Writes a last line if that goes at once, and finishes writing: for peers that are refused
/// before they have a session. Closing while unread input is there would reset the connection,
/// and the peer might never see the line: discardInput() until the peer has left, then close.
void sayLastLine(int socket, QByteArrayView line);

/// Throws away what has arrived, without waiting. False at the end of the stream.
bool discardInput(int socket);

} // namespace ferry::socketops
