// SPDX-License-Identifier: MIT
#pragma once

#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "net/base/privatefile.h"
#include "net/base/workerthread.h"

#include <QString>
#include <QStringList>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::client {

class QueueFile;

/// Keeps a queue in a file, so that it survives the program, however that ends: a thread writes
/// what has changed, limits::queueWriteDelay later at the most. Any thread may call anything.
class QueueStore
{
public:
    /// Reads the file into `queue`, which has to be empty, and keeps it from now on. InUse:
    /// another program has it. Invalid, LocalFile (queuefile.h). Waits for the disk.
    static Result<std::unique_ptr<QueueStore>> open(const QString &path,
                                                    std::shared_ptr<DownloadQueue> queue);

    /// Writes what has changed, and ends.
    ~QueueStore();
    QueueStore(const QueueStore &) = delete;
    QueueStore &operator=(const QueueStore &) = delete;

    /// Waits until all that has changed so far is written, or cannot be.
    void flush();

    /// What went wrong since the last call, in sentences: damage that was found, a full disk.
    QStringList takeProblems();

    const QString &path() const { return m_path; }

private:
    QueueStore(QString path, std::shared_ptr<DownloadQueue> queue, privatefile::Lock lock,
               QStringList problems, quint64 written);
    void run();
    Result<> write(std::optional<QueueFile> &file);

    const QString m_path;
    const std::shared_ptr<DownloadQueue> m_queue;
    const privatefile::Lock m_lock;
    std::optional<quint64> m_revision; ///< what is in the file, if known; the thread's

    std::mutex m_mutex; ///< guards the next five
    std::condition_variable m_wake;
    std::condition_variable m_written;
    QStringList m_problems;
    quint64 m_flushAsked = 0; ///< how many times
    quint64 m_flushed = 0;
    bool m_ending = false;

    WorkerThread m_thread; ///< last: it uses all the others
};

} // namespace ferry::client
