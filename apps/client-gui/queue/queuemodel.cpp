// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuemodel.h"

#include "client-gui/queue/statetext.h"
#include "client/disk/localname.h"
#include "client/queue/downloadqueue.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/parts/progressdelegate.h"
#include "net/base/displaytext.h"

#include <QDir>
#include <QIcon>

#include <algorithm>
#include <utility>
#include <vector>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

namespace {

// Beyond this many separate pieces one wide notice is cheaper for views and proxies than each
// piece by itself.
constexpr size_t maxRanges = 64;

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

bool isReadFolder(const Download &download)
{
    return download.kind == client::DownloadKind::Folder && groupOf(download) == QueueGroup::Active;
}

/// A part of it is here, and it has not ended.
bool showsProgress(const Download &download)
{
    if (download.kind == client::DownloadKind::Folder)
        return false;
    const QueueGroup group = groupOf(download);
    return group == QueueGroup::Active ||
           (group == QueueGroup::Waiting && download.received > 0 && download.size > 0);
}

Tone progressTone(const Download &download)
{
    switch (download.state) {
    case DownloadState::Stalled:
    case DownloadState::Retrying:
        return Tone::Caution;
    case DownloadState::Queued:
    case DownloadState::Paused:
    case DownloadState::NeedsDecision:
        return Tone::Quiet;
    default:
        return Tone::Accent;
    }
}

} // namespace

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

bool isUnderWay(const Download &download)
{
    switch (download.state) {
    case DownloadState::Verifying:
    case DownloadState::Retrying:
    case DownloadState::NeedsDecision:
        return true;
    default:
        return groupOf(download) == QueueGroup::Active;
    }
}

QueueModel::QueueModel(QObject *parent, std::function<Clock::time_point()> now)
    : ColumnModel({tr("Name"), tr("Size"), tr("Progress"), tr("Speed"), tr("State")}, {Size, Speed},
                  parent)
    , m_now(std::move(now))
{
}

void QueueModel::refresh(const client::DownloadQueue &queue)
{
    client::DownloadQueue::Changes changes = queue.changesSince(m_revision);
    m_revision = changes.revision;
    learn(queue);
    if (changes.everything) {
        auto there = changes.rows.cbegin();
        for (const Download &row : std::as_const(m_rows)) {
            while (there != changes.rows.cend() && there->id < row.id)
                ++there;
            if (there == changes.rows.cend() || there->id != row.id)
                changes.removed.append(row.id);
        }
    }
    const bool changed = !changes.rows.isEmpty() || !changes.removed.isEmpty();
    if (changed) {
        removeRowsOf(changes.removed);
        updateRows(changes.rows);
    }
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
    Q_EMIT heldChanged();
}

int QueueModel::rowOf(quint64 id) const
{
    const auto found =
        std::lower_bound(m_rows.cbegin(), m_rows.cend(), id,
                         [](const Download &row, quint64 wanted) { return row.id < wanted; });
    return found != m_rows.cend() && found->id == id ? int(found - m_rows.cbegin()) : -1;
}

/// Whether the speed is another one now.
bool QueueModel::measure()
{
    const Clock::time_point now = m_now();
    const bool underWay = m_summary.waiting + m_summary.active > 0;
    if (m_arrived > 0 && !m_measuring) {
        m_measuring = true;
        m_rate.start(now);
        m_arrived = 0; // came in a time that nobody knows
    }
    m_measuring = m_measuring && underWay;
    const qint64 before = m_summary.bytesPerSecond;
    if (m_measuring)
        m_rate.add(m_arrived, now);
    m_summary.bytesPerSecond = m_measuring ? m_rate.lately() : 0;
    m_arrived = 0;
    return m_summary.bytesPerSecond != before;
}

