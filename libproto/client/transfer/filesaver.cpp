// SPDX-License-Identifier: MIT
#include "client/transfer/filesaver.h"

#include "client/disk/diskerror.h"
#include "client/disk/finalname.h"
#include "client/disk/localname.h"
#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"

#include <QCoreApplication>
#include <QScopeGuard>

#include <cerrno>
#include <chrono>
#include <utility>

namespace ferry::client {

namespace {

/// One file of a batch that shares its syncs cannot be told from another when a sync fails.
Error syncError(int error)
{
    return {error == ENOSPC || error == EDQUOT ? ErrorCode::DiskFull : ErrorCode::LocalFile,
            QCoreApplication::translate("ferry", "What was received cannot be written: %1")
                .arg(qt_error_string(error)),
            error};
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
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_work.notify_all();
}

void FileSaver::save(File file)
{
    const auto *content = std::get_if<FileContent>(&file.content);
    const qint64 bytes = content ? content->size : 0;
    const auto box = file.box;
    if (box)
        box->expect();
    auto unexpect = qScopeGuard([&box] {
        if (box)
            box->resolve(std::nullopt);
    });
    {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, [this] {
            return m_inboxBytes < limits::bytesToSave &&
                   qsizetype(m_inbox.size()) < limits::filesToSave;
        });
        m_inbox.push_back(std::move(file));
        m_inboxBytes += bytes;
        m_flush = false;
    }
    unexpect.dismiss();
    m_work.notify_one();
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
            const auto wake = [this] { return !m_inbox.empty() || m_flush || m_ending; };
            if (m_written.empty())
                m_work.wait(lock, [this] { return !m_inbox.empty() || m_ending; });
            else
                m_work.wait_until(lock, m_dueAt, wake);
            files.swap(m_inbox);
            m_inboxBytes = 0;
            end = m_ending;
            finish = m_flush || m_ending;
        }
        m_room.notify_all();
        for (File &file : files) {
            write(std::move(file));
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

/// Whatever comes of it, somebody waits to hear of it.
void FileSaver::write(File file)
{
    const Download download = file.download;
    const auto box = file.box;
    if (const auto done = guarded([&] { put(std::move(file)); }); !done)
        giveUp(download, box, done.error());
}

void FileSaver::giveUp(const Download &download, const std::shared_ptr<ReceiptBox> &box,
                       const Error &error)
{
    static_cast<void>(guarded([&] { failed(download, error); }));
    if (box)
        box->resolve(std::nullopt);
}

void FileSaver::put(File file)
{
    if (!m_queue->canBeSaved(file.download.id)) {
        if (file.box)
            file.box->resolve(std::nullopt);
        return;
    }
    Written written;
    qint64 bytes = 0;
    if (auto *content = std::get_if<FileContent>(&file.content)) {
        bytes = content->size;
        auto onDisk = toDisk(file.download, std::move(*content));
        if (!onDisk) {
            failed(file.download, onDisk.error());
            if (file.box)
                file.box->resolve(std::nullopt);
            return;
        }
        written.file = onDisk.take();
    } else {
        auto &partial = std::get<PartialFile>(file.content);
        partial.prepare();
        written.file = std::move(partial);
        // Its bytes were written while it was received; the sync has them to carry all the same.
        bytes = limits::bytesPerSync;
    }
    written.download = std::move(file.download);
    written.receipt = std::move(file.receipt);
    written.box = std::move(file.box);
    written.checksum = std::move(file.checksum);
    if (m_written.empty())
        m_dueAt = std::chrono::steady_clock::now() + limits::syncDelay;
    m_writtenBytes += bytes;
    m_written.push_back(std::move(written));
}

/// Without a name where the system can do that, else as a partial file.
Result<std::variant<UnnamedFile, PartialFile>> FileSaver::toDisk(const Download &download,
                                                                 FileContent content)
{
    const QByteArrayView bytes(content.bytes.get(), content.size);
    if (FileDescriptor file = createUnnamed(content.folder->get()); file.valid()) {
        if (const int error = writeAll(file.get(), 0, bytes); error != 0)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), download.localName,
                             error);
        if (content.modifiedNs)
            setModified(file.get(), *content.modifiedNs);
        return std::variant<UnnamedFile, PartialFile>(
            UnnamedFile{std::move(file), std::move(content.folder)});
    }
    auto partial = PartialFile::create(*content.folder, download.localName, download.existing);
    if (!partial)
        return partial.error();
    PartialFile file = partial.take();
    if (content.modifiedNs)
        file.setModified(*content.modifiedNs);
    if (auto done = file.write(bytes); !done)
        return done.error();
    file.prepare();
    return std::variant<UnnamedFile, PartialFile>(std::move(file));
}

