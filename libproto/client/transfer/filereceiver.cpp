// SPDX-License-Identifier: MIT
#include "client/transfer/filereceiver.h"

#include "client/disk/diskerror.h"
#include "client/disk/finalname.h"
#include "client/disk/localname.h"
#include "client/limits.h"
#include "client/queue/speedlimits.h"
#include "net/base/displaytext.h"
#include "net/base/filetime.h"
#include "net/base/translate.h"
#include "net/limits.h"
#include "wire/extended/sumname.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

namespace {

using extended::sumName;

Error checksumsDiffer()
{
    return {ErrorCode::ChecksumMismatch,
            tr("What arrived is not what the server sent: the checksums differ.")};
}

/// An identity token stands for one content.
Error otherSize()
{
    return {ErrorCode::Protocol,
            tr("The server gives a file another size, but not another identity.")};
}

Error changedOnServer()
{
    return {ErrorCode::RemoteChanged,
            tr("The file was changed on the server while it was fetched.")};
}

} // namespace

FileReceiver::FileReceiver(ExtendedConversation &conversation, TransferContext context)
    : m_conversation(conversation)
    , m_context(context)
    , m_buffer(std::make_unique_for_overwrite<char[]>(size_t(limits::ioBytes)))
{
}

Result<std::optional<PartialFile>> FileReceiver::prepare(const Download &download, bool resume)
{
    const auto folder = m_asked.open(download.folder, download.subfolder);
    if (!folder)
        return folder.error();
    // No look for each file where there was nothing: what came since, its final name will meet.
    if (m_asked.lastWasEmpty())
        return std::optional<PartialFile>();
    const int descriptor = folder.value()->get();
    // Of a folder that was begun before; whether it is one there, too, the server will say.
    struct stat there = {};
    if (download.kind == DownloadKind::Any &&
        ::fstatat(descriptor, localBytes(download.localName).constData(), &there,
                  AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(there.st_mode))
        return std::optional<PartialFile>();
    if (auto target = checkTarget(descriptor, download.localName, download.existing); !target)
        return target.error();
    if (!resume)
        return std::optional<PartialFile>();
    return PartialFile::findLeftover(*folder.value(), download.localName, download.existing);
}

Result<> FileReceiver::begin(TransferJob &job, const extended::FileFacts &facts)
{
    job.facts = facts;
    job.facts.executable =
        facts.executable &&
        m_context.queue.keepsExecutable(job.parted ? job.parted->download() : job.download);
    m_checksum.reset();
    if (job.parted && facts.size != job.parted->size())
        return otherSize();
    if (job.parted) {
        m_context.queue.setState(job.parted->download().id, DownloadState::Downloading);
        return {};
    }
    m_context.queue.setSize(job.download.id, facts.size, 0);
    // Nor is one that turns out to be large while enough others are in transfer.
    if (!m_context.queue.isWanted(job.download.id))
        return Error{ErrorCode::Cancelled, {}};
    m_context.queue.setState(job.download.id, DownloadState::Downloading);
    if (auto room = m_context.queue.checkSpace(job.download, facts.size); !room)
        return room.error();
    if (facts.size > limits::largeFile || facts.length < facts.size)
        return beginLarge(job);
    auto folder = m_folders.open(job.download.folder, job.download.subfolder);
    if (!folder)
        return folder.error();
    job.content.folder = folder.take();
    job.content.size = qsizetype(facts.length);
    job.content.bytes = std::make_unique_for_overwrite<char[]>(size_t(facts.length));
    job.content.modifiedNs = facts.mtimeNs;
    job.content.executable = job.facts.executable;
    return {};
}

Result<> FileReceiver::beginLarge(TransferJob &job)
{
    const extended::FileFacts &facts = job.facts;
    const auto folder = m_folders.open(job.download.folder, job.download.subfolder);
    if (!folder)
        return folder.error();
    auto created =
        PartialFile::create(*folder.value(), job.download.localName, job.download.existing);
    if (!created)
        return created.error();
    PartialFile file = created.take();
    if (auto room = file.reserve(facts.size); !room)
        return room.error();
    job.part = {PartedFile::Work::Fetch, 0, facts.length};
    job.parted = std::make_shared<PartedFile>(job.download, job.request.path, std::move(file),
                                              facts, facts.length);
    m_context.scheduler.begin(job.parted);
    return {};
}

Result<> FileReceiver::resume(TransferJob &job, extended::FileFacts facts)
{
    facts.executable = facts.executable && m_context.queue.keepsExecutable(job.download);
    PartialFile file = std::move(*job.leftover);
    if (file.size() > 0) {
        m_context.queue.beginCheck(job.download.id, facts.size);
    } else {
        m_context.queue.setSize(job.download.id, facts.size, 0);
        m_context.queue.setState(job.download.id, DownloadState::Downloading);
    }
    const qint64 missing = std::max<qint64>(facts.size - file.size(), 0);
    if (auto room = m_context.queue.checkSpace(job.download, missing); !room) {
        file.keep();
        return room.error();
    }
    if (auto room = file.reserve(facts.size); !room) {
        if (m_context.queue.keepsPart(job.download.id, room.error(), m_context.config.resume))
            file.keep();
        return room.error();
    }
    auto parted = std::make_shared<PartedFile>(std::move(job.download), job.request.path,
                                               std::move(file), facts, 0);
    m_context.scheduler.begin(parted);
    // Nothing to fetch: the server's file is empty.
    if (parted->verified({PartedFile::Work::Fetch, 0, 0}) == PartedFile::Progress::Complete) {
        TransferJob last;
        last.parted = parted;
        return brought(last);
    }
    return {};
}

Result<> FileReceiver::body(TransferJob &job)
{
    DownloadQueue &queue = m_context.queue;
    const quint64 id = job.parted ? job.parted->download().id : job.download.id;
    SpeedLimits speed(queue, id);
    const auto stalled = [&] { queue.stall(id, m_conversation.isPaused()); };
    const auto broken = [&](const Error &error) {
        static_cast<void>(writeHeld(job));
        return error;
    };
    while (m_conversation.bodyRemaining() > 0) {
        const auto most = qsizetype(speed.piece(limits::ioBytes));
        const bool wanted = !job.lost;
        char *to = m_buffer.get() + m_held;
        qsizetype room = std::min(most, limits::ioBytes - m_held);
        if (wanted && !job.parted) {
            to = job.content.bytes.get() + job.received;
            room = std::min(most, job.content.size - job.received);
        }
        const auto count = m_conversation.readBody(to, room, stalled);
        if (!count)
            return broken(count.error());
        if (wanted) {
            m_checksum.add(QByteArrayView(to, count.value()));
            job.received += count.value();
            Result<> written;
            if (job.parted) {
                m_held += count.value();
                if (m_held == limits::ioBytes || m_conversation.bodyRemaining() == 0)
                    written = writeHeld(job);
            }
            queue.addReceived(id, count.value());
            m_context.scheduler.received(count.value());
            if (!written)
                job.lost = written.error();
            else if ((job.parted && job.parted->isLost()) ||
                     !(m_conversation.bodyRemaining() > 0 ? queue.isWanted(id)
                                                          : queue.canBeSaved(id)))
                job.lost = Error{ErrorCode::Cancelled, {}};
        }
        if (auto rested = m_conversation.rest(speed.spend(count.value())); !rested)
            return broken(rested.error());
    }
    m_held = 0; // of an answer that is of no use any more
    return {};
}

/// Few large writes: those to one file wait for each other in the kernel, and burn the time that
/// another connection needs.
Result<> FileReceiver::writeHeld(const TransferJob &job)
{
    const qsizetype held = std::exchange(m_held, 0);
    if (held == 0)
        return {};
    return job.parted->write(job.part.offset + job.received - held,
                             QByteArrayView(m_buffer.get(), held));
}

Result<bool> FileReceiver::done(TransferJob &job, const QByteArray &sum, bool grown)
{
    if (sum != sumName + m_checksum.hex())
        return checksumsDiffer();
    if (job.parted) {
        if (grown)
            job.parted->grew();
        const auto done = brought(job);
        return done ? Result<bool>(false) : done.error();
    }
    if (!grown) {
        save(job, sum);
        return false;
    }
    job.step = TransferJob::Step::Again;
    job.sum = sum;
    job.expected = 0;
    job.request.verb = extended::Verb::Sum;
    job.request.most.reset();
    job.request.length = job.facts.length;
    job.request.id = job.facts.id;
    return true;
}

Result<> FileReceiver::comparedAgain(TransferJob &job, const QByteArray &sum)
{
    if (sum != job.sum)
        return changedOnServer();
    save(job, sum);
    return {};
}

void FileReceiver::save(TransferJob &job, const QByteArray &sum)
{
    m_context.queue.setState(job.download.id, DownloadState::Verifying);
    FileSaver::File file;
    file.receipt = {std::move(job.request.path), std::move(job.facts.id), sum, job.number};
    file.download = std::move(job.download);
    file.content = std::move(job.content);
    file.promise = PromisedReceipt(m_receipts);
    file.checksum = sum.sliced(qsizetype(std::size(sumName)) - 1);
    file.grown = job.step == TransferJob::Step::Again;
    m_context.saver.save(std::move(file));
}

/// A part of a large file is here and right.
Result<> FileReceiver::brought(const TransferJob &job)
{
    PartedFile &parted = *job.parted;
    const auto progress =
        job.part.length > 0 ? parted.verified(job.part) : PartedFile::Progress::Complete;
    if (progress == PartedFile::Progress::Again)
        m_context.scheduler.changed();
    if (progress != PartedFile::Progress::Complete)
        return {};
    m_context.scheduler.end(job.parted);
    m_context.queue.setState(parted.download().id, DownloadState::Verifying);
    FileSaver::File file;
    // No checksum of the whole is known, only those of its parts; this one says which content.
    file.receipt = {parted.path(), parted.identity(), sumName + m_checksum.hex(), 0};
    file.download = parted.download();
    file.grown = parted.hasGrown();
    file.content = parted.takeFile();
    file.promise = PromisedReceipt(m_receipts);
    m_context.saver.save(std::move(file));
    m_context.saver.flush();
    return {};
}

Result<> FileReceiver::compared(const TransferJob &job, const extended::FileFacts &facts,
                                const QByteArray &sum, bool grown)
{
    PartedFile &parted = *job.parted;
    if (facts.size != parted.size())
        return otherSize();
    if (grown)
        parted.grew();
    const auto ours = parted.checksum(job.part);
    if (!ours)
        return ours.error();
    const bool again = parted.comparesAgain();
    if (sum == sumName + ours.value()) {
        if (!again)
            m_context.queue.adjustReceived(parted.download().id, job.part.length);
        return brought(job);
    }
    if (again)
        return changedOnServer();
    parted.differs(job.part);
    m_context.scheduler.changed();
    return {};
}

void FileReceiver::returnRange(const TransferJob &job)
{
    PartedFile &parted = *job.parted;
    if (job.part.work == PartedFile::Work::Fetch)
        m_context.queue.adjustReceived(parted.download().id, -job.received);
    const qint64 came = job.part.work == PartedFile::Work::Fetch ? job.received : 0;
    if (came < job.part.length)
        parted.returnRange({job.part.work, job.part.offset + came, job.part.length - came});
    // What came is on the disk, only nobody said that it is right.
    if (came > 0)
        parted.returnRange({PartedFile::Work::Compare, job.part.offset, came});
    m_context.scheduler.changed();
}

std::optional<LocalFacts> FileReceiver::existing(const Download &download)
{
    const auto folder = m_folders.open(download.folder, download.subfolder);
    struct stat there = {};
    if (!folder ||
        ::fstatat(folder.value()->get(), localBytes(download.localName).constData(), &there,
                  AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(there.st_mode))
        return std::nullopt;
    return LocalFacts{there.st_size, modifiedNs(there)};
}

Result<FileDescriptor> FileReceiver::openExisting(const Download &download)
{
    const auto folder = m_folders.open(download.folder, download.subfolder);
    if (!folder)
        return folder.error();
    FileDescriptor file(::openat(folder.value()->get(), localBytes(download.localName).constData(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.valid())
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be read"), download.localName,
                         errno);
    return file;
}

Result<bool> FileReceiver::isIdentical(const Download &download, qint64 size, const QByteArray &sum)
{
    const auto file = openExisting(download);
    if (!file)
        return false;
    const auto ours =
        checksumOfRange(file.value().get(), 0, size, [&](qint64) { return goesOn(download.id); });
    if (!ours && ours.error().code == ErrorCode::Cancelled)
        return ours.error();
    return ours && sum == sumName + ours.value().hex;
}

Result<PartialFile> FileReceiver::partOfExisting(const Download &download)
{
    const auto folder = m_folders.open(download.folder, download.subfolder);
    const auto from = openExisting(download);
    if (!folder || !from)
        return folder ? from.error() : folder.error();
    auto created =
        PartialFile::create(*folder.value(), download.localName, ExistingPolicy::Overwrite);
    if (!created)
        return created.error();
    PartialFile part = created.take();
    while (goesOn(download.id)) {
        const ssize_t count = ::read(from.value().get(), m_buffer.get(), size_t(limits::ioBytes));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be read"), download.localName,
                             errno);
        if (count == 0)
            return part;
        if (auto written = part.write(QByteArrayView(m_buffer.get(), count)); !written)
            return written.error();
    }
    return Error{ErrorCode::Cancelled, {}};
}

void FileReceiver::lose(const std::shared_ptr<PartedFile> &file, const Error &error)
{
    if (!file->lose(m_context.queue.keepsPart(file->download().id, error, m_context.config.resume)))
        return;
    m_context.scheduler.end(file);
    failed(file->download(), error);
}

void FileReceiver::failed(const Download &download, const Error &error)
{
    if (!m_context.queue.isWanted(download.id))
        return;
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip)
        return m_context.queue.skip(download.id);
    // It was not wanted for a moment only.
    if (error.code == ErrorCode::Cancelled)
        return m_context.untilDone([&] { m_context.queue.requeue(download.id); });
    static_cast<void>(guarded([&] {
        m_context.log.add(0, LogKind::Error,
                          QStringLiteral("%1: %2").arg(
                              displayText(QByteArrayView(download.remotePath)), error.text));
    }));
    m_context.untilDone([&] { m_context.queue.fail(download.id, error); });
}

} // namespace ferry::client
