// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/browser/remotelistmodel.h"

#include <QPersistentModelIndex>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTimer;
class QTreeView;

namespace ferry::gui {

class TableColumns;

class Breadcrumb;
class BrowserActions;
class EmptyState;
class FolderNavigator;
class RemoteSession;
class RemoteTreeModel;
class Sending;
class Welcome;

/// What is on the server: the way to the folder, the folders as a tree, the folder's entries as a
/// list, a filter, totals. Where there is nothing to list it says why, and what to do next.
class BrowserPane final : public QWidget
{
    Q_OBJECT
public:
    /// The session is not owned.
    explicit BrowserPane(RemoteSession *session, QWidget *parent = nullptr);

    enum class Mode {
        Offline,    ///< the welcome
        Connecting, ///< the same, and to whom
        Classic,    ///< connected, but nothing can be listed
        Browsing,
        Lost, ///< what was listed stays, and nothing can be done with it
    };
    /// `server`: as the person typed it.
    void setMode(Mode mode, const QString &server = {});

    Welcome *welcome() const { return m_welcome; }
    BrowserActions *actions() const { return m_actions; }
    FolderNavigator *navigator() const { return m_navigator; }
    QTreeView *list() const { return m_list; }
    Sending *sending() const { return m_sending; }
    void focusFilter();

    /// Columns, widths and the tree's room, for settings.
    QByteArray saveState() const;
    bool restoreState(const QByteArray &state);

Q_SIGNALS:
    /// In the order of the list.
    void downloadRequested(const QList<ferry::gui::RemoteItem> &items, bool elsewhere);

private:
    QWidget *makeBar();
    QWidget *makeFooter();
    QPushButton *makeSendButton();
    void wire();
    void wireSearch();
    void applyFilter();
    void showFolder();
    void showState();
    void showTotals();
    void showInTree();
    void enable();
    void activate(const QModelIndex &index);
    void preview();
    void showContextMenu(const QPoint &position);
    void showTreeMenu(const QPoint &position);
    void copyPaths();
    QList<int> selectedRows() const;
    QList<RemoteItem> selectedItems() const;

    RemoteSession *m_session;
    RemoteListModel *m_entries;
    RemoteTreeModel *m_folders;
    FolderNavigator *m_navigator;
    BrowserActions *m_actions;
    QStackedWidget *m_pages;
    Welcome *m_welcome;
    EmptyState *m_classic;
    QWidget *m_browser;
    Breadcrumb *m_breadcrumb;
    QLineEdit *m_filter;
    QTimer *m_typed; ///< until somebody has stopped typing what to search for
    QSplitter *m_split;
    QTreeView *m_tree;
    QStackedWidget *m_content;
    QTreeView *m_list;
    TableColumns *m_columns = nullptr;
    EmptyState *m_words;
    QLabel *m_totals;
    Sending *m_sending = nullptr;
    QPersistentModelIndex m_shownInTree; ///< by showInTree(), until a person moves on
    bool m_lentFocus = false;            ///< the tree has the focus because the list is not shown
};

} // namespace ferry::gui
