// SPDX-License-Identifier: MIT
#include "client-gui/browser/foldernavigator.h"

#include "client-gui/browser/remotelistmodel.h"
#include "client-gui/browser/remotesession.h"
#include "client-gui/browser/remotetreemodel.h"
#include "net/base/displaytext.h"

#include <algorithm>
#include <utility>

namespace ferry::gui {

using client::RemoteBrowser;
using client::RemoteEntry;

namespace {

constexpr qsizetype maxVisited = 100;
/// Entries of a folder that is looked at again without being asked to.
constexpr qsizetype mostChecked = 5000;

QByteArray parentOf(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    return slash <= 0 ? QByteArray("/") : path.left(slash);
}

} // namespace

FolderNavigator::FolderNavigator(RemoteSession *session, RemoteListModel *list,
                                 RemoteTreeModel *tree, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_list(list)
    , m_tree(tree)
{
    connect(m_session, &RemoteSession::arrived, this, &FolderNavigator::take);
    connect(m_tree, &RemoteTreeModel::wanted, this, &FolderNavigator::askTree);
}

void FolderNavigator::start(const QString &server)
{
    const bool same = server == m_server && m_at >= 0;
    m_treeRequests.clear();
    m_listing = 0;
    m_check = 0;
    m_server = server;
    m_taking.clear();
    m_tree->reset(topName());
    if (same)
        return refresh();
    m_visited.clear();
    m_at = -1;
    go("/");
}

QString FolderNavigator::topName()
{
    return tr("Shared folders");
}

void FolderNavigator::stop()
{
    m_treeRequests.clear();
    m_listing = 0;
    m_check = 0;
}

void FolderNavigator::go(const QByteArray &path)
{
    if (m_at >= 0 && path == m_visited[m_at])
        return refresh();
    m_visited.resize(m_at + 1); // what was ahead is no more
    m_visited.append(path);
    if (m_visited.size() > maxVisited)
        m_visited.removeFirst();
    m_at = m_visited.size() - 1;
    show(path);
}

void FolderNavigator::back()
{
    if (canGoBack())
        show(m_visited[--m_at]);
}

void FolderNavigator::forward()
{
    if (canGoForward())
        show(m_visited[++m_at]);
}

void FolderNavigator::up()
{
    if (canGoUp())
        go(parentOf(m_path));
}

void FolderNavigator::search(const QString &text)
{
    if (text == m_search)
        return;
    m_search = text;
    m_list->begin(m_path);
    refresh();
}

void FolderNavigator::reveal(const QByteArray &path)
{
    const QByteArray name = path.mid(path.lastIndexOf('/') + 1);
    if (parentOf(path) == m_path)
        search({});
    else
        go(parentOf(path));
    m_cameFrom = name;
}

void FolderNavigator::show(const QByteArray &path)
{
    m_search.clear();
    // Whoever goes up finds again where they were.
    const QByteArray below = path == "/" ? path : path + '/';
    m_cameFrom = m_path.startsWith(below) && m_path.size() > below.size()
                     ? m_path.mid(below.size()).split('/').first()
                     : QByteArray();
    m_path = path;
    m_list->begin(path);
    ask();
    Q_EMIT moved();
}

void FolderNavigator::refresh()
{
    m_cameFrom.clear();
    ask();
    if (m_path != "/" && !isSearching())
        askTree("/"); // what may be done in this share may be something else by now
}

bool FolderNavigator::checkForChanges()
{
    if (!m_session->isOpen() || isSearching() || m_at < 0 || m_listing != 0 || m_check != 0 ||
        m_state != State::Complete || m_list->count() > mostChecked)
        return false;
    m_checked.clear();
    m_check = m_session->list(m_path, RemoteBrowser::What::Everything);
    return m_check != 0;
}

void FolderNavigator::dropCheck()
{
    if (m_check != 0)
        m_session->cancel(std::exchange(m_check, 0));
    m_checked.clear();
}

void FolderNavigator::takeCheck(const RemoteBrowser::Batch &batch)
{
    m_checked += batch.entries;
    if (m_checked.size() > 2 * mostChecked || batch.tooLong)
        return dropCheck();
    if (!batch.ended)
        return;
    m_check = 0;
    const QList<RemoteEntry> entries = std::exchange(m_checked, {});
    if (batch.failed()) {
        if (batch.error.code == ErrorCode::NotFound)
            refresh(); // it is gone, which has to be said
        return;
    }
    const bool learned = m_path == "/" && learnShares(entries, true);
    const bool updated = m_list->update(entries);
    if (updated)
        m_tree->setFolders(m_path, m_list->folders());
    if (learned || updated)
        Q_EMIT stateChanged();
}

void FolderNavigator::ask()
{
    dropCheck();
    if (m_listing != 0)
        m_session->cancel(m_listing);
    m_listing = isSearching() ? m_session->search(m_path, m_search)
                              : m_session->list(m_path, RemoteBrowser::What::Everything);
    m_replacing = true;
    m_error.clear();
    m_state = m_listing != 0 ? State::Loading : State::Failed;
    if (m_listing == 0)
        m_error = tr("Not connected.");
    Q_EMIT stateChanged();
}

void FolderNavigator::askTree(const QByteArray &path)
{
    const quint64 request = m_session->list(path, RemoteBrowser::What::FoldersOnly);
    if (request == 0)
        return m_tree->setUnread(path);
    m_treeRequests.insert(request, {path, {}});
}

void FolderNavigator::take(const RemoteBrowser::Batch &batch)
{
    if (m_check != 0 && batch.request == m_check)
        takeCheck(batch);
    else if (batch.request == m_listing)
        takeList(batch);
    else if (m_treeRequests.contains(batch.request))
        takeTree(batch);
}

void FolderNavigator::takeList(const RemoteBrowser::Batch &batch)
{
    if (std::exchange(m_replacing, false) && m_list->count() > 0)
        m_list->begin(m_path);
    if (m_path == "/" && !isSearching())
        learnShares(batch.entries, false);
    if (!batch.entries.isEmpty())
        m_list->append(batch.entries);
    if (batch.ended) {
        m_listing = 0;
        m_state = batch.failed() ? State::Failed : batch.tooLong ? State::TooLong : State::Complete;
        m_error = displayText(batch.error.text);
        if (!batch.failed() && !isSearching())
            m_tree->setFolders(m_path, m_list->folders());
    }
    Q_EMIT stateChanged();
}

/// `all`: there are no others. Whether anything is different.
bool FolderNavigator::learnShares(const QList<RemoteEntry> &shares, bool all)
{
    const auto before = m_taking;
    if (all)
        m_taking.clear();
    for (const RemoteEntry &share : shares) {
        if (share.access == extended::Access::Read)
            m_taking.remove(share.name);
        else
            m_taking.insert(share.name, share.access);
    }
    return m_taking != before;
}

QByteArray FolderNavigator::shareOf(const QByteArray &path)
{
    return path.mid(1).split('/').first();
}

extended::Access FolderNavigator::accessTo(const QByteArray &path) const
{
    return m_taking.value(shareOf(path), extended::Access::Read);
}

QByteArrayList FolderNavigator::takingShares() const
{
    QByteArrayList names = m_taking.keys();
    std::sort(names.begin(), names.end(), [](const QByteArray &a, const QByteArray &b) {
        return client::naturalKey(a) < client::naturalKey(b);
    });
    return names;
}

void FolderNavigator::takeTree(const RemoteBrowser::Batch &batch)
{
    TreeRequest &request = m_treeRequests[batch.request];
    request.folders += batch.entries;
    if (!batch.ended)
        return;
    const TreeRequest done = m_treeRequests.take(batch.request);
    if (batch.failed())
        return m_tree->setUnread(done.path);
    QList<RemoteEntry> folders = done.folders;
    const bool learned = done.path == "/" && learnShares(folders, true);
    std::sort(folders.begin(), folders.end(), client::naturallyBefore);
    QByteArrayList names;
    names.reserve(folders.size());
    for (const RemoteEntry &folder : std::as_const(folders))
        names.append(folder.name);
    m_tree->setFolders(done.path, names);
    Q_EMIT treeGrown();
    if (learned)
        Q_EMIT stateChanged(); // of an inbox there is something else to say
}

} // namespace ferry::gui
