// SPDX-License-Identifier: MIT
#include "client-gui/mainwindow.h"

#include "client-gui/addpathsbar.h"
#include "client-gui/clientprompts.h"
#include "client-gui/connectbar.h"
#include "client-gui/connector.h"
#include "client-gui/destinationbar.h"
#include "client-gui/dialectchoice.h"
#include "client-gui/knownserversdialog.h"
#include "client-gui/queueactions.h"
#include "client-gui/queuemodel.h"
#include "client-gui/queueview.h"
#include "client-gui/settings.h"
#include "client-gui/statusstrip.h"
#include "client-gui/welcome.h"
#include "gui-common/format.h"
#include "gui-common/icon.h"
#include "gui-common/logmodel.h"
#include "gui-common/logpane.h"
#include "gui-common/panecycle.h"
#include "gui-common/theme.h"
#include "gui-common/tidytable.h"

#include <QAction>
#include <QCloseEvent>
#include <QMenuBar>
#include <QSplitter>
#include <QStatusBar>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace ferry::gui {

using client::LinkState;

namespace {
constexpr int pollMs = 200;
constexpr QSize usual(1000, 700);
} // namespace

MainWindow::MainWindow(client::Client *client, ClientSettings *settings, ClientPrompts *prompts,
                       QWidget *parent)
    : QMainWindow(parent)
    , m_client(client)
    , m_settings(settings)
    , m_prompts(prompts)
    , m_connector(new Connector(client, settings->knownServersFile(), prompts, this))
    , m_queue(new QueueModel(this))
    , m_log(new LogModel(this))
    , m_connectBar(new ConnectBar(this))
    , m_addPaths(new AddPathsBar(this))
    , m_destination(new DestinationBar(this))
    , m_panes(new QSplitter(Qt::Vertical, this))
    , m_queueView(new QueueView(m_queue, this))
    , m_conversation(new LogPane(m_log, this))
    , m_showConversation(new QAction(tr("&Conversation"), this))
    , m_status(new StatusStrip(statusBar()))
    , m_cycle(new PaneCycle(this))
{
    setObjectName(QStringLiteral("clientWindow"));
    setWindowTitle(tr("Ferry Client"));
    setWindowIcon(icon(QLatin1StringView("ferry-client")));
    resize(usual);

    makeLayout();
    makeMenus();
    makeKeys();
    wire();
    restore();
    poll();

    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &MainWindow::poll);
    timer->start(pollMs);
    // What is missing comes first.
    if (m_connectBar->host().isEmpty())
        m_connectBar->focusHost();
    else
        m_connectBar->focusPassword();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeLayout()
{
    m_connectBar->setPrompts(m_prompts);
    m_destination->setPrompts(m_prompts);
    m_conversation->setPrompts(m_prompts);
    m_conversation->setObjectName(QStringLiteral("conversation"));
    m_conversation->setTitle(tr("Conversation"));
    m_conversation->setSessionColumnShown(false);
    tidyTable(m_conversation->view(), rhythm / 4);
    m_conversation->setEmptyText(tr("The lines on the wire appear here."));

    // What to fetch, and where to: one row, because the two belong to the same thought.
    auto *fetch = new QHBoxLayout;
    fetch->setSpacing(2 * rhythm);
    fetch->addWidget(m_addPaths, 3);
    fetch->addWidget(m_destination, 2, Qt::AlignTop);

    // The panes lie one above the other, each with as much room as it is given.
    m_panes->setObjectName(QStringLiteral("panes"));
    m_panes->addWidget(m_queueView);
    m_panes->addWidget(m_conversation);
    m_panes->setStretchFactor(0, 3);
    m_panes->setStretchFactor(1, 1);
    m_panes->setChildrenCollapsible(false);
    m_panes->setHandleWidth(rhythm);

    auto *page = new QWidget(this);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(rhythm, rhythm, rhythm, rhythm / 2);
    layout->setSpacing(rhythm);
    layout->addWidget(m_connectBar);
    layout->addLayout(fetch);
    layout->addWidget(m_panes, 1);
    setCentralWidget(page);
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->setObjectName(QStringLiteral("fileMenu"));
    file->setToolTipsVisible(true);
    file->addAction(m_connectBar->communicateAction());
    file->addMenu(m_connectBar->dialect()->choices());
    file->addSeparator();
    file->addAction(tr("Change download &folder…"), m_destination, &DestinationBar::change);
    QAction *known = file->addAction(tr("&Known servers…"), this, &MainWindow::showKnownServers);
    known->setObjectName(QStringLiteral("knownServersAction"));
    known->setStatusTip(tr("The servers that are recognised by their fingerprints"));
    QAction *forget = file->addAction(tr("Forget &hosts"), this, [this] {
        m_settings->forgetHosts();
        hostsChanged();
    });
    forget->setObjectName(QStringLiteral("forgetHostsAction"));
    forget->setStatusTip(tr("Empty the list of servers that were connected before"));
    file->addSeparator();
    QAction *quit =
        file->addAction(tr("&Quit"), QKeySequence(QKeySequence::Quit), this, &MainWindow::close);
    quit->setMenuRole(QAction::QuitRole);

    QueueActions *actions = m_queueView->actions();
    QMenu *transfer = menuBar()->addMenu(tr("&Transfer"));
    transfer->setObjectName(QStringLiteral("transferMenu"));
    actions->fillMenu(transfer);
    transfer->addSeparator();
    transfer->addActions({actions->retryFailed, actions->clearDone});

    m_showConversation->setObjectName(QStringLiteral("showConversationAction"));
    m_showConversation->setCheckable(true);
    m_showConversation->setChecked(true);
    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addAction(m_showConversation);
    view->addSeparator();
    view->addAction(tr("&Address"), QKeySequence(Qt::CTRL | Qt::Key_L), m_connectBar,
                    &ConnectBar::focusHost);
    view->addAction(tr("&Filter"), QKeySequence(QKeySequence::Find), m_queueView,
                    &QueueView::focusFilter);
    view->addSeparator();
    view->addAction(tr("&Next pane"), QKeySequence(Qt::Key_F6), m_cycle, &PaneCycle::next);
    view->addAction(tr("&Previous pane"), QKeySequence(Qt::SHIFT | Qt::Key_F6), m_cycle,
                    &PaneCycle::previous);

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    QAction *aboutAction = help->addAction(tr("&About Ferry"), this, &MainWindow::about);
    aboutAction->setMenuRole(QAction::AboutRole);
}

