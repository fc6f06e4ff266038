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
                    tr("Download the selected files and folders")))
    , downloadTo(make("downloadToAction", QLatin1StringView("save"), tr("Download &to…"),
                      tr("Download to a folder that you choose")))
    , open(make("openRemoteAction", QLatin1StringView("folder-open"), tr("&Open"),
                tr("Open the folder")))
    , preview(make("previewAction", QLatin1StringView("show"), tr("Pr&eview"),
                   tr("Look at the beginning of a text, or at a picture, without saving it")))
    , copyPath(make("copyRemotePathAction", QLatin1StringView("copy"), tr("&Copy path"),
                    tr("Copy the paths on the server")))
    , reveal(make("revealAction", QLatin1StringView("folder"), tr("Sho&w in its folder"),
                  tr("Open the folder that contains it")))
    , back(make("backAction", QLatin1StringView("back"), tr("&Back"), tr("The previous folder")))
    , forward(make("forwardAction", QLatin1StringView("forward"), tr("&Forward"),
                   tr("The next folder")))
    , up(make("upAction", QLatin1StringView("up"), tr("Parent f&older"),
              tr("The folder that contains this one")))
    , refresh(make("refreshAction", QLatin1StringView("refresh"), tr("&Refresh"),
                   tr("Read the folder again")))
    , showHidden(new QAction(tr("&Hidden files"), this))
    , searchBelow(make("searchBelowAction", QLatin1StringView("search-below"),
                       tr("Search subfol&ders"), tr("Also look into the folders below this one")))
{
    searchBelow->setCheckable(true);
    searchBelow->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F));
    back->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Left));
    forward->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Right));
    up->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Up));
    refresh->setShortcut(QKeySequence(Qt::Key_F5));
    preview->setShortcut(QKeySequence(Qt::Key_F3));
    download->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_D));
    showHidden->setObjectName(QStringLiteral("showHiddenAction"));
    showHidden->setCheckable(true);
    showHidden->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_H));
    showHidden->setStatusTip(tr("Also list files whose names begin with a dot"));
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
    menu->addActions({open, preview, reveal});
    menu->addSeparator();
    menu->addActions({download, downloadTo});
    menu->addSeparator();
    menu->addActions({copyPath});
}

void BrowserActions::fillViewMenu(QMenu *menu) const
{
    menu->addActions({back, forward, up, refresh, preview, showHidden, searchBelow});
}

} // namespace ferry::gui
