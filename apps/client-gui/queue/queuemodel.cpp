// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuemodel.h"

#include "client-gui/queue/queuecells.h"
#include "client/downloadstates.h"
#include "client/queue/downloadqueue.h"

#include <algorithm>
#include <utility>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

namespace {

// Beyond this many separate pieces one wide notice is cheaper for views and proxies than each
// piece by itself.
constexpr size_t maxRanges = 64;

// Enough to say what can be done with a folder's files; with 100,000 nobody looks at each.
constexpr qsizetype looked = 1000;

// With a few microseconds for each, the event loop is not held up so that a person notices.
constexpr qsizetype rowsAtOnce = 1000;

struct Range
{
    int first;
    int last;
};

// Rows in ascending order, joined where they touch.
std::vector<Range> rangesOf(const std::vector<int> &rows)
{
    std::vector<Range> ranges;
    for (const int row : rows) {
        if (!ranges.empty() && ranges.back().last + 1 == row)
            ranges.back().last = row;
        else
            ranges.push_back({row, row});
    }
    return ranges;
}

int rowIn(const QList<Download> &rows, quint64 id)
{
    const auto found =
        std::lower_bound(rows.cbegin(), rows.cend(), id,
                         [](const Download &row, quint64 wanted) { return row.id < wanted; });
    return found != rows.cend() && found->id == id ? int(found - rows.cbegin()) : -1;
}

QList<Download> without(QList<Download> rows, const std::vector<int> &gone)
{
    QList<Download> kept;
    kept.reserve(rows.size() - qsizetype(gone.size()));
    auto next = gone.cbegin();
    for (int row = 0; row < rows.size(); ++row) {
        if (next != gone.cend() && *next == row)
            ++next;
        else
            kept.append(std::move(rows[row]));
    }
    return kept;
}

} // namespace

QueueModel::QueueModel(QObject *parent, std::function<Clock::time_point()> now)
    : QAbstractItemModel(parent)
    , m_now(std::move(now))
{
}

void QueueModel::refresh(const client::DownloadQueue &queue)
{
    bool changed = apply(m_pending.size());
    changed |= fetch(queue);
    changed |= apply(m_pending.size());
    finish(changed);
}

bool QueueModel::refreshSome(const client::DownloadQueue &queue)
{
    bool changed = m_pending.isEmpty() && fetch(queue);
    changed |= apply(std::min(m_pending.size(), rowsAtOnce));
    finish(changed);
    return !m_pending.isEmpty();
}

/// What changed, for apply(). Whether rows are gone.
bool QueueModel::fetch(const client::DownloadQueue &queue)
{
    client::DownloadQueue::Changes changes = queue.changesSince(m_revision);
    m_revision = changes.revision;
    learn(queue);
    if (changes.everything) {
        each([&](const Download &row) {
            if (rowIn(changes.rows, row.id) < 0)
                changes.removed.append(row.id);
            return true;
        });
    }
    m_pending = std::move(changes.rows);
    const bool gone = !changes.removed.isEmpty();
    if (gone)
        removeRowsOf(std::move(changes.removed));
    return gone;
}

bool QueueModel::apply(qsizetype count)
{
    if (count == 0)
        return false;
    updateRows(m_pending.first(count));
    m_pending.remove(0, count);
    return true;
}

void QueueModel::finish(bool changed)
{
    if (measure() || changed)
        Q_EMIT summaryChanged();
}

void QueueModel::learn(const client::DownloadQueue &queue)
{
    m_facts.retries = queue.rules().retries;
    const QList<client::SpaceHold> holds = queue.spaceHolds();
    if (holds == m_facts.holds)
        return;
    m_facts.holds = holds;
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0, State), index(int(m_rows.size()) - 1, State));
    for (const auto &[id, folder] : m_folders) {
        const QModelIndex parent = indexOfFolder(id);
        Q_EMIT dataChanged(index(0, State, parent),
                           index(int(folder.files.size()) - 1, State, parent));
    }
    Q_EMIT heldChanged();
}

/// Whether the speed is another one now.
bool QueueModel::measure()
{
    const Clock::time_point now = m_now();
    for (auto &[id, folder] : m_folders) {
        if (!folder.flow.isIdle() && folder.flow.measure(now, &folder.summary))
            Q_EMIT dataChanged(indexOfFolder(id), indexOfFolder(id, ColumnCount - 1));
    }
    return m_flow.measure(now, &m_summary);
}

// --- Changes -----------------------------------------------------------------------------------

QueueModel::Folder *QueueModel::folderOf(const Download &download)
{
    if (download.parent == 0 || rowIn(m_rows, download.parent) < 0)
        return nullptr;
    Folder &folder = m_folders[download.parent];
    folder.id = download.parent;
    return &folder;
}

