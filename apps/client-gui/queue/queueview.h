// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/browser/remotelistmodel.h"
#include "client-gui/queue/queuesummary.h"
#include "gui-common/look/theme.h"

#include <QAbstractItemModel>
#include <QSet>
#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QStackedWidget;
class QTabBar;
class QToolButton;
class QTreeView;

namespace ferry::gui {

class EmptyState;
class NoticeBar;
class OverallProgress;
class QueueActions;
class QueueFilterModel;
class QueueModel;
class TableColumns;

/// The download queue: tabs with counts, a filter, the rows, and what can be done with them.
/// While there is nothing to list it says what to do next.
class QueueView final : public QWidget
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit QueueView(QueueModel *model, QWidget *parent = nullptr);

    QueueActions *actions() const { return m_actions; }
    QTreeView *table() const { return m_table; }

    /// Into the row of the tabs.
    void addToHeader(QWidget *widget);

    void setOnline(bool online);
    /// What went wrong with the queue as a whole.
    void showProblem(const QString &text);
    /// After something was done with the selected rows: there is still one to go on with.
    void keepSelection();
    void focusFilter();

    /// Widths and order of the columns, for settings.
    QByteArray saveState() const;
    void restoreState(const QByteArray &state);

Q_SIGNALS:
    /// From the browser to the queue.
    void itemsDropped(const QList<ferry::gui::RemoteItem> &items);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeTable();
    QWidget *makeHeader();
    QWidget *makeFooter();
    void showSummary();
    void showPage();
    void showHeld();
    void showActions();
    void showContextMenu(const QPoint &position);
    QModelIndexList selectedRows(int most) const;
    QList<QList<quint64>> movedRows(int step) const;
    void unfold();
    void unfolded(const QModelIndex &index, bool open);
    void showAttention();
    QString emptyTabText(QueueTab tab) const;

    QueueModel *m_model;
    QueueFilterModel *m_shown;
    QTabBar *m_tabs;
    QLineEdit *m_filter;
    QStackedWidget *m_pages;
    QTreeView *m_table;
    TableColumns *m_columns = nullptr;
    QHBoxLayout *m_header = nullptr;
    EmptyState *m_addHint;
    EmptyState *m_nothing;
    NoticeBar *m_problem;
    NoticeBar *m_held;
    OverallProgress *m_overall;
    QToolButton *m_pause = nullptr;
    QToolButton *m_resume = nullptr;
    QueueActions *m_actions = nullptr;
    QSet<quint64> m_unfolded; ///< folders, by the person
    bool m_unfolding = false;
    Tone m_attention = Tone::Normal;
    bool m_online = false;
};

} // namespace ferry::gui
