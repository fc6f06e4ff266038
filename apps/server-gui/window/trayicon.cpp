// SPDX-License-Identifier: MIT
#include "server-gui/window/trayicon.h"

#include "gui-common/icon.h"
#include "server-gui/window/servermenus.h"

#include <QAction>
#include <QMainWindow>

namespace ferry::gui {

TrayIcon::TrayIcon(QMainWindow *window, const ServerMenus *menus)
    : QObject(window)
    , m_window(window)
    , m_state(m_menu.addAction(QString()))
{
    m_menu.setObjectName(QStringLiteral("trayMenu"));
    m_state->setObjectName(QStringLiteral("trayState"));
    m_state->setEnabled(false);
    m_menu.addSeparator();
    m_menu.addAction(menus->startStop);
    m_menu.addAction(menus->copyAddress);
    m_menu.addSeparator();
    connect(m_menu.addAction(tr("Show the &window")), &QAction::triggered, this,
            &TrayIcon::showWindow);
    connect(m_menu.addAction(tr("&Quit")), &QAction::triggered, window, &QWidget::close);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                    showWindow();
            });
    m_icon.setContextMenu(&m_menu);
    m_icon.setIcon(window->windowIcon());
}

void TrayIcon::showState(const QString &state, bool running, bool failed)
{
    if (state == m_shown)
        return;
    m_shown = state;
    m_state->setText(state);
    m_icon.setToolTip(QStringLiteral("Ferry Server\n") + state);
    m_icon.setIcon(icon(QLatin1StringView(failed    ? "error"
                                          : running ? "connect"
                                                    : "disconnect"),
                        failed    ? Tone::Bad
                        : running ? Tone::Accent
                                  : Tone::Quiet));
    if (QSystemTrayIcon::isSystemTrayAvailable())
        m_icon.show();
}

void TrayIcon::showWindow()
{
    m_window->showNormal();
    m_window->raise();
    m_window->activateWindow();
}

} // namespace ferry::gui
