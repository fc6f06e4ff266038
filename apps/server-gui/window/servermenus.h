// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QAction;
class QKeySequence;
class QMainWindow;
class QMenu;

namespace ferry::gui {

class LogPane;
class SessionView;

/// The menus of the server window. The window connects the actions.
class ServerMenus final : public QObject
{
    Q_OBJECT
public:
    ServerMenus(QMainWindow *window, SessionView *sessions, LogPane *log);

    void showRunning(bool running, bool canStart);

    QAction *startStop;
    QAction *addFolder;
    QAction *addFile;
    QAction *copyAddress;
    QAction *copyFingerprint;
    QAction *copyCommand;
    QAction *copyTelnet;
    QAction *copyPassword;
    QAction *newPassword;
    QAction *accounts;
    QAction *blocked;
    QAction *history;
    QAction *settings;
    QAction *quit;
    QMenu *stopAfter;
    QAction *plotShown;
    QAction *setupShown;
    QAction *advancedShown;
    QAction *goToSessions;
    QAction *allLog;
    QAction *messages;
    QAction *received;
    QAction *nextPane;
    QAction *previousPane;
    QAction *keys;
    QAction *about;

private:
    QAction *add(QMenu *menu, const char *iconName, const QString &text,
                 const QKeySequence &shortcut, const char *objectName);
    void addAllLogButton(LogPane *log);
};

} // namespace ferry::gui
