// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/desktop/desktopbus.h"

#include "client-gui/queue/queuemodel.h"
#include "gui-common/program/messagenotice.h"

#include <QDBusConnection>
#include <QElapsedTimer>
#include <QIcon>
#include <QObject>
#include <QStringList>

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

    /// Messages came, by whom they are from. Whoever looks at the window sees them there.
    void messagesArrived(const QStringList &senders) { m_messages.add(senders); }

    TrayIcon *tray() const { return m_tray; }
    /// The program's icon, with a bar below it unless `percent` is negative.
    static QIcon trayIcon(int percent);

Q_SIGNALS:
    /// What queueFinished() said; a sentence.
    void told(const QString &text);

private:
    void tell(const QString &title, const QString &text);
    void lookAtMessages();

    QMainWindow *m_window;
    TrayIcon *m_tray;
    std::optional<QDBusConnection> m_bus;
    bool m_notify = true;
    bool m_notifyMessages = true;
    MessageNotice m_messages;
    QElapsedTimer m_clock;
    int m_percent = -1; ///< as it was told last; -1: none
    qsizetype m_doneBefore = 0;
    qsizetype m_skippedBefore = 0; ///< of m_doneBefore
    qsizetype m_sentBefore = 0;
    qsizetype m_failedBefore = 0;
};

} // namespace ferry::gui
