// SPDX-License-Identifier: MIT
// What only happens to rows that are sent.
#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "net/base/translate.h"

namespace ferry::client {

namespace {

bool isForPerson(const Download &download)
{
    return download.isUpload() && download.state != DownloadState::Done && download.isGift();
}

} // namespace

void DownloadQueue::loggedIn()
{
    const Error lost{ErrorCode::CutShort, tr("The connection was lost before it was given.")};
    // True: it has to fail.
    const auto cutOff = [&lost](Download &download) {
        if (!isForPerson(download))
            return false;
        download.cutOff = true;
        if (hasEnded(download.state))
            return false;
        download.error = lost;
        return true;
    };
    const std::lock_guard lock(m_mutex);
    for (auto &[id, row] : m_table.rows()) {
        if (!cutOff(row.download))
            continue;
        row.download.bytesPerSecond = 0;
        m_table.apply(row, DownloadEvent::Resume);
        m_table.apply(row, DownloadEvent::Permanent);
    }
    // They come back as they are.
    for (Removal &removal : m_removals) {
        for (Download &download : removal.rows) {
            if (cutOff(download))
                download.state = DownloadState::Failed;
        }
    }
}

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
