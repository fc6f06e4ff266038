// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/logqueue.h"

#include <QAbstractTableModel>
#include <QSet>

#include <deque>

namespace ferry::gui {

class LogModel;

/// The part of a LogModel that is shown: one session or all, and some kinds. Not a
/// QSortFilterProxyModel, which removes the unwanted rows run by run when the filter changes: that
/// takes seconds when the sessions of a long log alternate. Here a change of the filter is one
/// reset.
class LogFilterModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit LogFilterModel(LogModel *source, QObject *parent = nullptr);

    /// None: all of them, and what belongs to no session.
    void setSessions(const QSet<quint64> &sessions);
    const QSet<quint64> &sessions() const { return m_sessions; }

    void setKindShown(LogKind kind, bool shown);
    bool isKindShown(LogKind kind) const { return (m_kinds & bit(kind)) != 0; }
    bool isFiltering() const { return !m_sessions.isEmpty() || m_kinds != allKinds; }

    const LogRecord &record(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static constexpr unsigned bit(LogKind kind) { return 1U << unsigned(kind); }
    static constexpr unsigned allKinds = (1U << 5) - 1;

    bool accepts(int sourceRow) const;
    int sourceRow(int row) const { return int(m_rows[size_t(row)] - m_removed); }
    void fill();
    void refill();
    void onInserted(int first, int last);
    void onAboutToBeRemoved(int first, int last);
    void onRemoved(int first, int last);
    std::deque<qint64>::iterator firstOfRest(int removedRows);

    LogModel *m_source;
    std::deque<qint64> m_rows; ///< rows of the source, counted from the last reset on
    qint64 m_removed = 0;      ///< rows that left the start of the source since then
    bool m_removing = false;   ///< between beginRemoveRows() and endRemoveRows()
    QSet<quint64> m_sessions;
    unsigned m_kinds = allKinds;
};

} // namespace ferry::gui
