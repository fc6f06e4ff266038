// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuefiltermodel.h"

#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/statetext.h"

#include <algorithm>
#include <iterator>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

namespace {

/// What needs a look comes first.
constexpr DownloadState byUrgency[] = {
    DownloadState::Failed,     DownloadState::NeedsDecision, DownloadState::Stalled,
    DownloadState::Retrying,   DownloadState::Downloading,   DownloadState::Verifying,
    DownloadState::Connecting, DownloadState::Queued,        DownloadState::Paused,
    DownloadState::Cancelled,  DownloadState::Skipped,       DownloadState::Done};
static_assert(std::size(byUrgency) == client::downloadStates);

int weight(const Download &download)
{
    return int(std::find(std::begin(byUrgency), std::end(byUrgency), download.state) - byUrgency);
}

bool isIn(QueueTab tab, const Download &download)
{
    switch (tab) {
    case QueueTab::All:
        break;
    case QueueTab::Active:
        return isUnderWay(download);
    case QueueTab::Failed:
        return groupOf(download) == QueueGroup::Failed;
    case QueueTab::Done:
        return groupOf(download) == QueueGroup::Done;
    }
    return true;
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
    if (!isIn(m_tab, download))
        return false;
    // As they are and not as they are shown: making that of 100,000 names takes too long.
    return m_text.isEmpty() || m_matcher.indexIn(download.localName) >= 0 ||
           (m_text.contains(u'/') && m_matcher.indexIn(download.target()) >= 0) ||
           (!m_text.contains(u'/') && m_matcher.indexIn(download.subfolder) >= 0) ||
           m_matcher.indexIn(QString::fromUtf8(download.remotePath)) >= 0;
}

} // namespace ferry::gui
