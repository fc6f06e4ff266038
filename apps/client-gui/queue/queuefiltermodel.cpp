// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuefiltermodel.h"

#include "client-gui/queue/overallprogress.h"
#include "client-gui/queue/queuemodel.h"

#include <algorithm>
#include <iterator>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

namespace {

/// More rows than that nobody looks through.
constexpr qsizetype few = 1000;

/// What needs a look comes first.
constexpr DownloadState byUrgency[] = {
    DownloadState::Failed,    DownloadState::NeedsDecision, DownloadState::Stalled,
    DownloadState::Retrying,  DownloadState::Downloading,   DownloadState::Checking,
    DownloadState::Verifying, DownloadState::Connecting,    DownloadState::Queued,
    DownloadState::Paused,    DownloadState::Cancelled,     DownloadState::Skipped,
    DownloadState::Done};
static_assert(std::size(byUrgency) == client::downloadStates);

/// A row, with the figures of its files if it is a folder.
struct Item
{
    const Download &download;
    const QueueSummary *files;
};

int weight(const Item &item)
{
    int place = 0;
    for (const DownloadState state : byUrgency) {
        if (item.files ? item.files->in(state) > 0 : state == item.download.state)
            break;
        ++place;
    }
    return place;
}

double fraction(const Item &item)
{
    if (item.files)
        return overallFraction(*item.files);
    if (item.download.state == DownloadState::Done)
        return 1;
    return item.download.size > 0 ? double(item.download.received) / double(item.download.size) : 0;
}

qint64 size(const Item &item)
{
    return item.files ? item.files->knownBytes() : item.download.size;
}

qint64 speed(const Item &item)
{
    return item.files ? item.files->bytesPerSecond : item.download.bytesPerSecond;
}

qint64 left(const Item &item)
{
    return item.files ? qint64(item.files->remainingBytes)
                      : item.download.size - item.download.received;
}

template <typename T>
int order(const T &a, const T &b)
{
    return a < b ? -1 : b < a;
}

int compareBy(int column, const Item &a, const Item &b)
{
    switch (column) {
    case QueueModel::Name:
        if (const int folders =
                a.download.subfolder.compare(b.download.subfolder, Qt::CaseInsensitive))
            return folders;
        return a.download.localName.compare(b.download.localName, Qt::CaseInsensitive);
    case QueueModel::Size:
        return order(size(a), size(b));
    case QueueModel::Progress:
        return order(fraction(a), fraction(b));
    case QueueModel::Speed:
        return order(speed(a), speed(b));
    case QueueModel::State:
        return weight(a) - weight(b);
    case QueueModel::TimeLeft:
        return order(left(a), left(b));
    case QueueModel::SaveTo:
        return a.download.folder.compare(b.download.folder);
    case QueueModel::Finished:
        return order(a.download.endedMs, b.download.endedMs);
    default:
        return 0;
    }
}

/// Nothing is left to do with it.
bool isOver(const Item &item)
{
    if (item.files)
        return item.files->in(QueueTab::Done) == item.files->total();
    return tabOf(item.download) == QueueTab::Done || groupOf(item.download) == QueueGroup::Folder;
}

} // namespace

QueueFilterModel::QueueFilterModel(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    sort(-1);
}

const QueueModel *QueueFilterModel::queue() const
{
    return static_cast<const QueueModel *>(sourceModel());
}

void QueueFilterModel::setSourceModel(QAbstractItemModel *model)
{
    // Before the base class looks at the new rows.
    connect(model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &parent, int first, int last) {
                if (parent.isValid() && !m_text.isEmpty())
                    findMatches(parent, first, last);
            });
    QSortFilterProxyModel::setSourceModel(model);
}

/// Does not make the base class look at all files of a folder that nobody has opened.
bool QueueFilterModel::hasChildren(const QModelIndex &parent) const
{
    // Views ask before there is anything to show.
    const QueueSummary *files = queue() ? queue()->folderSummary(mapToSource(parent)) : nullptr;
    return (files && acceptsFolder(mapToSource(parent), *files)) ||
           QSortFilterProxyModel::hasChildren(parent);
}

bool QueueFilterModel::isShort() const
{
    return m_text.isEmpty() ? queue()->summary().in(m_tab) <= few : m_matches <= few;
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
    const Item a{queue()->download(left), queue()->folderSummary(left)};
    const Item b{queue()->download(right), queue()->folderSummary(right)};
    if (const int order = m_column < 0 ? 0 : compareBy(m_column, a, b))
        return order < 0;
    // What runs stays in sight, however much came before it.
    if (m_column < 0 && left.internalId() == 0) {
        if (const bool over = isOver(a); over != isOver(b))
            return !over;
    }
    return a.download.position < b.download.position;
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
    m_matching.clear();
    m_matches = 0;
    const QModelIndexList folders =
        text.isEmpty() || !queue() ? QModelIndexList() : queue()->folders();
    for (const QModelIndex &folder : folders)
        findMatches(folder, 0, queue()->rowCount(folder) - 1);
    filterAnew();
}

void QueueFilterModel::findMatches(const QModelIndex &folder, int first, int last)
{
    qsizetype found = 0;
    for (int row = first; row <= last; ++row)
        found += matches(queue()->download(queue()->index(row, 0, folder)));
    m_matches += found;
    if (found > 0)
        m_matching.insert(queue()->download(folder).id);
}

/// Telling of each piece that comes or goes is kinder to the selection, but takes longer than
/// looking at all rows once there are many pieces.
void QueueFilterModel::filterAnew()
{
    if (queue() && queue()->summary().total() > few)
        invalidate();
    else
        invalidateFilter();
}

bool QueueFilterModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = queue()->index(row, 0, parent);
    if (const QueueSummary *files = queue()->folderSummary(index);
        files && acceptsFolder(index, *files))
        return true;
    const Download &download = queue()->download(index);
    return (m_tab == QueueTab::All || tabOf(download) == m_tab) &&
           (m_text.isEmpty() || matches(download));
}

/// For a file of it.
bool QueueFilterModel::acceptsFolder(const QModelIndex &index, const QueueSummary &files) const
{
    return files.in(m_tab) > 0 &&
           (m_text.isEmpty() || m_matching.contains(queue()->download(index).id));
}

bool QueueFilterModel::matches(const Download &download) const
{
    // As they are and not as they are shown: making that of 100,000 names takes too long.
    return m_matcher.indexIn(download.localName) >= 0 ||
           (m_text.contains(u'/') && m_matcher.indexIn(download.target()) >= 0) ||
           (!m_text.contains(u'/') && m_matcher.indexIn(download.subfolder) >= 0) ||
           m_matcher.indexIn(QString::fromUtf8(download.remotePath)) >= 0;
}

} // namespace ferry::gui
