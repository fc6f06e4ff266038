// SPDX-License-Identifier: MIT
#pragma once

class QMainWindow;
class QSplitter;

namespace ferry::gui {

class BrowserPane;
class ClientSettings;
class ConversationPane;
class QueueView;
class WindowMenus;

/// The parts of the client window whose places and sizes are remembered. Nothing is owned.
struct WindowParts
{
    QMainWindow *window;
    QSplitter *panes;
    QSplitter *columns; ///< the panes, and the people beside them
    BrowserPane *browser;
    QueueView *queue;
    ConversationPane *conversation;
    const WindowMenus *menus;
};

/// Leaves as it is whatever was not remembered, or makes no sense.
void restoreParts(const WindowParts &parts, const ClientSettings &settings);
void rememberParts(const WindowParts &parts, ClientSettings *settings);

} // namespace ferry::gui
