// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuefiltermodel.h"

#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/statetext.h"

#include <algorithm>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

namespace {

/// What needs a look comes first.
int weight(const Download &download)
{
    switch (download.state) {
    case DownloadState::Failed:
        return 0;
    case DownloadState::NeedsDecision:
        return 1;
    case DownloadState::Stalled:
        return 2;
    case DownloadState::Retrying:
        return 3;
    case DownloadState::Downloading:
        return 4;
    case DownloadState::Verifying:
        return 5;
    case DownloadState::Connecting:
        return 6;
    case DownloadState::Queued:
        return 7;
    case DownloadState::Paused:
        return 8;
    case DownloadState::Cancelled:
        return 9;
    case DownloadState::Skipped:
        return 10;
    case DownloadState::Done:
        return 11;
    }
    return 12;
}

double fraction(const Download &download)
{
    if (download.state == DownloadState::Done)
        return 1;
    return download.size > 0 ? double(download.received) / double(download.size) : 0;
}

int compareBy(int column, const Download &a, const Download &b)
{
    switch (column) {
    case QueueModel::Name:
        if (const int folders = a.subfolder.compare(b.subfolder, Qt::CaseInsensitive))
            return folders;
        return a.localName.compare(b.localName, Qt::CaseInsensitive);
    case QueueModel::Size:
        return a.size < b.size ? -1 : a.size > b.size;
    case QueueModel::Progress:
        return fraction(a) < fraction(b) ? -1 : fraction(a) > fraction(b);
    case QueueModel::Speed:
        return a.bytesPerSecond < b.bytesPerSecond ? -1 : a.bytesPerSecond > b.bytesPerSecond;
    case QueueModel::State:
        return weight(a) - weight(b);
    default:
        return 0;
    }
}

} // namespace

QueueFilterModel::QueueFilterModel(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    sort(-1);
}

void QueueFilterModel::sort(int column, Qt::SortOrder order)
{
    const bool again = (m_column < 0) != (column < 0);
    m_column = column;
    // The base class has an order of its own for -1, which is that of the ids.
    const int base = std::max(column, 0);
    const Qt::SortOrder direction = column < 0 ? Qt::AscendingOrder : order;
    if (again && base == sortColumn() && direction == sortOrder())
        invalidate();
    QSortFilterProxyModel::sort(base, direction);
}

bool QueueFilterModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const auto *model = static_cast<const QueueModel *>(sourceModel());
    const Download &a = model->download(left.row());
    const Download &b = model->download(right.row());
    if (const int order = m_column < 0 ? 0 : compareBy(m_column, a, b))
        return order < 0;
    return a.position < b.position;
}

void QueueFilterModel::setTab(QueueTab tab)
{
    if (tab == m_tab)
        return;
    m_tab = tab;
    filterAnew();
}

void QueueFilterModel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    m_matcher.setPattern(text);
    filterAnew();
}

/// Telling of each piece that comes or goes is kinder to the selection, but takes longer than
/// looking at all rows once there are many pieces.
void QueueFilterModel::filterAnew()
{
    constexpr int few = 1000;
    if (sourceModel() && sourceModel()->rowCount() > few)
        invalidate();
    else
        invalidateFilter();
}

bool QueueFilterModel::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto *model = static_cast<const QueueModel *>(sourceModel());
    const client::Download &download = model->download(row);
    const QueueGroup group = groupOf(download);
    switch (m_tab) {
    case QueueTab::All:
        break;
    case QueueTab::Active:
        if (!isUnderWay(download))
            return false;
        break;
    case QueueTab::Failed:
        if (group != QueueGroup::Failed)
            return false;
        break;
    case QueueTab::Done:
        if (group != QueueGroup::Done)
            return false;
        break;
    }
    // As they are and not as they are shown: making that of 100,000 names takes too long.
    return m_text.isEmpty() || m_matcher.indexIn(download.localName) >= 0 ||
           (m_text.contains(u'/') && m_matcher.indexIn(download.target()) >= 0) ||
           (!m_text.contains(u'/') && m_matcher.indexIn(download.subfolder) >= 0) ||
           m_matcher.indexIn(QString::fromUtf8(download.remotePath)) >= 0;
}

} // namespace ferry::gui
