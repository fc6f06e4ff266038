// SPDX-License-Identifier: MIT
// What the window remembers: its settings, sizes and columns.
#include "server-gui/window/serverwindow.h"

#include "gui-common/logpane.h"
#include "gui-common/theme.h"
#include "server-gui/noticebar.h"
#include "server-gui/run/recorder.h"
#include "server-gui/run/servercontrol.h"
#include "server-gui/sessions/sessioncolumns.h"
#include "server-gui/sessions/sessionview.h"
#include "server-gui/setup/setuppane.h"
#include "server-gui/setup/sharesmodel.h"
#include "server-gui/window/servermenus.h"
#include "server-gui/window/setupfold.h"

#include <QAction>
#include <QSplitter>

namespace ferry::gui {

void ServerWindow::loadSettings(const CommandLine &line)
{
    m_file.load();
    if (!m_file.problem().isEmpty())
        m_notice->show(Tone::Caution, m_file.problem());
    ServerSettings &settings = m_file.settings;
    if (line.port)
        settings.tls.port = *line.port;
    if (line.classicPort)
        settings.classic.port = *line.classicPort;
    m_sharesModel->setShares(settings.shares);
    for (const server::ShareConfig &share : line.shares) {
        if (const Result<> added = m_sharesModel->add(share); !added)
            m_notice->show(Tone::Caution, added.error().text);
    }
    if (settings.classic.isOpenToOthers() && settings.classicPassword.isEmpty())
        m_notice->show(Tone::Caution, tr("Telnet can be overheard, so it has a password of its "
                                         "own now. Tell those who use it."));
    m_setup->setSettings(settings);
    m_setup->putInto(settings);
    m_recorder->apply(settings.limits);
    save();
}

void ServerWindow::settingsChanged()
{
    m_setup->putInto(m_file.settings);
    save();
    m_control->settingsChanged(m_file.settings);
    showAddresses();
    showState();
}

void ServerWindow::limitsChosen(const LimitSettings &limits)
{
    m_file.settings.limits = limits;
    m_recorder->apply(limits);
    settingsChanged();
}

void ServerWindow::save()
{
    if (const Result<> saved = m_file.save(); !saved)
        m_notice->show(Tone::Caution, saved.error().text);
}

void ServerWindow::restoreWindow()
{
    const ServerWindowState &state = m_file.window;
    resize(1100, 760);
    m_fold->restore(state.setupShown); // first: what is folded and unfolded loses its height
    // The setup gets what it needs, the rest is for what happens.
    const int needed = m_setup->minimumSizeHint().height();
    const int folders = 3 * m_setup->fontMetrics().height(); // to see some more of them
    const int rest = height() - 2 * needed;                  // about, with what is above and below
    m_parts->setSizes({needed + folders, rest * 2 / 3, rest / 3});
    restoreGeometry(state.geometry);
    m_setup->restoreState(state.columnsOfSetup);
    m_parts->restoreState(state.heights);
    m_sessionView->columns()->restore(state.sessionColumns);
    m_logPane->restoreState(state.logColumns);
    m_setup->setPasswordsShown(state.passwordShown);
    m_menus->plotShown->setChecked(state.plotShown);
}

void ServerWindow::rememberWindow()
{
    ServerWindowState &state = m_file.window;
    state.geometry = saveGeometry();
    state.columnsOfSetup = m_setup->saveState();
    state.heights = m_parts->saveState();
    state.sessionColumns = m_sessionView->columns()->save();
    state.logColumns = m_logPane->saveState();
    state.passwordShown = m_setup->passwordsShown();
    state.setupShown = m_fold->isWanted();
    state.plotShown = m_menus->plotShown->isChecked();
}

} // namespace ferry::gui
