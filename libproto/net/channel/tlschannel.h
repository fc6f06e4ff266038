// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "net/channel/channel.h"
#include "net/channel/socketops.h"
#include "net/channel/tlscontext.h"
#include "net/limits.h"

#include <QByteArray>

#include <atomic>
#include <memory>

struct ssl_st;

namespace ferry {

/// The encrypted stream: OpenSSL directly on a connected socket.
///
/// handshake() comes first, on the owner thread; until it succeeds the other calls fail. The
/// orderly end of the stream is the peer's close_notify; an end of the connection without it is
/// CutShort (RFC 8446, 6.1). A call that failed, other than a read or a wait with TimedOut,
/// leaves the stream unusable.
///
/// What the socket does not take stays in a small buffer of encrypted records, so a write that
/// times out need not be repeated with the same bytes. The next call but pause() goes on sending
/// it.
///
/// A sender that needs a checksum reads the file itself and passes the buffer that it has summed up
/// to writeSome(), so that what was summed up is what was sent; sendFile() is for those that do
/// not.
class TlsChannel final : public Channel
{
public:
    /// Takes the socket over and makes it non-blocking.
    TlsChannel(FileDescriptor socket, std::shared_ptr<const TlsContext> context);
    ~TlsChannel() override;

    /// Owner thread, once. TimedOut, Cancelled; CutShort if the peer left; Protocol if it does
    /// not speak TLS 1.3, or another protocol inside it (ALPN).
    Result<> handshake(QDeadlineTimer deadline);

    // After the handshake, owner thread:

    /// RFC 9266's channel binding `tls-exporter`: 32 bytes that both ends of this connection
    /// know, and nobody in the middle of two.
    QByteArray exporter() const;

    /// Client: `sha256:HEX` of the certificate that the server proved to own.
    QByteArray peerFingerprint() const;

    Result<qsizetype> read(char *to, qsizetype most, QDeadlineTimer deadline) override;
    Result<> write(QByteArrayView bytes, QDeadlineTimer deadline) override;
    Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer deadline) override;
    Result<qint64> sendFile(int fd, qint64 offset, qint64 count, QDeadlineTimer deadline) override;
    using Channel::waitForBytes;
    Result<Heard> waitForBytes(QDeadlineTimer deadline, const Wakeup *wakeup) override;
    void expectContent() override;
    Result<> pause(QDeadlineTimer deadline) override;
    void finishWriting() override;
    void finishReading() override;
    void shutdown() override;

    QString version() const; ///< "TLS 1.3"
    QString cipher() const;  ///< "TLS_AES_128_GCM_SHA256"

    /// Both, with a comma.
    QString description() const override;

    /// Gives the socket back, for a thread that did not start. The channel is dead then.
    FileDescriptor takeSocket();

private:
    friend struct TlsChannelBio;

    enum class Want { Bytes, Room };
    Result<> wait(Want want, QDeadlineTimer deadline);
    Result<> readiness(socketops::Ready ready) const;
    Result<> flush(qsizetype rest, QDeadlineTimer deadline);
    Result<bool> peek();
    bool isFlooded() const
    {
        return m_established && m_bytesWithoutData > limits::tlsMaxBytesWithoutData;
    }
    Result<> usable() const;
    Result<> answerable(QDeadlineTimer deadline);
    Error failure();
    template <typename T>
    Result<T> endOfInput(T end);
    qint64 transmit(const char *bytes, qint64 count);
    bool sendBuffered();
    void releaseBuffers();

    FileDescriptor m_socket;
    std::shared_ptr<const TlsContext> m_context;
    ssl_st *m_ssl = nullptr; ///< from handshake() on

    std::atomic_bool m_shutDown = false;
    std::atomic_bool m_readingFinished = false;

    // Owner thread:
    QByteArray m_out;                 ///< encrypted, not yet taken by the socket
    bool m_gathering = false;         ///< more records follow at once: send larger pieces
    bool m_established = false;       ///< the handshake succeeded
    bool m_ended = false;             ///< the socket has no more bytes for us
    qsizetype m_bytesWithoutData = 0; ///< bytes received since the last content
    bool m_writingFinished = false;
    bool m_fatal = false;           ///< OpenSSL gave the connection up
    int m_sendError = 0;            ///< errno: the peer takes no more bytes
    int m_receiveError = 0;         ///< errno, with m_ended
    std::unique_ptr<char[]> m_file; ///< sendFile's buffer
    qsizetype m_filePiece = limits::ioBytes;
};

} // namespace ferry
