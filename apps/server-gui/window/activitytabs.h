// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QAction;
class QStackedWidget;
class QTabBar;

namespace ferry::gui {

class LogModel;
class LogPane;
class MessagesPane;
class PaneCycle;
class ReceivedModel;
class ReceivedPane;
class Recorder;
class SharesModel;

/// What happens: the log, and beside it what people write and what they put in. There is no tab for
/// the latter as long as nobody can put anything in and nobody did.
class ActivityTabs final : public QWidget
{
    Q_OBJECT
public:
    /// Nothing of it is owned.
    ActivityTabs(LogModel *log, const SharesModel *shares, Recorder *recorder, QWidget *parent);

    LogPane *log() const { return m_log; }
    MessagesPane *messages() const { return m_messages; }
    int unreadMessages() const { return m_unread; }
    /// The messages in front count as read while the window is the active one.
    void look();
    bool isLogShown() const;
    void addPanes(PaneCycle *panes) const;

    /// What brings each to the front; `received` is enabled while there is that tab.
    void setActions(QAction *log, QAction *messages, QAction *received);

    /// Brings the messages to the front, and the cursor into the line for the person of a session.
    void writeTo(quint64 session);

    /// Brings the log to the front, and the focus into it.
    void goToLog();

Q_SIGNALS:
    void currentChanged(); ///< another one is in front
    void unreadChanged();
    void refused(const QString &why);

private:
    enum Tab { Log, Messages, Received };
    void showLog();
    bool hasReceived() const;
    void placeReceived();
    void countNew();
    void setNew(int count);
    void setUnread(int count);
    void showCount(Tab tab, const QString &text, const char *iconName, int count);

    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    LogPane *m_log;
    MessagesPane *m_messages;
    const SharesModel *m_shares;
    ReceivedModel *m_received;
    ReceivedPane *m_pane;
    QAction *m_action = nullptr;
    int m_new = 0;    ///< files since the tab was last in front
    int m_unread = 0; ///< messages
};

} // namespace ferry::gui
