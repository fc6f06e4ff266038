// SPDX-License-Identifier: MIT
#include "client-gui/window/windowmenus.h"

#include "client-gui/browser/browseractions.h"
#include "client-gui/browser/sending.h"
#include "client-gui/connect/connectbar.h"
#include "client-gui/connect/dialectchoice.h"
#include "client-gui/queue/queueactions.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>

namespace ferry::gui {

WindowMenus::WindowMenus(QMenuBar *bar, ConnectBar *connectBar, BrowserActions *browser,
                         const Sending *sending, QueueActions *queue, QAction *give)
    : QObject(bar)
{
    QMenu *file = bar->addMenu(tr("&File"));
    file->setObjectName(QStringLiteral("fileMenu"));
    file->setToolTipsVisible(true);
    file->addAction(connectBar->communicateAction());
    file->addMenu(connectBar->dialect()->choices());
    file->addSeparator();
    file->addActions({browser->download, browser->downloadTo});
    file->addSeparator();
    sending->fillMenu(file);
    file->addAction(sending->paste);
    file->addAction(give);
    file->addSeparator();
    changeFolder = make(file, "changeFolderAction", tr("Change download &folder…"));
    file->addSeparator();
    servers = make(file, "serversAction", tr("Se&rvers…"), Qt::CTRL | Qt::Key_B);
    servers->setStatusTip(tr("The servers you used or saved, with their fingerprints"));
    forgetHosts = make(file, "forgetHostsAction", tr("Clear recent &hosts"));
    forgetHosts->setStatusTip(tr("Clear the servers without a name from the list"));
    file->addSeparator();
    settings = make(file, "settingsAction", tr("&Settings…"), Qt::CTRL | Qt::Key_Comma);
    settings->setMenuRole(QAction::PreferencesRole);
    file->addSeparator();
    quit = make(file, "quitAction", tr("&Quit"), QKeySequence::Quit);
    quit->setMenuRole(QAction::QuitRole);

    QMenu *transfer = bar->addMenu(tr("&Transfer"));
    transfer->setObjectName(QStringLiteral("transferMenu"));
    queue->fillMenu(transfer);
    transfer->addSeparator();
    queue->fillMenuOfAll(transfer);
    transfer->addSeparator();
    whenDone = transfer->addMenu(tr("&When done"));
    whenDone->setObjectName(QStringLiteral("whenDoneMenu"));

    QMenu *view = bar->addMenu(tr("&View"));
    view->setObjectName(QStringLiteral("viewMenu"));
    browser->fillViewMenu(view);
    view->addSeparator();
    addPaths = make(view, "addPathsAction", tr("Add by &path"), Qt::CTRL | Qt::Key_P);
    addPaths->setCheckable(true);
    addPaths->setStatusTip(tr("A field to type or paste paths of files on the server"));
    showConversation = make(view, "showConversationAction", tr("&Conversation"), Qt::Key_F12);
    showConversation->setCheckable(true);
    showConversation->setStatusTip(
        tr("What was received, the protocol lines, and a field to send one"));
    showPeople = make(view, "showPeopleAction", tr("People and &messages"), Qt::Key_F9);
    showPeople->setCheckable(true);
    showPeople->setStatusTip(tr("Who is on the server, and what they write"));
    showPlot = make(view, "showPlotAction", tr("&Speed graph"), Qt::Key_F8);
    showPlot->setCheckable(true);
    showPlot->setStatusTip(tr("The speed of the last minutes, with its scale"));
    view->addSeparator();
    address = make(view, "addressAction", tr("&Go to the address"), Qt::CTRL | Qt::Key_L);
    filter = make(view, "filterAction", tr("Filter the &list"), QKeySequence::Find);
    nextPane = make(view, "nextPaneAction", tr("&Next pane"), Qt::Key_F6);
    previousPane = make(view, "previousPaneAction", tr("Pre&vious pane"), Qt::SHIFT | Qt::Key_F6);

    QMenu *help = bar->addMenu(tr("&Help"));
    keys = make(help, "keysAction", tr("&Keys"), Qt::Key_F1);
    about = make(help, "aboutAction", tr("&About Ferry Client"));
    about->setMenuRole(QAction::AboutRole);
}

QAction *WindowMenus::make(QMenu *menu, const char *name, const QString &text,
                           const QKeySequence &key)
{
    QAction *action = menu->addAction(text);
    action->setShortcut(key);
    action->setObjectName(QString::fromLatin1(name));
    return action;
}

} // namespace ferry::gui
