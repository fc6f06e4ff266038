// SPDX-License-Identifier: MIT
#include "server/uploads/uploadreply.h"

#include "net/base/checksum.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"
#include "server/files/filefacts.h"
#include "server/limits.h"
#include "server/uploads/putname.h"
#include "wire/extended/sumname.h"

#include <QCryptographicHash>
#include <QDateTime>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace ferry::server {

using extended::Access;

namespace {

using extended::sumName;

/// An upload that nobody else can name: docs/PROTOCOL.md, "PUT".
QByteArray keyOf(const QByteArray &account, const extended::Request &request)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &part :
         {account, request.path.toBytes(), QByteArray::number(request.size), request.upload}) {
        hash.addData(part);
        hash.addData(QByteArrayView("\0", 1));
    }
    return hash.result().toHex().first(32);
}

} // namespace

UploadReply::UploadReply(LoggedShares &shares, ReplyStream &stream, SessionCounters &counters,
                         DeliveryReporter &deliveries, std::shared_ptr<Uploads> uploads,
                         std::function<void()> close, Log log, Answered answered)
    : m_shares(shares)
    , m_stream(stream)
    , m_counters(counters)
    , m_deliveries(deliveries)
    , m_uploads(std::move(uploads))
    , m_close(std::move(close))
    , m_log(std::move(log))
    , m_answered(std::move(answered))
    , m_publisher(m_uploads->ledger, m_uploads->names)
    , m_writer([this](QByteArrayView bytes) { return write(bytes); }, limits::ioBytes)
{
    setAccount("ferry");
}

UploadReply::~UploadReply()
{
    // Who said END has done all that there was to do. The answer is given when it is asked again.
    static_cast<void>(guarded([this] { publishAll(); }));
    static_cast<void>(guarded([this] {
        if (m_open) // how the session ends says why
            tellBrokenOff(*m_open, {});
        keepOrDrop();
    }));
}

void UploadReply::setAccount(const QByteArray &account)
{
    m_account = account;
    m_accountMark = accountMark(account);
}

/// What came is kept for the next try, but a part of nothing is no use to anybody.
void UploadReply::keepOrDrop()
{
    static_cast<void>(writeOut());
    m_writer.restart();
    m_writeError.reset();
    if (m_open)
        dropEmpty(*m_open);
    m_open.reset();
}

void UploadReply::dropEmpty(Open &open)
{
    if (open.file.size() == 0 && open.lease.beginWork()) {
        open.file.remove();
        open.lease.setThere(0);
    }
}

void UploadReply::breakOff(const QString &why)
{
    m_counters.abandonFile();
    tellBrokenOff(*m_open, why);
    keepOrDrop();
}

/// Whoever took it over has the last word, and is not ahead of this.
void UploadReply::tellBrokenOff(Open &open, const QString &why)
{
    if (open.lease.beginWork())
        m_deliveries.brokenOff(open.subject, open.came, why);
}

Result<bool> UploadReply::refuse(const char *token, const QString &why)
{
    if (!why.isEmpty())
        m_log(why);
    if (m_open)
        breakOff(QLatin1StringView(token));
    if (!holdsAnswers())
        m_last = {};
    const auto said = say(extended::refusal(token));
    return said ? Result<bool>(false) : said.error();
}

Result<bool> UploadReply::refuse(const Error &error)
{
    return refuse(putToken(error), error.text);
}

/// By the path alone.
const char *UploadReply::refusalOf(const VirtualPath &path) const
{
    const auto access = m_shares.access(path.share());
    if (!access)
        return "NOTFOUND";
    if (*access == Access::Read)
        return "READONLY";
    const QByteArrayList below = path.names().sliced(1);
    if (!std::all_of(below.begin(), below.end(),
                     [](const QByteArray &name) { return mayBePut(name); }))
        return "NAME";
    return nullptr;
}

