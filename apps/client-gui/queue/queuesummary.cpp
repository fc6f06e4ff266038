// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuesummary.h"

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
    switch (groupOf(download)) {
    case QueueGroup::Waiting:
        waiting += sign;
        break;
    case QueueGroup::Active:
        active += sign;
        if (download.size > 0)
            activeFraction += sign * double(download.received) / double(download.size);
        break;
    case QueueGroup::Failed:
        failed += sign;
        return;
    case QueueGroup::Done:
        done += sign;
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
    receivedBytes += sign * std::min(download.received, download.size);
    remainingBytes += sign * std::max<qint64>(0, download.size - download.received);
}

qint64 FlowMeter::measure(Clock::time_point now, bool underWay)
{
    if (m_arrived > 0 && !m_measuring) {
        m_measuring = true;
        m_rate.start(now);
        m_arrived = 0; // came in a time that nobody knows
    }
    m_measuring = m_measuring && underWay;
    if (m_measuring)
        m_rate.add(m_arrived, now);
    m_arrived = 0;
    return m_measuring ? m_rate.lately() : 0;
}

} // namespace ferry::gui
