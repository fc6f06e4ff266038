// SPDX-License-Identifier: MIT
#include "server-gui/serverwindow.h"

#include "gui-common/logmodel.h"
#include "gui-common/logpane.h"
#include "gui-common/panecycle.h"
#include "gui-common/prompts.h"
#include "gui-common/theme.h"
#include "server-gui/connectbox.h"
#include "server-gui/doorbox.h"
#include "server-gui/noticebar.h"
#include "server-gui/passwordbox.h"
#include "server-gui/servercontrol.h"
#include "server-gui/servermenus.h"
#include "server-gui/sessionmodel.h"
#include "server-gui/sessionview.h"
#include "server-gui/sharesbox.h"
#include "server-gui/sharesmodel.h"
#include "server-gui/startbar.h"
#include "server-gui/statusline.h"
#include "server/password.h"

#include <QAction>
#include <QCloseEvent>
#include <QComboBox>
#include <QMimeData>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStatusBar>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace ferry::gui {

using server::ServerState;

namespace {
constexpr int pollMs = 250;
constexpr int copiedMs = 4000;
} // namespace

ServerWindow::ServerWindow(const CommandLine &line, QWidget *parent)
    : QMainWindow(parent)
    , m_file(line.dataFolder)
    , m_prompts(Prompts::standard())
    , m_control(new ServerControl(this))
    , m_sharesModel(new SharesModel(this))
    , m_sessionModel(new SessionModel(this))
    , m_logModel(new LogModel(this))
{
    setWindowTitle(tr("Ferry Server"));
    setAcceptDrops(true);
    makeParts();
    m_menus = new ServerMenus(this, m_sessionView, m_logPane);
    loadSettings(line);
    makeConnections();
    connectMenus();
    restoreWindow();
    showAddresses();
    followSelection();
    poll();
    // Enter or Space is the next step.
    if (m_sharesModel->rowCount() == 0)
        m_sessionView->emptyButton()->setFocus();
    else
        m_startBar->button()->setFocus();
    m_poll.start(pollMs);
}

ServerWindow::~ServerWindow()
{
    delete m_statusLine;
}

void ServerWindow::setPrompts(Prompts *prompts)
{
    m_prompts = prompts;
    m_sharesBox->setPrompts(prompts);
    m_passwordBox->setPrompts(prompts);
    m_logPane->setPrompts(prompts);
}

void ServerWindow::makeParts()
{
    auto *center = new QWidget(this);
    m_startBar = new StartBar(center);
    m_notice = new NoticeBar(center);
    m_setup = new QSplitter(Qt::Horizontal, center);
    m_setup->setObjectName(QStringLiteral("setup"));
    m_sharesBox = new SharesBox(m_sharesModel, m_setup);
    m_connectBox = new ConnectBox(m_setup);
    m_passwordBox = m_connectBox->password();
    m_doorBox = m_connectBox->door();
    m_setup->addWidget(m_sharesBox);
    m_setup->addWidget(m_connectBox);
    m_sessionView = new SessionView(m_sessionModel, center);
    m_logPane = new LogPane(m_logModel, center);

    m_parts = new QSplitter(Qt::Vertical, center);
    m_parts->setObjectName(QStringLiteral("parts"));
    for (QWidget *part : {static_cast<QWidget *>(m_setup), static_cast<QWidget *>(m_sessionView),
                          static_cast<QWidget *>(m_logPane)})
        m_parts->addWidget(part);
    for (QSplitter *splitter : {m_setup, m_parts}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(rhythm + rhythm / 2);
    }
    m_setup->setSizes({500, 500});
    m_parts->setStretchFactor(0, 0);
    m_parts->setStretchFactor(1, 3);
    m_parts->setStretchFactor(2, 2);

    auto *layout = new QVBoxLayout(center);
    layout->setContentsMargins(rhythm, rhythm, rhythm, rhythm / 2);
    layout->setSpacing(rhythm);
    layout->addWidget(m_startBar);
    layout->addWidget(m_notice);
    layout->addWidget(m_parts, 1);
    setCentralWidget(center);
    m_statusLine = new StatusLine(statusBar());

    auto *panes = new PaneCycle(this);
    panes->addPane(m_startBar, m_startBar->button());
    panes->addPane(m_sharesBox, m_sharesBox->view());
    panes->addPane(m_connectBox, m_connectBox->addressField());
    panes->addPane(m_sessionView, m_sessionView->view());
    panes->addPane(m_logPane, m_logPane->view());
    connect(new QShortcut(Qt::Key_F6, this), &QShortcut::activated, panes, &PaneCycle::next);
    connect(new QShortcut(Qt::SHIFT | Qt::Key_F6, this), &QShortcut::activated, panes,
            &PaneCycle::previous);
}

