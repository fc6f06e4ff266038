// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "net/channel/channel.h"
#include "net/channel/socketops.h"

#include <atomic>

namespace ferry {

/// The unencrypted stream, directly on a connected socket. Sends files with sendfile(2).
class PlainChannel final : public Channel
{
public:
    /// Takes the socket over and makes it non-blocking.
    explicit PlainChannel(FileDescriptor socket);
    ~PlainChannel() override;

    Result<qsizetype> read(char *to, qsizetype most, QDeadlineTimer deadline) override;
    Result<> write(QByteArrayView bytes, QDeadlineTimer deadline) override;
    Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer deadline) override;
    Result<qint64> sendFile(int fd, qint64 offset, qint64 count, QDeadlineTimer deadline) override;
    using Channel::waitForBytes;
    Result<Heard> waitForBytes(QDeadlineTimer deadline, const Wakeup *wakeup) override;
    Result<> pause(QDeadlineTimer deadline) override;
    void finishWriting() override;
    void finishReading() override;
    void shutdown() override;
    QString description() const override;

    /// Gives the socket back, for a thread that did not start. The channel is dead then.
    FileDescriptor takeSocket();

private:
    Error failure(int errnoValue) const;
    Result<> readiness(socketops::Ready ready) const;

    FileDescriptor m_socket;
    std::atomic_bool m_shutDown = false;
};

} // namespace ferry
