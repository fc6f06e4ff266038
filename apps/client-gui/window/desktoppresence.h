// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/desktop/desktopbus.h"

#include "client-gui/queue/queuemodel.h"

#include <QDBusConnection>
#include <QIcon>
#include <QObject>

class QMainWindow;

namespace ferry::gui {

class QueueActions;
class TrayIcon;
struct Preferences;

/// The queue's progress outside the window: in its title, in the task bar and in the tray; and a
/// notification when it is done.
class DesktopPresence final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned.
    DesktopPresence(QMainWindow *window, QueueActions *queue,
                    const std::optional<QDBusConnection> &bus = desktopBus());

    void setPreferences(const Preferences &preferences);

    /// A few times a second. `fraction`: of the whole queue, 0…1.
    void look(const QueueSummary &summary, double fraction);

    /// Nothing is under way any more, after there was. `summary`: of this moment. False: nothing
    /// was done, since all of it was cancelled.
    bool queueFinished(const QueueSummary &summary);

    TrayIcon *tray() const { return m_tray; }
    /// The program's icon, with a bar below it unless `percent` is negative.
    static QIcon trayIcon(int percent);

Q_SIGNALS:
    /// What queueFinished() said; a sentence.
    void told(const QString &text);

private:
    QMainWindow *m_window;
    TrayIcon *m_tray;
    std::optional<QDBusConnection> m_bus;
    bool m_notify = true;
    int m_percent = -1; ///< as it was told last; -1: none
    qsizetype m_doneBefore = 0;
    qsizetype m_skippedBefore = 0; ///< of m_doneBefore
    qsizetype m_sentBefore = 0;
    qsizetype m_failedBefore = 0;
};

} // namespace ferry::gui