void QueueModel::removeRowsOf(QList<quint64> ids)
{
    std::sort(ids.begin(), ids.end());
    std::vector<int> tops;
    for (const quint64 id : std::as_const(ids)) {
        if (const int row = rowIn(m_rows, id); row >= 0)
            tops.push_back(row);
    }
    for (auto it = m_folders.begin(); it != m_folders.end();) {
        auto &[id, folder] = *it;
        std::vector<int> rows;
        const auto first = std::lower_bound(ids.cbegin(), ids.cend(), folder.files.constFirst().id);
        for (auto at = first; at != ids.cend() && *at <= folder.files.constLast().id; ++at) {
            if (const int row = rowIn(folder.files, *at); row >= 0)
                rows.push_back(row);
        }
        if (!rows.empty())
            removeFiles(id, &folder, rows);
        it = folder.files.isEmpty() ? m_folders.erase(it) : std::next(it);
    }
    if (!tops.empty())
        removeTops(tops);
}

void QueueModel::removeFiles(quint64 id, Folder *folder, const std::vector<int> &rows)
{
    for (const int row : rows)
        count(folder->files[row], folder, -1);
    const QModelIndex parent = indexOfFolder(id);
    std::vector<Range> ranges = rangesOf(rows);
    if (ranges.size() > maxRanges) {
        beginRemoveRows(parent, 0, int(folder->files.size()) - 1);
        QList<Download> kept = without(std::exchange(folder->files, {}), rows);
        endRemoveRows();
        if (!kept.isEmpty()) {
            beginInsertRows(parent, 0, int(kept.size()) - 1);
            folder->files = std::move(kept);
            endInsertRows();
        }
    } else {
        for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
            beginRemoveRows(parent, range->first, range->last);
            folder->files.remove(range->first, range->last - range->first + 1);
            endRemoveRows();
        }
    }
    Q_EMIT dataChanged(parent, parent.siblingAtColumn(ColumnCount - 1));
}

void QueueModel::removeTops(const std::vector<int> &rows)
{
    const std::vector<Range> ranges = rangesOf(rows);
    QList<Download> orphans;
    for (const int row : rows) {
        count(m_rows[row], nullptr, -1);
        if (const auto folder = m_folders.find(m_rows[row].id); folder != m_folders.end())
            orphans += folder->second.files;
    }
    if (ranges.size() > maxRanges || !orphans.isEmpty()) {
        beginResetModel();
        for (const int row : rows)
            m_folders.erase(m_rows[row].id);
        m_rows = without(std::exchange(m_rows, {}), rows) + orphans;
        std::sort(m_rows.begin(), m_rows.end(),
                  [](const Download &a, const Download &b) { return a.id < b.id; });
        endResetModel();
        return;
    }
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        beginRemoveRows({}, range->first, range->last);
        m_rows.remove(range->first, range->last - range->first + 1);
        endRemoveRows();
    }
}

void QueueModel::updateRows(const QList<Download> &changed)
{
    std::vector<int> tops;
    std::map<quint64, std::vector<int>> files;
    QList<Download> added;
    for (const Download &download : changed) {
        if (const int row = rowIn(m_rows, download.id); row >= 0) {
            update(&m_rows[row], download, nullptr);
            tops.push_back(row);
            continue;
        }
        const auto folder = m_folders.find(download.parent);
        const int row = folder == m_folders.end() ? -1 : rowIn(folder->second.files, download.id);
        if (row >= 0) {
            update(&folder->second.files[row], download, &folder->second);
            files[download.parent].push_back(row);
        } else {
            added.append(download);
        }
    }
    for (auto &[id, rows] : files) {
        tell(indexOfFolder(id), std::move(rows));
        tops.push_back(rowIn(m_rows, id)); // its figures are others now
    }
    std::sort(tops.begin(), tops.end());
    tops.erase(std::unique(tops.begin(), tops.end()), tops.end());
    tell({}, std::move(tops));
    insert(added);
}

void QueueModel::update(Download *row, const Download &now, Folder *folder)
{
    // What was compared did not arrive.
    const bool checked = row->state == client::DownloadState::Checking;
    const qint64 arrived = checked ? 0 : std::max<qint64>(0, now.received - row->received);
    const bool saved = now.state == DownloadState::Done && row->state != DownloadState::Done &&
                       now.kind != client::DownloadKind::Folder;
    m_flow.add(arrived, int(saved));
    if (folder)
        folder->flow.add(arrived, int(saved));
    if (client::hasEnded(now.state) && now.state != row->state) {
        if (const QString sentence = sentenceOf(now); !sentence.isEmpty())
            m_sentences.append({now.endedMs, 0, LogKind::Status, sentence});
    }
    count(*row, folder, -1);
    *row = now;
    count(now, folder, +1);
}

void QueueModel::tell(const QModelIndex &parent, std::vector<int> rows)
{
    if (rows.empty())
        return;
    std::vector<Range> ranges = rangesOf(rows);
    if (ranges.size() > maxRanges)
        ranges = {{ranges.front().first, ranges.back().last}};
    for (const Range &range : ranges)
        Q_EMIT dataChanged(index(range.first, 0, parent),
                           index(range.last, ColumnCount - 1, parent));
}

