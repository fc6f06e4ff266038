// SPDX-License-Identifier: MIT
#include "net/channel/tlschannel.h"

#include "net/base/translate.h"
#include "net/base/uninterrupted.h"
#include "net/channel/socketops.h"
#include "net/channel/tlschannelbio.h"
#include "net/channel/tlserror.h"
#include "net/limits.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ferry {

using socketops::Ready;

namespace {

/// The plain bytes of one TLS record (RFC 8446, 5.1).
constexpr qsizetype recordBytes = 16 * 1024;

bool wouldBlock(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

Error lost(int errnoValue)
{
    if (errnoValue == 0)
        return {ErrorCode::CutShort, tr("The connection was lost.")};
    return {ErrorCode::CutShort,
            tr("The connection was lost: %1.").arg(qt_error_string(errnoValue))};
}

} // namespace

TlsChannel::TlsChannel(FileDescriptor socket, std::shared_ptr<const TlsContext> context)
    : m_socket(std::move(socket))
    , m_context(std::move(context))
{
    socketops::prepare(m_socket.get());
}

TlsChannel::~TlsChannel()
{
    SSL_free(m_ssl);
}

/// Sends what fits, unless more records are about to follow: how many of `bytes` need not be
/// buffered.
qint64 TlsChannel::transmit(const char *bytes, qint64 count)
{
    if (m_sendError != 0)
        return count; // nobody will read them
    if (m_gathering || !m_out.isEmpty())
        return 0;
    const qint64 sent = socketops::send(m_socket.get(), bytes, count);
    if (sent >= 0)
        return sent;
    if (wouldBlock(errno))
        return 0;
    m_sendError = errno;
    return count;
}

/// One attempt to empty the buffer; true if it is empty.
bool TlsChannel::sendBuffered()
{
    qsizetype done = 0;
    while (done < m_out.size() && m_sendError == 0) {
        const qint64 sent =
            socketops::send(m_socket.get(), m_out.constData() + done, m_out.size() - done);
        if (sent < 0 && !wouldBlock(errno))
            m_sendError = errno;
        if (sent < 0)
            break;
        done += qsizetype(sent);
    }
    if (m_sendError != 0 || done == m_out.size())
        m_out.resize(0); // keeps its room
    else if (done > 0)
        m_out.remove(0, done);
    return m_out.isEmpty();
}

/// Cancelled, or nothing.
Result<> TlsChannel::usable() const
{
    if (m_shutDown)
        return Error{ErrorCode::Cancelled, tr("The connection was closed here.")};
    if (m_fatal || !m_established)
        return lost(0);
    return {};
}

Result<> TlsChannel::wait(Want want, QDeadlineTimer deadline)
{
    return readiness(want == Want::Bytes ? socketops::waitReadable(m_socket.get(), deadline)
                                         : socketops::waitWritable(m_socket.get(), deadline));
}

/// What a wait came to; errno is still its own.
Result<> TlsChannel::readiness(Ready ready) const
{
    if (m_shutDown)
        return Error{ErrorCode::Cancelled, tr("The connection was closed here.")};
    if (ready == Ready::TimedOut)
        return Error{ErrorCode::TimedOut, tr("The other side did not answer in time.")};
    if (ready == Ready::Failed)
        return lost(errno);
    return {};
}

/// Sends until at most `rest` bytes are left. That the peer takes nothing any more is no failure
/// here: there may still be something to read.
Result<> TlsChannel::flush(qsizetype rest, QDeadlineTimer deadline)
{
    while (!sendBuffered() && m_out.size() > rest) {
        if (const Result<> waited = wait(Want::Room, deadline); !waited)
            return waited;
    }
    return {};
}

/// Reading makes answers too (to a KeyUpdate): a peer that takes none gets no more of them.
Result<> TlsChannel::answerable(QDeadlineTimer deadline)
{
    return m_out.size() > 2 * limits::tlsSendBytes ? flush(2 * limits::tlsSendBytes, deadline)
                                                   : Result<>();
}

/// Before a wait that may be long: idle sessions keep no buffers.
void TlsChannel::releaseBuffers()
{
    m_out = QByteArray();
    m_file.reset();
}

/// Why a call into OpenSSL failed for good.
Error TlsChannel::failure()
{
    const bool told = ERR_peek_error() != 0;
    if (m_shutDown || (m_ended && !told)) {
        takeTlsError();
        return m_shutDown ? usable().error() : lost(m_receiveError);
    }
    m_fatal = true;
    if (isFlooded()) {
        takeTlsError();
        return {ErrorCode::Protocol, tr("The other side sends no content.")};
    }
    const unsigned long code = ERR_peek_last_error();
    const int reason = ERR_GET_REASON(code);
    const QString text = takeTlsError();
    if (!m_established &&
        (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
         reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_HTTPS_PROXY_REQUEST))
        return {ErrorCode::Protocol, tr("The other side does not speak TLS.")};
    return {ErrorCode::Protocol, tr("The encrypted connection failed: %1.").arg(text)};
}

Result<> TlsChannel::handshake(QDeadlineTimer deadline)
{
    Q_ASSERT(!m_ssl);
    takeTlsError();
    m_ssl = SSL_new(m_context->get());
    BIO *bio = m_ssl ? TlsChannelBio::make(this) : nullptr;
    if (!bio)
        return failure();
    SSL_set_bio(m_ssl, bio, bio);
    if (m_context->role() == TlsContext::Role::Server)
        SSL_set_accept_state(m_ssl);
    else
        SSL_set_connect_state(m_ssl);

    while (!m_shutDown) {
        const int result = SSL_do_handshake(m_ssl);
        const int error = SSL_get_error(m_ssl, result);
        // Also after a failure: the alert that says why is in the buffer.
        const Result<> flushed = flush(0, deadline);
        if (result != 1 && error != SSL_ERROR_WANT_READ)
            return failure();
        if (!flushed)
            return flushed;
        if (m_sendError != 0)
            return lost(m_sendError);
        if (result == 1)
            break;
        if (m_ended)
            return failure();
        if (const Result<> waited = wait(Want::Bytes, deadline); !waited)
            return waited;
    }
    if (m_shutDown)
        return failure();

    const unsigned char *chosen = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(m_ssl, &chosen, &length);
    if (length != 0 && QByteArrayView(chosen, qsizetype(length)) != QByteArrayView("ferry/1")) {
        m_fatal = true;
        return Error{ErrorCode::Protocol, tr("The other side speaks another protocol.")};
    }
    m_established = true;
    m_bytesWithoutData = 0;
    return {};
}

QByteArray TlsChannel::exporter() const
{
    static constexpr char label[] = "EXPORTER-Channel-Binding";
    QByteArray secret(32, Qt::Uninitialized);
    if (!m_established || SSL_export_keying_material(
                              m_ssl, reinterpret_cast<unsigned char *>(secret.data()),
                              size_t(secret.size()), label, sizeof label - 1, nullptr, 0, 0) != 1)
        return {};
    return secret;
}

QByteArray TlsChannel::peerFingerprint() const
{
    return m_established ? fingerprintOf(SSL_get0_peer_certificate(m_ssl)) : QByteArray();
}

QString TlsChannel::description() const
{
    if (!m_established)
        return QStringLiteral("TLS");
    return version() + QStringLiteral(", ") + cipher();
}

QString TlsChannel::version() const
{
    return QString::fromLatin1(SSL_get_version(m_ssl))
        .replace(QLatin1StringView("TLSv"), QLatin1StringView("TLS "));
}

QString TlsChannel::cipher() const
{
    return QString::fromLatin1(SSL_get_cipher_name(m_ssl));
}

/// The socket has no more bytes and there was no close_notify: `end` if we asked for it.
template <typename T>
Result<T> TlsChannel::endOfInput(T end)
{
    if (m_readingFinished && m_receiveError == 0)
        return end;
    return failure();
}

Result<qsizetype> TlsChannel::read(char *to, qsizetype most, QDeadlineTimer deadline)
{
    if (const Result<> state = usable(); !state)
        return state.error();
    for (;;) {
        if (const Result<> room = answerable(deadline); !room)
            return room.error();
        size_t got = 0;
        qsizetype total = 0;
        int result = 1;
        ERR_clear_error();
        // A record holds 16 KiB; take all that came with one receive.
        while (total < most) {
            result = SSL_read_ex(m_ssl, to + total, size_t(most - total), &got);
            if (result != 1)
                break;
            total += qsizetype(got);
            if (!SSL_has_pending(m_ssl))
                break;
        }
        const int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(m_ssl, result);
        if (total > 0) {
            m_bytesWithoutData = 0;
            ERR_clear_error(); // a failure behind these bytes shows itself again
            return total;
        }
        if (error == SSL_ERROR_ZERO_RETURN)
            return qsizetype(0);
        if (error != SSL_ERROR_WANT_READ || m_shutDown)
            return failure();
        if (m_ended)
            return endOfInput(qsizetype(0));
        // What is left to say goes first: the peer may wait for it before it speaks.
        if (const Result<> flushed = flush(0, deadline); !flushed)
            return flushed.error();
        releaseBuffers();
        if (const Result<> waited = wait(Want::Bytes, deadline); !waited)
            return waited.error();
    }
}

Result<qsizetype> TlsChannel::writeSome(QByteArrayView bytes, QDeadlineTimer deadline)
{
    constexpr qsizetype gathered = limits::tlsSendBytes - recordBytes;
    if (const Result<> state = usable(); !state)
        return state.error();
    if (m_writingFinished)
        return lost(EPIPE);
    // Room for one more record is progress enough: a slow peer that takes some bytes is not
    // measured by how long it needs for all of them.
    if (const Result<> flushed = flush(gathered, deadline); !flushed)
        return flushed.error();
    qsizetype accepted = 0;
    ERR_clear_error();
    while (accepted < bytes.size() && m_sendError == 0) {
        const qsizetype left = bytes.size() - accepted;
        m_gathering = left > recordBytes;
        size_t taken = 0;
        const int result = SSL_write_ex(m_ssl, bytes.data() + accepted, size_t(left), &taken);
        m_gathering = false;
        if (result != 1)
            return failure();
        accepted += qsizetype(taken);
        if ((m_out.size() >= gathered || accepted == bytes.size()) && !sendBuffered())
            break;
    }
    if (m_shutDown)
        return usable().error();
    if (m_sendError != 0)
        return lost(m_sendError);
    return accepted;
}

Result<> TlsChannel::write(QByteArrayView bytes, QDeadlineTimer deadline)
{
    while (!bytes.isEmpty()) {
        const Result<qsizetype> accepted = writeSome(bytes, deadline);
        if (!accepted)
            return accepted.error();
        bytes = bytes.sliced(accepted.value());
    }
    const Result<> flushed = flush(0, deadline);
    return flushed && m_sendError != 0 ? Result<>(lost(m_sendError)) : flushed;
}

Result<qint64> TlsChannel::sendFile(int fd, qint64 offset, qint64 count, QDeadlineTimer deadline)
{
    if (!m_file)
        m_file.reset(new char[size_t(limits::ioBytes)]);
    const qsizetype piece = qsizetype(qMin<qint64>(count, m_filePiece));
    const ssize_t got =
        uninterrupted([&] { return ::pread(fd, m_file.get(), size_t(piece), offset); });
    if (got < 0)
        return Error{ErrorCode::LocalFile,
                     tr("The file cannot be read: %1.").arg(qt_error_string(errno))};
    if (got == 0)
        return qint64(0);
    const Result<qsizetype> accepted =
        writeSome(QByteArrayView(m_file.get(), qsizetype(got)), deadline);
    if (!accepted)
        return accepted.error();
    // What was not accepted is read again: for a slow peer, read about as much as it takes.
    m_filePiece = accepted.value() < got ? qMax(accepted.value(), recordBytes)
                                         : qMin(2 * m_filePiece, limits::ioBytes);
    return qint64(accepted.value());
}

/// True if read() would not wait.
Result<bool> TlsChannel::peek()
{
    if (SSL_pending(m_ssl) > 0) { // of a record that is decrypted already
        m_bytesWithoutData = 0;
        return true;
    }
    char byte;
    size_t got = 0;
    ERR_clear_error();
    const int result = SSL_peek_ex(m_ssl, &byte, 1, &got);
    const int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(m_ssl, result);
    if (result == 1)
        m_bytesWithoutData = 0;
    if (result == 1 || error == SSL_ERROR_ZERO_RETURN)
        return true;
    if (error != SSL_ERROR_WANT_READ || m_shutDown)
        return failure();
    if (m_ended)
        return endOfInput(true);
    return false;
}

Result<Channel::Heard> TlsChannel::waitForBytes(QDeadlineTimer deadline, const Wakeup *wakeup)
{
    if (const Result<> state = usable(); !state)
        return state.error();
    for (;;) {
        const Result<> room = answerable(deadline);
        const Result<bool> there = room ? peek() : Result<bool>(room.error());
        if (!there && there.error().code == ErrorCode::TimedOut)
            return Heard::Nothing;
        if (!there)
            return there.error();
        if (there.value())
            return Heard::Bytes;
        if (const Result<> flushed = flush(0, deadline); !flushed) {
            if (flushed.error().code == ErrorCode::TimedOut)
                return Heard::Nothing;
            return flushed.error();
        }
        releaseBuffers();
        const Ready ready =
            socketops::waitReadable(m_socket.get(), wakeup ? wakeup->fd() : -1, deadline);
        if (ready == Ready::Woken && !m_shutDown)
            return Heard::Woken;
        if (const Result<> waited = readiness(ready); !waited) {
            if (waited.error().code == ErrorCode::TimedOut)
                return Heard::Nothing;
            return waited.error();
        }
    }
}

void TlsChannel::expectContent()
{
    SSL_set_default_read_buffer_len(m_ssl, size_t(limits::tlsReadBytes));
}

Result<> TlsChannel::pause(QDeadlineTimer deadline)
{
    if (const Result<> state = usable(); !state)
        return state;
    const bool intact = socketops::waitWhileIntact(m_socket.get(), deadline);
    if (m_shutDown || !intact)
        return m_shutDown ? usable() : Result<>(lost(0));
    return {};
}

void TlsChannel::finishWriting()
{
    if (m_writingFinished || !m_established || m_fatal || m_shutDown)
        return;
    m_writingFinished = true;
    ERR_clear_error();
    SSL_shutdown(m_ssl); // queues close_notify; never waits for the peer's
    ERR_clear_error();
    static_cast<void>(flush(0, QDeadlineTimer(limits::tlsCloseTime)));
    socketops::shutDown(m_socket.get(), socketops::Direction::Write);
}

void TlsChannel::finishReading()
{
    m_readingFinished = true;
    socketops::shutDown(m_socket.get(), socketops::Direction::Read);
}

void TlsChannel::shutdown()
{
    // First the flag: the call that the second line wakes looks at it. The descriptor stays open as
    // long as this object lives, so it cannot be another connection's by now.
    m_shutDown = true;
    socketops::shutDown(m_socket.get(), socketops::Direction::Both);
}

FileDescriptor TlsChannel::takeSocket()
{
    return std::move(m_socket);
}

} // namespace ferry
