// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

class QWidget;

namespace ferry::gui {

class FolderNavigator;

/// Looks again at the folder that is shown, so that what changed on the server is seen: when the
/// person comes back to the window, and every few seconds while they are there. Nobody there,
/// nothing is asked: a window that is left open is no load and no work for a server.
class ListingWatch final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned. `view`: where the folder is shown.
    ListingWatch(FolderNavigator *navigator, QWidget *view);

    void setInterval(int ms) { m_timer.setInterval(ms); }

    /// Whether there was somebody to look for, and something to look at.
    bool look();

private:
    bool eventFilter(QObject *watched, QEvent *event) override;

    FolderNavigator *m_navigator;
    QWidget *m_view;
    QTimer m_timer;
    QElapsedTimer m_seen; ///< since the person's last key, click or move
};

} // namespace ferry::gui
