// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>
#include <QStringMatcher>

namespace ferry::gui {

enum class QueueTab { All, Active, Failed, Done };

/// The part of the queue that is looked at: one tab, and names or paths that hold a text. In the
/// order of the queue, or by a column.
class QueueFilterModel final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit QueueFilterModel(QObject *parent = nullptr);

    void setTab(QueueTab tab);
    void setText(const QString &text);
    bool hidesAnything() const { return m_tab != QueueTab::All || !m_text.isEmpty(); }
    QString text() const { return m_text; }

    /// A column of QueueModel; -1: the order of the queue.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    /// All of it is shown, in the order in which it is fetched.
    bool inQueueOrder() const { return m_column < 0 && !hidesAnything(); }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    void filterAnew();

    QueueTab m_tab = QueueTab::All;
    QString m_text;
    QStringMatcher m_matcher{QString(), Qt::CaseInsensitive};
    int m_column = -1;
};

} // namespace ferry::gui
