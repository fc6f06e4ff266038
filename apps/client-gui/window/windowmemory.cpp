// SPDX-License-Identifier: MIT
#include "client-gui/window/windowmemory.h"

#include "client-gui/browser/browseractions.h"
#include "client-gui/browser/browserpane.h"
#include "client-gui/queue/queuetable.h"
#include "client-gui/queue/queueview.h"
#include "client-gui/settings/settings.h"
#include "client-gui/window/conversationpane.h"
#include "client-gui/window/windowmenus.h"
#include "gui-common/log/logpane.h"

#include <QAction>
#include <QMainWindow>
#include <QSplitter>

namespace ferry::gui {

void restoreParts(const WindowParts &parts, const ClientSettings &settings)
{
    // Each of these leaves everything as it is if the bytes make no sense.
    parts.window->restoreGeometry(settings.windowGeometry());
    parts.window->restoreState(settings.windowState());
    parts.panes->restoreState(settings.panes());
    parts.queue->table()->restoreColumns(settings.queueColumns());
    parts.browser->restoreState(settings.browser());
    parts.browser->actions()->showHidden->setChecked(settings.hiddenShown());
    parts.conversation->log()->restoreState(settings.logColumns());
    parts.menus->showConversation->setChecked(settings.conversationShown());
    parts.columns->restoreState(settings.columns());
    parts.menus->showPeople->setChecked(settings.peopleShown());
    parts.menus->showPlot->setChecked(settings.plotShown());
}

void rememberParts(const WindowParts &parts, ClientSettings *settings)
{
    settings->setWindowGeometry(parts.window->saveGeometry());
    settings->setWindowState(parts.window->saveState());
    settings->setPanes(parts.panes->saveState());
    settings->setQueueColumns(parts.queue->table()->saveColumns());
    settings->setBrowser(parts.browser->saveState());
    settings->setHiddenShown(parts.browser->actions()->showHidden->isChecked());
    settings->setLogColumns(parts.conversation->log()->saveState());
    settings->setConversationShown(parts.menus->showConversation->isChecked());
    settings->setColumns(parts.columns->saveState());
    settings->setPeopleShown(parts.menus->showPeople->isChecked());
    settings->setPlotShown(parts.menus->showPlot->isChecked());
}

} // namespace ferry::gui
