// SPDX-License-Identifier: MIT
#include "server-gui/window/servermenus.h"

#include "gui-common/log/logpane.h"
#include "gui-common/look/colorscheme.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/tablecolumns.h"
#include "server-gui/sessions/sessionactions.h"
#include "server-gui/sessions/sessionview.h"

#include <QAction>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QToolButton>

namespace ferry::gui {

ServerMenus::ServerMenus(QMainWindow *window, SessionView *sessions, LogPane *log)
    : QObject(window)
{
    QMenu *server = window->menuBar()->addMenu(tr("&Server"));
    startStop = add(server, "start", tr("&Start"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, "startAction");
    stopAfter = server->addMenu(tr("Stop a&fter"));
    stopAfter->setObjectName(QStringLiteral("stopAfterMenu"));
    server->addSeparator();
    addFolder = add(server, "add", tr("&Add folder…"), QKeySequence::Open, "addFolderAction");
    addFile =
        add(server, "file", tr("Add f&ile…"), Qt::CTRL | Qt::SHIFT | Qt::Key_O, "addFileAction");
    server->addSeparator();
    copyAddress = add(server, "copy", tr("&Copy address"), Qt::CTRL | Qt::SHIFT | Qt::Key_C,
                      "copyAddressAction");
    copyPassword = add(server, "copy", tr("Copy &password"), Qt::CTRL | Qt::SHIFT | Qt::Key_P,
                       "copyPasswordAction");
    copyFingerprint = add(server, "copy", tr("Copy fin&gerprint"), {}, "copyFingerprintAction");
    copyCommand = add(server, "copy", tr("Copy co&mmand"), {}, "copyCommandAction");
    copyTelnet = add(server, "copy", tr("Copy &telnet line"), {}, "copyTelnetAction");
    newPassword = add(server, "refresh", tr("&New password…"), {}, "newPasswordAction");
    server->addSeparator();
    accounts = add(server, "client", tr("Acc&ounts…"), {}, "accountsAction");
    blocked = add(server, "ban", tr("&Blocked addresses…"), Qt::CTRL | Qt::Key_B, "blockedAction");
    history = add(server, "log", tr("Transfer &history…"), Qt::CTRL | Qt::Key_H, "historyAction");
    settings =
        add(server, "settings", tr("S&ettings…"), Qt::CTRL | Qt::Key_Comma, "settingsAction");
    server->addSeparator();
    quit = add(server, nullptr, tr("&Quit"), QKeySequence::Quit, "quitAction");

    QMenu *session = window->menuBar()->addMenu(tr("S&ession"));
    sessions->actions()->fill(session);

    QMenu *view = window->menuBar()->addMenu(tr("&View"));
    setupShown = add(view, nullptr, tr("&Sharing and connecting"), Qt::Key_F9, "setupShown");
    setupShown->setCheckable(true);
    advancedShown = add(view, nullptr, tr("A&dvanced"), Qt::SHIFT | Qt::Key_F9, "advancedShown");
    advancedShown->setCheckable(true);
    advancedShown->setStatusTip(tr("Show telnet and the command line (Shift+F9)"));
    plotShown = add(view, nullptr, tr("Speed grap&h"), Qt::Key_F8, "plotShown");
    plotShown->setCheckable(true);
    QMenu *columns = view->addMenu(tr("Session &columns"));
    columns->setObjectName(QStringLiteral("columnsMenu"));
    connect(columns, &QMenu::aboutToShow, sessions, [columns, sessions] {
        columns->clear();
        sessions->columns()->fillMenu(columns);
    });
    view->addMenu(appearanceMenu(window));
    view->addSeparator();
    goToSessions =
        add(view, "client", tr("&Go to the sessions"), Qt::CTRL | Qt::Key_T, "goToSessions");
    connect(add(view, "search", tr("Filter the sess&ions"), Qt::CTRL | Qt::SHIFT | Qt::Key_F,
                "filterSessions"),
            &QAction::triggered, sessions, &SessionView::focusFilter);
    allLog = add(view, "log", tr("&Activity log"), Qt::CTRL | Qt::Key_L, "allLog");
    messages = add(view, "message", tr("&Messages"), Qt::CTRL | Qt::Key_M, "messagesAction");
    received = add(view, "down", tr("&Received files"), Qt::CTRL | Qt::Key_R, "receivedAction");
    log->findAction()->setShortcut(QKeySequence::Find);
    log->saveAction()->setShortcut(QKeySequence::Save);
    view->addActions(
        {log->findAction(), log->pauseAction(), log->saveAction(), log->clearAction()});
    view->addSeparator();
    nextPane = add(view, nullptr, tr("&Next pane"), Qt::Key_F6, "nextPaneAction");
    previousPane =
        add(view, nullptr, tr("Previo&us pane"), Qt::SHIFT | Qt::Key_F6, "previousPaneAction");
    addAllLogButton(log);

    QMenu *help = window->menuBar()->addMenu(tr("&Help"));
    keys = add(help, nullptr, tr("&Keyboard shortcuts"), Qt::Key_F1, "keysAction");
    about = add(help, nullptr, tr("&About Ferry Server"), {}, "aboutAction");
}

void ServerMenus::showRunning(bool running, bool canStart)
{
    startStop->setEnabled(running || canStart);
    const QString text = running ? tr("&Stop") : tr("&Start");
    if (startStop->text() == text)
        return;
    startStop->setText(text);
    startStop->setIcon(icon(QLatin1StringView(running ? "stop" : "start")));
}

QAction *ServerMenus::add(QMenu *menu, const char *iconName, const QString &text,
                          const QKeySequence &shortcut, const char *objectName)
{
    QAction *action = menu->addAction(iconName ? icon(QLatin1StringView(iconName)) : QIcon(), text);
    action->setShortcut(shortcut);
    action->setObjectName(QLatin1StringView(objectName));
    return action;
}

void ServerMenus::addAllLogButton(LogPane *log)
{
    auto *all = new QToolButton(log);
    all->setText(tr("Show all"));
    all->setToolTip(tr("Show the activity log (Ctrl+L)"));
    all->setObjectName(QStringLiteral("allLogButton"));
    all->setFocusPolicy(Qt::TabFocus);
    all->hide();
    connect(all, &QToolButton::clicked, allLog, &QAction::trigger);
    connect(allLog, &QAction::changed, all, [this, all] { all->setVisible(allLog->isEnabled()); });
    log->addToBar(all);
}

} // namespace ferry::gui
