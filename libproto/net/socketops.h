// SPDX-License-Identifier: MIT
/// The platform's socket calls behind one small set of functions. Nothing else in Ferry calls
/// poll, send, sendfile or connect.
#pragma once

#include "net/filedescriptor.h"
#include "wire/result.h"

#include <QDeadlineTimer>
#include <QHostAddress>

namespace ferry::socketops {

enum class Ready { Yes, TimedOut, Failed };

Ready waitReadable(int fd, QDeadlineTimer deadline);
Ready waitWritable(int fd, QDeadlineTimer deadline);

/// Non-blocking, close-on-exec, TCP_NODELAY, no SIGPIPE.
void prepare(int fd);

/// Copies from the file to the socket inside the kernel: bytes sent, 0 at the end of the file,
/// or -1 with errno. ENOSYS or EINVAL: not here, or not for this file; use readAndSend.
qint64 sendFile(int socket, int file, qint64 offset, qint64 count);

/// The portable way to the same.
qint64 readAndSend(int socket, int file, qint64 offset, qint64 count);

/// Resolves `host` and connects to the first of its addresses that answers.
/// HostNotFound, CannotConnect, TimedOut.
Result<FileDescriptor> connectTo(const QString &host, quint16 port, QDeadlineTimer deadline);

/// Writes a last line if that goes at once and closes without losing it: for peers that are
/// refused before they have a session. Takes the descriptor over.
void refuse(FileDescriptor socket, QByteArrayView line);

} // namespace ferry::socketops
