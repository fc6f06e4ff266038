// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/diskwrite.h"
#include "client/disk/partialfile.h"
#include "client/download.h"
#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "client/transfer/receiptbox.h"
#include "net/base/filedescriptor.h"
#include "net/base/logqueue.h"
#include "net/base/workerthread.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include <sys/types.h>

namespace ferry::client {

/// The whole of a small file, in memory: nothing of it is left over when the program is killed.
struct FileContent
{
    std::shared_ptr<const FileDescriptor> folder;
    std::unique_ptr<char[]> bytes;
    qsizetype size = 0;
    std::optional<qint64> modifiedNs;
    bool executable = false;
};

/// A file without a name in a folder.
struct UnnamedFile
{
    FileDescriptor file;
    std::shared_ptr<const FileDescriptor> folder;
    mode_t mode = 0;
};

/// The mode that new files get in a folder: asked for once for many of them.
struct ModeInFolder
{
    std::shared_ptr<const FileDescriptor> folder;
    mode_t mode = 0;
};

/// A thread that puts verified files on the disk and gives them their final names, while the next
/// ones are received. A few hundred small files share two syncs, one before any of them gets its
/// name and one after, so what has its final name is complete, also after a power cut
/// (docs/decisions/0012).
///
/// Reports to the queue how each file ended. Any thread may call save() and flush().
class FileSaver
{
public:
    /// 0 or an errno (syncFiles()).
    using Sync = std::function<int(const std::vector<int> &descriptors, SyncScope scope)>;

    FileSaver(std::shared_ptr<DownloadQueue> queue, std::shared_ptr<LogQueue> log, bool resume,
              Sync sync = &syncFiles);
    /// Saves all that waits.
    ~FileSaver();
    FileSaver(const FileSaver &) = delete;
    FileSaver &operator=(const FileSaver &) = delete;

    /// Once, before save(). CannotConnect: the system gives no thread.
    Result<> start() { return m_thread.start(); }

    struct File
    {
        Download download;
        /// The saver makes a file without a name of what is in memory.
        std::variant<FileContent, UnnamedFile, PartialFile> content;
        Receipt receipt;
        PromisedReceipt promise; ///< kept once the file is saved
        QByteArray checksum;     ///< hex; empty: no single one is known
        bool grown = false;      ///< on the server, since it was as it is saved
    };

    /// Waits while more than limits::bytesToSave are in memory.
    void save(File file);

    /// Nothing more comes for now: what waits for others to share its sync is saved at once.
    void flush();

    /// Saves what is there and waits for the end of it. The owner's thread, once.
    void end();

private:
    void run();
    void write(File &file);
    void brokenOff(File &file, const Error &error);
    void put(File &file);
    bool hasEnough() const;
    bool due() const;
    void finishAll();
    void finish(std::vector<File> &files);
    void saved(const File &file, const QString &name);
    void keepPart(File &file, const Error &error);
    void failed(const Download &download, const Error &error);

    const std::shared_ptr<DownloadQueue> m_queue;
    const std::shared_ptr<LogQueue> m_log;
    const bool m_resume;
    const Sync m_sync;

    std::mutex m_mutex; ///< guards the next five
    std::condition_variable m_work;
    std::condition_variable m_room;
    std::vector<File> m_inbox;
    qint64 m_inboxBytes = 0;
    bool m_flush = false;
    bool m_ending = false;

    // The saver's thread only:
    std::vector<File> m_written; ///< on the disk, without their final names
    qint64 m_writtenBytes = 0;
    std::chrono::steady_clock::time_point m_dueAt;
    ModeInFolder m_mode;

    WorkerThread m_thread; ///< last: it uses all the others
};

} // namespace ferry::client
