// SPDX-License-Identifier: MIT
#include "client-gui/window/windowframe.h"

#include "client-gui/dialogs/clientprompts.h"
#include "client-gui/queue/overallprogress.h"
#include "client-gui/queue/queueactions.h"
#include "client-gui/settings/settings.h"
#include "client-gui/window/desktoppresence.h"
#include "client-gui/window/statusline.h"
#include "client-gui/window/whendone.h"
#include "client-gui/window/windowmenus.h"
#include "gui-common/desktop/desktopbus.h"
#include "gui-common/desktop/keepawake.h"
#include "gui-common/desktop/systempower.h"
#include "gui-common/dialogs/about.h"
#include "gui-common/parts/speedplots.h"

#include <QAbstractItemView>
#include <QAction>
#include <QMainWindow>
#include <QStatusBar>

namespace ferry::gui {

namespace {
constexpr int messageMs = 10'000;
constexpr int smallPlotWidth = 120;
constexpr int largePlotHeight = 110;
} // namespace

WindowFrame::WindowFrame(QMainWindow *window, const WindowMenus *menus, QueueActions *queue,
                         ClientSettings *settings, ClientPrompts *prompts)
    : QObject(window)
    , m_window(window)
    , m_settings(settings)
    , m_prompts(prompts)
    , m_queue(queue)
    , m_plots(new SpeedPlots({smallPlotWidth, window->fontMetrics().ascent()}, largePlotHeight,
                             SpeedPlots::Figure::Hidden, window))
    , m_status(new StatusLine(window->statusBar(), m_plots->small()))
    , m_presence(new DesktopPresence(window, queue))
    , m_awake(new KeepAwake(desktopBus(), systemBus(), this))
    , m_whenDone(new WhenDone(menus->whenDone, window, prompts, new SystemPower(systemBus(), this),
                              [this] { return m_busy; }))
{
    connect(m_whenDone, &WhenDone::quitRequested, window, &QWidget::close);
    connect(m_whenDone, &WhenDone::openFolderRequested, this, &WindowFrame::openFolderRequested);
    m_plots->setAction(menus->showPlot);
    connect(m_presence, &DesktopPresence::told, window->statusBar(),
            [this](const QString &text) { m_window->statusBar()->showMessage(text, messageMs); });
    connect(menus->settings, &QAction::triggered, this, &WindowFrame::askPreferences);
    connect(menus->keys, &QAction::triggered, this, [this] {
        KeysDialog dialog(m_window->menuBar(), keysInLists(), m_window);
        dialog.exec();
    });
    connect(menus->about, &QAction::triggered, this, [this] {
        showAbout(m_window, tr("Ferry Client"),
                  tr("Downloads files from a Ferry Server on your network, sends files there, and "
                     "verifies each one."));
    });
    applyPreferences();
}

QList<KeyHint> WindowFrame::keysInLists() const
{
    return {keyHint(m_queue->pauseOrResume),
            {tr("Files on the server: open the folder, download the file"), {Qt::Key_Return}},
            {tr("Files on the server: parent folder"), {Qt::Key_Backspace}},
            {tr("Filter: to what it found"), {Qt::Key_Down, Qt::Key_Return}},
            {tr("Command: those typed before"), {Qt::Key_Up, Qt::Key_Down}}};
}

QWidget *WindowFrame::largePlot() const
{
    return m_plots->large();
}

void WindowFrame::look(const QueueSummary &summary)
{
    m_plots->add(summary.bytesPerSecond);
    m_status->setSummary(summary);
    m_presence->look(summary, overallFraction(summary));
    // Between two small files none is active, and the speed is still there.
    m_busy = summary.active > 0 || summary.saving() > 0 || summary.bytesPerSecond > 0;
    m_awake->set(m_busy, tr("Files are on their way"));
}

void WindowFrame::queueFinished(const QueueSummary &summary)
{
    m_busy = false;
    if (m_presence->queueFinished(summary))
        m_whenDone->act();
}

void WindowFrame::messagesArrived(const QStringList &senders)
{
    m_presence->messagesArrived(senders);
}

void WindowFrame::askPreferences()
{
    const auto chosen = m_prompts->askPreferences(m_window, m_settings->preferences());
    if (!chosen)
        return;
    m_settings->setPreferences(*chosen);
    m_settings->save();
    applyPreferences();
    Q_EMIT preferencesChanged();
    // Sizes may be in other units now.
    const auto views = m_window->findChildren<QAbstractItemView *>();
    for (QAbstractItemView *view : views)
        view->viewport()->update();
}

void WindowFrame::applyPreferences()
{
    m_presence->setPreferences(m_settings->preferences());
}

} // namespace ferry::gui