void MainWindow::makeKeys()
{
    addAction(m_connectBar->communicateAction());
    m_cycle->addPane(m_connectBar, m_connectBar->firstField());
    m_cycle->addPane(m_addPaths, m_addPaths->field());
    m_cycle->addPane(m_queueView, m_queueView->table());
    m_cycle->addPane(m_conversation, m_conversation->view());
    setTabOrder(m_connectBar, m_addPaths);
    setTabOrder(m_addPaths, m_destination);
    setTabOrder(m_destination, m_queueView);
    setTabOrder(m_queueView, m_conversation);
}

void MainWindow::wire()
{
    connect(m_connectBar, &ConnectBar::connectRequested, this,
            [this](const client::ClientConfig &config, bool allowPlainRemote) {
                m_connector->connectTo(config, m_connectBar->host(), allowPlainRemote);
            });
    connect(m_connectBar, &ConnectBar::disconnectRequested, m_connector, &Connector::disconnect);
    connect(m_connectBar->dialect(), &DialectChoice::changed, m_client,
            &client::Client::setClassic);
    m_client->setClassic(m_connectBar->dialect()->classic());
    connect(m_connector, &Connector::viewChanged, this, &MainWindow::showLink);
    connect(m_connector, &Connector::connected, this, &MainWindow::connected);
    connect(m_addPaths, &AddPathsBar::pathsEntered, this, &MainWindow::addPaths);
    connect(m_queueView->welcome(), &Welcome::hostChosen, this, [this](const QString &host) {
        m_connectBar->setHost(host);
        m_connectBar->focusPassword();
    });
    connect(m_destination, &DestinationBar::folderChanged, this,
            [this](const QString &folder) { m_settings->setDestination(folder); });
    connect(m_destination, &DestinationBar::openRequested, this, &MainWindow::openRequested);
    connect(m_showConversation, &QAction::toggled, m_conversation, &QWidget::setVisible);

    QueueActions *actions = m_queueView->actions();
    connect(actions, &QueueActions::cancelRequested, this,
            [this](const QList<quint64> &ids) { forEach(ids, &client::Client::cancel); });
    connect(actions, &QueueActions::retryRequested, this,
            [this](const QList<quint64> &ids) { forEach(ids, &client::Client::retry); });
    connect(actions, &QueueActions::removeRequested, this,
            [this](const QList<quint64> &ids) { forEach(ids, &client::Client::remove); });
    connect(actions, &QueueActions::openRequested, this, &MainWindow::openRequested);
    connect(m_queue, &QueueModel::summaryChanged, this,
            [this] { m_status->setSummary(m_queue->summary()); });
    m_status->setSummary(m_queue->summary());
}

