// SPDX-License-Identifier: MIT
// What only happens to rows that are sent.
#include "client/limits.h"
#include "client/queue/downloadqueue.h"

namespace ferry::client {

void DownloadQueue::setUpload(quint64 id, qint64 size, qint64 modifiedNs,
                              const QByteArray &uploadId)
{
    const std::lock_guard lock(m_mutex);
    Row *const row = m_table.findLive(id);
    if (!row)
        return;
    row->download.modifiedNs = modifiedNs;
    row->download.uploadId = uploadId;
    resize(*row, size, 0);
}

void DownloadQueue::beginUpload(quint64 id, qint64 there)
{
    const std::lock_guard lock(m_mutex);
    Row *const row = m_table.findLive(id);
    if (!row)
        return;
    resize(*row, row->download.size, there);
    // What is sent may get lost: what arrived is progress, not what went.
    if (there - row->kept < limits::progressBytes)
        return;
    row->kept = there;
    row->download.tries = 0;
}

void DownloadQueue::finishUpload(quint64 id, const QByteArray &storedPath,
                                 const QByteArray &checksum)
{
    {
        const std::lock_guard lock(m_mutex);
        if (Row *const row = m_table.find(id); row && !storedPath.isEmpty())
            row->download.remotePath = storedPath;
    }
    finish(id, true, checksum);
}

} // namespace ferry::client
