// SPDX-License-Identifier: MIT
#include "client/queue/queuestore.h"
#include "client/limits.h"
#include "net/base/translate.h"

#include "client/queue/queuefile.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"

#include <QFileInfo>

#include <limits>
#include <utility>

namespace ferry::client {

Result<std::unique_ptr<QueueStore>> QueueStore::open(const QString &path,
                                                     std::shared_ptr<DownloadQueue> queue)
{
    if (auto folder = privatefile::ensureFolder(QFileInfo(path).path()); !folder)
        return folder.error();
    auto lock = privatefile::Lock::take(path, QDeadlineTimer(0));
    if (!lock && lock.error().code == ErrorCode::TimedOut)
        return Error{ErrorCode::InUse,
                     tr("Another program is using the queue %1.").arg(displayText(path))};
    if (!lock)
        return lock.error();
    QStringList problems;
    quint64 revision = 0;
    {
        QueueFile file(path);
        if (auto opened = file.open(); !opened)
            return opened.error();
        if (auto trimmed = file.trim(limits::queueHistory); !trimmed)
            return trimmed.error();
        // Without all of them, new rows would take the numbers of those that are missing.
        const auto rows = file.rows();
        if (!rows)
            return rows.error();
        queue->restore(rows.value());
        problems = file.problems();
        revision = queue->changesSince(std::numeric_limits<quint64>::max()).revision;
    }
    std::unique_ptr<QueueStore> store(new QueueStore(path, queue, lock.take(), problems, revision));
    if (auto started = store->m_thread.start(); !started)
        return started.error();
    return store;
}

QueueStore::QueueStore(QString path, std::shared_ptr<DownloadQueue> queue, privatefile::Lock lock,
                       QStringList problems, quint64 written)
    : m_path(std::move(path))
    , m_queue(std::move(queue))
    , m_lock(std::move(lock))
    , m_revision(written)
    , m_problems(std::move(problems))
    , m_thread("queue", [this] { run(); })
{
}

QueueStore::~QueueStore()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_all();
}

void QueueStore::flush()
{
    std::unique_lock lock(m_mutex);
    const quint64 mine = ++m_flushAsked;
    m_wake.notify_all();
    m_written.wait(lock, [&] { return m_flushed >= mine; });
}

QStringList QueueStore::takeProblems()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_problems, {});
}

void QueueStore::run()
{
    std::optional<QueueFile> file;
    bool failed = false;
    bool ending = false;
    while (!ending) {
        quint64 asked = 0;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, limits::queueWriteDelay,
                            [this] { return m_ending || m_flushAsked > m_flushed; });
            ending = m_ending;
            asked = m_flushAsked;
        }
        // What cannot be written now is tried again with what comes next.
        const Result<> done = guarded([&] { return write(file); });
        if (!done)
            file.reset(); // whatever it has left half done goes with it
        {
            const std::lock_guard lock(m_mutex);
            m_flushed = asked;
            failed = !done && (failed || guarded([&] { m_problems.append(done.error().text); }));
        }
        m_written.notify_all();
    }
}

/// What has changed; opens the file if it is not open.
Result<> QueueStore::write(std::optional<QueueFile> &file)
{
    if (!file) {
        file.emplace(m_path);
        const auto opened = file->open();
        // Not all rows are in a mended file, and perhaps none if mending failed half-way.
        if (!opened || !file->problems().isEmpty())
            m_revision.reset();
        {
            const std::lock_guard lock(m_mutex);
            m_problems += file->problems();
        }
        if (!opened)
            return opened;
    }
    DownloadQueue::Changes changes = m_queue->changesSince(m_revision.value_or(0));
    changes.rows.removeIf([](const Download &row) { return row.isGift(); });
    const bool everything = changes.everything || !m_revision;
    if (auto written = file->write(changes.rows, changes.removed, everything); !written)
        return written;
    m_revision = changes.revision;
    return {};
}

} // namespace ferry::client
