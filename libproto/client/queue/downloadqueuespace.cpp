// SPDX-License-Identifier: MIT
// Files for a full disk wait; those for other disks go on.
#include "client/queue/downloadqueue.h"

namespace ferry::client {

Result<> DownloadQueue::checkSpace(const Download &download, qint64 bytes)
{
    return m_space.check(download.folder, bytes, download.forced ? 0 : rules().spaceReserve);
}

/// Nothing: nobody waits for space.
std::optional<SpaceHold> DownloadQueue::holdFor(quint64 id) const
{
    const auto download = find(id);
    const QueueRules queueRules = rules();
    if (!download || !queueRules.waitForSpace)
        return std::nullopt;
    return m_space.holdFor(*download, queueRules.spaceReserve);
}

/// The row that found no room does not need it any more.
bool DownloadQueue::isNeedless(const SpaceHold &hold) const
{
    const Row *const row = m_table.find(hold.id);
    return !row || !hold.holds(row->download) || !m_table.isOurs(row->download);
}

void DownloadQueue::release(const SpaceHold &hold)
{
    if (!m_space.release(hold))
        return;
    m_table.release(hold.folder);
    m_work.notify_all();
}

void DownloadQueue::releaseNeedless()
{
    for (const SpaceHold &hold : m_space.holds()) {
        if (isNeedless(hold))
            release(hold);
    }
}

void DownloadQueue::lookForSpace()
{
    for (const SpaceHold &hold : m_space.holds()) {
        const bool there = m_space.look(hold, rules().spaceReserve);
        const std::lock_guard lock(m_mutex);
        if (there || isNeedless(hold))
            release(hold);
    }
}

} // namespace ferry::client
