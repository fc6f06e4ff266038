// SPDX-License-Identifier: MIT
#include "client/extendedtransfer.h"

#include "client/localname.h"
#include "client/targetfolder.h"
#include "net/displaytext.h"
#include "wire/limits.h"

#include <QCoreApplication>

#include <cerrno>

#include <fcntl.h>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

constexpr char sumName[] = "xxh3:";

/// Rows added to the queue at once while a tree comes in.
constexpr qsizetype rowsAtOnce = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("ferry", text);
}

/// Names joined by `/`.
QString joined(const QString &a, const QString &b)
{
    return a.isEmpty() || b.isEmpty() ? a + b : a + u'/' + b;
}

Request requestFor(Verb verb, const VirtualPath &path)
{
    Request request;
    request.verb = verb;
    request.path = path;
    return request;
}

Error errorOf(const ExtendedEvent &event)
{
    struct Meaning
    {
        const char *token;
        ErrorCode code;
        const char *text;
    };
    static constexpr Meaning meanings[] = {
        {"NOTFOUND", ErrorCode::NotFound, QT_TRANSLATE_NOOP("ferry", "Not found on the server.")},
        {"ISFOLDER", ErrorCode::NotFound, QT_TRANSLATE_NOOP("ferry", "It is a folder.")},
        {"CHANGED", ErrorCode::RemoteChanged,
         QT_TRANSLATE_NOOP("ferry", "The file was changed on the server while it was fetched.")},
        {"RANGE", ErrorCode::RemoteChanged,
         QT_TRANSLATE_NOOP("ferry", "The file on the server became shorter.")},
        {"READ", ErrorCode::CutShort,
         QT_TRANSLATE_NOOP("ferry", "The server cannot read the file.")},
        {"CANCELLED", ErrorCode::Cancelled, QT_TRANSLATE_NOOP("ferry", "Cancelled.")},
    };
    for (const Meaning &meaning : meanings) {
        if (event.token == meaning.token)
            return {meaning.code, tr(meaning.text)};
    }
    return {ErrorCode::Protocol, tr(QT_TRANSLATE_NOOP("ferry", "The server refused: %1"))
                                     .arg(displayText(QByteArrayView(event.text)))};
}

} // namespace

ExtendedTransfer::ExtendedTransfer(ExtendedConversation &talk, DownloadQueue &queue,
                                   const ClientConfig &config, LogQueue &log,
                                   const std::atomic_bool &closing)
    : m_talk(talk)
    , m_queue(queue)
    , m_config(config)
    , m_log(log)
    , m_closing(closing)
    , m_buffer(std::make_unique_for_overwrite<char[]>(size_t(limits::ioBytes)))
{
}

ExtendedTransfer::~ExtendedTransfer() = default;

Result<> ExtendedTransfer::run()
{
    for (;;) {
        fill();
        if (m_finisher.due() || m_jobs.empty())
            settle();
        if (m_jobs.empty())
            return {};
        const auto stalled = [this] {
            m_queue.setState(m_jobs.front().download.id, DownloadState::Stalled);
        };
        const auto event = m_talk.next(stalled);
        const Result<> done = event ? handle(event.value()) : event.error();
        if (!done) {
            connectionLost(done.error());
            return done;
        }
    }
}

/// Asks for more as soon as half of what may be under way was answered.
void ExtendedTransfer::fill()
{
    if (m_cancelSent || m_closing || qsizetype(m_jobs.size()) > limits::requestsInFlight / 2)
        return;
    while (qsizetype(m_jobs.size()) < limits::requestsInFlight &&
           m_bytesInFlight < limits::requestBytesInFlight) {
        const auto download = m_queue.takeNext();
        if (!download)
            return;
        start(*download);
    }
}

