// SPDX-License-Identifier: MIT
#include "client/upload/uploader.h"

#include "client/connect/refusal.h"
#include "client/limits.h"
#include "client/upload/uploadids.h"
#include "client/upload/uploadrefusal.h"
#include "net/base/checksum.h"
#include "net/base/filedescriptor.h"
#include "net/base/filetime.h"
#include "net/base/translate.h"
#include "net/base/uninterrupted.h"
#include "net/limits.h"
#include "wire/extended/sumname.h"
#include "wire/limits.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

using extended::sumName;

Error localError(int error)
{
    return {ErrorCode::LocalFile, qt_error_string(error), error};
}

Error changedHere()
{
    return {ErrorCode::RemoteChanged, tr("It was changed while it was sent.")};
}

Error unwanted()
{
    return {ErrorCode::Cancelled, tr("Cancelled.")};
}

QByteArray hexOf(const QByteArray &sum)
{
    return sum.mid(qsizetype(qstrlen(sumName)));
}

Error broken()
{
    return {ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
}

Request putRequest(const UploadItem &item)
{
    Request put;
    put.verb = Verb::Put;
    put.path = item.remotePath;
    put.mtimeNs = item.mtimeNs;
    put.size = item.size;
    put.upload = item.id;
    put.folder = item.folder;
    return put;
}

Request endRequest(const QByteArray &sum)
{
    Request end;
    end.verb = Verb::End;
    end.sum = sum;
    return end;
}

Request dataRequest(qint64 bytes)
{
    Request data;
    data.verb = Verb::Data;
    data.length = bytes;
    return data;
}

FileDescriptor openFile(const UploadItem &item)
{
    return FileDescriptor(
        ::open(item.localPath.constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

/// Is the open file still the one that was found?
bool isSame(int fd, const UploadItem &item)
{
    struct stat status = {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == item.size &&
           modifiedNs(status) == item.mtimeNs;
}

} // namespace

Uploader::Uploader(ExtendedConversation &conversation, PrefixSum &prefix)
    : m_conversation(conversation)
    , m_prefix(prefix)
    , m_buffer(limits::ioBytes, Qt::Uninitialized)
{
}

bool Uploader::isOffered() const
{
    return m_conversation.can(Verb::Put);
}

Result<QList<TakingShare>> Uploader::shares()
{
    Request list;
    list.verb = Verb::List;
    m_conversation.send(list);
    QList<TakingShare> found;
    for (;;) {
        const auto event = m_conversation.next();
        if (!event)
            return event.error();
        const extended::Entry &entry = event.value().entry;
        if (event.value().kind == Kind::Entry && entry.access != extended::Access::Read)
            found.append({entry.path, entry.access == extended::Access::Inbox});
        else if (event.value().kind == Kind::Refused)
            return refusalError(event.value());
        else if (event.value().kind == Kind::ListEnd)
            return found;
        else if (event.value().kind != Kind::Entry)
            return broken();
    }
}

Result<> Uploader::send(UploadSource &source)
{
    m_source = &source;
    do {
        while (const auto next = this->next()) {
            const UploadItem &item = next->item;
            if (next->renewed && m_source->wish(item.row) != UploadSource::Wish::Send) {
                fail(item.row, unwanted());
                continue;
            }
            const auto sent = item.folder ? sendFolder(item)
                              : item.size <= limits::uploadAtOnceBytes
                                  ? sendSmall(item, next->renewed)
                                  : sendLarge(item);
            if (!sent)
                return sent;
        }
        if (auto answered = wait(0); !answered)
            return answered;
    } while (!m_again.empty());
    return {};
}

std::optional<Uploader::Turn> Uploader::next()
{
    if (!m_again.empty()) {
        Turn turn{std::move(m_again.front()), true};
        m_again.pop_front();
        return turn;
    }
    auto item = m_source->next();
    return item ? std::optional(Turn{*std::move(item)}) : std::nullopt;
}

/// Until at most so many are not answered; what is answered already is taken anyhow.
Result<> Uploader::wait(qsizetype most)
{
    for (;;) {
        const bool must =
            qsizetype(m_inFlight.size()) > most || m_bytesInFlight > limits::uploadBytesInFlight;
        if (m_inFlight.empty())
            return {};
        if (must) {
            const auto event = m_conversation.next();
            if (!event)
                return event.error();
            if (auto taken = take(event.value()); !taken)
                return taken;
            continue;
        }
        const auto event = m_conversation.poll();
        if (!event)
            return event.error();
        if (!event.value())
            return {};
        if (auto taken = take(*event.value()); !taken)
            return taken;
    }
}

/// An answer to the oldest that is in flight.
Result<> Uploader::take(const ExtendedEvent &event)
{
    if (m_inFlight.empty())
        return broken();
    if (event.kind == Kind::SendFrom)
        return {};
    InFlight front = std::move(m_inFlight.front());
    m_inFlight.pop_front();
    m_bytesInFlight -= front.item.size;
    if (event.kind == Kind::Refused) {
        fail(front.item.row, uploadError(event, front.item.remotePath));
        return {};
    }
    const bool stored = event.kind == Kind::Stored;
    if (stored && event.stored.sum == front.sum) {
        m_source->ended(front.item.row, {event.stored.path, front.item.size, hexOf(front.sum), {}});
        return {};
    }
    if (!stored || !front.mayBeOld)
        return broken();
    // An earlier try was heard to its end, and it is another content since.
    front.item.id = newUploadId();
    m_again.push_back(std::move(front.item));
    return {};
}

void Uploader::fail(quint64 row, const Error &error)
{
    m_source->ended(row, {{}, 0, {}, error});
}

void Uploader::expect(InFlight sent)
{
    m_bytesInFlight += sent.item.size;
    m_inFlight.push_back(std::move(sent));
}

/// All of a file's content is sent.
void Uploader::complete(InFlight sent)
{
    const quint64 row = sent.item.row;
    m_conversation.send(endRequest(sent.sum));
    expect(std::move(sent));
    m_source->complete(row);
}

Result<> Uploader::sendFolder(const UploadItem &item)
{
    m_conversation.send(putRequest(item));
    expect({item, {}, false});
    return wait(limits::uploadsInFlight);
}

/// Read before it is announced, so that it is whole.
Result<> Uploader::sendSmall(const UploadItem &item, bool renewed)
{
    const FileDescriptor file = openFile(item);
    if (!file.valid()) {
        fail(item.row, localError(errno));
        return {};
    }
    QByteArray bytes(item.size + 1, Qt::Uninitialized);
    qint64 got = 0;
    while (got < bytes.size()) {
        const qint64 count = uninterrupted([&] {
            return ::pread(file.get(), bytes.data() + got, size_t(bytes.size() - got), got);
        });
        if (count <= 0) {
            if (count == 0)
                break;
            fail(item.row, localError(errno));
            return {};
        }
        got += count;
    }
    if (got != item.size || !isSame(file.get(), item)) {
        fail(item.row, changedHere());
        return {};
    }
    bytes.truncate(got);
    Checksum sum;
    sum.add(bytes);
    Request put = putRequest(item);
    put.follows = true;
    m_conversation.send(put);
    m_source->begun(item.row, 0);
    if (!bytes.isEmpty()) {
        if (auto sent = sendPiece(item, bytes); !sent)
            return sent;
    }
    complete({item, sumName + sum.hex(), !renewed});
    return wait(limits::uploadsInFlight);
}

/// Announces it, sends it, and rests as long as a limit wants.
Result<> Uploader::sendPiece(const UploadItem &item, QByteArrayView piece)
{
    m_conversation.send(dataRequest(piece.size()));
    const auto sent = m_conversation.sendContent(piece, [&] {
        m_source->stalled(item.row, m_conversation.isPaused());
        return m_source->wish(item.row) == UploadSource::Wish::Send;
    });
    if (!sent)
        return sent;
    m_source->sent(item.row, piece.size());
    return m_conversation.rest(m_source->spend(item.row, piece.size()));
}

/// The answer to the PUT that was sent last, behind those to what is in flight.
Result<ExtendedEvent> Uploader::answerOf(quint64 row)
{
    for (;;) {
        auto event =
            m_conversation.next([&] { m_source->stalled(row, m_conversation.isPaused()); });
        if (!event || m_inFlight.empty())
            return event;
        if (auto taken = take(event.value()); !taken)
            return taken.error();
    }
}

/// Are the first `bytes` of the file those of this checksum? `mine` is that of them then.
/// Cancelled: nobody wants to know any more.
Result<bool> Uploader::hasSum(const UploadItem &item, int fd, qint64 bytes, const QByteArray &sum,
                              Checksum &mine)
{
    if (m_prefix.uploadId != item.id || m_prefix.bytes > bytes)
        m_prefix = {item.id, Checksum(), 0};
    const qint64 before = m_prefix.bytes;
    const auto read = addRange(m_prefix.sum, fd, before, bytes - before, [&](qint64 done) {
        m_prefix.bytes = before + done;
        m_source->compared(item.row, m_prefix.bytes, bytes);
        return m_source->wish(item.row) == UploadSource::Wish::Send;
    });
    if (!read && read.error().code == ErrorCode::Cancelled)
        return read.error();
    if (!read || m_prefix.bytes != bytes || (bytes > 0 && sumName + m_prefix.sum.hex() != sum)) {
        m_prefix = {};
        return false;
    }
    mine = m_prefix.sum.copy();
    return true;
}

Result<> Uploader::sendLarge(UploadItem item)
{
    const FileDescriptor file = openFile(item);
    if (!file.valid()) {
        fail(item.row, localError(errno));
        return {};
    }
    if (!isSame(file.get(), item)) {
        fail(item.row, changedHere());
        return {};
    }
    for (bool fresh = false;; fresh = true) {
        m_conversation.send(putRequest(item));
        const auto answer = answerOf(item.row);
        if (!answer)
            return answer.error();
        const ExtendedEvent &event = answer.value();
        if (event.kind == Kind::Refused) {
            fail(item.row, uploadError(event, item.remotePath));
            return {};
        }
        if (event.kind == Kind::Stored) { // an earlier try was heard to its end
            // Is it the file as it is now?
            Checksum sum;
            const auto mine = hasSum(item, file.get(), item.size, event.stored.sum, sum);
            if (!mine) {
                fail(item.row, unwanted());
                return {};
            }
            if (mine.value()) {
                m_source->ended(item.row,
                                {event.stored.path, item.size, hexOf(event.stored.sum), {}});
                return {};
            }
            if (fresh)
                return broken();
            item.id = newUploadId();
            continue;
        }
        if (event.kind != Kind::SendFrom)
            return broken();
        Checksum sum;
        const auto mine = hasSum(item, file.get(), event.facts.offset, event.text, sum);
        if (!mine)
            return abortUnwanted(item.row);
        if (mine.value())
            return sendContent(item, file.get(), event.facts.offset, sum);
        // What the server has is the start of something else.
        if (fresh)
            return abort(item.row, true, changedHere());
        Request drop;
        drop.verb = Verb::Abort;
        drop.drop = true;
        m_conversation.send(drop);
        const auto dropped = m_conversation.next();
        if (!dropped)
            return dropped.error();
        if (dropped.value().kind != Kind::Aborted)
            return broken();
    }
}

/// `drop`: what the server has is worth nothing.
Result<> Uploader::abort(quint64 row, bool drop, const Error &why)
{
    Request request;
    request.verb = Verb::Abort;
    request.drop = drop;
    m_conversation.send(request);
    const auto answer = m_conversation.next();
    if (!answer)
        return answer.error();
    if (answer.value().kind != Kind::Aborted && answer.value().kind != Kind::Refused)
        return broken();
    fail(row, why);
    return {};
}

Result<> Uploader::abortUnwanted(quint64 row)
{
    return abort(row, m_source->wish(row) == UploadSource::Wish::Drop, unwanted());
}

Result<> Uploader::sendContent(const UploadItem &item, int fd, qint64 offset, Checksum &sum)
{
    m_source->begun(item.row, offset);
    for (qint64 at = offset; at < item.size;) {
        const auto said = m_conversation.poll();
        if (!said)
            return said.error();
        if (said.value()) {
            if (said.value()->kind != Kind::Refused)
                return broken();
            // Its end is passed over, and not answered.
            Request over;
            over.verb = Verb::Abort;
            m_conversation.send(over);
            fail(item.row, uploadError(*said.value(), item.remotePath));
            return m_conversation.flush();
        }
        if (m_source->wish(item.row) != UploadSource::Wish::Send)
            return abortUnwanted(item.row);
        const qint64 most =
            m_source->piece(item.row, std::min<qint64>(m_buffer.size(), item.size - at));
        const qint64 got =
            uninterrupted([&] { return ::pread(fd, m_buffer.data(), size_t(most), at); });
        if (got < 0)
            return abort(item.row, false, localError(errno));
        if (got == 0)
            return abort(item.row, true, changedHere());
        const QByteArrayView piece = QByteArrayView(m_buffer).first(got);
        sum.add(piece);
        at += got;
        if (auto sent = sendPiece(item, piece); !sent)
            return sent;
    }
    if (!isSame(fd, item))
        return abort(item.row, true, changedHere());
    complete({item, sumName + sum.hex(), false});
    return wait(0);
}

} // namespace ferry::client
