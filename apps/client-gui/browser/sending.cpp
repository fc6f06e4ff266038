// SPDX-License-Identifier: MIT
#include "client-gui/browser/sending.h"

#include "client-gui/browser/foldernavigator.h"
#include "client-gui/browser/remotelistmodel.h"
#include "client-gui/browser/remotetreemodel.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"
#include "wire/extended/extended.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QTreeView>
#include <QUrl>

namespace ferry::gui {

using extended::Access;

QByteArrayList localFilesIn(const QMimeData *data)
{
    QByteArrayList paths;
    if (!data || data->hasFormat(RemoteListModel::mimeType()))
        return paths;
    const QList<QUrl> urls = data->urls();
    for (const QUrl &url : urls) {
        if (url.isLocalFile())
            paths.append(QFile::encodeName(url.toLocalFile()));
    }
    return paths;
}

Sending::Sending(const Views &views, QObject *parent)
    : QObject(parent)
    , sendFiles(make("sendFilesAction", QLatin1StringView("upload"), tr("Send f&iles…")))
    , sendFolder(make("sendFolderAction", QLatin1StringView("folder"), tr("Send a f&older…")))
    , paste(make("pasteFilesAction", QLatin1StringView("copy"), tr("&Paste files")))
    , m_views(views)
    , m_lastFolder(QDir::homePath())
{
    sendFiles->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_U));
    sendFolder->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_U));
    paste->setShortcut(QKeySequence::Paste);
    // Elsewhere Ctrl+V pastes text.
    paste->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_views.list->addAction(paste);
    m_views.tree->addAction(paste);
    connect(sendFiles, &QAction::triggered, this, &Sending::chooseFiles);
    connect(sendFolder, &QAction::triggered, this, &Sending::chooseFolder);
    connect(paste, &QAction::triggered, this, &Sending::pasteFiles);
    connect(m_views.navigator, &FolderNavigator::moved, this, &Sending::look);
    connect(m_views.navigator, &FolderNavigator::stateChanged, this, &Sending::look);
    connect(m_views.navigator, &FolderNavigator::treeGrown, this, &Sending::look);
    m_views.pane->setAcceptDrops(true);
    m_views.pane->installEventFilter(this);
    for (QTreeView *view : {m_views.list, m_views.tree}) {
        view->viewport()->setAcceptDrops(true);
        view->viewport()->installEventFilter(this);
    }
    look();
}

QAction *Sending::make(const char *name, QLatin1StringView iconName, const QString &text)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setObjectName(QString::fromLatin1(name));
    return action;
}

void Sending::setBrowsing(bool browsing)
{
    m_browsing = browsing;
    look();
}

void Sending::fillMenu(QMenu *menu) const
{
    menu->setToolTipsVisible(true);
    menu->addActions({sendFiles, sendFolder});
}

void Sending::look()
{
    const QString why = whyNot();
    const bool possible = why.isEmpty();
    for (QAction *action : {sendFiles, sendFolder, paste})
        action->setEnabled(possible);
    const auto tell = [&](QAction *action, const QString &text) {
        const QString said = possible ? text : why;
        action->setToolTip(plainToolTip(said));
        action->setStatusTip(said);
    };
    tell(sendFiles, tr("Send files from this computer into this folder (Ctrl+U)"));
    tell(sendFolder, tr("Send a folder with everything in it"));
    tell(paste, tr("Send the files that you copied in the file manager (Ctrl+V)"));
    Q_EMIT changed();
}

/// While a search is shown, what is found lies below it.
QByteArray Sending::shownFolder() const
{
    return m_views.navigator->path();
}

/// The list of shares takes nothing itself; if there is only one that does, that one is meant.
std::optional<QByteArray> Sending::targetFor(const QByteArray &folder) const
{
    const FolderNavigator &navigator = *m_views.navigator;
    if (folder == "/") {
        const QByteArrayList taking = navigator.takingShares();
        return taking.size() == 1 ? std::optional('/' + taking.first()) : std::nullopt;
    }
    return navigator.accessTo(folder) == Access::Read ? std::nullopt : std::optional(folder);
}

QString Sending::whyNot(const QByteArray &folder) const
{
    if (!m_browsing)
        return tr("Connect first, with encryption.");
    if (targetFor(folder))
        return {};
    const QByteArrayList taking = m_views.navigator->takingShares();
    if (taking.isEmpty())
        return tr("This server takes no files: none of its shared folders is for that, or its "
                  "Ferry is too old.");
    QStringList names;
    for (const QByteArray &name : taking)
        names.append(displayText(QByteArrayView(name)));
    const QString list = names.join(QStringLiteral(", "));
    if (folder == "/")
        return tr("Open the folder that you want to send to: %1.").arg(list);
    return tr("“%1” is read-only. Files can be sent to: %2.")
        .arg(displayText(QByteArrayView(FolderNavigator::shareOf(folder))), list);
}

void Sending::chooseFiles()
{
    const QStringList chosen =
        m_prompts->askOpenNames(m_views.pane->window(), tr("Send files"), m_lastFolder);
    QByteArrayList paths;
    for (const QString &path : chosen)
        paths.append(QFile::encodeName(path));
    send(paths, shownFolder());
}

void Sending::chooseFolder()
{
    const QString chosen =
        m_prompts->askFolder(m_views.pane->window(), tr("Send a folder"), m_lastFolder);
    if (!chosen.isEmpty())
        send({QFile::encodeName(chosen)}, shownFolder());
}

void Sending::pasteFiles()
{
    const QByteArrayList paths = localFilesIn(QGuiApplication::clipboard()->mimeData());
    if (paths.isEmpty())
        Q_EMIT refused(tr("There are no files to paste. Copy some in the file manager first."));
    else
        send(paths, shownFolder());
}

void Sending::send(const QByteArrayList &paths, const QByteArray &folder)
{
    if (paths.isEmpty())
        return;
    // A dialog may have been open for long.
    if (const QString why = whyNot(folder); !why.isEmpty())
        return Q_EMIT refused(why);
    m_lastFolder = QFileInfo(QFile::decodeName(paths.first())).path();
    Q_EMIT sendRequested(paths, *targetFor(folder));
}

bool Sending::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove:
    case QEvent::Drop:
        return drag(watched, static_cast<QDropEvent *>(event));
    default:
        return QObject::eventFilter(watched, event);
    }
}

/// Over a folder of the list or the tree that one is meant, elsewhere the one that is shown.
QByteArray Sending::folderUnder(QObject *watched, const QDropEvent *drop) const
{
    const QPoint place = drop->position().toPoint();
    if (watched == m_views.tree->viewport()) {
        const QModelIndex index = m_views.tree->indexAt(place);
        return index.isValid() ? m_views.folders->pathOf(index) : shownFolder();
    }
    if (watched == m_views.list->viewport()) {
        const QModelIndex index = m_views.list->indexAt(place);
        if (index.isValid() && m_views.entries->entry(index.row()).folder)
            return m_views.entries->pathOf(index.row());
    }
    return shownFolder();
}

/// Taken where it cannot be sent to, too: whoever drops it there learns why.
bool Sending::drag(QObject *watched, QDropEvent *event)
{
    const QByteArrayList paths = localFilesIn(event->mimeData());
    if (paths.isEmpty() || !m_browsing) {
        event->ignore();
        return watched != m_views.pane; // an address is for the window
    }
    event->setDropAction(Qt::CopyAction);
    event->accept();
    if (event->type() == QEvent::Drop)
        send(paths, folderUnder(watched, event));
    return true;
}

} // namespace ferry::gui