void ExtendedTransfer::start(const Download &download)
{
    QByteArrayView remote = download.remotePath;
    while (remote.size() > 1 && remote.endsWith('/'))
        remote.chop(1);
    const auto path = remote == "/" ? VirtualPath::root() : VirtualPath::parse(remote);
    if (!path)
        return failed(download, {ErrorCode::NotFound, tr("That is no path.")});

    Job job;
    job.download = download;
    if (download.kind == DownloadKind::Folder || path->isRoot()) {
        job.step = Job::Step::Tree;
        job.request = requestFor(Verb::Tree, *path);
        job.below = download.target();
        m_queue.setKind(download.id, DownloadKind::Folder);
        return ask(std::move(job));
    }
    job.request = requestFor(Verb::Get, *path);
    // Said before anything is asked, if it can be.
    if (download.kind == DownloadKind::File || m_config.resume) {
        auto folder = openFolder(download);
        if (!folder)
            return failed(download, folder.error());
        if (auto target = PartialFile::checkTarget(folder.value().get(), download.localName,
                                                   download.existing);
            !target)
            return failed(download, target.error());
        if (m_config.resume) {
            auto file =
                PartialFile::create(folder.take(), download.localName, download.existing, true);
            if (!file)
                return failed(download, file.error());
            job.file = file.take();
        }
    }
    if (job.file && job.file->size() > 0) {
        job.step = Job::Step::Sum;
        job.request.verb = Verb::Sum;
        job.request.length = job.file->size();
    }
    ask(std::move(job));
}

void ExtendedTransfer::ask(Job job)
{
    m_talk.send(job.request);
    m_bytesInFlight += extended::requestLine(job.request).size();
    m_jobs.push_back(std::move(job));
}

ExtendedTransfer::Job ExtendedTransfer::takeFront()
{
    Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    m_bytesInFlight -= extended::requestLine(job.request).size();
    return job;
}

Result<> ExtendedTransfer::handle(const ExtendedEvent &event)
{
    Job &front = m_jobs.front();
    switch (event.kind) {
    case Kind::FileBegin:
        beginFile(front, event.facts);
        return {};
    case Kind::Body:
        return body(front);
    case Kind::FileDone:
        fileDone(event.text);
        return {};
    case Kind::Sum:
        rangeSum(event.text);
        return {};
    case Kind::Entry:
        entry(front, event.entry);
        if (front.entries > limits::entriesTaken)
            return Error{ErrorCode::Protocol, tr("The server's listing does not end.")};
        return {};
    case Kind::Skipped:
        ++front.skipped;
        return {};
    case Kind::ListEnd:
        treeDone();
        return {};
    case Kind::Refused:
        refused(event);
        return {};
    case Kind::ReceiptTaken:
        takeFront();
        return {};
    case Kind::Cancelled:
        takeFront();
        m_cancelSent = false;
        return {};
    default:
        return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
    }
}

void ExtendedTransfer::beginFile(Job &job, const extended::FileFacts &facts)
{
    job.identity = facts.id;
    if (m_queue.isCancelled(job.download.id))
        return abandon(job, {ErrorCode::Cancelled, {}}, facts.length);
    if (!job.file) {
        auto folder = openFolder(job.download);
        if (!folder)
            return abandon(job, folder.error(), facts.length);
        auto file = PartialFile::create(folder.take(), job.download.localName,
                                        job.download.existing, false);
        if (!file)
            return abandon(job, file.error(), facts.length);
        job.file = file.take();
    }
    job.file->setModified(facts.mtimeNs);
    m_queue.setSize(job.download.id, facts.size, facts.offset);
    m_queue.setState(job.download.id, DownloadState::Downloading);
}

Result<> ExtendedTransfer::body(Job &job)
{
    const auto stalled = [this, &job] {
        m_queue.setState(job.download.id, DownloadState::Stalled);
    };
    while (m_talk.bodyRemaining() > 0) {
        const auto count = m_talk.readBody(m_buffer.get(), limits::ioBytes, stalled);
        if (!count)
            return count.error();
        if (job.lost)
            continue;
        const QByteArrayView bytes(m_buffer.get(), count.value());
        job.checksum.add(bytes);
        const Result<> written = job.file->write(bytes);
        const qint64 toCome = m_talk.bodyRemaining() + limits::discardedBytes; // or more
        if (!written)
            abandon(job, written.error(), toCome);
        else if (m_queue.isCancelled(job.download.id))
            abandon(job, {ErrorCode::Cancelled, {}}, toCome);
        else
            m_queue.addReceived(job.download.id, bytes.size());
        if (m_finisher.due())
            settle();
    }
    return {};
}

