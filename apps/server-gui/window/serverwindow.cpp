// SPDX-License-Identifier: MIT
#include "server-gui/window/serverwindow.h"

#include "gui-common/desktop/desktopbus.h"
#include "gui-common/desktop/keepawake.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/keys/panecycle.h"
#include "gui-common/log/logmodel.h"
#include "gui-common/log/logpane.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/noticebar.h"
#include "gui-common/parts/pagearea.h"
#include "gui-common/parts/speedplots.h"
#include "gui-common/program/trayicon.h"
#include "server-gui/messages/messagespane.h"
#include "server-gui/run/autostart.h"
#include "server-gui/run/recorder.h"
#include "server-gui/run/servercontrol.h"
#include "server-gui/run/stopafter.h"
#include "server-gui/sessions/announcer.h"
#include "server-gui/sessions/people.h"
#include "server-gui/sessions/sessionactions.h"
#include "server-gui/sessions/sessionmodel.h"
#include "server-gui/sessions/sessionview.h"
#include "server-gui/setup/connectbox.h"
#include "server-gui/setup/doorbox.h"
#include "server-gui/setup/passwordbox.h"
#include "server-gui/setup/setuppane.h"
#include "server-gui/setup/sharesbox.h"
#include "server-gui/setup/sharesmodel.h"
#include "server-gui/window/activitytabs.h"
#include "server-gui/window/serverdialogs.h"
#include "server-gui/window/servermenus.h"
#include "server-gui/window/setupfold.h"
#include "server-gui/window/startbar.h"
#include "server-gui/window/starttroubles.h"
#include "server-gui/window/statewords.h"
#include "server-gui/window/statusline.h"
#include "server-gui/window/stopquestion.h"

#include <QAction>
#include <QCloseEvent>
#include <QMimeData>
#include <QPushButton>
#include <QSplitter>
#include <QStatusBar>
#include <QTreeView>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {
constexpr int pollMs = 250;
constexpr int copiedMs = 4000;
constexpr QSize smallPlot(160, 40);
constexpr int largePlotHeight = 120;

/// A tree view lays all its rows out anew when some come or go: with more of them, a flood of lines
/// holds the window up. All lines are in the file, if one is wanted.
constexpr qsizetype logRows = 20'000;

} // namespace

ServerWindow::ServerWindow(const StartValues &values, QWidget *parent)
    : QMainWindow(parent)
    , m_dataFolder(values.dataFolder)
    , m_file(values.dataFolder)
    , m_prompts(Prompts::standard())
    , m_control(new ServerControl(values.dataFolder, this))
    , m_sharesModel(new SharesModel(this))
    , m_sessionModel(new SessionModel(this))
    , m_logModel(new LogModel(this, logRows))
    , m_recorder(new Recorder(&m_control->server(), values.dataFolder, this))
    , m_dialogs(new ServerDialogs(this, m_control, m_recorder, values.dataFolder))
    , m_stopAfter(new StopAfter(this))
    , m_announcer(new Announcer(this))
    , m_awake(new KeepAwake(desktopBus(), systemBus(), this))
{
    setWindowTitle(tr("Ferry Server"));
    setAcceptDrops(true);
    makeParts();
    m_menus = new ServerMenus(this, m_sessionView, m_logPane);
    makePanes();
    m_stopAfter->fillMenu(m_menus->stopAfter, this);
    m_fold->setAction(m_menus->setupShown);
    m_fold->unfoldFor(m_menus->advancedShown);
    m_setup->setAdvancedAction(m_menus->advancedShown);
    m_tray = new TrayIcon(this, {m_menus->startStop, m_menus->copyAddress});
    loadSettings(values);
    makeConnections();
    connectSessions();
    connectMenus();
    showAddresses();
    restoreWindow();
    m_clock.start();
    poll();
    // Enter or Space is the next step.
    if (m_sharesModel->rowCount() == 0)
        m_sessionView->emptyButton()->setFocus();
    else
        m_startBar->button()->setFocus();
    m_poll.start(pollMs);
    m_control->server().loadBans(values.dataFolder);
    if ((m_file.settings.limits.startWithProgram || values.minimised) &&
        m_sharesModel->rowCount() > 0)
        start();
}

ServerWindow::~ServerWindow()
{
    delete m_statusLine;
}

void ServerWindow::setPrompts(Prompts *prompts)
{
    m_prompts = prompts;
    m_setup->setPrompts(prompts);
    m_logPane->setPrompts(prompts);
    m_dialogs->setPrompts(prompts);
    m_troubles->setPrompts(prompts);
    m_stopAfter->setPrompts(prompts);
}

