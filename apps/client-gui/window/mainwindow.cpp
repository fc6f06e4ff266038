// SPDX-License-Identifier: MIT
#include "client-gui/window/mainwindow.h"

#include "client-gui/browser/addpathsbar.h"
#include "client-gui/browser/browseractions.h"
#include "client-gui/browser/foldernavigator.h"
#include "client-gui/browser/remotesession.h"
#include "client-gui/browser/sending.h"
#include "client-gui/browser/welcome.h"
#include "client-gui/connect/connectbar.h"
#include "client-gui/connect/connector.h"
#include "client-gui/connect/dialectchoice.h"
#include "client-gui/connect/passwordmemory.h"
#include "client-gui/dialogs/clientprompts.h"
#include "client-gui/people/giftdesk.h"
#include "client-gui/people/peoplelink.h"
#include "client-gui/people/peoplepane.h"
#include "client-gui/people/talkmodel.h"
#include "client-gui/queue/destinationbar.h"
#include "client-gui/queue/queueactions.h"
#include "client-gui/queue/queuecontrol.h"
#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/queuetable.h"
#include "client-gui/queue/queueview.h"
#include "client-gui/servers/serverchoice.h"
#include "client-gui/settings/settings.h"
#include "client-gui/window/addressdrop.h"
#include "client-gui/window/conversationpane.h"
#include "client-gui/window/windowframe.h"
#include "client-gui/window/windowmemory.h"
#include "client-gui/window/windowmenus.h"
#include "gui-common/keys/panecycle.h"
#include "gui-common/keys/taborder.h"
#include "gui-common/log/logpane.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/foldbutton.h"
#include "gui-common/parts/pagearea.h"

#include <QAction>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QMenuBar>
#include <QSplitter>
#include <QStatusBar>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace ferry::gui {

using client::ConnectionState;

namespace {
constexpr int pollMs = 200;
constexpr int messageMs = 10'000;
constexpr QSize usual(1000, 700);
} // namespace

MainWindow::MainWindow(client::Client *client, ClientSettings *settings, ClientPrompts *prompts,
                       QWidget *parent)
    : QMainWindow(parent)
    , m_client(client)
    , m_settings(settings)
    , m_prompts(prompts)
    , m_connector(new Connector(client, settings->knownServersFile(), prompts, this))
    , m_remote(new RemoteSession(this))
    , m_queue(new QueueModel(this))
    , m_connectBar(new ConnectBar(this))
    , m_passwords(new PasswordMemory(m_connectBar, m_connector, settings, this))
    , m_addPaths(new AddPathsBar(this))
    , m_destination(new DestinationBar(this))
    , m_columns(new QSplitter(Qt::Horizontal, this))
    , m_panes(new QSplitter(Qt::Vertical, this))
    , m_browser(new BrowserPane(m_remote, this))
    , m_queueView(new QueueView(m_queue, this))
    , m_conversation(new ConversationPane(this))
    , m_peopleModel(new TalkModel(this))
    , m_peoplePane(new PeoplePane(m_peopleModel, this))
    , m_menus(new WindowMenus(menuBar(), m_connectBar, m_browser->actions(), m_browser->sending(),
                              m_queueView->actions(), m_peoplePane->give))
    , m_frame(new WindowFrame(this, m_menus, m_queueView->actions(), settings, prompts))
    , m_queueControl(
          new QueueControl(client, m_queue, m_queueView->actions(), settings, prompts, this))
    , m_servers(new ServerChoice({m_connectBar, m_connector, m_passwords, m_browser->welcome()},
                                 settings, prompts, this))
    , m_people(new PeopleLink({m_peopleModel, m_peoplePane, m_menus->showPeople, client}, this))
    , m_cycle(new PaneCycle(this))
{
    setObjectName(QStringLiteral("clientWindow"));
    setWindowTitle(tr("Ferry Client"));

    makeLayout();
    makeKeys();
    wire();
    wireMenus();
    wireQueue();
    resize(firstSize(this, usual));
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
    m_browser->sending()->setPrompts(m_prompts);
    m_people->setPrompts(m_prompts);
    m_people->setFolder([this] { return m_destination->folder(); });
    m_queueView->addToHeader(m_destination);

    // The panes lie one above the other, each with as much room as it is given.
    m_panes->setObjectName(QStringLiteral("panes"));
    m_panes->addWidget(m_browser);
    m_panes->addWidget(m_queueView);
    m_panes->addWidget(m_conversation);
    m_panes->setStretchFactor(0, 8);
    m_panes->setStretchFactor(1, 5);
    m_panes->setStretchFactor(2, 3);
    m_panes->setChildrenCollapsible(false);
    m_panes->setHandleWidth(rhythm);
    m_columns->setObjectName(QStringLiteral("columns"));
    m_columns->addWidget(m_panes);
    m_columns->addWidget(m_peoplePane);
    m_columns->setStretchFactor(0, 1);
    m_columns->setStretchFactor(1, 0);
    m_columns->setChildrenCollapsible(false);
    m_columns->setHandleWidth(rhythm);

    QToolButton *fold = makeFoldButton(m_menus->showConversation, tr("Conversation"), this);
    fold->setObjectName(QStringLiteral("foldConversation"));
    QToolButton *foldPeople = makeFoldButton(m_menus->showPeople, tr("People"), this);
    foldPeople->setObjectName(QStringLiteral("foldPeople"));
    m_people->setFold(foldPeople);
    auto *folds = new QHBoxLayout;
    folds->setSpacing(2 * rhythm);
    folds->addWidget(fold);
    folds->addStretch(1);
    folds->addWidget(foldPeople);

    auto *page = new QWidget(this);
    auto *layout = new PageLayout(page);
    layout->setContentsMargins(rhythm, rhythm, rhythm, rhythm / 2);
    layout->setSpacing(rhythm);
    layout->addWidget(m_connectBar);
    layout->addWidget(m_addPaths);
    layout->addWidget(m_columns, 1);
    layout->addLayout(folds);
    layout->addWidget(m_frame->largePlot());
    setCentralWidget(new PageArea(page, this));
}

