// SPDX-License-Identifier: MIT
#include "client-gui/browser/browseractions.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"

#include <QAction>
#include <QKeySequence>
#include <QMenu>

namespace ferry::gui {

BrowserActions::BrowserActions(QObject *parent)
    : QObject(parent)
    , download(make("downloadAction", QLatin1StringView("download"), tr("&Download"),
                    tr("Put the selected files and folders into the queue")))
    , downloadTo(make("downloadToAction", QLatin1StringView("save"), tr("Download &to…"),
                      tr("The same, into a folder that you choose")))
    , open(make("openRemoteAction", QLatin1StringView("folder-open"), tr("&Open"),
                tr("Look into the folder")))
    , copyPath(make("copyRemotePathAction", QLatin1StringView("copy"), tr("&Copy path"),
                    tr("Copy the paths on the server")))
    , back(make("backAction", QLatin1StringView("back"), tr("&Back"),
                tr("The folder before this one")))
    , forward(make("forwardAction", QLatin1StringView("forward"), tr("&Forward"),
                   tr("The folder after this one")))
    , up(make("upAction", QLatin1StringView("up"), tr("Parent f&older"),
              tr("The folder that this one is in")))
    , refresh(make("refreshAction", QLatin1StringView("refresh"), tr("&Refresh"),
                   tr("Read the folder again")))
    , showHidden(new QAction(tr("&Hidden files"), this))
{
    back->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Left));
    forward->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Right));
    up->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Up));
    refresh->setShortcut(QKeySequence(Qt::Key_F5));
    download->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_D));
    showHidden->setObjectName(QStringLiteral("showHiddenAction"));
    showHidden->setCheckable(true);
    showHidden->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_H));
    showHidden->setStatusTip(tr("List names that begin with a dot as well"));
}

QAction *BrowserActions::make(const char *name, QLatin1StringView iconName, const QString &text,
                              const QString &tip)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setToolTip(plainToolTip(tip));
    action->setStatusTip(tip);
    action->setEnabled(false);
    return action;
}

void BrowserActions::fillContextMenu(QMenu *menu) const
{
    menu->addActions({open});
    menu->addSeparator();
    menu->addActions({download, downloadTo});
    menu->addSeparator();
    menu->addActions({copyPath});
}

void BrowserActions::fillViewMenu(QMenu *menu) const
{
    menu->addActions({back, forward, up, refresh, showHidden});
}

} // namespace ferry::gui
