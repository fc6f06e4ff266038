// SPDX-License-Identifier: MIT
#pragma once

#include <QMenu>
#include <QSystemTrayIcon>

class QWidget;

namespace ferry::gui {

class QueueActions;

/// The client in the desktop's tray: how far the queue is, and the window at hand. Where there is
/// no tray, there is none of this, and nothing else changes.
class QueueTrayIcon final : public QObject
{
    Q_OBJECT
public:
    /// The menu's actions are the window's own.
    QueueTrayIcon(QWidget *window, QueueActions *queue);

    void setWanted(bool wanted);

    /// `fraction`: of the queue, 0…1; negative while nothing is under way. `words` for the tooltip
    /// and the menu.
    void showProgress(double fraction, const QString &words);

    /// False: there is no tray to say it.
    bool tell(const QString &title, const QString &text);

    QString words() const { return m_words; }
    QMenu *menu() { return &m_menu; }
    /// As it is drawn: the program's icon, and while something is under way a bar below it.
    static QIcon iconFor(int percent);

Q_SIGNALS:
    void windowWanted();

private:
    void place();

    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QAction *m_state;
    QString m_words;
    int m_percent = -1;
    bool m_wanted = false;
};

} // namespace ferry::gui
