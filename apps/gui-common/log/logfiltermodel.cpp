// SPDX-License-Identifier: MIT
#include "gui-common/log/logfiltermodel.h"

#include "gui-common/log/logmodel.h"

#include <algorithm>
#include <vector>

namespace ferry::gui {

LogFilterModel::LogFilterModel(LogModel *source, QObject *parent)
    : QAbstractTableModel(parent)
    , m_source(source)
{
    fill();
    connect(source, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(source, &QAbstractItemModel::modelReset, this, [this] {
        fill();
        endResetModel();
    });
    connect(source, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { onInserted(first, last); });
    connect(source, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int first, int last) { onAboutToBeRemoved(first, last); });
    connect(source, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex &, int first, int last) { onRemoved(first, last); });
}

void LogFilterModel::setSessions(const QSet<quint64> &sessions)
{
    if (m_sessions == sessions)
        return;
    m_sessions = sessions;
    refill();
}

void LogFilterModel::setKindShown(LogKind kind, bool shown)
{
    const unsigned kinds = shown ? m_kinds | bit(kind) : m_kinds & ~bit(kind);
    if (kinds == m_kinds)
        return;
    m_kinds = kinds;
    refill();
}

const LogRecord &LogFilterModel::record(int row) const
{
    return m_source->record(sourceRow(row));
}

int LogFilterModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int LogFilterModel::columnCount(const QModelIndex &parent) const
{
    return m_source->columnCount(parent);
}

QVariant LogFilterModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    return m_source->data(m_source->index(sourceRow(index.row()), index.column()), role);
}

QVariant LogFilterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_source->headerData(section, orientation, role);
}

bool LogFilterModel::accepts(int sourceRow) const
{
    const LogRecord &r = m_source->record(sourceRow);
    return isKindShown(r.kind) && (m_sessions.isEmpty() || m_sessions.contains(r.session));
}

void LogFilterModel::fill()
{
    m_rows.clear();
    m_removed = 0;
    for (int row = 0, rows = m_source->rowCount(); row < rows; ++row) {
        if (accepts(row))
            m_rows.push_back(row);
    }
}

void LogFilterModel::refill()
{
    beginResetModel();
    fill();
    endResetModel();
}

void LogFilterModel::onInserted(int first, int last)
{
    Q_ASSERT(last == m_source->rowCount() - 1);
    std::vector<qint64> accepted;
    for (int row = first; row <= last; ++row) {
        if (accepts(row))
            accepted.push_back(m_removed + row);
    }
    if (accepted.empty())
        return;
    const int from = int(m_rows.size());
    beginInsertRows({}, from, from + int(accepted.size()) - 1);
    m_rows.insert(m_rows.end(), accepted.begin(), accepted.end());
    endInsertRows();
}

std::deque<qint64>::iterator LogFilterModel::firstOfRest(int removedRows)
{
    return std::lower_bound(m_rows.begin(), m_rows.end(), m_removed + removedRows);
}

void LogFilterModel::onAboutToBeRemoved(int first, int last)
{
    Q_ASSERT(first == 0);
    // Announced while the records are still there: whoever listens may ask for them once more.
    const auto count = firstOfRest(last - first + 1) - m_rows.begin();
    m_removing = count > 0;
    if (m_removing)
        beginRemoveRows({}, 0, int(count) - 1);
}

void LogFilterModel::onRemoved(int first, int last)
{
    const int count = last - first + 1;
    m_rows.erase(m_rows.begin(), firstOfRest(count));
    m_removed += count;
    if (m_removing)
        endRemoveRows();
    m_removing = false;
}

} // namespace ferry::gui