/// Each run of rows with the same place at once.
void QueueModel::insert(const QList<Download> &added)
{
    for (qsizetype begin = 0; begin < added.size();) {
        Folder *folder = folderOf(added[begin]);
        qsizetype end = begin + 1;
        const auto belongs = [&](const Download &next) {
            return folder ? next.parent == added[begin].parent
                          : rowIn(m_rows, next.parent) < 0 && rowIn(added, next.parent) < 0;
        };
        while (end < added.size() && belongs(added[end]))
            ++end;
        const QList<Download> run = added.sliced(begin, end - begin);
        QList<Download> &rows = folder ? folder->files : m_rows;
        const QModelIndex parent = folder ? indexOfFolder(added[begin].parent) : QModelIndex();
        beginInsertRows(parent, int(rows.size()), int(rows.size() + run.size() - 1));
        for (const Download &download : run)
            count(download, folder, +1);
        rows.append(run);
        endInsertRows();
        if (folder)
            Q_EMIT dataChanged(parent, parent.siblingAtColumn(ColumnCount - 1));
        begin = end;
    }
}

void QueueModel::count(const Download &download, Folder *folder, int sign)
{
    m_summary.count(download, sign);
    if (folder)
        folder->summary.count(download, sign);
}

// --- Looking -----------------------------------------------------------------------------------

const Download &QueueModel::download(const QModelIndex &index) const
{
    const auto *folder = static_cast<const Folder *>(index.constInternalPointer());
    return folder ? folder->files[index.row()] : m_rows[index.row()];
}

const QueueModel::Folder *QueueModel::folderAt(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() != 0)
        return nullptr;
    const auto found = m_folders.find(m_rows[index.row()].id);
    return found == m_folders.end() ? nullptr : &found->second;
}

const QueueSummary *QueueModel::folderSummary(const QModelIndex &index) const
{
    const Folder *folder = folderAt(index);
    return folder ? &folder->summary : nullptr;
}

QModelIndex QueueModel::indexOfFolder(quint64 id, int column) const
{
    return index(rowIn(m_rows, id), column);
}

QModelIndex QueueModel::indexOf(quint64 id) const
{
    if (const int row = rowIn(m_rows, id); row >= 0)
        return index(row, 0);
    for (const auto &[folderId, folder] : m_folders) {
        if (const int row = rowIn(folder.files, id); row >= 0)
            return createIndex(row, 0, &folder);
    }
    return {};
}

QModelIndexList QueueModel::folders() const
{
    QModelIndexList all;
    for (const auto &[id, folder] : m_folders)
        all.append(indexOfFolder(id));
    return all;
}

bool QueueModel::anyOf(const QModelIndex &index, const Test &test) const
{
    const Download &row = download(index);
    const Folder *folder = folderAt(index);
    if (test(row) || !folder)
        return test(row);
    const auto end = folder->files.cbegin() + std::min(looked, folder->files.size());
    if (std::any_of(folder->files.cbegin(), end, test))
        return true;
    Download example = folder->files.constFirst();
    for (int state = 0; state < client::downloadStates; ++state) {
        example.state = DownloadState(state);
        if (folder->summary.in(example.state) > 0 && test(example))
            return true;
    }
    return false;
}

void QueueModel::appendIds(const QModelIndex &index, const Test &test, QList<quint64> *ids) const
{
    const auto append = [&](const Download &row) {
        if (test(row))
            ids->append(row.id);
    };
    append(download(index));
    if (const Folder *folder = folderAt(index))
        std::for_each(folder->files.cbegin(), folder->files.cend(), append);
}

QList<quint64> QueueModel::idsInOrder(const QModelIndex &index) const
{
    std::vector<std::pair<qint64, quint64>> places{{download(index).position, download(index).id}};
    if (const Folder *folder = folderAt(index)) {
        for (const Download &file : folder->files)
            places.emplace_back(file.position, file.id);
    }
    std::sort(places.begin(), places.end());
    QList<quint64> ids;
    for (const auto &[position, id] : places)
        ids.append(id);
    return ids;
}

void QueueModel::each(const Test &look) const
{
    for (const Download &row : m_rows) {
        if (!look(row))
            return;
        const auto folder = m_folders.find(row.id);
        if (folder == m_folders.end())
            continue;
        for (const Download &file : folder->second.files) {
            if (!look(file))
                return;
        }
    }
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_rows.size());
    const Folder *folder = parent.column() == 0 ? folderAt(parent) : nullptr;
    return folder ? int(folder->files.size()) : 0;
}

int QueueModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

bool QueueModel::hasChildren(const QModelIndex &parent) const
{
    return rowCount(parent) > 0;
}

QModelIndex QueueModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= ColumnCount)
        return {};
    return createIndex(row, column, folderAt(parent));
}

QModelIndex QueueModel::parent(const QModelIndex &index) const
{
    const auto *folder = static_cast<const Folder *>(index.constInternalPointer());
    return folder ? indexOfFolder(folder->id) : QModelIndex();
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    return queueCell({download(index), folderSummary(index), m_facts, index.internalId() != 0},
                     index.column(), role);
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return queueColumnAlignment(section);
    return role == Qt::DisplayRole ? QVariant(queueColumnTitle(section)) : QVariant();
}

} // namespace ferry::gui