void QueueModel::removeRowsOf(const QList<quint64> &ids)
{
    std::vector<int> rows;
    for (const quint64 id : ids) {
        if (const int row = rowOf(id); row >= 0)
            rows.push_back(row);
    }
    if (rows.empty())
        return;
    std::sort(rows.begin(), rows.end());
    for (const int row : rows)
        count(m_rows[row], -1);
    const std::vector<Range> ranges = rangesOf(rows);
    if (ranges.size() > maxRanges) {
        beginResetModel();
        QList<Download> kept;
        kept.reserve(m_rows.size() - qsizetype(rows.size()));
        auto next = rows.cbegin();
        for (int row = 0; row < m_rows.size(); ++row) {
            if (next != rows.cend() && *next == row)
                ++next;
            else
                kept.append(std::move(m_rows[row]));
        }
        m_rows = std::move(kept);
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
    std::vector<int> updated;
    QList<Download> added;
    for (const Download &download : changed) {
        const int row = rowOf(download.id);
        if (row < 0) {
            added.append(download);
            continue;
        }
        count(m_rows[row], -1);
        m_arrived += std::max<qint64>(0, download.received - m_rows[row].received);
        m_rows[row] = download;
        count(download, +1);
        updated.push_back(row);
    }

    std::sort(updated.begin(), updated.end());
    std::vector<Range> ranges = rangesOf(updated);
    if (ranges.size() > maxRanges)
        ranges = {{ranges.front().first, ranges.back().last}};
    for (const Range &range : ranges)
        Q_EMIT dataChanged(index(range.first, 0), index(range.last, ColumnCount - 1));

    if (added.isEmpty())
        return;
    const qsizetype first = m_rows.size();
    beginInsertRows({}, int(first), int(first + added.size() - 1));
    for (const Download &download : std::as_const(added))
        count(download, +1);
    m_rows.append(std::move(added));
    endInsertRows();
}

void QueueModel::count(const Download &download, int sign)
{
    const QueueGroup group = groupOf(download);
    switch (group) {
    case QueueGroup::Waiting:
        m_summary.waiting += sign;
        m_summary.saving += download.state == DownloadState::Verifying ? sign : 0;
        m_summary.paused += download.state == DownloadState::Paused ? sign : 0;
        m_summary.retrying += download.state == DownloadState::Retrying ? sign : 0;
        m_summary.undecided += download.state == DownloadState::NeedsDecision ? sign : 0;
        break;
    case QueueGroup::Active:
        m_summary.active += sign;
        if (download.size > 0)
            m_summary.activeFraction += sign * double(download.received) / double(download.size);
        break;
    case QueueGroup::Failed:
        m_summary.failed += sign;
        return;
    case QueueGroup::Done:
        m_summary.done += sign;
        m_summary.doneBytes += sign * std::max<qint64>(0, download.size);
        return;
    case QueueGroup::Folder:
        m_summary.folders += sign;
        return;
    case QueueGroup::Cancelled:
        m_summary.cancelled += sign;
        return;
    }
    if (download.size < 0) {
        m_summary.unknownSizes += sign;
        return;
    }
    m_summary.receivedBytes += sign * std::min(download.received, download.size);
    m_summary.remainingBytes += sign * std::max<qint64>(0, download.size - download.received);
}

QString QueueModel::text(const Download &download, int column) const
{
    const QueueGroup group = groupOf(download);
    switch (column) {
    case Name:
        return shownName(download);
    case Size:
        if (download.kind == client::DownloadKind::Folder)
            return {};
        if (download.size >= 0)
            return formatSize(download.size);
        return group == QueueGroup::Done ? formatSize(download.received) : QString();
    case Progress:
        if (!showsProgress(download))
            return {};
        if (download.size > 0)
            return formatPercent(double(download.received) / double(download.size));
        return formatSize(download.received);
    case Speed:
        return group == QueueGroup::Active && download.kind != client::DownloadKind::Folder
                   ? formatSpeed(download.bytesPerSecond)
                   : QString();
    case State:
        return stateText(download, m_facts);
    default:
        return {};
    }
}

QString QueueModel::toolTip(const Download &download, int column) const
{
    if (column == State) {
        const QString failure = failureText(download, m_facts);
        if (!failure.isEmpty())
            return plainToolTip(failure);
        if (download.state == DownloadState::Done && !download.verified)
            return plainToolTip(tr("All of it arrived, as far as the classic dialect can tell. It "
                                   "has no checksums, so nobody compared the content."));
    }
    const QString target = localPath(download);
    QString text =
        tr("%1 on the server\nto %2")
            .arg(displayText(download.remotePath),
                 displayText(QByteArrayView(client::localBytes(QDir::toNativeSeparators(target)))));
    if (!download.server.isEmpty())
        text += u'\n' + tr("from %1", "server").arg(displayText(download.server));
    if (download.rateLimit > 0)
        text += u'\n' + tr("at most %1", "speed").arg(formatSpeed(download.rateLimit));
    return plainToolTip(text);
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Download &download = m_rows[index.row()];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(download, column);
    case Qt::ToolTipRole:
        return toolTip(download, column);
    case Qt::AccessibleTextRole:
        // A cell that says nothing by itself still has to say what it is about.
        if (column == Name)
            return tr("%1, %2", "file name, state")
                .arg(shownName(download), stateText(download, m_facts));
        return text(download, column);
    case Qt::DecorationRole:
        if (column == Name && download.kind == client::DownloadKind::Folder)
            return icon(QLatin1StringView("folder"), Tone::Quiet);
        if (column == State) {
            const QLatin1StringView name = stateIcon(download);
            return name.isEmpty() ? QVariant() : QVariant(icon(name, stateTone(download)));
        }
        return {};
    case Qt::TextAlignmentRole:
        return alignment(column);
    case ProgressDelegate::Role:
        if (column != Progress || !(showsProgress(download) || isReadFolder(download)))
            return {};
        return QVariant::fromValue(gui::Progress{
            download.size > 0 ? double(download.received) / double(download.size) : -1.0,
            progressTone(download)});
    case IdRole:
        return download.id;
    case GroupRole:
        return int(groupOf(download));
    case ToneRole:
        return int(stateTone(download));
    default:
        return {};
    }
}

} // namespace ferry::gui
