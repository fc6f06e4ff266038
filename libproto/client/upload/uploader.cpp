// SPDX-License-Identifier: MIT
#include "client/upload/uploader.h"

#include "client/connect/refusal.h"
#include "client/limits.h"
#include "client/upload/uploadids.h"
#include "net/base/checksum.h"
#include "net/base/displaytext.h"
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

struct Meaning
{
    const char *token;
    ErrorCode code;
    UploadRefusal refusal;
    bool temporary;
    const char *text;
};

constexpr Meaning meanings[] = {
    {"READONLY", ErrorCode::Refused, UploadRefusal::NotTaken, false,
     QT_TRANSLATE_NOOP("ferry", "The server takes nothing there.")},
    {"NOTFOUND", ErrorCode::NotFound, UploadRefusal::None, false,
     QT_TRANSLATE_NOOP("ferry", "There is no such share on the server.")},
    {"EXISTS", ErrorCode::TargetExists, UploadRefusal::None, false,
     QT_TRANSLATE_NOOP(
         "ferry", "There is a folder in the place of the file, or a file in that of a folder.")},
    {"NAME", ErrorCode::Refused, UploadRefusal::NotTaken, false,
     QT_TRANSLATE_NOOP("ferry", "The server does not take a file of this name.")},
    {"TOOLARGE", ErrorCode::Refused, UploadRefusal::Limit, false,
     QT_TRANSLATE_NOOP("ferry", "It is larger than the server takes.")},
    {"QUOTA", ErrorCode::Refused, UploadRefusal::Limit, false,
     QT_TRANSLATE_NOOP("ferry", "The server takes no more from you today.")},
    {"NOROOM", ErrorCode::Refused, UploadRefusal::NoRoom, true,
     QT_TRANSLATE_NOOP("ferry", "The server's disk is full.")},
    {"MISMATCH", ErrorCode::ChecksumMismatch, UploadRefusal::None, true,
     QT_TRANSLATE_NOOP("ferry", "It did not arrive as it was sent.")},
    {"READ", ErrorCode::CutShort, UploadRefusal::None, true,
     QT_TRANSLATE_NOOP("ferry", "The server's disk failed.")},
    {"CANCELLED", ErrorCode::Cancelled, UploadRefusal::None, false,
     QT_TRANSLATE_NOOP("ferry", "Cancelled.")},
};

UploadError localError(int error)
{
    return {{ErrorCode::LocalFile, qt_error_string(error), error}};
}

