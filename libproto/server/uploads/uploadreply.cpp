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
#include <QLocale>
#include <QScopeGuard>

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

/// The token of an error of TargetFolder or StagedFile.
const char *tokenOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::TargetExists:
        return "EXISTS";
    case ErrorCode::DiskFull:
        return "NOROOM";
    case ErrorCode::Refused:
    case ErrorCode::NotFound:
        return "READONLY";
    case ErrorCode::Invalid:
        return "NAME";
    case ErrorCode::Cancelled:
        return "QUOTA";
    default:
        return "READ";
    }
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
{
}

UploadReply::~UploadReply()
{
    // Who said END has done all that there was to do. The answer is given when it is asked again.
    static_cast<void>(guarded([this] { publishHeld(); }));
    if (m_open) // how the session ends says why
        tellBrokenOff(*m_open, {});
    keepOrDrop();
}

/// A part of nothing is no use to anybody.
void UploadReply::keepOrDrop()
{
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
    if (m_held.empty())
        m_last = {};
    const auto said = say(extended::refusal(token));
    return said ? Result<bool>(false) : said.error();
}

Result<bool> UploadReply::refuse(const Error &error)
{
    return refuse(tokenOf(error), error.text);
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
            return tokenOf(target.error());
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
    const UploadLedger::Upload upload{keyOf(m_account, request), accountMark(m_account),
                                      request.size};
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
    const auto made = TargetFolder::open(
        *shares, m_uploads->names, request.path.share(), request.path.names().sliced(1),
        TargetFolder::Missing::Make,
        [this] { return m_uploads->ledger.countFolder(accountMark(m_account)) == nullptr; });
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

Result<bool> UploadReply::add(QByteArrayView bytes)
{
    Open &open = *m_open;
    if (bytes.size() > open.request.size - open.file.size()) {
        // Of two files, as it seems: nothing of it can be relied on.
        if (open.lease.beginWork())
            open.file.remove();
        return refuse("MISMATCH", tr("%1: more came than was announced.").arg(open.shown()));
    }
    if (!open.lease.beginWork())
        return Error{ErrorCode::Cancelled, {}};
    const auto written = open.file.append(bytes);
    open.lease.setThere(open.file.size());
    open.lease.endWork();
    if (!written)
        return refuse(written.error());
    open.sum.add(bytes);
    open.came += bytes.size();
    m_counters.addReceived(bytes.size());
    return true;
}

Result<> UploadReply::end(const extended::Request &request)
{
    const auto ended = [](const Result<bool> &said) { return said ? Result<>() : said.error(); };
    Open &open = *m_open;
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

void UploadReply::hold()
{
    if (m_complete == 0)
        m_heldFor.start();
    m_held.push_back({{}, std::move(m_open)});
    ++m_complete;
    m_completeBytes += m_held.back().complete->request.size;
    ++m_uploads->held;
    m_counters.abandonFile();
}

bool UploadReply::mustSettle() const
{
    return m_held.size() >= limits::uploadAnswersHeld ||
           m_completeBytes >= limits::uploadBytesHeld || m_uploads->held >= m_uploads->mayBeHeld ||
           m_heldFor.hasExpired(limits::uploadHoldTime.count());
}

/// Behind what is held.
Result<> UploadReply::say(const QByteArray &line)
{
    if (m_held.empty())
        return m_stream.line(line);
    m_held.push_back({line, nullptr});
    return {};
}

Result<> UploadReply::settle()
{
    for (const QByteArray &line : publishHeld()) {
        if (auto said = m_stream.line(line); !said)
            return said;
        m_answered(m_stream.lastLine());
    }
    return {};
}

/// On the disk, named, and the names on the disk: only then it is said. The answers.
QByteArrayList UploadReply::publishHeld()
{
    const auto given = qScopeGuard([this, count = std::exchange(m_complete, 0)] {
        m_uploads->held -= count;
    }); // once their descriptors are closed
    const std::vector<Held> held = std::exchange(m_held, {});
    m_completeBytes = 0;
    m_last = {};
    std::vector<CompleteUpload> complete;
    for (const Held &one : held) {
        if (one.complete)
            complete.push_back({&one.complete->request, &one.complete->file,
                                one.complete->upload.account, one.complete->wholeSum});
    }
    const auto shares = m_shares.current();
    const auto publications = publish(complete, *shares, m_uploads->ledger, m_uploads->names);
    auto next = publications.begin();
    QByteArrayList lines;
    for (const Held &one : held)
        lines.append(one.complete ? outcome(*one.complete, *next++) : one.line);
    return lines;
}

/// Takes note of what became of a complete upload: the answer.
QByteArray UploadReply::outcome(Open &open, const Publication &publication)
{
    if (publication.error) {
        if (publication.error->code == ErrorCode::Invalid) { // it never gets this name
            open.file.remove();
            open.lease.setThere(0);
        }
        if (!publication.error->text.isEmpty())
            m_log(publication.error->text);
        const char *const token = tokenOf(*publication.error);
        tellBrokenOff(open, QLatin1StringView(token));
        dropEmpty(open);
        return extended::refusal(token);
    }
    open.lease.stored(publication.answer);
    open.subject.file = displayText(publication.where);
    m_log(tr("Received %1, %2, verified")
              .arg(open.shown(),
                   QLocale().formattedDataSize(open.request.size, 1, QLocale::DataSizeSIFormat)));
    m_counters.addStored();
    m_deliveries.confirmed(open.subject, open.came);
    return extended::stored(publication.answer);
}

Result<> UploadReply::abort(const extended::Request &request)
{
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
