// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuesummary.h"

#include "gui-common/look/format.h"

#include <algorithm>
#include <utility>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

QueueGroup groupOf(const Download &download)
{
    const bool folder = download.kind == client::DownloadKind::Folder;
    switch (download.state) {
    case DownloadState::Queued:
    case DownloadState::NeedsDecision:
    case DownloadState::Retrying:
    case DownloadState::Paused:
        return QueueGroup::Waiting;
    case DownloadState::Connecting:
        return folder ? QueueGroup::Active : QueueGroup::Waiting;
    case DownloadState::Verifying:
        return QueueGroup::Waiting;
    case DownloadState::Checking:
    case DownloadState::Downloading:
    case DownloadState::Stalled:
        return QueueGroup::Active;
    case DownloadState::Done:
        return folder ? QueueGroup::Folder : QueueGroup::Done;
    case DownloadState::Skipped:
        return QueueGroup::Done;
    case DownloadState::Failed:
        return QueueGroup::Failed;
    case DownloadState::Cancelled:
        return QueueGroup::Cancelled;
    }
    return QueueGroup::Waiting;
}

QueueTab tabOf(const Download &download)
{
    switch (download.state) {
    case DownloadState::Paused:
        return QueueTab::Paused;
    case DownloadState::NeedsDecision:
        return QueueTab::Attention;
    case DownloadState::Verifying:
        return QueueTab::Active;
    default:
        break;
    }
    switch (groupOf(download)) {
    case QueueGroup::Waiting:
        return QueueTab::Waiting;
    case QueueGroup::Active:
        return QueueTab::Active;
    case QueueGroup::Failed:
        return QueueTab::Attention;
    case QueueGroup::Done:
    case QueueGroup::Cancelled:
        return QueueTab::Done;
    case QueueGroup::Folder:
        break;
    }
    return QueueTab::All;
}

qsizetype QueueSummary::in(QueueTab tab) const
{
    switch (tab) {
    case QueueTab::All:
        break;
    case QueueTab::Active:
        return active + saving();
    case QueueTab::Waiting:
        return waiting - saving() - paused() - undecided();
    case QueueTab::Paused:
        return paused();
    case QueueTab::Attention:
        return failed + undecided();
    case QueueTab::Done:
        return done + cancelled;
    }
    return total();
}

void QueueSummary::count(const Download &download, int sign)
{
    of[size_t(download.state)] += sign;
    if (download.isUpload() && groupOf(download) != QueueGroup::Folder)
        uploads += sign;
    switch (groupOf(download)) {
    case QueueGroup::Waiting:
        waiting += sign;
        break;
    case QueueGroup::Active:
        active += sign;
        break;
    case QueueGroup::Failed:
        failed += sign;
        return;
    case QueueGroup::Done:
        done += sign;
        sent += download.isUpload() ? sign : 0;
        verified += download.verified || download.identical ? sign : 0;
        doneBytes += sign * std::max<qint64>(0, download.size);
        return;
    case QueueGroup::Folder:
        folders += sign;
        return;
    case QueueGroup::Cancelled:
        cancelled += sign;
        return;
    }
    if (download.size < 0) {
        unknownSizes += sign;
        return;
    }
    const qint64 remaining = std::max<qint64>(0, download.size - download.received);
    receivedBytes += sign * std::min(download.received, download.size);
    remainingBytes += sign * remaining;
    if (download.state == DownloadState::Paused || download.state == DownloadState::NeedsDecision)
        heldBytes += sign * remaining;
}

qint64 QueueSummary::timeLeft() const
{
    if (unknownSizes > 0)
        return -1;
    const qint64 bytes = qint64(remainingBytes) - qint64(heldBytes);
    return gui::timeLeft(bytes + coming() * fileWork, workPerSecond);
}

void FlowMeter::add(qint64 bytes, int files)
{
    m_arrived += bytes;
    m_work += bytes + files * fileWork;
}

bool FlowMeter::measure(Clock::time_point now, QueueSummary *summary)
{
    const bool began = m_work > 0 && !m_measuring;
    if (began) {
        m_byteRate.start(now);
        m_workRate.start(now);
    }
    m_measuring = (m_measuring || began) && summary->mayCome();
    const qint64 arrived = std::exchange(m_arrived, 0);
    const qint64 work = std::exchange(m_work, 0);
    if (m_measuring) {
        // What came before it began came in a time that nobody knows.
        m_byteRate.add(began ? 0 : arrived, now);
        m_workRate.add(began ? 0 : work, now);
    }
    const qint64 bytesNow = m_measuring ? m_byteRate.lately() : 0;
    const qint64 workNow = m_measuring ? m_workRate.lately() : 0;
    const bool faster = std::exchange(summary->bytesPerSecond, bytesNow) != bytesNow;
    return std::exchange(summary->workPerSecond, workNow) != workNow || faster;
}

} // namespace ferry::gui
