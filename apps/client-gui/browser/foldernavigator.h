// SPDX-License-Identifier: MIT
#pragma once

#include "client/browse/remotebrowser.h"
#include "client/limits.h"
#include "wire/extended/extended.h"

#include <QByteArrayList>
#include <QHash>
#include <QList>
#include <QObject>

namespace ferry::gui {

class RemoteListModel;
class RemoteSession;
class RemoteTreeModel;

/// Which folder of the server is looked at, and which ones were before: asks for listings and
/// fills the two models with them.
class FolderNavigator final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned.
    FolderNavigator(RemoteSession *session, RemoteListModel *list, RemoteTreeModel *tree,
                    QObject *parent);

    /// A connection is there; begins at the folder of the last time with the same server.
    void start(const QString &server);
    /// There is none any more: what is shown stays until the next start().
    void stop();

    void go(const QByteArray &path);
    void back();
    void forward();
    void up();
    void refresh();
    /// Looks whether the folder that is shown is still the same, and shows only what is not. Of a
    /// long one nothing is asked, and a failure is for the next refresh() to tell. Whether it was
    /// asked for.
    bool checkForChanges();
    bool isChecking() const { return m_check != 0; }

    /// Shows what is called like this anywhere below the folder, by its path from there; an empty
    /// text shows the folder again.
    void search(const QString &text);
    bool isSearching() const { return !m_search.isEmpty(); }
    /// The folder that contains this, with it selected.
    void reveal(const QByteArray &path);

    /// What contains the shares.
    static QString topName();

    const QByteArray &path() const { return m_path; }
    QString server() const { return m_server; }
    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_visited.size(); }
    bool canGoUp() const { return m_path != "/"; }

    enum class State {
        Loading,
        Complete,
        TooLong, ///< complete, but for what is beyond limits::entriesShown
        Failed,  ///< see error()
    };
    State state() const { return m_state; }
    QString error() const { return m_error; }

    /// The name of the share that a path is in; empty for `/`.
    static QByteArray shareOf(const QByteArray &path);
    /// What may be done in the share that a path is in; Read, too, while that is not known.
    extended::Access accessTo(const QByteArray &path) const;
    /// The shares that take files, in natural order.
    QByteArrayList takingShares() const;

    /// The name in the folder now shown that was left last, to be selected; may be empty.
    QByteArray cameFrom() const { return m_cameFrom; }

Q_SIGNALS:
    void moved();
    void stateChanged();
    /// The tree knows folders that it did not before.
    void treeGrown();

private:
    void show(const QByteArray &path);
    void ask();
    void take(const client::RemoteBrowser::Batch &batch);
    void takeList(const client::RemoteBrowser::Batch &batch);
    void takeCheck(const client::RemoteBrowser::Batch &batch);
    void dropCheck();
    bool learnShares(const QList<client::RemoteEntry> &shares, bool all);
    void takeTree(const client::RemoteBrowser::Batch &batch);
    void askTree(const QByteArray &path);

    struct TreeRequest
    {
        QByteArray path;
        QList<client::RemoteEntry> folders;
    };

    RemoteSession *m_session;
    RemoteListModel *m_list;
    RemoteTreeModel *m_tree;
    QString m_server;
    QByteArray m_path = "/";
    QByteArrayList m_visited;
    qsizetype m_at = -1;
    QByteArray m_cameFrom;
    QString m_search; ///< empty: the folder itself is shown
    quint64 m_listing = 0;
    quint64 m_check = 0; ///< of checkForChanges(), under way
    QList<client::RemoteEntry> m_checked;
    bool m_replacing = false; ///< the listing under way takes the place of what is shown
    QHash<quint64, TreeRequest> m_treeRequests;
    State m_state = State::Complete;
    QString m_error;
    QHash<QByteArray, extended::Access> m_taking; ///< shares that take files
};

} // namespace ferry::gui
