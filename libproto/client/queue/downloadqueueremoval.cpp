// SPDX-License-Identifier: MIT
// Rows that a person removed, and may want back.
#include "client/queue/downloadqueue.h"
#include "client/queue/retryplan.h"

#include <utility>

namespace ferry::client {

void DownloadQueue::remove(const QList<quint64> &ids)
{
    {
        const std::lock_guard lock(m_mutex);
        Removal removal{m_now() + limits::undoTime, {}};
        for (const quint64 id : ids) {
            Row *const found = m_table.find(id);
            if (!found)
                continue;
            found->download.front = found->download.front || isLive(found->download.state);
            found->download.bytesPerSecond = 0;
            removal.rows.append(found->download);
            m_removedIds.insert(id);
            m_table.erase(*found);
        }
        if (!removal.rows.isEmpty())
            m_removals.push_back(std::move(removal));
    }
    changedByPerson();
}

qsizetype DownloadQueue::undoRemove()
{
    qsizetype count = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_removals.empty() || m_removals.back().until <= m_now())
            return 0;
        const Removal removal = std::move(m_removals.back());
        m_removals.pop_back();
        for (Download download : removal.rows) {
            m_removedIds.remove(download.id);
            if (m_table.hasPosition(download.position))
                download.position = m_table.nextPosition();
            m_table.insert(std::move(download));
        }
        count = removal.rows.size();
    }
    changedByPerson();
    return count;
}

QList<Download> DownloadQueue::takeRemoved(bool all)
{
    const std::lock_guard lock(m_mutex);
    QList<Download> rows;
    while (!m_removals.empty() && (all || m_removals.front().until <= m_now())) {
        for (const Download &download : std::as_const(m_removals.front().rows))
            m_removedIds.remove(download.id);
        rows += m_removals.front().rows;
        m_removals.pop_front();
    }
    return rows;
}

bool DownloadQueue::hasRemoved() const
{
    const std::lock_guard lock(m_mutex);
    return !m_removals.empty();
}

bool DownloadQueue::canBeSaved(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const Row *const row = m_table.find(id);
    return row && row->download.state != DownloadState::Cancelled &&
           nextState(row->download.state, DownloadEvent::Saved);
}

bool DownloadQueue::keepsPart(quint64 id, const Error &error, bool resume) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_removedIds.contains(id))
            return true;
    }
    return canBeSaved(id) && (!isWanted(id) || isWorthKeeping(error.code, resume));
}

} // namespace ferry::client
