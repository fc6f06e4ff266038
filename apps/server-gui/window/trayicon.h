// SPDX-License-Identifier: MIT
#pragma once

#include <QMenu>
#include <QSystemTrayIcon>

#include <memory>

class QMainWindow;

namespace ferry::gui {

class ServerMenus;

/// The server in the desktop's tray: its state, Start/Stop and the address at hand. Where there
/// is no tray, there is none of this, and nothing else changes.
class TrayIcon final : public QObject
{
    Q_OBJECT
public:
    /// The menu's actions are the window's own.
    TrayIcon(QMainWindow *window, const ServerMenus *menus);

    /// `state` in words, e.g. "Listening on 192.168.1.20:7420".
    void showState(const QString &state, bool running, bool failed);

    QMenu *menu() { return &m_menu; }

private:
    void showWindow();

    QMainWindow *m_window;
    QMenu m_menu;
    QAction *m_state;
    QSystemTrayIcon m_icon;
    QString m_shown;
};

} // namespace ferry::gui
