// SPDX-License-Identifier: MIT
// What a person asks of the queue, for many rows at once.
#include "client/downloadstates.h"
#include "client/queue/downloadqueue.h"

#include <algorithm>

namespace ferry::client {

/// `change(row)` for each of them that is there.
template <typename Change>
void DownloadQueue::change(const QList<quint64> &ids, Change change)
{
    {
        const std::lock_guard lock(m_mutex);
        for (const quint64 id : ids) {
            if (Row *const found = m_table.find(id))
                change(*found);
        }
    }
    changedByPerson();
}

template <typename Change>
void DownloadQueue::changeAll(Change change)
{
    {
        const std::lock_guard lock(m_mutex);
        for (auto &[id, row] : m_table.rows())
            change(row);
    }
    changedByPerson();
}

void DownloadQueue::changedByPerson()
{
    {
        const std::lock_guard lock(m_mutex);
        releaseNeedless();
        m_work.notify_all();
    }
    if (m_personHook)
        m_personHook();
}

template <typename Condition>
QList<quint64> DownloadQueue::idsWhere(Condition condition) const
{
    const std::lock_guard lock(m_mutex);
    QList<quint64> ids;
    for (const auto &[id, row] : m_table.rows()) {
        if (condition(row.download.state))
            ids.append(id);
    }
    return ids;
}

void DownloadQueue::end(Row &row, DownloadEvent event)
{
    if (m_table.apply(row, event))
        row.download.bytesPerSecond = 0;
}

void DownloadQueue::pause(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) { end(row, DownloadEvent::Pause); });
}

void DownloadQueue::pauseAll()
{
    changeAll([this](Row &row) { end(row, DownloadEvent::Pause); });
}

void DownloadQueue::resume(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        if (row.download.state == DownloadState::Paused) {
            row.download.front = true;
            m_table.apply(row, DownloadEvent::Resume);
        }
    });
}

void DownloadQueue::resumeAll()
{
    changeAll([this](Row &row) { m_table.apply(row, DownloadEvent::Resume); });
}

void DownloadQueue::cancel(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) { end(row, DownloadEvent::Cancel); });
}

QList<Download> DownloadQueue::setFolder(const QList<quint64> &ids, const QString &folder)
{
    QList<Download> before;
    change(ids, [&](Row &row) {
        Download &download = row.download;
        if (download.isUpload() || isLive(download.state) || hasEnded(download.state) ||
            download.folder == folder)
            return;
        before.append(download);
        m_table.reorder(row, [&folder](Download &changed) { changed.folder = folder; });
        // The question was about a file of the other folder.
        if (m_table.apply(row, DownloadEvent::Decided))
            row.download.front = true;
    });
    return before;
}

void DownloadQueue::retry(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        if (row.download.cutOff || !m_table.apply(row, DownloadEvent::Retry))
            return;
        row.download.received = 0;
        row.download.error = Download().error;
        row.download.tries = 0;
        row.download.identical = false;
        row.download.verified = false;
        row.mismatches = 0;
    });
}

qsizetype DownloadQueue::retryAllFailed()
{
    const auto failed =
        idsWhere([](DownloadState state) { return state == DownloadState::Failed; });
    retry(failed);
    return failed.size();
}

qsizetype DownloadQueue::clearDone()
{
    const auto done = idsWhere(
        [](DownloadState state) { return hasEnded(state) && state != DownloadState::Failed; });
    remove(done);
    return done.size();
}

void DownloadQueue::move(void (DownloadTable::*how)(const QList<quint64> &),
                         const QList<quint64> &ids)
{
    {
        const std::lock_guard lock(m_mutex);
        (m_table.*how)(ids);
        m_table.makeRoom(ids);
    }
    changedByPerson();
}

qsizetype DownloadQueue::moveToServer(const QString &from, const QString &to)
{
    qsizetype moved = 0;
    changeAll([&](Row &row) {
        const DownloadState state = row.download.state;
        const bool done = state == DownloadState::Done || state == DownloadState::Skipped;
        if (done || isLive(state) || row.download.server != from)
            return;
        m_table.setServerOf(row, to);
        ++moved;
    });
    return moved;
}

void DownloadQueue::setPriority(const QList<quint64> &ids, Priority priority)
{
    {
        const std::lock_guard lock(m_mutex);
        for (const quint64 id : ids) {
            if (Row *const found = m_table.find(id))
                m_table.reorder(*found,
                                [priority](Download &download) { download.priority = priority; });
        }
        m_table.makeRoom(ids);
    }
    changedByPerson();
}

void DownloadQueue::forceStart(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        if (row.download.cutOff)
            return;
        m_table.reorder(row, [](Download &download) {
            // A folder that is being read passes it on to what is found in it.
            const bool begins = !isLive(download.state) || download.kind == DownloadKind::Folder;
            download.forced = begins && download.state != DownloadState::Done;
        });
        if (!m_table.apply(row, DownloadEvent::Resume))
            m_table.apply(row, DownloadEvent::Retry);
    });
    // There is no second connection for it to go beside another upload.
    const std::lock_guard lock(m_mutex);
    m_table.makeRoom(Direction::Upload, ids);
}

void DownloadQueue::setFilesAtOnce(int files)
{
    {
        const std::lock_guard lock(m_mutex);
        m_table.atOnce().setMost(files);
        m_table.makeRoom();
    }
    changedByPerson();
}

int DownloadQueue::filesAtOnce() const
{
    const std::lock_guard lock(m_mutex);
    return m_table.atOnce().most();
}

void DownloadQueue::setRowLimit(const QList<quint64> &ids, qint64 bytesPerSecond)
{
    change(ids, [this, bytesPerSecond](Row &row) {
        row.download.rateLimit = std::max<qint64>(bytesPerSecond, 0);
        // The one that a connection has in its hands is changed, too.
        if (row.limiter)
            row.limiter->setRate(row.download.rateLimit);
        else if (bytesPerSecond > 0)
            row.limiter = std::make_shared<RateLimiter>(bytesPerSecond);
        m_table.changed(row);
    });
}

std::shared_ptr<RateLimiter> DownloadQueue::limiterOf(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const Row *const row = m_table.find(id);
    return row ? row->limiter : nullptr;
}

void DownloadQueue::decide(const QList<quint64> &ids, ExistingPolicy policy)
{
    change(ids, [this, policy](Row &row) {
        if (row.download.state != DownloadState::NeedsDecision)
            return;
        row.download.existing = policy;
        row.download.front = true;
        m_table.apply(row, DownloadEvent::Decided);
    });
}

void DownloadQueue::decideBatch(quint64 batch, ExistingPolicy policy)
{
    // The rows are all there is of it: those that are found later take it from their folder, those
    // that ended without the file are tried again with it, and all are in the queue's file.
    changeAll([this, batch, policy](Row &row) {
        Download &download = row.download;
        if (download.batch != batch || download.existing != ExistingPolicy::Ask ||
            download.state == DownloadState::Done)
            return;
        download.existing = policy;
        download.front = download.front || download.state == DownloadState::NeedsDecision;
        if (!m_table.apply(row, DownloadEvent::Decided))
            m_table.changed(row);
    });
}

} // namespace ferry::client