void MainWindow::makeKeys()
{
    addAction(m_connectBar->communicateAction());
    m_cycle->addPane(m_connectBar, m_connectBar->firstField());
    m_cycle->addPane(m_addPaths, m_addPaths->field());
    m_cycle->addPane(m_browser, m_browser->list());
    m_cycle->addPane(m_queueView, m_queueView->table());
    m_cycle->addPane(m_conversation, m_conversation->log()->view());
    m_cycle->addPane(m_peoplePane, m_peoplePane->list());
    auto *order = new TabOrder(centralWidget());
    for (const char *place : {"breadcrumb", "recentHosts"})
        order->watch(findChild<QWidget *>(QString::fromLatin1(place)));
}

void MainWindow::wire()
{
    connect(m_connectBar, &ConnectBar::connectRequested, this,
            [this](const client::ClientConfig &config, bool allowPlainRemote) {
                client::ClientConfig named = config;
                named.name = m_settings->preferences().name;
                named.box = m_people->boxFor(config);
                m_connector->connectTo(named, m_connectBar->host(), allowPlainRemote);
            });
    connect(m_connectBar, &ConnectBar::disconnectRequested, m_connector, &Connector::disconnect);
    connect(m_connectBar, &ConnectBar::tryNowRequested, m_connector, &Connector::tryNow);
    connect(m_connectBar->dialect(), &DialectChoice::changed, m_client,
            &client::Client::setClassic);
    m_client->setClassic(m_connectBar->dialect()->classic());
    connect(m_connector, &Connector::viewChanged, this, &MainWindow::showConnection);
    connect(m_passwords, &PasswordMemory::failed, this,
            [this](const QString &why) { m_prompts->tell(this, tr("Remember password"), why); });
    connect(m_connector, &Connector::connected, this, &MainWindow::connected);
    connect(m_addPaths, &AddPathsBar::pathsEntered, this, &MainWindow::addPaths);
    connect(m_connectBar->dialect(), &DialectChoice::changed, this, &MainWindow::showAddPaths);
    connect(m_browser, &BrowserPane::downloadRequested, this, &MainWindow::download);
    connect(m_browser->sending(), &Sending::sendRequested, this, &MainWindow::send);
    connect(m_browser->sending(), &Sending::refused, m_queueView, &QueueView::showProblem);
    connect(m_queueView, &QueueView::itemsDropped, this,
            [this](const QList<RemoteItem> &items) { download(items, false); });
    connect(m_conversation, &ConversationPane::commandEntered, m_remote, &RemoteSession::say);
    connect(new AddressDrop(this), &AddressDrop::dropped, m_servers, &ServerChoice::use);
    connect(m_destination, &DestinationBar::folderChanged, this, [this](const QString &folder) {
        if (!m_servers->keepFolder(folder))
            m_settings->setDestination(folder);
    });
    connect(m_servers, &ServerChoice::folderWanted, this, [this](const QString &folder) {
        m_destination->setFolder(folder.isEmpty() ? m_settings->destination() : folder);
    });
    connect(m_people, &PeopleLink::arrived, this,
            [this](const QString &sentence) { statusBar()->showMessage(sentence, messageMs); });
    connect(m_people, &PeopleLink::wrote, m_frame, &WindowFrame::messagesArrived);
    connect(m_people->desk(), &GiftDesk::refused, m_queueView, &QueueView::showProblem);
    connect(m_people->desk(), &GiftDesk::openRequested, this, &MainWindow::openRequested);
    connect(m_destination, &DestinationBar::openRequested, this, &MainWindow::openRequested);
}

