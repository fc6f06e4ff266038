// SPDX-License-Identifier: MIT
#include "net/channel/plainchannel.h"

#include "net/base/translate.h"

#include <cerrno>

namespace ferry {

using socketops::Ready;

PlainChannel::PlainChannel(FileDescriptor socket)
    : m_socket(std::move(socket))
{
    socketops::prepare(m_socket.get());
}

PlainChannel::~PlainChannel() = default;

Result<qsizetype> PlainChannel::read(char *to, qsizetype most, QDeadlineTimer deadline)
{
    for (;;) {
        const qint64 count = socketops::receive(m_socket.get(), to, most);
        if (count > 0)
            return qsizetype(count);
        if (count == 0) {
            // The end of the stream is also what shutdown() from our own side looks like.
            if (m_shutDown)
                return failure(0);
            return qsizetype(0);
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK)
            return failure(errno);
        if (const auto ready = readiness(socketops::waitReadable(m_socket.get(), deadline)); !ready)
            return ready.error();
    }
}

Result<> PlainChannel::write(QByteArrayView bytes, QDeadlineTimer deadline)
{
    while (!bytes.isEmpty()) {
        const auto count = writeSome(bytes, deadline);
        if (!count)
            return count.error();
        bytes = bytes.sliced(count.value());
    }
    return {};
}

Result<qsizetype> PlainChannel::writeSome(QByteArrayView bytes, QDeadlineTimer deadline)
{
    for (;;) {
        const qint64 count = socketops::send(m_socket.get(), bytes.data(), bytes.size());
        if (count >= 0)
            return qsizetype(count);
        if (errno != EAGAIN && errno != EWOULDBLOCK)
            return failure(errno);
        if (const auto ready = readiness(socketops::waitWritable(m_socket.get(), deadline)); !ready)
            return ready.error();
    }
}

Result<qint64> PlainChannel::sendFile(int fd, qint64 offset, qint64 count, QDeadlineTimer deadline)
{
    for (;;) {
        qint64 sent = socketops::sendFile(m_socket.get(), fd, offset, count);
        if (sent < 0 && (errno == ENOSYS || errno == EINVAL))
            sent = socketops::readAndSend(m_socket.get(), fd, offset, count);
        if (sent >= 0)
            return sent;
        const int error = errno;
        if (error != EAGAIN && error != EWOULDBLOCK) {
            if (m_shutDown || socketops::isConnectionError(error))
                return failure(error);
            return Error{ErrorCode::LocalFile,
                         tr("The file cannot be read: %1.").arg(qt_error_string(error))};
        }
        if (const auto ready = readiness(socketops::waitWritable(m_socket.get(), deadline)); !ready)
            return ready.error();
    }
}

Result<Channel::Heard> PlainChannel::waitForBytes(QDeadlineTimer deadline, const Wakeup *wakeup)
{
    const Ready ready =
        socketops::waitReadable(m_socket.get(), wakeup ? wakeup->fd() : -1, deadline);
    if (m_shutDown || ready == Ready::Failed)
        return failure(errno);
    return ready == Ready::Yes     ? Heard::Bytes
           : ready == Ready::Woken ? Heard::Woken
                                   : Heard::Nothing;
}

Result<> PlainChannel::pause(QDeadlineTimer deadline)
{
    const bool intact = socketops::waitWhileIntact(m_socket.get(), deadline);
    if (m_shutDown || !intact)
        return failure(0);
    return {};
}

void PlainChannel::finishWriting()
{
    socketops::shutDown(m_socket.get(), socketops::Direction::Write);
}

void PlainChannel::finishReading()
{
    socketops::shutDown(m_socket.get(), socketops::Direction::Read);
}

void PlainChannel::shutdown()
{
    // First the flag: the call that the second line wakes looks at it.
    m_shutDown = true;
    socketops::shutDown(m_socket.get(), socketops::Direction::Both);
}

QString PlainChannel::description() const
{
    return tr("unencrypted");
}

FileDescriptor PlainChannel::takeSocket()
{
    return std::move(m_socket);
}

Error PlainChannel::failure(int errnoValue) const
{
    if (m_shutDown)
        return {ErrorCode::Cancelled, tr("The connection was closed here.")};
    if (errnoValue == 0)
        return {ErrorCode::CutShort, tr("The connection was lost.")};
    return {ErrorCode::CutShort,
            tr("The connection was lost: %1.").arg(qt_error_string(errnoValue))};
}

/// What a wait came to; errno is still its own.
Result<> PlainChannel::readiness(Ready ready) const
{
    if (ready == Ready::Yes)
        return {};
    if (ready == Ready::Failed || m_shutDown)
        return failure(errno);
    return Error{ErrorCode::TimedOut, tr("The other side did not answer in time.")};
}

} // namespace ferry
