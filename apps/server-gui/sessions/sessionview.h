// SPDX-License-Identifier: MIT
#pragma once

#include <QSet>
#include <QWidget>

class QLineEdit;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace ferry::server {
struct SessionInfo;
}

namespace ferry::gui {

class EmptyNote;
class EmptyState;
class PeopleModel;
class SessionActions;
class SessionFilter;
class SessionModel;
class TableColumns;

/// The table of sessions: sortable, filtered by words, columns to choose, a menu per row; a
/// sentence in its place while there is none.
class SessionView final : public QWidget
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit SessionView(SessionModel *model, QWidget *parent = nullptr);

    /// The sessions whose rows are selected, or those of the people whose rows are.
    QSet<quint64> selected() const;
    void clearSelection();

    /// What stands there while there is no session; `button` empty: none.
    void setEmptyState(const QString &title, const QString &text, const QString &button);

    SessionActions *actions() const { return m_actions; }

    QTreeView *view() const { return m_view; }
    QPushButton *emptyButton() const { return m_emptyButton; }
    TableColumns *columns() const { return m_columns; }

    /// To the filter, if there is something to filter.
    void focusFilter();

Q_SIGNALS:
    void selectedChanged();
    void logRequested();
    void clearEndedRequested();
    void emptyButtonClicked();
    void copied(const QString &what);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeView();
    void makeFilter();
    void makeActions();
    bool filterKey(int key);
    void rowMenu(const QPoint &where);
    void copyAddress();
    void showDetails();
    void openDetails(const server::SessionInfo &session);
    QList<int> selectedRows() const;
    void updateActions();
    void showContent();

    SessionModel *m_model;
    PeopleModel *m_people;
    SessionFilter *m_sorted;
    QLineEdit *m_filter;
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    QPushButton *m_emptyButton;
    QTreeView *m_view;
    TableColumns *m_columns = nullptr;
    EmptyNote *m_noMatch = nullptr;
    SessionActions *m_actions = nullptr;
};

} // namespace ferry::gui