void MainWindow::poll()
{
    m_connector->look();
    m_queue->refresh(m_client->queue());
    if (const QList<LogRecord> lines = m_client->takeConversation(); !lines.isEmpty())
        m_log->append(lines);
}

void MainWindow::showLink()
{
    const LinkView &view = m_connector->view();
    m_connectBar->setLink(view);
    m_status->setLink(view);
    m_queueView->setOnline(view.link.state == LinkState::Online);
}

void MainWindow::connected()
{
    // Only what worked is worth remembering.
    m_settings->rememberHost(m_connector->view().host);
    hostsChanged();
    if (m_queue->rowCount() == 0)
        m_addPaths->field()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::showKnownServers()
{
    KnownServersDialog dialog(m_settings->knownServersFile(), m_prompts, this);
    dialog.exec();
}

void MainWindow::addPaths(const QByteArrayList &paths)
{
    QList<client::Client::Request> requests;
    requests.reserve(paths.size());
    for (const QByteArray &path : paths)
        requests.append({path, m_destination->folder(), client::ExistingPolicy::Rename});
    m_client->add(requests);
    poll();
}

void MainWindow::setClassic(bool classic)
{
    m_connectBar->dialect()->setClassic(classic);
}

void MainWindow::prefill(const QString &host, const QByteArrayList &paths, const QString &password)
{
    if (!host.isEmpty()) {
        m_connectBar->setHost(host);
        m_connectBar->focusPassword();
    }
    if (!password.isEmpty())
        m_connectBar->setPassword(password);
    if (!paths.isEmpty())
        addPaths(paths);
}

void MainWindow::reportProblems()
{
    if (!m_settings->problem().isEmpty())
        m_prompts->tell(this, tr("Settings"), m_settings->problem());
}

void MainWindow::hostsChanged()
{
    const QStringList hosts = m_settings->hosts();
    m_connectBar->setHosts(hosts);
    m_queueView->welcome()->setHosts(hosts);
}

void MainWindow::restore()
{
    hostsChanged();
    if (const QStringList hosts = m_settings->hosts(); !hosts.isEmpty())
        m_connectBar->setHost(hosts.first());
    m_destination->setFolder(m_settings->destination());
    // Each of these leaves everything as it is if the bytes make no sense.
    restoreGeometry(m_settings->windowGeometry());
    restoreState(m_settings->windowState());
    m_panes->restoreState(m_settings->panes());
    m_queueView->restoreState(m_settings->queueColumns());
    m_conversation->restoreState(m_settings->logColumns());
    m_showConversation->setChecked(m_settings->conversationShown());
}

void MainWindow::remember()
{
    m_settings->setWindowGeometry(saveGeometry());
    m_settings->setWindowState(saveState());
    m_settings->setPanes(m_panes->saveState());
    m_settings->setQueueColumns(m_queueView->saveState());
    m_settings->setLogColumns(m_conversation->saveState());
    m_settings->setConversationShown(m_showConversation->isChecked());
    m_settings->save();
}

void MainWindow::about()
{
    m_prompts->tell(this, tr("About Ferry"),
                    tr("Ferry Client %1\n\nFetches files from a Ferry Server on your network.")
                        .arg(QStringLiteral(FERRY_VERSION)));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_queue->refresh(m_client->queue());
    const QueueSummary &summary = m_queue->summary();
    const qsizetype begun = summary.active + summary.saving;
    if (begun > 0 &&
        !m_prompts->confirm(
            this, tr("Quit while files are under way?"),
            tr("%n file(s) still under way.", nullptr, int(begun)) + QLatin1Char('\n') +
                tr("What has arrived of them so far is thrown away; files that are done stay."),
            tr("Quit"))) {
        event->ignore();
        return;
    }
    remember();
    m_client->disconnect();
    event->accept();
}

void MainWindow::forEach(const QList<quint64> &ids, void (client::Client::*act)(quint64))
{
    for (const quint64 id : ids)
        (m_client->*act)(id);
    poll();
}

} // namespace ferry::gui
