// SPDX-License-Identifier: MIT
#include "client-gui/window/desktoppresence.h"

#include "client-gui/queue/queueactions.h"
#include "client-gui/settings/preferences.h"
#include "client/download.h"
#include "gui-common/desktop/desktopbus.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/program/trayicon.h"

#include <QApplication>
#include <QMainWindow>
#include <QPainter>

#include <algorithm>

namespace ferry::gui {

DesktopPresence::DesktopPresence(QMainWindow *window, QueueActions *queue,
                                 const std::optional<QDBusConnection> &bus)
    : QObject(window)
    , m_window(window)
    , m_tray(new TrayIcon(window, {queue->pauseAll, queue->resumeAll}))
    , m_bus(bus)
{
    connect(m_tray, &TrayIcon::quitRequested, window, &QWidget::close);
    m_clock.start();
}

void DesktopPresence::setPreferences(const Preferences &preferences)
{
    m_notify = preferences.notify;
    m_notifyMessages = preferences.notifyMessages;
    m_tray->setWanted(preferences.trayIcon);
}

void DesktopPresence::look(const QueueSummary &summary, double fraction)
{
    lookAtMessages();
    // What was cleared away is no part of what comes.
    m_doneBefore = std::min(m_doneBefore, summary.done);
    m_skippedBefore = std::min(m_skippedBefore, summary.in(client::DownloadState::Skipped));
    m_sentBefore = std::min(m_sentBefore, summary.sent);
    m_failedBefore = std::min(m_failedBefore, summary.failed);

    const bool underWay = summary.active > 0 || summary.saving() > 0;
    QString words = tr("Nothing is on its way");
    if (underWay) {
        words = tr("%1: %2 of %3 done, %4", "percentage, files, files, speed")
                    .arg(formatPercent(fraction), formatCount(summary.done),
                         formatCount(summary.total()), formatSpeed(summary.bytesPerSecond));
    } else if (summary.waiting > 0) {
        words = tr("%1 waiting", "files").arg(formatCount(summary.waiting));
    }
    m_tray->setWords(words);

    const int percent = underWay ? int(fraction * 100) : -1;
    if (percent == m_percent)
        return;
    m_percent = percent;
    m_tray->setIcon(trayIcon(percent));
    sendTaskbarProgress(m_bus, underWay ? fraction : -1);
    const QString name = tr("Ferry Client");
    m_window->setWindowTitle(
        underWay ? tr("%1 – %2", "percentage, program").arg(formatPercent(fraction), name) : name);
}

bool DesktopPresence::queueFinished(const QueueSummary &summary)
{
    const qsizetype done = summary.done - std::exchange(m_doneBefore, summary.done);
    const qsizetype skippedNow = summary.in(client::DownloadState::Skipped);
    const qsizetype skipped = skippedNow - std::exchange(m_skippedBefore, skippedNow);
    const qsizetype sent = summary.sent - std::exchange(m_sentBefore, summary.sent);
    const qsizetype fetched = done - skipped - sent;
    const qsizetype failed = summary.failed - std::exchange(m_failedBefore, summary.failed);
    if (done <= 0 && failed <= 0)
        return false; // cancelled, all of it
    const QString title = failed > 0               ? tr("%Ln files failed", nullptr, int(failed))
                          : sent == 0              ? tr("Download complete")
                          : fetched + skipped == 0 ? tr("Everything is sent")
                                                   : tr("Everything is done");
    QStringList sentences;
    if (fetched > 0)
        sentences << tr("%Ln files downloaded.", nullptr, int(fetched));
    if (skipped > 0)
        sentences << tr("%Ln files were here already.", nullptr, int(skipped));
    if (sent > 0)
        sentences << tr("%Ln files sent.", nullptr, int(sent));
    if (failed > 0)
        sentences << tr("The Attention tab says why.");
    const QString text = sentences.join(u' ');
    Q_EMIT told(title + QStringLiteral(": ") + text);
    // Whoever looks at the window sees it there.
    if (!m_notify || m_window->isActiveWindow())
        return true;
    tell(title, text);
    return true;
}

void DesktopPresence::tell(const QString &title, const QString &text)
{
    if (!m_tray->tell(title, text))
        sendNotification(m_bus, title, text);
    QApplication::alert(m_window);
}

void DesktopPresence::lookAtMessages()
{
    if (!m_notifyMessages || m_window->isActiveWindow())
        m_messages.clear();
    if (const QString text = m_messages.take(m_clock.elapsed()); !text.isEmpty())
        tell(tr("Ferry Client"), text);
}

QIcon DesktopPresence::trayIcon(int percent)
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