void ServerWindow::loadSettings(const CommandLine &line)
{
    m_file.load();
    if (!m_file.problem().isEmpty())
        m_notice->show(Tone::Caution, m_file.problem());
    if (m_file.settings.password.isEmpty())
        m_file.settings.password = server::generatePassword();
    if (line.port)
        m_file.settings.classicPort = *line.port;
    m_sharesModel->setShares(m_file.settings.shares);
    for (const server::ShareConfig &share : line.shares) {
        if (const Result<> added = m_sharesModel->add(share); !added)
            m_notice->show(Tone::Caution, added.error().text);
    }
    m_file.settings.shares = m_sharesModel->shares();
    m_passwordBox->setPassword(m_file.settings.password);
    m_doorBox->setSettings(m_file.settings);
    save();
}

void ServerWindow::makeConnections()
{
    const auto refused = [this](const QString &why) { m_notice->show(Tone::Caution, why); };
    const auto copied = [this](const QString &what) { statusBar()->showMessage(what, copiedMs); };
    connect(&m_poll, &QTimer::timeout, this, &ServerWindow::poll);
    connect(m_startBar, &StartBar::startClicked, this, &ServerWindow::start);
    connect(m_startBar, &StartBar::stopClicked, m_control, &ServerControl::stop);
    connect(m_sharesModel, &SharesModel::sharesChanged, this, &ServerWindow::settingsChanged);
    connect(m_sharesBox, &SharesBox::refused, this, refused);
    connect(m_passwordBox, &PasswordBox::passwordChanged, this, &ServerWindow::settingsChanged);
    connect(m_passwordBox, &PasswordBox::refused, this, refused);
    connect(m_passwordBox, &PasswordBox::copied, this, copied);
    connect(m_doorBox, &DoorBox::doorChanged, this, &ServerWindow::settingsChanged);
    connect(m_connectBox, &ConnectBox::copied, this, copied);

    connect(m_control, &ServerControl::stateChanged, this, [this] {
        showAddresses();
        poll();
    });
    connect(m_control, &ServerControl::portTaken, this, [this](quint16 port, quint16 free) {
        m_notice->show(Tone::Bad,
                       tr("Port %1 cannot be used: another program holds it, or the system keeps "
                          "it for itself. Port %2 is free.")
                           .arg(port)
                           .arg(free),
                       tr("&Use Port %1").arg(free), [this, free] {
                           m_doorBox->setPort(free);
                           start();
                       });
    });
    connect(m_control, &ServerControl::changesWaiting, this, [this] {
        m_notice->show(Tone::Caution,
                       tr("The change applies from the next start on, because sessions are "
                          "running."),
                       tr("&Restart Now, Ending Them"), [this] { m_control->restart(); });
    });

    connect(m_sessionView, &SessionView::selectedChanged, this, &ServerWindow::followSelection);
    connect(m_sessionView, &SessionView::copied, this, copied);
    connect(m_sessionView, &SessionView::logRequested, this,
            [this] { m_logPane->view()->setFocus(Qt::OtherFocusReason); });
    connect(m_sessionView, &SessionView::emptyButtonClicked, m_sharesBox, &SharesBox::askAndAdd);
    connect(m_sessionView, &SessionView::disconnectRequested, this,
            [this](const QList<quint64> &ids) {
                for (const quint64 id : ids)
                    m_control->server().disconnectSession(id);
                poll();
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
            m_control->stop();
        else
            start();
    });
    on(m_menus->addFolder, [this] { m_sharesBox->askAndAdd(); });
    on(m_menus->copyAddress, [this] { m_connectBox->copyAddress(); });
    on(m_menus->copyTelnet, [this] { m_connectBox->copyTelnetLine(); });
    on(m_menus->copyPassword, [this] { m_passwordBox->copy(); });
    on(m_menus->newPassword, [this] { m_passwordBox->makeNew(); });
    on(m_menus->allLog, [this] { m_sessionView->clearSelection(); });
    connect(m_menus->setupShown, &QAction::toggled, m_setup, &QWidget::setVisible);
}

void ServerWindow::start()
{
    m_notice->dismiss();
    m_sharesModel->refresh();
    m_control->start(m_file.settings);
}

void ServerWindow::poll()
{
    server::Server &server = m_control->server();
    const QList<server::SessionInfo> sessions = server.sessions();
    m_sessionModel->update(sessions);
    m_logModel->append(server.takeLog());

    ServerFigures figures;
    for (const server::SessionInfo &session : sessions) {
        if (session.state != server::SessionState::Ended)
            figures.bytesPerSecond += session.bytesPerSecond;
    }
    showState();
    figures.state = m_control->isRunning()
                        ? m_startBar->stateWord()
                        : tr("%1 · nobody can connect").arg(m_startBar->stateWord());
    figures.sessions = server.liveSessions();
    figures.mostSessions = m_control->isRunning() ? server.sessionCap() : 0;
    figures.bytesSent = server.bytesSent();
    figures.upMs = m_control->upMs();
    m_statusLine->show(figures);
}

