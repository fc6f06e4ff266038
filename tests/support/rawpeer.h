// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "support/process.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace ferry::test {

/// A client that knows nothing of Ferry: a blocking socket on the loopback interface. Every wait
/// ends after patienceMs, and then gives what there is.
class RawPeer
{
public:
    /// `from`: another address of 127.0.0.0/8 to come from. A small `receiveBuffer` makes the
    /// server feel at once that this peer does not read.
    explicit RawPeer(quint16 port, const char *from = nullptr, int receiveBuffer = 0);

    bool connected() const { return m_connected; }

    bool send(QByteArrayView bytes);

    /// One send per byte, each in a segment of its own.
    bool sendByteByByte(QByteArrayView bytes);

    /// Up to and with LF; less at the end of the stream.
    QByteArray readLine();

    /// Exactly that many; less at the end of the stream.
    QByteArray read(qsizetype count);

    /// All up to the end of the stream. Nothing if the end did not come.
    std::optional<QByteArray> readToEnd();

    /// As readToEnd(), but it also is an end if the server resets.
    bool ended();

    void finishWriting();
    void reset(); ///< RST
    void close();

    /// Reads the greeting and logs in.
    bool login(QByteArrayView password);

    /// The whole answer to `FILE path` of a file that has `size` bytes; without the trailer.
    std::optional<QByteArray> fetch(QByteArrayView path, qsizetype size);

    int descriptor() const { return m_socket.get(); }
    int lastError() const { return m_error; }

private:
    bool fill();

    FileDescriptor m_socket;
    QByteArray m_buffer;
    bool m_connected = false;
    bool m_atEnd = false;
    int m_error = 0;
};

} // namespace ferry::test
