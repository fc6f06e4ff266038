// SPDX-License-Identifier: MIT
#pragma once

#include <QMenu>
#include <QSystemTrayIcon>

class QWidget;

namespace ferry::gui {

/// A program in the desktop's tray: its state, some actions, and the window at hand. Where there is
/// no tray, there is none of this, and nothing else changes.
class TrayIcon final : public QObject
{
    Q_OBJECT
public:
    /// The actions are the window's own.
    TrayIcon(QWidget *window, const QList<QAction *> &actions);

    void setWanted(bool wanted);

    /// The state, for the tooltip and the menu. False: these were its words already.
    bool setWords(const QString &words);
    /// `marked`: with a dot in a corner, because something waits to be read.
    void setIcon(const QIcon &icon, bool marked = false);
    bool isMarked() const { return m_marked; }

    /// False: there is no tray to say it.
    bool tell(const QString &title, const QString &text);

    /// There is a tray, and the icon is in it.
    bool isShown() const { return m_icon.isVisible() && isAvailable(); }

    /// Whether the desktop has a tray; tests answer in its place.
    static inline bool (*isAvailable)() = &QSystemTrayIcon::isSystemTrayAvailable;

    QString words() const { return m_words; }
    QMenu *menu() { return &m_menu; }

Q_SIGNALS:
    void quitRequested();

public Q_SLOTS:
    void showWindow();

private:
    void place();

    QWidget *m_window;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QAction *m_state;
    QString m_words;
    bool m_wanted = true;
    bool m_marked = false;
};

} // namespace ferry::gui
