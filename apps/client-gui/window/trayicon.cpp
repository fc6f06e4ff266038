// SPDX-License-Identifier: MIT
#include "client-gui/window/trayicon.h"

#include "client-gui/queue/queueactions.h"
#include "gui-common/icon.h"
#include "gui-common/theme.h"

#include <QAction>
#include <QApplication>
#include <QPainter>
#include <QWidget>

namespace ferry::gui {

QueueTrayIcon::QueueTrayIcon(QWidget *window, QueueActions *queue)
    : QObject(window)
    , m_state(m_menu.addAction(QString()))
{
    m_menu.setObjectName(QStringLiteral("trayMenu"));
    m_state->setObjectName(QStringLiteral("trayState"));
    m_state->setEnabled(false);
    m_menu.addSeparator();
    m_menu.addActions({queue->pauseAll, queue->resumeAll});
    m_menu.addSeparator();
    connect(m_menu.addAction(tr("&Show the window")), &QAction::triggered, this,
            &QueueTrayIcon::windowWanted);
    connect(m_menu.addAction(tr("&Quit")), &QAction::triggered, window, &QWidget::close);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                    Q_EMIT windowWanted();
            });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &QueueTrayIcon::windowWanted);
    m_icon.setContextMenu(&m_menu);
    m_icon.setIcon(iconFor(-1));
}

void QueueTrayIcon::setWanted(bool wanted)
{
    m_wanted = wanted;
    place();
}

/// A tray may come later than the program.
void QueueTrayIcon::place()
{
    const bool shown = m_wanted && QSystemTrayIcon::isSystemTrayAvailable();
    if (shown != m_icon.isVisible())
        m_icon.setVisible(shown);
}

void QueueTrayIcon::showProgress(double fraction, const QString &words)
{
    const int percent = fraction < 0 ? -1 : int(fraction * 100);
    if (percent == m_percent && words == m_words)
        return;
    m_words = words;
    m_state->setText(QString(words).replace(u'&', QStringLiteral("&&")));
    m_icon.setToolTip(QGuiApplication::applicationDisplayName() + u'\n' + words);
    if (percent != m_percent)
        m_icon.setIcon(iconFor(percent));
    m_percent = percent;
    place();
}

bool QueueTrayIcon::tell(const QString &title, const QString &text)
{
    if (!m_icon.isVisible() || !QSystemTrayIcon::supportsMessages())
        return false;
    m_icon.showMessage(title, text, icon(QLatin1StringView("ferry-client")));
    return true;
}

QIcon QueueTrayIcon::iconFor(int percent)
{
    const QIcon program = icon(QLatin1StringView("ferry-client"));
    if (percent < 0)
        return program;
    QIcon drawn;
    for (const int side : {22, 44}) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        const int bar = side / 5;
        program.paint(&painter, QRect(bar / 2, 0, side - bar - 1, side - bar - 1));
        const QRect groove(0, side - bar, side, bar);
        painter.fillRect(groove, QColor(128, 128, 128));
        painter.fillRect(QRect(groove.topLeft(), QSize(side * percent / 100, bar)),
                         toneColor(Tone::Accent, QGuiApplication::palette()));
        drawn.addPixmap(pixmap);
    }
    return drawn;
}

} // namespace ferry::gui