void ServerWindow::makeParts()
{
    auto *center = new QWidget(this);
    m_startBar = new StartBar(center);
    m_notice = new NoticeBar(center);
    m_setup = new SetupPane(m_sharesModel, center);
    m_fold = new SetupFold(m_setup, center);
    m_plots = new SpeedPlots(smallPlot, largePlotHeight, SpeedPlots::Figure::Shown, center);
    m_startBar->addWidget(m_plots->small());
    m_sessionView = new SessionView(m_sessionModel, center);
    m_activity = new ActivityTabs(m_logModel, m_sharesModel, m_recorder, center);
    m_logPane = m_activity->log();
    m_logPane->hideWire();

    m_parts = new QSplitter(Qt::Vertical, center);
    m_parts->setObjectName(QStringLiteral("parts"));
    for (QWidget *part : {static_cast<QWidget *>(m_setup), static_cast<QWidget *>(m_sessionView),
                          static_cast<QWidget *>(m_activity)})
        m_parts->addWidget(part);
    for (QSplitter *splitter : {static_cast<QSplitter *>(m_setup), m_parts}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(rhythm + rhythm / 2);
    }
    m_parts->setStretchFactor(0, 1);
    m_parts->setStretchFactor(1, 3);
    m_parts->setStretchFactor(2, 2);

    auto *layout = new PageLayout(center);
    layout->setContentsMargins(rhythm, rhythm, rhythm, rhythm / 2);
    layout->setSpacing(rhythm);
    layout->addWidget(m_startBar);
    layout->addWidget(m_notice);
    layout->addWidget(m_plots->large());
    layout->addWidget(m_fold);
    layout->addWidget(m_parts, 1);
    setCentralWidget(new PageArea(center, this));
    m_troubles = new StartTroubles(m_control, m_notice, m_setup->doors(), this);
    m_statusLine = new StatusLine(statusBar());
}

void ServerWindow::makePanes()
{
    auto *panes = new PaneCycle(this);
    panes->addPane(m_startBar, m_startBar->button());
    m_setup->addPanes(panes);
    panes->addPane(m_sessionView, m_sessionView->view());
    m_activity->addPanes(panes);
    connect(m_menus->nextPane, &QAction::triggered, panes, &PaneCycle::next);
    connect(m_menus->previousPane, &QAction::triggered, panes, &PaneCycle::previous);
}

void ServerWindow::makeConnections()
{
    const auto copied = [this](const QString &what) { statusBar()->showMessage(what, copiedMs); };
    connect(&m_poll, &QTimer::timeout, this, &ServerWindow::poll);
    connect(m_startBar, &StartBar::startClicked, this, &ServerWindow::start);
    connect(m_startBar, &StartBar::stopClicked, this, &ServerWindow::stop);
    connect(m_setup, &SetupPane::changed, this, &ServerWindow::settingsChanged);
    connect(m_setup, &SetupPane::refused, this,
            [this](const QString &why) { m_notice->show(Tone::Caution, why); });
    connect(m_setup, &SetupPane::copied, this, copied);
    connect(m_sessionView, &SessionView::copied, this, copied);

    const auto problem = [this](const QString &text) { m_notice->show(Tone::Caution, text); };
    connect(m_control, &ServerControl::problem, this, problem);
    connect(m_recorder, &Recorder::problem, this, problem);
    connect(m_dialogs, &ServerDialogs::problem, this, problem);
    connect(m_activity, &ActivityTabs::refused, this, problem);
    connect(m_activity, &ActivityTabs::currentChanged, this, &ServerWindow::followSelection);
    connect(m_activity, &ActivityTabs::unreadChanged, this, &ServerWindow::showTray);
    connect(m_dialogs, &ServerDialogs::limitsChosen, this, &ServerWindow::limitsChosen);
    connect(m_stopAfter, &StopAfter::due, this, [this, problem](const QString &why) {
        m_control->drain();
        problem(why);
    });
    connect(m_control, &ServerControl::stateChanged, this, [this] {
        showAddresses();
        poll();
    });
    connect(m_tray, &TrayIcon::quitRequested, this, &ServerWindow::quit);
    connect(m_troubles, &StartTroubles::retry, this, &ServerWindow::start);
    connect(m_activity->messages(), &MessagesPane::arrived, m_announcer, &Announcer::addMessages);
    connect(m_announcer, &Announcer::announced, this, [this](const QString &text) {
        // Whoever looks at the window sees it there.
        if (m_file.settings.limits.notify && !isActiveWindow() &&
            !m_tray->tell(windowTitle(), text))
            sendNotification(desktopBus(), windowTitle(), text);
    });
}