UploadError changedHere()
{
    return {{ErrorCode::RemoteChanged, tr("It was changed while it was sent.")},
            UploadRefusal::None,
            true};
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

/// Is the open file still the one that was found?
bool isSame(int fd, const UploadItem &item)
{
    struct stat status = {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == item.size &&
           modifiedNs(status) == item.mtimeNs;
}

} // namespace

UploadError uploadError(const ExtendedEvent &event)
{
    for (const Meaning &meaning : meanings) {
        if (event.token == meaning.token)
            return {{meaning.code, tr(meaning.text)}, meaning.refusal, meaning.temporary};
    }
    return {{ErrorCode::Protocol,
             tr("The server refused: %1").arg(displayText(QByteArrayView(event.text)))}};
}

Uploader::Uploader(ExtendedConversation &conversation, RateLimiter &limiter)
    : m_conversation(conversation)
    , m_limiter(limiter)
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

Result<> Uploader::send(const QList<UploadItem> &items, const Report &report)
{
    m_items = &items;
    m_report = &report;
    for (qsizetype i = 0; i < items.size(); ++i) {
        const UploadItem &item = items.at(i);
        const auto sent = item.folder                              ? sendFolder(i)
                          : item.size <= limits::uploadAtOnceBytes ? sendSmall(i)
                                                                   : sendLarge(i);
        if (!sent)
            return sent;
    }
    return wait(0);
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
    const InFlight front = m_inFlight.front();
    m_inFlight.pop_front();
    m_bytesInFlight -= front.size;
    if (event.kind == Kind::Refused) {
        fail(front.index, uploadError(event));
        return {};
    }
    if (event.kind != Kind::Stored || event.stored.sum != front.sum)
        return broken();
    end(front.index, {event.stored.path, front.size, std::nullopt});
    return {};
}

void Uploader::end(qsizetype index, const UploadResult &result)
{
    m_report->ended(index, result);
}

void Uploader::fail(qsizetype index, const UploadError &error)
{
    end(index, {{}, 0, error});
}

Result<> Uploader::sendFolder(qsizetype index)
{
    m_conversation.send(putRequest(m_items->at(index)));
    m_inFlight.push_back({index, {}, 0});
    return wait(limits::uploadsInFlight);
}

/// Read before it is announced, so that it is whole.
Result<> Uploader::sendSmall(qsizetype index)
{
    const UploadItem &item = m_items->at(index);
    const FileDescriptor file(
        ::open(item.localPath.constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.valid()) {
        fail(index, localError(errno));
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
            fail(index, localError(errno));
            return {};
        }
        got += count;
    }
    if (got != item.size || !isSame(file.get(), item)) {
        fail(index, changedHere());
        return {};
    }
    bytes.truncate(got);
    Checksum sum;
    sum.add(bytes);
    Request put = putRequest(item);
    put.follows = true;
    m_conversation.send(put);
    if (!bytes.isEmpty()) {
        m_conversation.send(dataRequest(bytes.size()));
        if (auto sent = m_conversation.sendContent(bytes); !sent)
            return sent;
    }
    const QByteArray whole = sumName + sum.hex();
    m_conversation.send(endRequest(whole));
    m_inFlight.push_back({index, whole, bytes.size()});
    m_bytesInFlight += bytes.size();
    m_report->progress(index, bytes.size());
    if (auto rested = m_conversation.rest(m_limiter.spend(bytes.size())); !rested)
        return rested;
    return wait(limits::uploadsInFlight);
}

/// The answer to the PUT that was sent last, behind those to what is in flight.
Result<ExtendedEvent> Uploader::answerOf(qsizetype index)
{
    for (;;) {
        auto event = m_conversation.next([this, index] { m_report->progress(index, -1); });
        if (!event || m_inFlight.empty())
            return event;
        if (auto taken = take(event.value()); !taken)
            return taken.error();
    }
}

/// Are the first `bytes` of the file those of this checksum? `mine` has summed them up then.
/// Cancelled.
Result<bool> Uploader::hasSum(int fd, qint64 bytes, const QByteArray &sum, Checksum &mine)
{
    const auto read = addRange(mine, fd, 0, bytes, [this](qint64) { return m_report->mayGoOn(); });
    if (!read && read.error().code == ErrorCode::Cancelled)
        return read.error();
    return read && read.value() == bytes && (bytes == 0 || sumName + mine.hex() == sum);
}

/// Is what an earlier try stored under this ID the file as it is now?
Result<bool> Uploader::isStored(int fd, const UploadItem &item, const extended::Stored &stored)
{
    Checksum mine;
    return hasSum(fd, item.size, stored.sum, mine);
}

Result<> Uploader::sendLarge(qsizetype index)
{
    UploadItem item = m_items->at(index);
    const FileDescriptor file(
        ::open(item.localPath.constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.valid()) {
        fail(index, localError(errno));
        return {};
    }
    if (!isSame(file.get(), item)) {
        fail(index, changedHere());
        return {};
    }
    for (bool fresh = false;; fresh = true) {
        m_conversation.send(putRequest(item));
        const auto answer = answerOf(index);
        if (!answer)
            return answer.error();
        const ExtendedEvent &event = answer.value();
        if (event.kind == Kind::Refused) {
            fail(index, uploadError(event));
            return {};
        }
        if (event.kind == Kind::Stored) { // an earlier try was heard to its end
            const auto stored = isStored(file.get(), item, event.stored);
            if (!stored)
                return stored.error();
            if (stored.value()) {
                end(index, {event.stored.path, item.size, std::nullopt});
                return {};
            }
            if (fresh)
                return broken();
            item.id = newUploadId();
            continue;
        }
        if (event.kind != Kind::SendFrom)
            return broken();
        const qint64 offset = event.facts.offset;
        Checksum sum;
        const auto mine = hasSum(file.get(), offset, event.text, sum);
        if (!mine)
            return mine.error();
        if (mine.value())
            return sendContent(index, file.get(), offset, sum);
        // What the server has is the start of something else.
        if (fresh)
            return abort(index, true, changedHere());
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
Result<> Uploader::abort(qsizetype index, bool drop, const UploadError &why)
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
    fail(index, why);
    return {};
}

Result<> Uploader::sendContent(qsizetype index, int fd, qint64 offset, Checksum &sum)
{
    const UploadItem &item = m_items->at(index);
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
            fail(index, uploadError(*said.value()));
            return m_conversation.flush();
        }
        m_report->progress(index, at);
        const qint64 most = m_limiter.piece(std::min<qint64>(m_buffer.size(), item.size - at));
        const qint64 got =
            uninterrupted([&] { return ::pread(fd, m_buffer.data(), size_t(most), at); });
        if (got < 0)
            return abort(index, false, localError(errno));
        if (got == 0)
            return abort(index, true, changedHere());
        const QByteArrayView piece = QByteArrayView(m_buffer).first(got);
        m_conversation.send(dataRequest(got));
        if (auto sent = m_conversation.sendContent(piece); !sent)
            return sent;
        sum.add(piece);
        at += got;
        if (auto rested = m_conversation.rest(m_limiter.spend(got)); !rested)
            return rested;
    }
    if (!isSame(fd, item))
        return abort(index, true, changedHere());
    m_report->progress(index, item.size);
    const QByteArray whole = sumName + sum.hex();
    m_conversation.send(endRequest(whole));
    m_inFlight.push_back({index, whole, item.size});
    m_bytesInFlight += item.size;
    return wait(0);
}

} // namespace ferry::client
