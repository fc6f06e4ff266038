// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/browser/remotelistmodel.h"
#include "client-gui/queue/queuesummary.h"
#include "gui-common/look/theme.h"

#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace ferry::gui {

class CountTabs;
class EmptyState;
class NoticeBar;
class OverallProgress;
class QueueActions;
class QueueFilterModel;
class QueueModel;
class QueueTable;

/// The download queue: tabs with counts, a filter, the rows, and what can be done with them.
/// While there is nothing to list it says what to do next.
class QueueView final : public QWidget
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit QueueView(QueueModel *model, QWidget *parent = nullptr);

    QueueActions *actions() const { return m_actions; }
    QueueTable *table() const { return m_table; }

    /// Into the row of the tabs.
    void addToHeader(QWidget *widget);

    void setOnline(bool online);
    /// What went wrong with the queue as a whole.
    void showProblem(const QString &text);
    /// So many files are gone, for now.
    void showRemoved(qsizetype count);
    void focusFilter();

Q_SIGNALS:
    /// From the browser to the queue.
    void itemsDropped(const QList<ferry::gui::RemoteItem> &items);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *makeHeader();
    QWidget *makeFooter();
    void showSummary();
    void showPage();
    void showHeld();
    void showActions();
    void showContextMenu(const QPoint &position);
    void showAttention();
    QString emptyTabText(QueueTab tab) const;

    QueueModel *m_model;
    QueueFilterModel *m_shown;
    CountTabs *m_tabs;
    QLineEdit *m_filter;
    QStackedWidget *m_pages;
    QueueTable *m_table;
    QHBoxLayout *m_header = nullptr;
    EmptyState *m_addHint;
    EmptyState *m_nothing;
    NoticeBar *m_problem;
    NoticeBar *m_held;
    NoticeBar *m_removed;
    OverallProgress *m_overall;
    QToolButton *m_pause = nullptr;
    QToolButton *m_resume = nullptr;
    QueueActions *m_actions = nullptr;
    Tone m_attention = Tone::Normal;
    bool m_online = false;
};

} // namespace ferry::gui
