// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/queue/queuesummary.h"

#include <QSet>
#include <QSortFilterProxyModel>
#include <QStringMatcher>

namespace ferry::gui {

class QueueModel;

/// The part of the queue that is looked at: one tab, and names or paths that hold a text; a folder
/// is listed if one of its files is. By a column, or in the order of the queue, what is done below
/// what is not.
class QueueFilterModel final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit QueueFilterModel(QObject *parent = nullptr);

    void setTab(QueueTab tab);
    void setText(const QString &text);
    bool hidesAnything() const { return m_tab != QueueTab::All || !m_text.isEmpty(); }
    QString text() const { return m_text; }
    /// So few files of folders are listed that all of them may be shown.
    bool isShort() const;

    /// A column of QueueModel; -1: the order of the queue.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    /// All of it is shown, in the order in which it is fetched.
    bool inQueueOrder() const { return m_column < 0 && !hidesAnything(); }

    void setSourceModel(QAbstractItemModel *model) override;
    bool hasChildren(const QModelIndex &parent = {}) const override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    const QueueModel *queue() const;
    bool acceptsFolder(const QModelIndex &index, const QueueSummary &summary) const;
    bool matches(const client::Download &download) const;
    void findMatches(const QModelIndex &folder, int first, int last);
    void filterAnew();

    QueueTab m_tab = QueueTab::All;
    QString m_text;
    QStringMatcher m_matcher{QString(), Qt::CaseInsensitive};
    QSet<quint64> m_matching; ///< folders with files that match
    qsizetype m_matches = 0;  ///< such files
    int m_column = -1;
};

} // namespace ferry::gui
