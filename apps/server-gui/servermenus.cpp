// SPDX-License-Identifier: MIT
#include "server-gui/servermenus.h"

#include "gui-common/icon.h"
#include "gui-common/logpane.h"
#include "server-gui/sessionactions.h"
#include "server-gui/sessionview.h"

#include <QAction>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QToolButton>

namespace ferry::gui {

ServerMenus::ServerMenus(QMainWindow *window, SessionView *sessions, LogPane *log)
    : QObject(window)
    , m_window(window)
{
    QMenu *server = window->menuBar()->addMenu(tr("&Server"));
    startStop = add(server, "start", tr("&Start"), Qt::Key_F5, "startAction");
    stopAfter = server->addMenu(tr("Stop A&fter"));
    stopAfter->setObjectName(QStringLiteral("stopAfterMenu"));
    server->addSeparator();
    addFolder = add(server, "add", tr("&Add Folder…"), QKeySequence::Open, "addFolderAction");
    server->addSeparator();
    copyAddress = add(server, "copy", tr("&Copy Address"), Qt::CTRL | Qt::SHIFT | Qt::Key_C,
                      "copyAddressAction");
    copyPassword = add(server, "copy", tr("Copy &Password"), Qt::CTRL | Qt::SHIFT | Qt::Key_P,
                       "copyPasswordAction");
    copyFingerprint = add(server, "copy", tr("Copy Fin&gerprint"), {}, "copyFingerprintAction");
    copyCommand = add(server, "copy", tr("Copy Co&mmand"), {}, "copyCommandAction");
    copyTelnet = add(server, "copy", tr("Copy &Telnet Line"), {}, "copyTelnetAction");
    newPassword = add(server, "refresh", tr("&New Password…"), {}, "newPasswordAction");
    server->addSeparator();
    accounts = add(server, "client", tr("Acc&ounts…"), {}, "accountsAction");
    blocked = add(server, "ban", tr("&Bans and Lockouts…"), Qt::CTRL | Qt::Key_B, "blockedAction");
    history =
        add(server, "log", tr("&History of Deliveries…"), Qt::CTRL | Qt::Key_H, "historyAction");
    settings =
        add(server, "settings", tr("S&ettings…"), Qt::CTRL | Qt::Key_Comma, "settingsAction");
    server->addSeparator();
    QAction *quit = server->addAction(tr("&Quit"), window, &QWidget::close);
    quit->setShortcut(QKeySequence::Quit);
    quit->setObjectName(QStringLiteral("quitAction"));

    QMenu *session = window->menuBar()->addMenu(tr("S&ession"));
    sessions->actions()->fill(session);

    QMenu *view = window->menuBar()->addMenu(tr("&View"));
    setupShown = view->addAction(tr("&Sharing and Connecting"));
    setupShown->setObjectName(QStringLiteral("setupShown"));
    setupShown->setCheckable(true);
    setupShown->setShortcut(Qt::Key_F9);
    plotShown = view->addAction(icon(QLatin1StringView("plot")), tr("Speed &Plot"));
    plotShown->setObjectName(QStringLiteral("plotShown"));
    plotShown->setCheckable(true);
    plotShown->setShortcut(Qt::Key_F8);
    QMenu *columns = view->addMenu(tr("&Columns of the Sessions"));
    columns->setObjectName(QStringLiteral("columnsMenu"));
    connect(columns, &QMenu::aboutToShow, sessions, [columns, sessions] {
        columns->clear();
        sessions->fillColumnMenu(columns);
    });
    view->addSeparator();
    goToSessions =
        add(view, "client", tr("&Go to the Sessions"), Qt::CTRL | Qt::Key_T, "goToSessions");
    allLog = add(view, "log", tr("Log of &All Sessions"), Qt::CTRL | Qt::Key_L, "allLog");
    log->findAction()->setShortcut(QKeySequence::Find);
    log->saveAction()->setShortcut(QKeySequence::Save);
    for (QAction *action :
         {log->findAction(), log->pauseAction(), log->saveAction(), log->clearAction()})
        view->addAction(action);
    addAllLogButton(log);

    QMenu *help = window->menuBar()->addMenu(tr("&Help"));
    connect(add(help, "info", tr("&About Ferry Server"), {}, "aboutAction"), &QAction::triggered,
            this, &ServerMenus::showAbout);
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
                          const QKeySequence &keys, const char *objectName)
{
    QAction *action = menu->addAction(icon(QLatin1StringView(iconName)), text);
    action->setShortcut(keys);
    action->setObjectName(QLatin1StringView(objectName));
    return action;
}

void ServerMenus::addAllLogButton(LogPane *log)
{
    auto *all = new QToolButton(log);
    all->setText(tr("Show all"));
    all->setToolTip(tr("Show the log of all sessions (Ctrl+L)"));
    all->setObjectName(QStringLiteral("allLogButton"));
    all->setFocusPolicy(Qt::TabFocus);
    all->hide();
    connect(all, &QToolButton::clicked, allLog, &QAction::trigger);
    connect(allLog, &QAction::changed, all, [this, all] { all->setVisible(allLog->isEnabled()); });
    log->addToBar(all);
}

void ServerMenus::showAbout()
{
    QMessageBox box(m_window);
    box.setObjectName(QStringLiteral("about"));
    box.setWindowTitle(tr("About Ferry Server"));
    box.setIconPixmap(m_window->windowIcon().pixmap(64));
    box.setTextFormat(Qt::PlainText);
    box.setText(tr("Ferry Server %1").arg(QStringLiteral(FERRY_VERSION)));
    box.setInformativeText(tr("Hands files to people on your network: choose folders, press Start, "
                              "read out the address and the password.\n\nFree software under the "
                              "MIT licence. Uses Qt %1.")
                               .arg(QString::fromLatin1(qVersion())));
    box.exec();
}

} // namespace ferry::gui
