// SPDX-License-Identifier: MIT
// What a person asks of the queue, for many rows at once.
#include "client/queue/downloadqueue.h"

#include <algorithm>

namespace ferry::client {

/// `change(row)` for each of them that is there.
template <typename Change>
void DownloadQueue::change(const QList<quint64> &ids, Change change)
{
    const std::lock_guard lock(m_mutex);
    for (const quint64 id : ids) {
        if (Row *const found = row(id))
            change(*found);
    }
    m_work.notify_all();
}

void DownloadQueue::pause(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        row.download.bytesPerSecond = 0;
        apply(row, DownloadEvent::Pause);
    });
}

void DownloadQueue::resume(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        if (row.download.state == DownloadState::Paused) {
            row.download.front = true;
            apply(row, DownloadEvent::Resume);
        }
    });
}

void DownloadQueue::pauseAll()
{
    const std::lock_guard lock(m_mutex);
    for (auto &[id, row] : m_rows) {
        row.download.bytesPerSecond =
            hasEnded(row.download.state) ? row.download.bytesPerSecond : 0;
        apply(row, DownloadEvent::Pause);
    }
}

void DownloadQueue::resumeAll()
{
    const std::lock_guard lock(m_mutex);
    for (auto &[id, row] : m_rows)
        apply(row, DownloadEvent::Resume);
    m_work.notify_all();
}

void DownloadQueue::cancel(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        if (apply(row, DownloadEvent::Cancel))
            row.download.bytesPerSecond = 0;
    });
}

void DownloadQueue::remove(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        const quint64 id = row.download.id;
        enter(row, DownloadState::Cancelled); // out of the order
        setCounted(row.download, -1);
        m_changed.erase(row.revision);
        m_order.erase(row.download.position);
        m_rows.erase(id);
        m_removed.emplace_back(++m_revision, id);
    });
}

void DownloadQueue::retry(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        if (!nextState(row.download.state, DownloadEvent::Retry))
            return;
        apply(row, DownloadEvent::Retry);
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
    QList<quint64> failed;
    for (const Download &download : all()) {
        if (download.state == DownloadState::Failed)
            failed.append(download.id);
    }
    retry(failed);
    return failed.size();
}

qsizetype DownloadQueue::clearDone()
{
    QList<quint64> done;
    for (const Download &download : all()) {
        if (hasEnded(download.state) && download.state != DownloadState::Failed)
            done.append(download.id);
    }
    remove(done);
    return done.size();
}

/// Those that are there, by position.
QList<quint64> DownloadQueue::idsInOrder(const QList<quint64> &ids)
{
    QList<quint64> known;
    for (const quint64 id : QSet<quint64>(ids.begin(), ids.end())) {
        if (m_rows.contains(id))
            known.append(id);
    }
    std::sort(known.begin(), known.end(), [this](quint64 a, quint64 b) {
        return m_rows.at(a).download.position < m_rows.at(b).download.position;
    });
    return known;
}

void DownloadQueue::moveTo(Row &row, qint64 position)
{
    Download &download = row.download;
    const bool queued = download.state == DownloadState::Queued;
    if (queued)
        setQueued(download, false);
    if (const auto there = m_order.find(download.position);
        there != m_order.end() && there->second == download.id)
        m_order.erase(there);
    download.position = position;
    m_order[position] = download.id;
    if (queued)
        setQueued(download, true);
    changed(row);
}

void DownloadQueue::swapPositions(quint64 a, quint64 b)
{
    Row &first = m_rows.at(a);
    Row &second = m_rows.at(b);
    const qint64 position = first.download.position;
    moveTo(first, second.download.position);
    moveTo(second, position);
}

