// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QAction;
class QStackedWidget;
class QTabBar;

namespace ferry::gui {

class LogModel;
class LogPane;
class PaneCycle;
class ReceivedModel;
class ReceivedPane;
class Recorder;
class SharesModel;

/// What happens: the log, and beside it what others put in. There is no tab for the latter as long
/// as nobody can put anything in and nobody did.
class ActivityTabs final : public QWidget
{
    Q_OBJECT
public:
    /// Nothing of it is owned.
    ActivityTabs(LogModel *log, const SharesModel *shares, Recorder *recorder, QWidget *parent);

    LogPane *log() const { return m_log; }
    bool isLogShown() const;
    void addPanes(PaneCycle *panes) const;

    /// What brings each to the front; `received` is enabled while there is that tab.
    void setActions(QAction *log, QAction *received);

    /// Brings the log to the front, and the focus into it.
    void goToLog();

Q_SIGNALS:
    void currentChanged(); ///< another one is in front
    void refused(const QString &why);

private:
    void showLog();
    bool hasReceived() const;
    void look();
    void countNew();
    void setNew(int count);

    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    LogPane *m_log;
    const SharesModel *m_shares;
    ReceivedModel *m_received;
    ReceivedPane *m_pane;
    QAction *m_action = nullptr;
    int m_new = 0; ///< files since the tab was last in front
};

} // namespace ferry::gui