void ServerWindow::connectSessions()
{
    connect(m_sessionView, &SessionView::selectedChanged, this, &ServerWindow::followSelection);
    connect(m_sessionView, &SessionView::logRequested, m_activity, &ActivityTabs::goToLog);
    connect(m_sessionView, &SessionView::emptyButtonClicked, this, [this] {
        m_setup->shares()->askAndAdd();
        if (m_sharesModel->rowCount() > 0) // the next step
            m_startBar->button()->setFocus(Qt::OtherFocusReason);
    });
    m_dialogs->serve(m_sessionView->actions());
    connect(m_sessionView->actions(), &SessionActions::messageRequested, m_activity,
            &ActivityTabs::writeTo);
    m_activity->messages()->setSend([this](const QList<quint64> &sessions, const QString &text) {
        return tellPerson(m_control->server(), sessions, text);
    });
    connect(m_sessionView, &SessionView::clearEndedRequested, this, [this] {
        m_control->server().clearEnded();
        poll();
    });
}

void ServerWindow::connectMenus()
{
    const auto on = [this](QAction *action, auto &&slot) {
        connect(action, &QAction::triggered, this, slot);
    };
    on(m_menus->startStop, [this] {
        if (m_control->isRunning())
            stop();
        else
            start();
    });
    ConnectBox *box = m_setup->connectBox();
    on(m_menus->addFolder, [this] { m_setup->shares()->askAndAdd(); });
    on(m_menus->addFile, [this] { m_setup->shares()->askAndAddFile(); });
    on(m_menus->copyAddress, [box] { box->copyAddress(); });
    on(m_menus->copyFingerprint, [box] { box->copyFingerprint(); });
    on(m_menus->copyCommand, [box] { box->copyCommand(); });
    on(m_menus->copyTelnet, [box] { box->copyTelnetLine(); });
    on(m_menus->copyPassword, [box] { box->password()->copy(); });
    on(m_menus->newPassword, [box] { box->password()->makeNew(); });
    on(m_menus->goToSessions, [this] { m_sessionView->view()->setFocus(Qt::ShortcutFocusReason); });
    on(m_menus->allLog, [this] { m_sessionView->clearSelection(); });
    m_activity->setActions(m_menus->allLog, m_menus->messages, m_menus->received);
    on(m_menus->accounts, [this] { m_dialogs->showAccounts(); });
    on(m_menus->blocked, [this] { m_dialogs->showBlocked(); });
    on(m_menus->history, [this] { m_dialogs->showHistory(m_file.settings.limits.keepHistory); });
    on(m_menus->settings, [this] { m_dialogs->showSettings(m_file.settings.limits); });
    on(m_menus->quit, [this] { quit(); });
    on(m_menus->keys, [this] { m_dialogs->showKeys(); });
    on(m_menus->about, [this] { m_dialogs->showAbout(); });
    m_plots->setAction(m_menus->plotShown);
}

void ServerWindow::start()
{
    m_notice->dismiss();
    m_sharesModel->refresh();
    m_control->start(m_file.settings);
}

void ServerWindow::stop()
{
    switch (askToStop(m_prompts, this, m_control->server())) {
    case StopAnswer::Stay:
        break;
    case StopAnswer::Now:
        m_control->stop();
        break;
    case StopAnswer::AfterTransfers:
        m_control->drain();
        break;
    }
}

void ServerWindow::poll()
{
    server::Server &server = m_control->server();
    const QList<server::SessionInfo> sessions = server.sessions();
    m_sessionModel->update(sessions);
    m_logModel->append(m_recorder->poll());
    followSelection(); // who is selected may have new sessions
    m_activity->messages()->look(sessions);
    m_activity->messages()->take(server.takeMessages());

    ServerFigures figures;
    for (const server::SessionInfo &session : sessions) {
        if (session.state != server::SessionState::Ended)
            figures.bytesPerSecond += session.bytesPerSecond;
    }
    m_plots->add(figures.bytesPerSecond);
    m_awake->set(figures.bytesPerSecond > 0 || runningTransfers(sessions) > 0,
                 tr("Files are being transferred"));
    m_fold->look(!sessions.isEmpty(), height());
    m_announcer->look(sessions, server.penalties(), m_clock.elapsed());
    m_stopAfter->look(m_control->upMs(), server.filesSent(), server.liveSessions());
    showState();
    if (isVisible())
        m_inTray = false;
    else if (m_inTray && !m_tray->isShown())
        m_tray->showWindow(); // nothing else would bring it back
    figures.stops = m_stopAfter->text();
    figures.sessions = server.liveSessions();
    figures.maxSessions = m_control->isRunning() ? server.sessionCap() : 0;
    figures.bytesSent = server.bytesSent();
    figures.bytesReceived = server.bytesReceived();
    figures.upMs = m_control->upMs();
    m_statusLine->show(figures);
}

