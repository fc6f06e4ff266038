// SPDX-License-Identifier: MIT
#include "gui-common/program/trayicon.h"

#include "gui-common/look/theme.h"

#include <QAction>
#include <QGuiApplication>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QWidget>

namespace ferry::gui {

TrayIcon::TrayIcon(QWidget *window, const QList<QAction *> &actions)
    : QObject(window)
    , m_window(window)
    , m_state(m_menu.addAction(QString()))
{
    m_menu.setObjectName(QStringLiteral("trayMenu"));
    m_state->setObjectName(QStringLiteral("trayState"));
    m_state->setEnabled(false);
    m_menu.addSeparator();
    m_menu.addActions(actions);
    m_menu.addSeparator();
    connect(m_menu.addAction(tr("&Show the window")), &QAction::triggered, this,
            &TrayIcon::showWindow);
    connect(m_menu.addAction(tr("&Quit")), &QAction::triggered, this, &TrayIcon::quitRequested);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                    showWindow();
            });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &TrayIcon::showWindow);
    m_icon.setContextMenu(&m_menu);
    m_icon.setIcon(window->windowIcon());
}

void TrayIcon::setWanted(bool wanted)
{
    m_wanted = wanted;
    place();
}

/// A tray may come later than the program.
void TrayIcon::place()
{
    const bool shown = m_wanted && isAvailable();
    if (shown != m_icon.isVisible())
        m_icon.setVisible(shown);
}

bool TrayIcon::setWords(const QString &words)
{
    if (words == m_words)
        return false;
    m_words = words;
    m_state->setText(QString(words).replace(u'&', QStringLiteral("&&")));
    m_icon.setToolTip(QGuiApplication::applicationDisplayName() + u'\n' + words);
    place();
    return true;
}

void TrayIcon::setIcon(const QIcon &icon, bool marked)
{
    m_marked = marked;
    if (!marked) {
        m_icon.setIcon(icon);
        return;
    }
    QIcon dotted;
    for (const int side : {16, 22, 32, 64}) {
        QPixmap picture = icon.pixmap(side, side);
        QPainter painter(&picture);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(toneColor(Tone::Accent, QGuiApplication::palette()));
        const double dot = side * 0.45;
        painter.drawEllipse(QRectF(side - dot, side - dot, dot, dot));
        painter.end();
        dotted.addPixmap(picture);
    }
    m_icon.setIcon(dotted);
}

bool TrayIcon::tell(const QString &title, const QString &text)
{
    if (!m_icon.isVisible() || !QSystemTrayIcon::supportsMessages())
        return false;
    m_icon.showMessage(title, text, m_window->windowIcon());
    return true;
}

void TrayIcon::showWindow()
{
    m_window->setWindowState(m_window->windowState() & ~Qt::WindowMinimized);
    m_window->show();
    m_window->raise();
    m_window->activateWindow();
}

} // namespace ferry::gui