/// Is there a folder where the file should go, or a file where its folders should?
const char *UploadReply::isOccupied(const VirtualPath &path)
{
    QByteArrayList folders = path.names();
    const QByteArray name = folders.takeLast();
    const auto shares = m_shares.current();
    forgetOtherShares(shares);
    if (!m_last.target || m_last.folders != folders) {
        m_last.target.reset();
        auto target = TargetFolder::open(*shares, m_uploads->names, path.share(), folders.sliced(1),
                                         TargetFolder::Missing::MayLack);
        if (!target)
            return putToken(target.error());
        if (!target.value().complete())
            return nullptr;
        m_last.target = target.take();
        m_last.folders = folders;
    }
    struct stat status = {};
    const bool folder = ::fstatat(m_last.target->descriptor(), name.constData(), &status,
                                  AT_SYMLINK_NOFOLLOW) == 0 &&
                        S_ISDIR(status.st_mode);
    return folder && m_shares.access(path.share()) != Access::Inbox ? "EXISTS" : nullptr;
}

void UploadReply::forgetOtherShares(const std::shared_ptr<const ShareSet> &shares)
{
    if (m_last.shares != shares)
        m_last = {shares, {}, {}, {}, {}};
}

Result<StagedFile> UploadReply::openStaged(const QByteArray &share,
                                           const UploadLedger::Upload &upload)
{
    forgetOtherShares(m_shares.current());
    if (m_last.staging && m_last.stagingShare == share) {
        auto file = StagedFile::open(m_last.staging, upload);
        if (file || file.error().systemError != ENOENT)
            return file;
    }
    auto folder = openStagingFolder(*m_last.shares, share);
    if (!folder)
        return folder.error();
    m_last.staging = folder.take();
    m_last.stagingShare = share;
    return StagedFile::open(m_last.staging, upload);
}

Result<bool> UploadReply::put(const extended::Request &request)
{
    if (request.path.isRoot())
        return refuse("EXISTS");
    if (const char *const token = refusalOf(request.path))
        return refuse(token);
    if (request.folder)
        return putFolder(request);
    if (request.path.names().size() == 1)
        return refuse("EXISTS");
    const UploadLedger::Upload upload{keyOf(m_account, request), m_accountMark, request.size};
    UploadLedger &ledger = m_uploads->ledger;
    // It may be held here, and nobody waits for another connection while others wait for this one.
    if (!request.follows || ledger.isHeld(upload.key)) {
        if (auto settled = settle(); !settled)
            return settled.error();
    }
    auto lease = ledger.take(upload, m_close);
    if (!lease)
        return refuse("READ", tr("The disk does not answer."));
    // The client may not have heard that it was stored.
    if (const auto answer = ledger.answered(upload.key)) {
        const auto said = say(extended::stored(*answer));
        return said ? Result<bool>(false) : said.error();
    }
    if (const char *const token = isOccupied(request.path))
        return refuse(token);
    if (!lease->beginWork())
        return Error{ErrorCode::Cancelled, {}};
    auto file = openStaged(request.path.share(), upload);
    if (file && request.follows && file.value().size() > 0) {
        if (auto emptied = file.value().truncate(); !emptied)
            return refuse(emptied.error());
    }
    lease->endWork();
    if (!file)
        return refuse(file.error());
    if (!request.follows) // the next one is not near
        m_last = {};
    m_open = std::make_unique<Open>(
        Open{request,
             upload,
             std::move(*lease),
             file.take(),
             {},
             {displayText(request.path.toBytes()), upload.key, request.size, true}});
    m_open->start = m_open->file.size();
    if (const char *const token =
            ledger.reserve(m_open->lease, m_open->file.size(), m_open->file.disk())) {
        keepOrDrop();
        return refuse(token);
    }
    if (!m_open->file.mayBeCalled(request.path.names().sliced(1))) {
        keepOrDrop();
        return refuse("NAME");
    }
    m_counters.beginReceiving(m_open->shown(), request.size, m_open->file.size());
    const auto summed = sumOfPart();
    if (!summed || !summed.value())
        return summed;
    const auto said = say(extended::sendFrom(m_open->file.size(), sumName + m_open->sum.hex()));
    return said ? Result<bool>(true) : said.error();
}

/// False: it was refused.
Result<bool> UploadReply::sumOfPart()
{
    std::optional<Error> broken;
    const qint64 size = m_open->file.size();
    const auto read = addRange(m_open->sum, m_open->file.descriptor(), 0, size, [&](qint64) {
        const auto end = m_stream.pulse();
        if (!end)
            broken = end.error();
        return end && !end.value();
    });
    if (broken)
        return *broken;
    if (!read && read.error().code == ErrorCode::Cancelled)
        return refuse("CANCELLED");
    if (!read)
        return refuse("READ", qt_error_string(read.error().systemError));
    return read.value() == size ? Result<bool>(true) : refuse("READ");
}

