// SPDX-License-Identifier: MIT
#include "client/transfer/filesaver.h"

#include "client/disk/diskerror.h"
#include "client/disk/finalname.h"
#include "client/disk/localname.h"
#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/filetime.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include <sys/stat.h>

namespace ferry::client {

namespace {

/// Small files come in a row, and the saver is not woken for each: it waits this long for so many
/// of them, unless they are to be saved at once.
constexpr std::chrono::milliseconds gatherTime{5};
constexpr size_t gatheredFiles = 32;

/// One file of a batch that shares its syncs cannot be told from another when a sync fails.
Error syncError(int error)
{
    return {error == ENOSPC || error == EDQUOT ? ErrorCode::DiskFull : ErrorCode::LocalFile,
            tr("What was received cannot be written: %1").arg(qt_error_string(error)), error};
}

/// Without a name where the system can do that, else as a partial file.
Result<> toDisk(FileSaver::File &saved, ModeInFolder &known)
{
    const FileContent content = std::move(std::get<FileContent>(saved.content));
    const Download &download = saved.download;
    const QByteArrayView bytes(content.bytes.get(), content.size);
    if (FileDescriptor file = createUnnamed(content.folder->get()); file.valid()) {
        if (const int error = writeAll(file.get(), 0, bytes); error != 0)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), download.localName,
                             error);
        if (content.modifiedNs)
            setModified(file.get(), *content.modifiedNs);
        struct stat made = {};
        if (known.folder != content.folder)
            known = ::fstat(file.get(), &made) == 0
                        ? ModeInFolder{content.folder, made.st_mode & 07777}
                        : ModeInFolder();
        mode_t mode = known.mode;
        if (content.executable) {
            makeExecutable(file.get());
            mode |= (mode & 0444) >> 2;
        }
        saved.content = UnnamedFile{std::move(file), content.folder, mode};
        return {};
    }
    auto partial = PartialFile::create(*content.folder, download.localName, download.existing);
    if (!partial)
        return partial.error();
    PartialFile file = partial.take();
    if (content.modifiedNs)
        file.setModified(*content.modifiedNs);
    file.setExecutable(content.executable);
    auto done = file.write(bytes);
    if (done)
        file.prepare();
    saved.content = std::move(file);
    return done;
}

int descriptorOf(const FileSaver::File &file)
{
    const auto *unnamed = std::get_if<UnnamedFile>(&file.content);
    return unnamed ? unnamed->file.get() : std::get<PartialFile>(file.content).descriptor();
}

int folderOf(const FileSaver::File &file)
{
    const auto *unnamed = std::get_if<UnnamedFile>(&file.content);
    return unnamed ? unnamed->folder->get() : std::get<PartialFile>(file.content).folder();
}

/// What came into the folders has changed their times.
void setFolderTimes(const std::vector<FileSaver::File> &files,
                    const std::vector<Result<QString>> &names)
{
    const Download *last = nullptr;
    for (size_t i = 0; i < files.size(); ++i) {
        const Download &download = files[i].download;
        const bool same =
            last && last->subfolder == download.subfolder && last->folder == download.folder;
        if (same || !names[i] || !download.folderModifiedNs)
            continue;
        setModified(folderOf(files[i]), *download.folderModifiedNs);
        last = &download;
    }
}

Result<QString> giveFinalName(FileSaver::File &file)
{
    auto *unnamed = std::get_if<UnnamedFile>(&file.content);
    if (!unnamed)
        return std::get<PartialFile>(file.content).rename();
    auto given = nameUnnamed(unnamed->file.get(), unnamed->folder->get(), file.download.localName,
                             file.download.existing, unnamed->mode);
    if (!given)
        return given.error();
    if (given.value().metPart)
        PartialFile::removeLeftover(*unnamed->folder, file.download.localName);
    return std::move(given.value().name);
}

} // namespace

FileSaver::FileSaver(std::shared_ptr<DownloadQueue> queue, std::shared_ptr<LogQueue> log,
                     bool resume, Sync sync)
    : m_queue(std::move(queue))
    , m_log(std::move(log))
    , m_resume(resume)
    , m_sync(std::move(sync))
    , m_thread("saver", [this] { run(); })
{
}

FileSaver::~FileSaver()
{
    end();
}

void FileSaver::end()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_work.notify_all();
    m_thread.wait();
}

void FileSaver::save(File file)
{
    const auto *content = std::get_if<FileContent>(&file.content);
    const qint64 bytes = content ? content->size : 0;
    {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, [this] {
            return m_inboxBytes < limits::bytesToSave &&
                   qsizetype(m_inbox.size()) < limits::filesToSave;
        });
        m_inbox.push_back(std::move(file));
        m_inboxBytes += bytes;
        m_flush = false;
        if (m_inbox.size() > 1 && !hasEnough())
            return;
    }
    m_work.notify_one();
}

/// With the lock.
bool FileSaver::hasEnough() const
{
    return m_inbox.size() >= gatheredFiles || m_inboxBytes >= limits::bytesToSave / 2;
}

void FileSaver::flush()
{
    {
        const std::lock_guard lock(m_mutex);
        m_flush = true;
    }
    m_work.notify_one();
}

