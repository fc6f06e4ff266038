// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/dialogs/keysdialog.h"

#include <QObject>

class QMainWindow;

namespace ferry::gui {

class ClientPrompts;
class ClientSettings;
class DesktopPresence;
class KeepAwake;
class QueueActions;
class SpeedPlots;
class StatusLine;
class WhenDone;
class WindowMenus;
struct QueueSummary;

/// What is around the panes of the client window and tells of the whole: status bar, plots, title,
/// tray, task bar, what happens when the queue is done; and the settings, which decide about these.
class WindowFrame final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned.
    WindowFrame(QMainWindow *window, const WindowMenus *menus, QueueActions *queue,
                ClientSettings *settings, ClientPrompts *prompts);

    /// To be placed by the caller.
    QWidget *largePlot() const;

    /// A few times a second.
    void look(const QueueSummary &summary);
    /// Nothing is under way any more, after there was.
    void queueFinished(const QueueSummary &summary);

    void askPreferences();
    /// Messages came, by whom they are from.
    void messagesArrived(const QStringList &senders);

Q_SIGNALS:
    void preferencesChanged();
    /// Of the downloads.
    void openFolderRequested();

private:
    void applyPreferences();
    QList<KeyHint> keysInLists() const;

    QMainWindow *m_window;
    ClientSettings *m_settings;
    ClientPrompts *m_prompts;
    QueueActions *m_queue;
    SpeedPlots *m_plots;
    StatusLine *m_status;
    DesktopPresence *m_presence;
    KeepAwake *m_awake;
    WhenDone *m_whenDone;
    bool m_busy = false; ///< something is being downloaded
};

} // namespace ferry::gui