/// What comes is of no use any more. If it is much, the server is asked to stop, and with it
/// everything that was asked after it.
void ExtendedTransfer::abandon(Job &job, const Error &error, qint64 bytesToCome)
{
    job.lost = error;
    job.file.reset();
    if (bytesToCome < limits::discardedBytes || m_cancelSent)
        return;
    m_cancelSent = true;
    Job cancel;
    cancel.step = Job::Step::Cancel;
    cancel.request.verb = Verb::Cancel;
    ask(std::move(cancel));
}

void ExtendedTransfer::fileDone(const QByteArray &sum)
{
    Job job = takeFront();
    if (job.lost)
        return failed(job.download, *job.lost);
    if (sum != sumName + job.checksum.hex()) {
        job.file.reset();
        return failed(job.download,
                      {ErrorCode::ChecksumMismatch,
                       tr("What arrived is not what the server sent: the checksums differ.")});
    }
    Verified verified;
    verified.download = std::move(job.download);
    verified.receipt = requestFor(Verb::Receipt, job.request.path);
    verified.receipt.id = job.identity;
    verified.receipt.sum = sum;
    m_finisher.add({verified.download.id, std::move(*job.file)});
    m_verified.push_back(std::move(verified));
}

/// Names for the verified files, and receipts for the server.
void ExtendedTransfer::settle()
{
    for (const Finisher::Finished &finished : m_finisher.finishAll()) {
        Verified verified = std::move(m_verified.front());
        m_verified.pop_front();
        if (!finished.name) {
            failed(verified.download, finished.name.error());
            continue;
        }
        if (finished.name.value() != verified.download.localName)
            m_queue.setLocalName(finished.id, finished.name.value());
        m_queue.finish(finished.id, true);
        Job receipt;
        receipt.step = Job::Step::Receipt;
        receipt.request = verified.receipt;
        // CANCEL would end it like the rest; who cancels can do without a receipt.
        if (!m_cancelSent)
            ask(std::move(receipt));
    }
}

/// The server's checksum of the part that is here already.
void ExtendedTransfer::rangeSum(const QByteArray &sum)
{
    Job job = takeFront();
    const auto ours = job.file->checksum();
    if (!ours)
        return failed(job.download, ours.error());
    job.step = Job::Step::File;
    job.request.verb = Verb::Get;
    job.request.length.reset();
    if (sum == sumName + ours.value()) {
        job.request.offset = job.file->size();
    } else {
        m_log.add(0, LogKind::Warning,
                  tr("The part of %1 that is here is not what the server has; it is fetched anew")
                      .arg(displayText(QByteArrayView(job.download.remotePath))));
        if (auto begun = job.file->restart(); !begun)
            return failed(job.download, begun.error());
    }
    ask(std::move(job));
}

void ExtendedTransfer::entry(Job &job, const extended::Entry &entry)
{
    ++job.entries;
    if (m_queue.isCancelled(job.download.id))
        return;
    const QString below = joined(job.below, localText(entry.path));
    if (entry.folder) {
        // Made at once, so that empty ones arrive too.
        if (auto made = openTargetFolder(job.download.folder, below); !made) {
            ++job.skipped;
            m_log.add(0, LogKind::Error, made.error().text);
        }
        return;
    }
    const qsizetype slash = below.lastIndexOf(u'/');
    Download download;
    download.kind = DownloadKind::File;
    const QByteArray base = job.request.path.isRoot() ? QByteArray() : job.request.path.toBytes();
    download.remotePath = base + '/' + entry.path;
    download.folder = job.download.folder;
    download.subfolder = below.first(std::max<qsizetype>(slash, 0));
    download.localName = below.sliced(slash + 1);
    download.existing = job.download.existing;
    download.size = entry.size;
    job.found.append(download);
    if (job.found.size() >= rowsAtOnce)
        flushFound(job);
}

