// SPDX-License-Identifier: MIT
#pragma once

#include <QKeySequence>
#include <QObject>

class QAction;
class QMenu;
class QMenuBar;

namespace ferry::gui {

class BrowserActions;
class ConnectBar;
class QueueActions;
class Sending;

/// The menu bar of the client window: what stands in it and in which order. The window connects
/// what is its own.
class WindowMenus final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned.
    WindowMenus(QMenuBar *bar, ConnectBar *connectBar, BrowserActions *browser,
                const Sending *sending, QueueActions *queue, QAction *give);

    QMenu *whenDone; ///< filled by whoever acts then
    QAction *changeFolder;
    QAction *servers;
    QAction *forgetHosts;
    QAction *settings;
    QAction *quit;
    QAction *addPaths;         ///< checkable
    QAction *showConversation; ///< checkable
    QAction *showPeople;       ///< checkable; its text is that of PeopleLink
    QAction *showPlot;         ///< checkable
    QAction *address;
    QAction *filter;
    QAction *nextPane;
    QAction *previousPane;
    QAction *keys;
    QAction *about;

private:
    QAction *make(QMenu *menu, const char *name, const QString &text, const QKeySequence &key = {});
};

} // namespace ferry::gui