void MainWindow::wireMenus()
{
    const auto on = [this](QAction *action, auto &&act) {
        connect(action, &QAction::triggered, this, act);
    };
    on(m_menus->changeFolder, [this] { m_destination->change(); });
    on(m_menus->servers, [this] { m_servers->openDialog(); });
    on(m_menus->forgetHosts, [this] { m_servers->forgetRecent(); });
    on(m_menus->quit, [this] { close(); });
    on(m_menus->address, [this] { m_connectBar->focusHost(); });
    on(m_menus->filter, [this] { focusFilter(); });
    on(m_menus->nextPane, [this] { m_cycle->next(); });
    on(m_menus->previousPane, [this] { m_cycle->previous(); });
    on(m_menus->addPaths, [this](bool shown) {
        showAddPaths();
        if (shown)
            m_addPaths->field()->setFocus(Qt::ShortcutFocusReason);
    });
    connect(m_menus->showConversation, &QAction::toggled, m_conversation, &QWidget::setVisible);
    m_conversation->hide();
    showAddPaths();
}

void MainWindow::wireQueue()
{
    connect(m_queueView->actions(), &QueueActions::openRequested, this, &MainWindow::openRequested);
    connect(m_queueControl, &QueueControl::performed, m_queueView->table(),
            &QueueTable::keepSelection);
    connect(m_queueControl, &QueueControl::removed, m_queueView, &QueueView::showRemoved);
    connect(m_queueControl, &QueueControl::problemFound, m_queueView, &QueueView::showProblem);
    connect(m_client, &client::Client::queueFinished, this, [this] {
        m_queueControl->lookAtAll();
        m_frame->queueFinished(m_queue->summary());
    });
    connect(m_frame, &WindowFrame::preferencesChanged, this, [this] {
        m_queueControl->applyPreferences();
        m_destination->setReserve(m_settings->preferences().spaceReserve);
    });
    connect(m_frame, &WindowFrame::openFolderRequested, this,
            [this] { Q_EMIT openRequested(m_destination->folder()); });
    m_queueControl->open();
}

void MainWindow::poll()
{
    m_connector->look();
    m_queueControl->look();
    m_people->look();
    m_frame->look(m_queue->summary());
    const QList<LogRecord> lines =
        m_client->takeConversation() + m_remote->takeConversation() + m_queue->takeSentences();
    if (!lines.isEmpty())
        m_conversation->append(lines);
}

void MainWindow::showConnection()
{
    const ConnectionView &view = m_connector->view();
    m_connectBar->setConnection(view);
    const bool online = view.status.state == ConnectionState::Online;
    m_queueView->setOnline(online);
    m_conversation->setCommands(online && !view.classic,
                                online ? tr("Only encrypted connections take commands here")
                                       : tr("Connect first"));
    showBrowser();
    showPeople();
}

/// A connection that was lost comes back for each by itself.
void MainWindow::showPeople()
{
    const ConnectionView &view = m_connector->view();
    if (view.isOnline() && view.status.people)
        m_people->open(m_connector->sameServer(), m_client->derivedKeys());
    else if (view.isOnline() || !view.isUp())
        m_people->close();
    else
        m_people->mainLost();
}

/// What is listed is of the server that is connected, or was a moment ago.
void MainWindow::showBrowser()
{
    using Mode = BrowserPane::Mode;
    const ConnectionView &view = m_connector->view();
    const Mode mode = view.isOnline() ? (view.classic ? Mode::Classic : Mode::Browsing)
                      : view.isLost() ? Mode::Lost
                      : view.isUp()   ? Mode::Connecting
                                      : Mode::Offline;
    if (mode == m_browsing)
        return;
    if (m_browsing == Mode::Browsing)
        m_remote->close();
    m_browsing = mode;
    if (mode == Mode::Browsing)
        m_remote->open(m_connector->sameServer(), m_client->derivedKeys());
    m_browser->setMode(mode, view.host);
}