void DownloadQueue::moveUp(const QList<quint64> &ids)
{
    const std::lock_guard lock(m_mutex);
    const QList<quint64> sorted = idsInOrder(ids);
    const QSet<quint64> moved(sorted.begin(), sorted.end());
    for (const quint64 id : sorted) {
        auto place = m_order.find(m_rows.at(id).download.position);
        if (place == m_order.begin() || moved.contains((--place)->second))
            continue; // at the top, or behind one that could not move
        swapPositions(id, place->second);
    }
}

void DownloadQueue::moveDown(const QList<quint64> &ids)
{
    const std::lock_guard lock(m_mutex);
    const QList<quint64> sorted = idsInOrder(ids);
    const QSet<quint64> moved(sorted.begin(), sorted.end());
    for (auto id = sorted.rbegin(); id != sorted.rend(); ++id) {
        const auto place = std::next(m_order.find(m_rows.at(*id).download.position));
        if (place == m_order.end() || moved.contains(place->second))
            continue;
        swapPositions(*id, place->second);
    }
}

void DownloadQueue::moveToTop(const QList<quint64> &ids)
{
    const std::lock_guard lock(m_mutex);
    const QList<quint64> sorted = idsInOrder(ids);
    if (sorted.isEmpty())
        return;
    qint64 position = m_order.begin()->first - sorted.size();
    for (const quint64 id : sorted) {
        Row &row = m_rows.at(id);
        const bool queued = row.download.state == DownloadState::Queued;
        if (queued)
            setQueued(row.download, false);
        row.download.front = true; // else those that were under way would still be before it
        if (queued)
            setQueued(row.download, true);
        moveTo(row, position++);
    }
}

void DownloadQueue::moveToBottom(const QList<quint64> &ids)
{
    const std::lock_guard lock(m_mutex);
    for (const quint64 id : idsInOrder(ids)) {
        Row &row = m_rows.at(id);
        const bool queued = row.download.state == DownloadState::Queued;
        if (queued)
            setQueued(row.download, false);
        row.download.front = false;
        if (queued)
            setQueued(row.download, true);
        moveTo(row, m_order.rbegin()->first + 1);
    }
}

void DownloadQueue::setPriority(const QList<quint64> &ids, Priority priority)
{
    change(ids, [this, priority](Row &row) {
        const bool queued = row.download.state == DownloadState::Queued;
        if (queued)
            setQueued(row.download, false);
        row.download.priority = priority;
        if (queued)
            setQueued(row.download, true);
        changed(row);
    });
}

void DownloadQueue::forceStart(const QList<quint64> &ids)
{
    change(ids, [this](Row &row) {
        Download &download = row.download;
        if (download.state == DownloadState::Queued)
            setQueued(download, false);
        download.forced = !isLive(download.state) && download.state != DownloadState::Done;
        if (download.state == DownloadState::Queued)
            setQueued(download, true);
        if (!apply(row, DownloadEvent::Resume))
            apply(row, DownloadEvent::Retry);
        changed(row);
    });
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
        changed(row);
    });
}

void DownloadQueue::decide(const QList<quint64> &ids, ExistingPolicy policy)
{
    change(ids, [this, policy](Row &row) {
        if (row.download.state != DownloadState::NeedsDecision)
            return;
        row.download.existing = policy;
        row.download.front = true;
        apply(row, DownloadEvent::Decided);
    });
}

void DownloadQueue::decideBatch(quint64 batch, ExistingPolicy policy)
{
    const std::lock_guard lock(m_mutex);
    // The rows are all there is of it: those that are found later take it from their folder, those
    // that ended without the file are tried again with it, and all are in the queue's file.
    for (auto &[id, row] : m_rows) {
        Download &download = row.download;
        if (download.batch != batch || download.existing != ExistingPolicy::Ask ||
            download.state == DownloadState::Done)
            continue;
        download.existing = policy;
        download.front = download.front || download.state == DownloadState::NeedsDecision;
        if (!apply(row, DownloadEvent::Decided))
            changed(row);
    }
    m_work.notify_all();
}

} // namespace ferry::client
