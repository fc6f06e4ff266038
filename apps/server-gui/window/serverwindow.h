// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings/settings.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QTimer>

class QLabel;
class QSplitter;

namespace ferry::gui {

class ActivityTabs;
class Announcer;
class KeepAwake;
class LogModel;
class LogPane;
class NoticeBar;
class Prompts;
class ServerControl;
class ServerMenus;
class Recorder;
class ServerDialogs;
class SessionModel;
class SessionView;
class SetupFold;
class SetupPane;
class SharesModel;
class SpeedPlots;
class StartBar;
class StartTroubles;
class StatusLine;
class StopAfter;
class TrayIcon;

/// The window of Ferry Server: puts the parts together and passes on what they say.
class ServerWindow final : public QMainWindow
{
    Q_OBJECT
public:
    explicit ServerWindow(const StartValues &values, QWidget *parent = nullptr);
    ~ServerWindow() override;

    /// Who answers the questions; the standard one opens dialogs.
    void setPrompts(Prompts *prompts);

    /// Closing asks nobody any more: it is not a person that does it.
    void unattend() { m_unattended = true; }

    ServerControl &control() { return *m_control; }

Q_SIGNALS:
    /// The program is to end. A window that is hidden is not the last one to be closed, so this
    /// has to be said.
    void quitRequested();

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeParts();
    void makeConnections();
    void connectMenus();
    void makePanes();
    void connectSessions();
    void loadSettings(const StartValues &values);
    void restoreWindow();
    void start();
    void stop();
    void quit();
    bool hideInTray();
    void limitsChosen(const LimitSettings &limits);
    void poll();
    void showState();
    void showTray();
    void showAddresses();
    void followSelection();
    void settingsChanged();
    void rememberWindow();
    void save();

    const QString m_dataFolder;
    SettingsFile m_file;
    QTimer m_poll;
    QElapsedTimer m_clock; ///< since the window was made
    Prompts *m_prompts;
    ServerControl *m_control;
    SharesModel *m_sharesModel;
    SessionModel *m_sessionModel;
    LogModel *m_logModel;

    Recorder *m_recorder;
    ServerDialogs *m_dialogs;
    StopAfter *m_stopAfter;
    Announcer *m_announcer;
    KeepAwake *m_awake;
    TrayIcon *m_tray;

    StartBar *m_startBar;
    SpeedPlots *m_plots;
    StartTroubles *m_troubles;
    SetupFold *m_fold;
    NoticeBar *m_notice;
    SetupPane *m_setup;
    SessionView *m_sessionView;
    ActivityTabs *m_activity;
    LogPane *m_logPane;
    StatusLine *m_statusLine;
    QSplitter *m_parts;
    ServerMenus *m_menus;
    bool m_unattended = false;
    bool m_quitting = false; ///< closing is not meant to hide the window
    bool m_inTray = false;   ///< the window is hidden, and the tray has it
};

} // namespace ferry::gui