/// The classic dialect cannot list, so there it is the only way.
void MainWindow::showAddPaths()
{
    m_addPaths->setVisible(m_menus->addPaths->isChecked() || m_connectBar->dialect()->classic());
}

void MainWindow::focusFilter()
{
    if (m_queueView->isAncestorOf(focusWidget()) || !m_browser->list()->isVisible())
        m_queueView->focusFilter();
    else
        m_browser->focusFilter();
}

void MainWindow::download(const QList<RemoteItem> &items, bool elsewhere)
{
    QString folder = m_destination->folder();
    if (elsewhere)
        folder = m_prompts->askFolder(this, tr("Save files to"), folder);
    if (folder.isEmpty() || items.isEmpty())
        return;
    QList<client::Client::Request> requests;
    requests.reserve(items.size());
    for (const RemoteItem &item : items)
        requests.append({item.path, folder, existingPolicy(), item.folder ? -1 : item.size});
    m_client->add(requests);
    poll();
}

void MainWindow::send(const QByteArrayList &paths, const QByteArray &remoteFolder)
{
    QList<client::Client::Upload> uploads;
    uploads.reserve(paths.size());
    for (const QByteArray &path : paths)
        uploads.append({path, remoteFolder});
    m_client->addUploads(uploads);
    poll();
}

/// The classic dialect cannot tell whether it is the same file, so nobody is asked there.
client::ExistingPolicy MainWindow::existingPolicy() const
{
    return m_connectBar->dialect()->classic() ? client::ExistingPolicy::Rename
                                              : m_settings->preferences().existing;
}

void MainWindow::connected()
{
    const QByteArray invited = m_connectBar->takeInvitedPath();
    if (!invited.isEmpty() && m_browsing == BrowserPane::Mode::Browsing)
        m_browser->navigator()->go(invited);
    // Whoever typed something else meanwhile is left alone.
    if (m_connector->view().classic)
        m_addPaths->field()->setFocus(Qt::OtherFocusReason);
    else if (!focusWidget() || m_connectBar->isAncestorOf(focusWidget()))
        m_browser->list()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::addPaths(const QByteArrayList &paths)
{
    QList<client::Client::Request> requests;
    requests.reserve(paths.size());
    for (const QByteArray &path : paths)
        requests.append({path, m_destination->folder(), existingPolicy()});
    m_client->add(requests);
    poll();
}

void MainWindow::setPasswordStore(PasswordStore *store)
{
    m_passwords->setStore(store);
}

void MainWindow::setClassic(bool classic)
{
    m_connectBar->dialect()->setClassic(classic);
}

void MainWindow::prefill(const QString &host, const QByteArrayList &paths, const QString &password)
{
    if (!host.isEmpty())
        m_servers->use(host);
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

WindowParts MainWindow::parts()
{
    return {this, m_panes, m_columns, m_browser, m_queueView, m_conversation, m_menus};
}

void MainWindow::restore()
{
    m_destination->setFolder(m_settings->destination());
    m_destination->setReserve(m_settings->preferences().spaceReserve);
    restoreParts(parts(), *m_settings);
}

void MainWindow::remember()
{
    rememberParts(parts(), m_settings);
    m_settings->save();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_queue->refresh(m_client->queue());
    const QueueSummary &summary = m_queue->summary();
    const qsizetype begun = summary.active + summary.saving();
    QString words =
        m_connector->view().classic
            ? tr("%Ln files are not done. They will start again from the beginning the next time "
                 "you connect.",
                 nullptr, int(begun))
            : tr("%Ln files are not done. They will resume the next time you connect.", nullptr,
                 int(begun));
    if (m_people->desk()->underWay() > 0)
        words += u' ' + tr("What people give to each other has to be given or saved again.");
    if (begun > 0 && !m_unattended &&
        !m_prompts->confirm(this, tr("Quit while files are on their way?"), words, tr("Quit"))) {
        event->ignore();
        return;
    }
    remember();
    m_people->desk()->end();
    m_people->close();
    m_client->disconnect();
    event->accept();
}

} // namespace ferry::gui