void ExtendedTransfer::flushFound(Job &job)
{
    m_queue.add(job.found);
    job.found.clear();
}

void ExtendedTransfer::treeDone()
{
    Job job = takeFront();
    flushFound(job);
    if (job.skipped > 0)
        return failed(job.download, {ErrorCode::CutShort,
                                     tr("%1 folders could not be fetched.").arg(job.skipped)});
    if (auto made = openTargetFolder(job.download.folder, job.below); !made)
        return failed(job.download, made.error());
    m_queue.finish(job.download.id, true);
}

void ExtendedTransfer::refused(const ExtendedEvent &event)
{
    Job job = takeFront();
    if (job.step == Job::Step::Receipt || job.step == Job::Step::Cancel)
        return;
    Error error = errorOf(event);
    if (job.lost)
        return failed(job.download, *job.lost);
    if (error.code == ErrorCode::Cancelled && m_cancelSent) {
        // Stopped because of another one in front of it.
        job.file.reset();
        return m_queue.putBack(job.download.id);
    }
    if (error.code == ErrorCode::Cancelled)
        error = {ErrorCode::Protocol, tr("The server cancelled what nobody asked it to.")};
    if (event.token == "ISFOLDER" && job.download.kind == DownloadKind::Any) {
        job.file.reset();
        job.download.kind = DownloadKind::Folder;
        job.step = Job::Step::Tree;
        job.request = requestFor(Verb::Tree, job.request.path);
        job.below = job.download.target();
        m_queue.setKind(job.download.id, DownloadKind::Folder);
        return ask(std::move(job));
    }
    if (job.step == Job::Step::Sum && (event.token == "RANGE" || event.token == "CHANGED")) {
        // The file is shorter by now than the part of it that is here.
        if (auto begun = job.file->restart(); !begun)
            return failed(job.download, begun.error());
        job.step = Job::Step::File;
        job.request = requestFor(Verb::Get, job.request.path);
        return ask(std::move(job));
    }
    failed(job.download, error);
}

void ExtendedTransfer::failed(const Download &download, const Error &error)
{
    if (m_queue.isCancelled(download.id))
        return;
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip)
        return m_queue.skip(download.id);
    m_log.add(
        0, LogKind::Error,
        QStringLiteral("%1: %2").arg(displayText(QByteArrayView(download.remotePath)), error.text));
    m_queue.fail(download.id, error);
}

/// What has begun keeps its part for a later try; what has not goes back to the queue.
void ExtendedTransfer::connectionLost(const Error &error)
{
    // No receipt reaches the server any more; they are dropped with the other requests.
    settle();
    bool first = true;
    for (Job &job : m_jobs) {
        if (job.step == Job::Step::Receipt || job.step == Job::Step::Cancel)
            continue;
        if (job.file && !job.lost)
            job.file->keep();
        if (job.step == Job::Step::Tree && job.entries > 0)
            flushFound(job);
        if (job.lost)
            failed(job.download, *job.lost);
        else if (first && !m_closing)
            failed(job.download, error);
        else
            m_queue.putBack(job.download.id);
        first = false;
    }
    m_jobs.clear();
}

/// The target folder of a file. Neighbours share it, so the last one is kept open.
Result<FileDescriptor> ExtendedTransfer::openFolder(const Download &download)
{
    if (!m_folder.valid() || m_folderBase != download.folder ||
        m_folderBelow != download.subfolder) {
        auto folder = openTargetFolder(download.folder, download.subfolder);
        if (!folder)
            return folder.error();
        m_folder = folder.take();
        m_folderBase = download.folder;
        m_folderBelow = download.subfolder;
    }
    FileDescriptor copy(::fcntl(m_folder.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy.valid())
        return Error{ErrorCode::LocalFile, qt_error_string(errno)};
    return copy;
}

} // namespace ferry::client
