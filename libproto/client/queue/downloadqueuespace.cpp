// SPDX-License-Identifier: MIT
// What a queue does about a full disk, and what it shows.
#include "client/disk/diskwrite.h"
#include "client/limits.h"
#include "client/queue/downloadqueue.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>

namespace ferry::client {

Result<> DownloadQueue::checkSpace(const QString &folder, qint64 bytes)
{
    qint64 reserve = 0;
    {
        const std::lock_guard lock(m_mutex);
        reserve = m_rules.spaceReserve;
        if (reserve <= 0)
            return {};
        Space &space = m_space[folder];
        const Clock::time_point now = m_now();
        if (space.free >= 0 && now - space.asked < limits::spaceInterval) {
            if (space.free - bytes >= reserve) {
                space.free -= bytes;
                return {};
            }
        }
    }
    const qint64 free = m_freeSpace(folder); // may take a while on a disk that is far away
    const std::lock_guard lock(m_mutex);
    const bool enough = free < 0 || free - bytes >= reserve;
    m_space[folder] = {enough && free >= 0 ? free - bytes : free, m_now()};
    if (enough)
        return {};
    return Error{ErrorCode::DiskFull,
                 QCoreApplication::translate("ferry", "The disk is almost full: %1 MB are free, "
                                                      "and %2 MB are to be left.")
                     .arg(free / 1'000'000)
                     .arg(reserve / 1'000'000)};
}

/// Nothing is begun until there is space for that one again.
void DownloadQueue::hold(const Download &download, const Error &error)
{
    const qint64 needed = std::max<qint64>(download.size - download.received, 0);
    m_hold = Hold{error, download.folder, std::max(m_rules.spaceReserve + needed, needed + 1),
                  m_now() + limits::spaceLook};
}

void DownloadQueue::lookForSpace()
{
    if (!m_hold || m_now() < m_hold->nextLook)
        return;
    m_hold->nextLook = m_now() + limits::spaceLook;
    const qint64 free = m_freeSpace(m_hold->folder);
    if (free >= 0 && free < m_hold->needed)
        return;
    m_hold.reset();
    m_space.clear();
    m_work.notify_all();
}

std::optional<Error> DownloadQueue::held() const
{
    const std::lock_guard lock(m_mutex);
    return m_hold ? std::optional(m_hold->reason) : std::nullopt;
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

QList<Download> DownloadQueue::all() const
{
    const std::lock_guard lock(m_mutex);
    QList<Download> downloads;
    downloads.reserve(qsizetype(m_rows.size()));
    for (const auto &[id, row] : m_rows)
        downloads.append(row.download);
    return downloads;
}

std::optional<Download> DownloadQueue::find(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const auto row = m_rows.find(id);
    return row == m_rows.end() ? std::nullopt : std::optional(row->second.download);
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
    changes.rows.reserve(qsizetype(ids.size()));
    for (const quint64 id : ids)
        changes.rows.append(m_rows.at(id).download);
    const auto firstRemoved =
        std::upper_bound(m_removed.begin(), m_removed.end(), revision,
                         [](quint64 wanted, const auto &entry) { return wanted < entry.first; });
    for (auto it = firstRemoved; it != m_removed.end(); ++it)
        changes.removed.append(it->second);
    return changes;
}

qsizetype DownloadQueue::Counts::all() const
{
    return std::accumulate(of.begin(), of.end(), qsizetype(0));
}

qsizetype DownloadQueue::Counts::active() const
{
    qsizetype count = 0;
    for (int state = 0; state < downloadStates; ++state)
        count += hasEnded(DownloadState(state)) ? 0 : of[size_t(state)];
    return count;
}

qsizetype DownloadQueue::Counts::done() const
{
    return of[size_t(DownloadState::Done)] + of[size_t(DownloadState::Skipped)];
}

DownloadQueue::Counts DownloadQueue::counts() const
{
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

bool DownloadQueue::finished() const
{
    const std::lock_guard lock(m_mutex);
    return m_open == 0;
}

qsizetype DownloadQueue::bytesPerRow()
{
    constexpr qsizetype node = 4 * sizeof(void *);                 // of a tree
    return qsizetype(sizeof(Rows::value_type)) + node +            // m_rows
           qsizetype(sizeof(std::pair<qint64, quint64>)) + node +  // m_order
           qsizetype(sizeof(std::pair<quint64, quint64>)) + node + // m_changed
           qsizetype(sizeof(Turn)) + node;                         // queued
}

} // namespace ferry::client