void ServerWindow::showState()
{
    const bool running = m_control->isRunning();
    const bool failed = !running && !m_control->errorText().isEmpty();
    const bool something = m_sharesModel->rowCount() > 0;
    const QString where = m_connectBox->bestAddress();
    QString why;
    if (failed)
        why = m_control->errorText();
    else if (running)
        why = m_file.settings.classicReach == Reach::ThisComputer
                  ? tr("Only programs on this computer can connect.")
                  : tr("Whoever knows the password can connect.");
    else if (!something)
        why = tr("Nobody can connect. Add a folder first.");
    m_startBar->setCanStart(something);
    m_startBar->showState(failed ? ServerState::Error : m_control->server().state(), where, why);
    m_menus->showRunning(running, something);
    showEmptyState(where);
}

void ServerWindow::showEmptyState(const QString &where)
{
    const bool local = m_file.settings.classicReach == Reach::ThisComputer;
    if (m_control->server().state() == ServerState::Listening)
        m_sessionView->setEmptyState(
            tr("Waiting"),
            local ? tr("Programs on this computer connect to %1 with the password above. For "
                       "other computers, choose so at “Let in”.")
                        .arg(where)
                  : tr("Others connect to %1 with the password above.").arg(where),
            {});
    else if (m_sharesModel->rowCount() == 0)
        m_sessionView->setEmptyState(tr("Nothing is shared yet"),
                                     tr("Add a folder to share, then press Start."),
                                     tr("Add a Folder…"));
    else if (!m_control->errorText().isEmpty())
        m_sessionView->setEmptyState(tr("Not started"),
                                     tr("The reason stands above. Press Start to try again."), {});
    else
        m_sessionView->setEmptyState(
            tr("Ready"),
            local ? tr("Press Start. For other computers, choose so at “Let in” first.")
                  : tr("Press Start, then tell others the address and the password above."),
            {});
}

void ServerWindow::showAddresses()
{
    m_addresses = ownAddresses();
    m_doorBox->setAddresses(m_addresses);
    const quint16 real = m_control->server().classicEndpoint().port;
    m_connectBox->showDoor(m_file.settings, m_addresses,
                           real != 0 ? real : m_file.settings.classicPort);
}

void ServerWindow::followSelection()
{
    const auto id = m_sessionView->selected();
    m_logPane->setSession(id);
    m_logPane->setSessionColumnShown(!id);
    m_logPane->setTitle(id ? tr("Log of session %1").arg(*id) : tr("Log of all sessions"));
    m_logPane->setEmptyText(id ? tr("Nothing was logged for this session.")
                               : tr("What happens is written down here."));
    m_menus->allLog->setEnabled(id.has_value());
}

void ServerWindow::settingsChanged()
{
    m_file.settings.shares = m_sharesModel->shares();
    m_file.settings.password = m_passwordBox->password();
    m_doorBox->putInto(m_file.settings);
    save();
    m_control->settingsChanged(m_file.settings);
    showAddresses();
    showState();
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
    // The setup gets what it needs, the rest is for what happens.
    const int needed = m_connectBox->sizeHint().height();
    m_parts->setSizes({needed, 2 * needed, needed});
    restoreGeometry(state.geometry);
    m_setup->restoreState(state.columnsOfSetup);
    m_parts->restoreState(state.heights);
    m_sessionView->restoreState(state.sessionColumns);
    m_logPane->restoreState(state.logColumns);
    m_passwordBox->setShown(state.passwordShown);
    m_menus->setupShown->setChecked(state.setupShown);
    m_setup->setVisible(state.setupShown);
}

void ServerWindow::rememberWindow()
{
    ServerWindowState &state = m_file.window;
    state.geometry = saveGeometry();
    state.columnsOfSetup = m_setup->saveState();
    state.heights = m_parts->saveState();
    state.sessionColumns = m_sessionView->saveState();
    state.logColumns = m_logPane->saveState();
    state.passwordShown = m_passwordBox->isShown();
    state.setupShown = m_menus->setupShown->isChecked();
}

void ServerWindow::closeEvent(QCloseEvent *event)
{
    const int live = m_control->server().liveSessions();
    if (live > 0 && !m_prompts->confirm(this, tr("Close Ferry Server?"),
                                        tr("%n session(s) will be cut off.", nullptr, live),
                                        tr("Close Anyway"))) {
        event->ignore();
        return;
    }
    m_poll.stop();
    rememberWindow();
    save();
    m_control->stop();
    event->accept();
}

void ServerWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow()) {
        // Cables, networks and folders come and go while one looks elsewhere.
        m_sharesModel->refresh();
        showAddresses();
    }
}

void ServerWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (SharesBox::canAdd(event->mimeData()))
        event->acceptProposedAction();
}

void ServerWindow::dropEvent(QDropEvent *event)
{
    m_sharesBox->addDropped(event->mimeData());
    event->acceptProposedAction();
}

} // namespace ferry::gui