Result<bool> UploadReply::putFolder(const extended::Request &request)
{
    const auto shares = m_shares.current();
    const auto made =
        TargetFolder::open(*shares, m_uploads->names, request.path.share(),
                           request.path.names().sliced(1), TargetFolder::Missing::Make, [this] {
                               return m_uploads->ledger.countFolder(m_accountMark) == nullptr;
                           });
    if (!made)
        return refuse(made.error());
    extended::Stored answer{request.path.toBytes(), 0, {}, {}};
    if (m_shares.access(request.path.share()) != Access::Inbox)
        answer.path =
            '/' + request.path.share() +
            (made.value().names().isEmpty() ? QByteArray() : '/' + made.value().names().join('/'));
    const auto said = say(extended::stored(answer));
    return said ? Result<bool>(false) : said.error();
}

Result<bool> UploadReply::added(qsizetype bytes)
{
    Open &open = *m_open;
    if (bytes > open.request.size - open.start - open.came) {
        // Of two files, as it seems: nothing of it can be relied on.
        m_writer.restart();
        if (open.lease.beginWork())
            open.file.remove();
        return refuse("MISMATCH", tr("%1: more came than was announced.").arg(open.shown()));
    }
    open.came += bytes;
    m_counters.addReceived(bytes);
    const auto taken = m_writeError ? Result<>(*m_writeError) : m_writer.added(bytes);
    return taken ? Result<bool>(true) : notWritten(taken.error());
}

/// On the thread of m_writer, or on that of everything else.
Result<> UploadReply::write(QByteArrayView bytes)
{
    Open &open = *m_open;
    if (!open.lease.beginWork())
        return Error{ErrorCode::Cancelled, {}};
    const auto written = open.file.append(bytes);
    open.lease.setThere(open.file.size());
    open.lease.endWork();
    if (written)
        open.sum.add(bytes);
    return written;
}

/// All that came so far.
Result<> UploadReply::writeOut()
{
    if (m_writeError)
        return *m_writeError;
    auto written = m_writer.flush();
    if (!written)
        m_writeError = written.error();
    return written;
}

Result<bool> UploadReply::notWritten(const Error &error)
{
    return error.code == ErrorCode::Cancelled ? Result<bool>(error) : refuse(error);
}

Result<> UploadReply::end(const extended::Request &request)
{
    const auto ended = [](const Result<bool> &said) { return said ? Result<>() : said.error(); };
    Open &open = *m_open;
    if (const auto written = writeOut(); !written)
        return ended(notWritten(written.error()));
    if (!open.lease.beginWork())
        return Error{ErrorCode::Cancelled, {}};
    const QByteArray sum = sumName + open.sum.hex();
    if (open.file.size() != open.request.size || request.sum != sum) {
        open.file.remove();
        open.lease.setThere(0);
        return ended(refuse("MISMATCH", tr("%1: the checksum is wrong.").arg(open.shown())));
    }
    open.wholeSum = sum;
    hold(); // still at work on it, so that nobody takes it over
    return {};
}

void UploadReply::rest()
{
    if (!m_open)
        m_writer.release();
    if (m_publishing.answers.empty())
        m_publisher.release();
}

Result<> UploadReply::abort(const extended::Request &request)
{
    static_cast<void>(writeOut()); // what is lost of it comes again
    if (!m_open->lease.beginWork())
        return Error{ErrorCode::Cancelled, {}};
    if (request.drop) {
        m_open->file.remove();
        m_open->lease.setThere(0);
    }
    m_open->lease.endWork();
    breakOff(QStringLiteral("ABORTED"));
    return say(extended::success("ABORTED"));
}

void cleanParts(const ShareSet &shares, Uploads &uploads, std::chrono::milliseconds kept)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    forEachPart(shares, [&](const UploadLedger::Part &part, qint64 writtenAt, const auto &remove) {
        if (uploads.ledger.isHeld(part.key))
            return;
        const bool old =
            now - writtenAt > std::chrono::duration_cast<std::chrono::seconds>(kept).count();
        if (old || part.bytes == 0) {
            remove();
            uploads.ledger.removePart(part.key);
        } else {
            uploads.ledger.addPart(part);
        }
    });
}

} // namespace ferry::server
