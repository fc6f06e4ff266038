// SPDX-License-Identifier: MIT
#include "client/downloadqueue.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace ferry::client {

namespace {

bool isLive(DownloadState state)
{
    return state == DownloadState::Connecting || state == DownloadState::Downloading ||
           state == DownloadState::Stalled || state == DownloadState::Verifying;
}

bool isLarge(const Download &download)
{
    return download.size > limits::largeFile;
}

} // namespace

QList<quint64> DownloadQueue::add(const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    QList<quint64> ids;
    ids.reserve(downloads.size());
    for (const Download &download : downloads) {
        const quint64 id = m_nextId++;
        Row row;
        row.download = download;
        row.download.id = id;
        if (isLive(download.state))
            row.download.state = DownloadState::Queued;
        Row &added = m_rows.emplace_hint(m_rows.end(), id, std::move(row))->second;
        if (added.download.state == DownloadState::Queued)
            setQueued(added.download, true);
        changed(added);
        ids.append(id);
    }
    if (!nothingQueued())
        m_work.notify_all();
    return ids;
}

std::optional<Download> DownloadQueue::takeNext(Take what)
{
    const std::lock_guard lock(m_mutex);
    const auto first = [](const std::set<quint64> &ids) {
        return ids.empty() ? std::numeric_limits<quint64>::max() : *ids.begin();
    };
    const quint64 small = what == Take::Large ? first({}) : first(m_queuedSmall);
    const quint64 large = what == Take::Small ? first({}) : first(m_queuedLarge);
    const auto found = m_rows.find(std::min(small, large));
    if (found == m_rows.end())
        return std::nullopt;
    Row &row = found->second;
    row.download.received = 0;
    row.download.bytesPerSecond = 0;
    enter(row, DownloadState::Connecting);
    return row.download;
}

qint64 DownloadQueue::largeBytesQueued() const
{
    const std::lock_guard lock(m_mutex);
    return m_queuedLargeBytes;
}

void DownloadQueue::setFilesAtOnce(int files)
{
    const std::lock_guard lock(m_mutex);
    m_filesAtOnce = std::max(files, 1);
}

int DownloadQueue::filesAtOnce() const
{
    const std::lock_guard lock(m_mutex);
    return m_filesAtOnce;
}

void DownloadQueue::waitForWork(int ms)
{
    std::unique_lock lock(m_mutex);
    if (nothingQueued())
        m_work.wait_for(lock, std::chrono::milliseconds(std::max(ms, 0)));
}

void DownloadQueue::wakeAll()
{
    const std::lock_guard lock(m_mutex);
    m_work.notify_all();
}

void DownloadQueue::setState(quint64 id, DownloadState state)
{
    const std::lock_guard lock(m_mutex);
    Row *row = findLive(id);
    if (!row || row->download.state == state || !isLive(state))
        return;
    if (state == DownloadState::Downloading && row->download.state == DownloadState::Connecting)
        row->rate.start(RateMeter::Clock::now());
    if (state == DownloadState::Stalled)
        row->download.bytesPerSecond = 0;
    enter(*row, state);
}

void DownloadQueue::setLocalName(quint64 id, const QString &name)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = find(id)) {
        row->download.localName = name;
        changed(*row);
    }
}

void DownloadQueue::setKind(quint64 id, DownloadKind kind)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = find(id)) {
        row->download.kind = kind;
        changed(*row);
    }
}

void DownloadQueue::setSize(quint64 id, qint64 size, qint64 there)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = findLive(id)) {
        row->download.size = size;
        row->download.received = there;
        changed(*row);
    }
}

void DownloadQueue::addReceived(quint64 id, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    Row *row = findLive(id);
    if (!row)
        return;
    const RateMeter::Clock::time_point now = RateMeter::Clock::now();
    if (row->download.state == DownloadState::Connecting)
        row->rate.start(now);
    row->rate.add(bytes, now);
    row->download.received += bytes;
    row->download.bytesPerSecond = row->rate.lately();
    enter(*row, DownloadState::Downloading);
}

void DownloadQueue::adjustReceived(quint64 id, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = findLive(id)) {
        row->download.received += bytes;
        changed(*row);
    }
}

void DownloadQueue::finish(quint64 id, bool verified, const QByteArray &checksum)
{
    const std::lock_guard lock(m_mutex);
    Row *row = find(id);
    if (!row)
        return;
    row->download.verified = verified;
    row->download.checksum = checksum;
    row->download.size = row->download.received;
    row->download.bytesPerSecond = row->rate.average(RateMeter::Clock::now());
    enter(*row, DownloadState::Done);
}

void DownloadQueue::skip(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = findLive(id))
        enter(*row, DownloadState::Skipped);
}

void DownloadQueue::fail(quint64 id, const Error &error)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = findLive(id)) {
        row->download.error = error;
        row->download.bytesPerSecond = 0;
        enter(*row, DownloadState::Failed);
    }
}

