// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

#include <optional>

class QMenu;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTreeView;

namespace ferry::gui {

class EmptyState;
class SessionActions;
class SessionModel;

/// The table of sessions: sortable, columns to choose, a menu per row; a sentence in its place
/// while there is none.
class SessionView final : public QWidget
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit SessionView(SessionModel *model, QWidget *parent = nullptr);

    /// The session whose row is selected, if it is exactly one.
    std::optional<quint64> selected() const;
    void clearSelection();

    /// What stands there while there is no session; `button` empty: none.
    void setEmptyState(const QString &title, const QString &text, const QString &button);

    SessionActions *actions() const { return m_actions; }

    QTreeView *view() const { return m_view; }
    QPushButton *emptyButton() const { return m_emptyButton; }

    /// Puts the columns to choose from into an empty menu.
    void fillColumnMenu(QMenu *menu);

    QByteArray saveState() const;
    void restoreState(const QByteArray &state);

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
    void makeActions();
    void fitColumns(int width);
    void chooseColumns(int width);
    void columnMenu(const QPoint &where);
    void rowMenu(const QPoint &where);
    void copyAddress();
    void showDetails();
    QList<int> selectedRows() const;
    void updateActions();
    void showContent();

    SessionModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    QPushButton *m_emptyButton;
    QTreeView *m_view;
    bool m_chosen = false; ///< a person chose columns, their order or the sorting
    bool m_fits = true;    ///< the columns fill the width; a person may have wanted otherwise
    SessionActions *m_actions = nullptr;
};

} // namespace ferry::gui
