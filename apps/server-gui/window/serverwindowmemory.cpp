// SPDX-License-Identifier: MIT
// What the window remembers of how it looked, and takes up again.
#include "server-gui/window/serverwindow.h"

#include "gui-common/log/logpane.h"
#include "gui-common/look/colorscheme.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/parts/pagearea.h"
#include "server-gui/sessions/sessionview.h"
#include "server-gui/setup/setuppane.h"
#include "server-gui/window/servermenus.h"
#include "server-gui/window/setupfold.h"

#include <QAction>
#include <QSplitter>

namespace ferry::gui {

void ServerWindow::restoreWindow()
{
    const ServerWindowState &state = m_file.window;
    resize(firstSize(this, QSize(1100, 760)));
    m_fold->restore(state.setupShown); // first: what is folded and unfolded loses its height
    // The setup gets what it needs, the rest is for what happens.
    const int needed = m_setup->minimumSizeHint().height();
    const int folders = 3 * m_setup->fontMetrics().height(); // to see some more of them
    const int rest = height() - 2 * needed;                  // about, with what is above and below
    m_parts->setSizes({needed + folders, rest * 2 / 3, rest / 3});
    restoreGeometry(state.geometry);
    m_setup->restoreColumns(state.columnsOfSetup);
    m_parts->restoreState(state.heights);
    m_sessionView->columns()->restore(state.sessionColumns);
    m_logPane->restoreState(state.logColumns);
    m_setup->setPasswordsShown(state.passwordShown);
    m_menus->plotShown->setChecked(state.plotShown);
    m_menus->advancedShown->setChecked(state.advancedShown ||
                                       m_file.settings.classic.isOpenToOthers());
    setColorScheme(colorSchemeOf(state.colorScheme));
}

void ServerWindow::rememberWindow()
{
    ServerWindowState &state = m_file.window;
    state.geometry = saveGeometry();
    state.columnsOfSetup = m_setup->columns();
    state.heights = m_parts->saveState();
    state.sessionColumns = m_sessionView->columns()->save();
    state.logColumns = m_logPane->saveState();
    state.passwordShown = m_setup->passwordsShown();
    state.setupShown = m_fold->isWanted();
    state.plotShown = m_menus->plotShown->isChecked();
    state.advancedShown = m_menus->advancedShown->isChecked();
    state.colorScheme = colorSchemeKey(colorScheme());
}

} // namespace ferry::gui