void ServerWindow::showState()
{
    const bool something = m_sharesModel->rowCount() > 0;
    const QString where = m_setup->connectBox()->bestAddress();
    const StateWords words = describeState(*m_control, m_file.settings);
    m_startBar->setCanStart(something);
    m_startBar->showState(words.state, where, words.sentence);
    m_menus->showRunning(m_control->isRunning(), something);
    showTray();
    m_sessionView->setEmptyState(words.emptyTitle, words.emptyText, words.emptyButton);
}

void ServerWindow::showTray()
{
    const int unread = m_activity->unreadMessages();
    QString words = m_startBar->stateWord();
    if (unread > 0)
        words += u'\n' + tr("%Ln new messages", nullptr, unread);
    if (m_tray->setWords(words))
        m_tray->setIcon(m_startBar->stateIcon(), unread > 0);
}

void ServerWindow::showAddresses()
{
    const auto portOf = [](quint16 real, quint16 wanted) { return real != 0 ? real : wanted; };
    const server::Server &server = m_control->server();
    const ServerSettings &settings = m_file.settings;
    m_setup->showDoors(settings,
                       {ownAddresses(), portOf(server.tlsEndpoint().port, settings.tls.port),
                        portOf(server.classicEndpoint().port, settings.classic.port),
                        m_control->fingerprint(), m_control->identityProblem()});
    m_menus->copyFingerprint->setEnabled(!m_control->fingerprint().isEmpty());
    m_menus->copyTelnet->setEnabled(settings.classic.reach != Reach::Nobody);
}

void ServerWindow::followSelection()
{
    const QSet<quint64> ids = m_sessionView->selected();
    const bool one = ids.size() == 1;
    m_logPane->setSessions(ids);
    m_logPane->setSessionColumnShown(!one);
    m_logPane->setTitle(ids.isEmpty() ? tr("Activity log")
                        : one         ? tr("Log of session %1").arg(*ids.begin())
                                      : tr("Log of %Ln sessions", nullptr, int(ids.size())));
    m_logPane->setEmptyText(tr("Nothing yet"));
    m_menus->allLog->setEnabled(!ids.isEmpty() || !m_activity->isLogShown());
}

void ServerWindow::quit()
{
    m_quitting = true;
    const bool closed = close();
    m_quitting = false;
    if (closed)
        Q_EMIT quitRequested();
}

/// Instead of closing the window, if that is wanted and the tray can bring it back.
bool ServerWindow::hideInTray()
{
    m_inTray =
        m_file.settings.limits.closeToTray && !m_unattended && !m_quitting && m_tray->isShown();
    if (m_inTray)
        hide();
    return m_inTray;
}

void ServerWindow::closeEvent(QCloseEvent *event)
{
    if (hideInTray()) {
        event->ignore();
        return;
    }
    if (!m_unattended && !askToClose(m_prompts, this, m_control->server())) {
        event->ignore();
        return;
    }
    m_poll.stop();
    rememberWindow();
    save();
    m_control->stop();
    poll(); // the end of those sessions belongs into the history too
    event->accept();
}

void ServerWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow()) {
        // Cables, networks and folders come and go while one looks elsewhere.
        m_sharesModel->refresh();
        showAddresses();
        m_activity->look();
    }
}

void ServerWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (SharesBox::canAdd(event->mimeData()))
        event->acceptProposedAction();
}

void ServerWindow::dropEvent(QDropEvent *event)
{
    m_setup->shares()->addDropped(event->mimeData());
    event->acceptProposedAction();
}

void ServerWindow::loadSettings(const StartValues &values)
{
    m_file.load();
    if (!m_file.problem().isEmpty())
        m_notice->show(Tone::Caution, m_file.problem());
    ServerSettings &settings = m_file.settings;
    if (values.port)
        settings.tls.port = *values.port;
    if (values.classicPort)
        settings.classic.port = *values.classicPort;
    m_sharesModel->setShares(settings.shares);
    for (const server::ShareConfig &share : values.shares) {
        if (const Result<> added = m_sharesModel->add(share); !added)
            m_notice->show(Tone::Caution, added.error().text);
    }
    if (settings.classic.isOpenToOthers() && settings.classicPassword.isEmpty())
        m_notice->show(Tone::Caution, tr("Telnet isn't encrypted, so it now has a password of its "
                                         "own. Tell those who use it."));
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
    if (const Result<> set = setStartsAtLogin(limits.startAtLogin, m_dataFolder); !set)
        m_notice->show(Tone::Caution, set.error().text);
    m_recorder->apply(limits);
    settingsChanged();
}

void ServerWindow::save()
{
    if (const Result<> saved = m_file.save(); !saved)
        m_notice->show(Tone::Caution, saved.error().text);
}

} // namespace ferry::gui