int FileSaver::Written::descriptor() const
{
    const auto *unnamed = std::get_if<UnnamedFile>(&file);
    return unnamed ? unnamed->file.get() : std::get<PartialFile>(file).descriptor();
}

int FileSaver::Written::folder() const
{
    const auto *unnamed = std::get_if<UnnamedFile>(&file);
    return unnamed ? unnamed->folder->get() : std::get<PartialFile>(file).folder();
}

Result<QString> FileSaver::giveFinalName(Written &written)
{
    auto *unnamed = std::get_if<UnnamedFile>(&written.file);
    if (!unnamed)
        return std::get<PartialFile>(written.file).rename();
    const auto place = [unnamed](const QByteArray &to, bool replace) {
        return replace ? nameReplacing(unnamed->file.get(), unnamed->folder->get(), to)
                       : nameFile(unnamed->file.get(), unnamed->folder->get(), to);
    };
    auto name = giveName(written.download.localName, written.download.existing, place);
    if (name)
        PartialFile::removeLeftover(*unnamed->folder, written.download.localName);
    return name;
}

void FileSaver::finishAll()
{
    std::vector<Written> files = std::exchange(m_written, {});
    m_writtenBytes = 0;
    size_t resolved = 0;
    if (const auto done = guarded([&] { finish(files, resolved); }); !done) {
        for (; resolved < files.size(); ++resolved)
            giveUp(files[resolved].download, files[resolved].box, done.error());
    }
}

/// Sync, names, sync. `resolved`: of how many it was said what became of them.
void FileSaver::finish(std::vector<Written> &files, size_t &resolved)
{
    std::vector<int> descriptors;
    for (const Written &written : files)
        descriptors.push_back(written.descriptor());
    int syncFailed = files.empty() ? 0 : m_sync(descriptors);
    std::vector<Result<QString>> names;
    descriptors.clear();
    for (Written &written : files) {
        if (syncFailed != 0)
            names.push_back(syncError(syncFailed));
        else if (!m_queue->canBeSaved(written.download.id))
            names.push_back(Error{ErrorCode::Cancelled, {}});
        else
            names.push_back(giveFinalName(written));
        if (names.back())
            descriptors.push_back(written.folder());
    }
    if (!descriptors.empty())
        syncFailed = m_sync(descriptors);
    for (size_t &i = resolved; i < files.size(); ++i) {
        Result<QString> &name = names[i];
        if (name && syncFailed != 0)
            name = syncError(syncFailed);
        if (name) {
            saved(files[i], name.value());
        } else {
            keepPart(files[i], name.error());
            failed(files[i].download, name.error());
        }
        if (files[i].box)
            files[i].box->resolve(name ? std::optional(std::move(files[i].receipt)) : std::nullopt);
    }
}

void FileSaver::saved(Written &written, const QString &name)
{
    if (name != written.download.localName)
        m_queue->setLocalName(written.download.id, name);
    m_queue->finish(written.download.id, true, written.checksum);
}

/// Else it goes with its PartialFile.
void FileSaver::keepPart(Written &written, const Error &error)
{
    auto *part = std::get_if<PartialFile>(&written.file);
    const bool stays =
        error.code == ErrorCode::TargetExists && written.download.existing == ExistingPolicy::Skip;
    if (part && !stays && m_queue->keepsPart(written.download.id, error, m_resume))
        part->keep();
}

void FileSaver::failed(const Download &download, const Error &error)
{
    if (!m_queue->isWanted(download.id))
        return;
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip)
        return m_queue->skip(download.id);
    m_log->add(
        0, LogKind::Error,
        QStringLiteral("%1: %2").arg(displayText(QByteArrayView(download.remotePath)), error.text));
    m_queue->fail(download.id, error);
}

} // namespace ferry::client