void FileSaver::run()
{
    for (;;) {
        std::vector<File> files;
        bool finish = false;
        bool end = false;
        {
            std::unique_lock lock(m_mutex);
            const auto hasWork = [this] { return !m_inbox.empty() || m_ending; };
            if (m_written.empty())
                m_work.wait(lock, hasWork);
            else
                m_work.wait_until(lock, m_dueAt, [&] { return hasWork() || m_flush; });
            auto until = std::chrono::steady_clock::now() + gatherTime;
            if (!m_written.empty())
                until = std::min(until, m_dueAt);
            if (!m_inbox.empty())
                m_work.wait_until(lock, until,
                                  [this] { return hasEnough() || m_flush || m_ending; });
            files.swap(m_inbox);
            m_inboxBytes = 0;
            end = m_ending;
            finish = m_flush || m_ending;
        }
        m_room.notify_all();
        for (File &file : files) {
            write(file);
            if (due())
                finishAll();
        }
        if (finish || due())
            finishAll();
        if (end && files.empty())
            return;
    }
}

bool FileSaver::due() const
{
    return !m_written.empty() &&
           (qsizetype(m_written.size()) >= limits::filesPerSync ||
            m_writtenBytes >= limits::bytesPerSync || std::chrono::steady_clock::now() >= m_dueAt);
}

/// Whatever comes of it, somebody waits for the result.
void FileSaver::write(File &file)
{
    if (const auto done = guarded([&] { put(file); }); !done)
        brokenOff(file, done.error());
}

/// An exception ended the work on a file that may be complete.
void FileSaver::brokenOff(File &file, const Error &error)
{
    static_cast<void>(guarded([&] { keepPart(file, error); }));
    static_cast<void>(guarded([&] { failed(file.download, error); }));
}

void FileSaver::put(File &file)
{
    if (!m_queue->canBeSaved(file.download.id))
        return;
    // What was written while it was received has to be carried by the sync all the same.
    qint64 bytes = limits::bytesPerSync;
    if (const auto *content = std::get_if<FileContent>(&file.content)) {
        bytes = content->size;
        if (const auto onDisk = toDisk(file, m_mode); !onDisk)
            return failed(file.download, onDisk.error());
    } else {
        std::get<PartialFile>(file.content).prepare();
    }
    if (m_written.empty())
        m_dueAt = std::chrono::steady_clock::now() + limits::syncDelay;
    m_writtenBytes += bytes;
    m_written.push_back(std::move(file));
}

void FileSaver::finishAll()
{
    std::vector<File> files = std::exchange(m_written, {});
    m_writtenBytes = 0;
    if (const auto done = guarded([&] { finish(files); }); !done) {
        for (File &file : files) // those that had ended stay as they are
            brokenOff(file, done.error());
    }
}

/// Sync, names, sync.
void FileSaver::finish(std::vector<File> &files)
{
    std::vector<int> descriptors;
    descriptors.reserve(files.size());
    // A file is on the disk of its folder, which many share: fewer have to be asked for theirs.
    const bool many = files.size() > limits::filesSyncedAlone;
    for (const File &file : files)
        descriptors.push_back(many ? folderOf(file) : descriptorOf(file));
    int syncFailed =
        files.empty() ? 0 : m_sync(descriptors, many ? SyncScope::Disks : SyncScope::Files);
    std::vector<Result<QString>> names;
    names.reserve(files.size()); // a lack of memory shall not follow a name that was given
    std::vector<PromisedReceipt::Kept> kept;
    kept.reserve(files.size());
    descriptors.clear();
    for (File &file : files) {
        if (syncFailed != 0) {
            readFromDisk(descriptorOf(file)); // whoever continues compares with it
            names.push_back(syncError(syncFailed));
        } else if (!m_queue->canBeSaved(file.download.id)) {
            names.push_back(Error{ErrorCode::Cancelled, {}});
        } else if (const auto free = m_queue->savedNames().check(file.download); !free) {
            names.push_back(free.error());
        } else {
            names.push_back(giveFinalName(file));
        }
        if (names.back()) {
            m_queue->savedNames().add(file.download, names.back().value());
            descriptors.push_back(folderOf(file));
        }
    }
    setFolderTimes(files, names);
    if (!descriptors.empty())
        syncFailed = m_sync(descriptors, SyncScope::Files);
    for (size_t i = 0; i < files.size(); ++i) {
        File &file = files[i];
        if (names[i] && syncFailed != 0)
            names[i] = syncError(syncFailed);
        if (names[i]) {
            saved(file, names[i].value());
            kept.push_back({std::move(file.promise), std::move(file.receipt)});
        } else {
            keepPart(file, names[i].error());
            failed(file.download, names[i].error());
        }
    }
    PromisedReceipt::keep(std::move(kept));
}

void FileSaver::saved(const File &file, const QString &name)
{
    if (name != file.download.localName)
        m_queue->setLocalName(file.download.id, name);
    m_queue->finish(file.download.id, true, file.checksum, file.grown);
}

/// Else it goes with its PartialFile.
void FileSaver::keepPart(File &file, const Error &error)
{
    auto *part = std::get_if<PartialFile>(&file.content);
    const bool skipped =
        error.code == ErrorCode::TargetExists && file.download.existing == ExistingPolicy::Skip;
    if (part && !skipped && m_queue->keepsPart(file.download.id, error, m_resume))
        part->keep();
}

void FileSaver::failed(const Download &download, const Error &error)
{
    if (!m_queue->isWanted(download.id))
        return;
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip)
        return m_queue->skip(download.id);
    m_queue->fail(download.id, error);
    m_log->add(
        0, LogKind::Error,
        QStringLiteral("%1: %2").arg(displayText(QByteArrayView(download.remotePath)), error.text));
}

} // namespace ferry::client