void DownloadQueue::putBack(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = findLive(id)) {
        row->download.received = 0;
        row->download.bytesPerSecond = 0;
        enter(*row, DownloadState::Queued);
        m_work.notify_all();
    }
}

qsizetype DownloadQueue::failQueued(const Error &error)
{
    const std::lock_guard lock(m_mutex);
    std::set<quint64> waiting = m_queuedSmall;
    waiting.insert(m_queuedLarge.begin(), m_queuedLarge.end());
    for (const quint64 id : waiting) {
        Row &row = m_rows.at(id);
        row.download.error = error;
        enter(row, DownloadState::Failed);
    }
    return static_cast<qsizetype>(waiting.size());
}

void DownloadQueue::cancel(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    Row *row = find(id);
    if (row && (isLive(row->download.state) || row->download.state == DownloadState::Queued)) {
        row->download.bytesPerSecond = 0;
        enter(*row, DownloadState::Cancelled);
    }
}

bool DownloadQueue::isCancelled(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const auto row = m_rows.find(id);
    return row == m_rows.end() || row->second.download.state == DownloadState::Cancelled;
}

bool DownloadQueue::isWanted(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const auto row = m_rows.find(id);
    return row != m_rows.end() && isLive(row->second.download.state);
}

void DownloadQueue::remove(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    Row *row = find(id);
    if (!row)
        return;
    enter(*row, DownloadState::Cancelled); // out of the counts
    m_changed.erase(row->revision);
    m_rows.erase(id);
    m_removed.emplace_back(++m_revision, id);
}

void DownloadQueue::retry(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    Row *row = find(id);
    if (!row)
        return;
    Download &download = row->download;
    if (download.state != DownloadState::Failed && download.state != DownloadState::Cancelled &&
        download.state != DownloadState::Skipped)
        return;
    download.received = 0;
    download.error = Download().error;
    enter(*row, DownloadState::Queued);
    m_work.notify_all();
}

QList<Download> DownloadQueue::all() const
{
    const std::lock_guard lock(m_mutex);
    QList<Download> downloads;
    downloads.reserve(static_cast<qsizetype>(m_rows.size()));
    for (const auto &[id, row] : m_rows)
        downloads.append(row.download);
    return downloads;
}

DownloadQueue::Changes DownloadQueue::changesSince(quint64 revision) const
{
    const std::lock_guard lock(m_mutex);
    Changes changes;
    changes.revision = m_revision;
    std::vector<quint64> ids;
    for (auto it = m_changed.upper_bound(revision); it != m_changed.end(); ++it)
        ids.push_back(it->second);
    std::sort(ids.begin(), ids.end());
    changes.rows.reserve(static_cast<qsizetype>(ids.size()));
    for (const quint64 id : ids)
        changes.rows.append(m_rows.at(id).download);
    const auto firstRemoved =
        std::upper_bound(m_removed.begin(), m_removed.end(), revision,
                         [](quint64 wanted, const auto &entry) { return wanted < entry.first; });
    for (auto it = firstRemoved; it != m_removed.end(); ++it)
        changes.removed.append(it->second);
    return changes;
}

bool DownloadQueue::hasQueued() const
{
    const std::lock_guard lock(m_mutex);
    return !nothingQueued();
}

bool DownloadQueue::finished() const
{
    const std::lock_guard lock(m_mutex);
    return nothingQueued() && m_live == 0;
}

void DownloadQueue::changed(Row &row)
{
    if (row.revision != 0)
        m_changed.erase(row.revision);
    row.revision = ++m_revision;
    m_changed.emplace_hint(m_changed.end(), row.revision, row.download.id);
}

/// The one place where a state changes, so that the counts stay true.
void DownloadQueue::enter(Row &row, DownloadState state)
{
    const DownloadState before = row.download.state;
    if ((before == DownloadState::Queued) != (state == DownloadState::Queued))
        setQueued(row.download, state == DownloadState::Queued);
    m_live += int(isLive(state)) - int(isLive(before));
    row.download.state = state;
    changed(row);
}

void DownloadQueue::setQueued(const Download &download, bool queued)
{
    const bool large = isLarge(download);
    std::set<quint64> &ids = large ? m_queuedLarge : m_queuedSmall;
    if (queued)
        ids.insert(ids.end(), download.id);
    else
        ids.erase(download.id);
    if (large)
        m_queuedLargeBytes += queued ? download.size : -download.size;
}

DownloadQueue::Row *DownloadQueue::find(quint64 id)
{
    const auto row = m_rows.find(id);
    return row == m_rows.end() ? nullptr : &row->second;
}

DownloadQueue::Row *DownloadQueue::findLive(quint64 id)
{
    Row *row = find(id);
    return row && isLive(row->download.state) ? row : nullptr;
}

} // namespace ferry::client
