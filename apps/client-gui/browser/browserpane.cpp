// SPDX-License-Identifier: MIT
#include "client-gui/browser/browserpane.h"

#include "client-gui/browser/breadcrumb.h"
#include "client-gui/browser/browseractions.h"
#include "client-gui/browser/foldernavigator.h"
#include "client-gui/browser/listingwatch.h"
#include "client-gui/browser/previewdialog.h"
#include "client-gui/browser/remotesession.h"
#include "client-gui/browser/remotetreemodel.h"
#include "client-gui/browser/remoteviews.h"
#include "client-gui/browser/sending.h"
#include "client-gui/browser/welcome.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/emptystate.h"
#include "gui-common/parts/fields.h"

#include <QAction>
#include <QClipboard>
#include <QDataStream>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QIODevice>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace ferry::gui {

namespace {

constexpr int typingMs = 400;

QToolButton *toolButton(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(action->text().remove(u'&'));
    return button;
}

} // namespace

BrowserPane::BrowserPane(RemoteSession *session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_entries(new RemoteListModel(this))
    , m_folders(new RemoteTreeModel(this))
    , m_navigator(new FolderNavigator(session, m_entries, m_folders, this))
    , m_actions(new BrowserActions(this))
    , m_pages(new QStackedWidget(this))
    , m_welcome(new Welcome(this))
    , m_classic(new EmptyState(this))
    , m_browser(new QWidget(this))
    , m_breadcrumb(new Breadcrumb(this))
    , m_filter(searchField(QStringLiteral("remoteFilter"),
                           tr("Filter the files on the server by name"), tr("Filter (Ctrl+F)"),
                           this))
    , m_typed(new QTimer(this))
    , m_split(new QSplitter(this))
    , m_tree(new QTreeView(this))
    , m_content(new QStackedWidget(this))
    , m_list(new QTreeView(this))
    , m_words(new EmptyState(this))
    , m_totals(namedLabel(QStringLiteral("remoteTotals"), this))
{
    setObjectName(QStringLiteral("browserPane"));
    m_tree->setModel(m_folders);
    setUpRemoteTree(m_tree);
    m_list->setModel(m_entries);
    m_columns = setUpRemoteList(m_list);
    m_classic->setObjectName(QStringLiteral("classicHint"));
    m_classic->setIcon(icon(QLatin1StringView("download")));
    m_classic->setText(tr("This connection cannot list folders. Type the path of a file above, "
                          "e.g. /Photos/a.raw, and press Enter."));

    m_words->setObjectName(QStringLiteral("browserWords"));
    m_content->setFrameStyle(QFrame::StyledPanel | QFrame::Sunken);
    m_content->addWidget(m_list);
    m_content->addWidget(m_words);
    m_pages->setFrameStyle(QFrame::NoFrame);
    for (QWidget *page : {static_cast<QWidget *>(m_welcome), static_cast<QWidget *>(m_classic),
                          static_cast<QWidget *>(m_words)}) {
        page->setBackgroundRole(QPalette::Base);
        page->setAutoFillBackground(true);
    }
    m_split->setObjectName(QStringLiteral("browserSplit"));
    m_split->addWidget(m_tree);
    m_split->addWidget(m_content);
    m_split->setStretchFactor(0, 1);
    m_split->setStretchFactor(1, 3);
    m_split->setSizes({220, 660});
    m_split->setHandleWidth(rhythm);
    m_split->setChildrenCollapsible(false);

    m_sending = new Sending({m_navigator, m_list, m_entries, m_tree, m_folders, this}, this);

    auto *browser = tightLayout<QVBoxLayout>(m_browser, rhythm / 2);
    browser->addWidget(makeBar());
    browser->addWidget(m_split, 1);
    browser->addWidget(makeFooter());
    m_pages->addWidget(m_welcome);
    m_pages->addWidget(m_classic);
    m_pages->addWidget(m_browser);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pages);
    wire();
    new ListingWatch(m_navigator, m_list);
    showFolder();
}

QWidget *BrowserPane::makeBar()
{
    m_filter->setFixedWidth(200);
    auto *bar = new QWidget(this);
    auto *layout = tightLayout<QHBoxLayout>(bar, rhythm / 2);
    for (QAction *action : {m_actions->back, m_actions->forward, m_actions->up, m_actions->refresh})
        layout->addWidget(toolButton(action, bar));
    layout->addWidget(m_breadcrumb, 1);
    layout->addWidget(m_filter);
    layout->addWidget(toolButton(m_actions->searchBelow, bar));
    return bar;
}

QWidget *BrowserPane::makeFooter()
{
    auto *download = new QPushButton(m_actions->download->icon(), tr("&Download"), this);
    download->setObjectName(QStringLiteral("downloadButton"));
    download->setAutoDefault(false);
    download->setToolTip(m_actions->download->toolTip());
    connect(download, &QPushButton::clicked, m_actions->download, &QAction::trigger);
    connect(m_actions->download, &QAction::changed, download,
            [this, download] { download->setEnabled(m_actions->download->isEnabled()); });
    download->setEnabled(false);
    auto *footer = new QWidget(this);
    auto *layout = tightLayout<QHBoxLayout>(footer, rhythm);
    layout->addStretch(1);
    layout->addWidget(m_totals);
    layout->addWidget(makeSendButton());
    layout->addWidget(download);
    return footer;
}

QPushButton *BrowserPane::makeSendButton()
{
    auto *button = new QPushButton(m_sending->sendFiles->icon(), tr("&Send"), this);
    button->setObjectName(QStringLiteral("sendButton"));
    button->setAutoDefault(false);
    auto *menu = new QMenu(button);
    menu->setObjectName(QStringLiteral("sendMenu"));
    m_sending->fillMenu(menu);
    button->setMenu(menu);
    const auto show = [this, button] {
        const QString why = m_sending->whyNot();
        button->setEnabled(why.isEmpty());
        const QString text =
            why.isEmpty() ? tr("Send files or a folder from this computer into this folder") : why;
        button->setToolTip(plainToolTip(text));
        button->setAccessibleDescription(text);
    };
    connect(m_sending, &Sending::changed, button, show);
    show();
    return button;
}

void BrowserPane::wire()
{
    connect(m_navigator, &FolderNavigator::moved, this, &BrowserPane::showFolder);
    connect(m_navigator, &FolderNavigator::stateChanged, this, &BrowserPane::showState);
    connect(m_navigator, &FolderNavigator::treeGrown, this, [this] {
        const QModelIndex at = m_folders->nearest(m_navigator->path());
        if (at != m_tree->currentIndex() && m_tree->currentIndex() == m_shownInTree)
            showInTree();
    });
    connect(m_breadcrumb, &Breadcrumb::chosen, m_navigator, &FolderNavigator::go);
    wireSearch();
    connect(m_tree, &QTreeView::clicked, this,
            [this](const QModelIndex &index) { m_navigator->go(m_folders->pathOf(index)); });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (m_folders->pathOf(index) != m_navigator->path())
            m_navigator->go(m_folders->pathOf(index));
    });
    connect(m_list, &QTreeView::activated, this, &BrowserPane::activate);
    connect(m_list, &QTreeView::customContextMenuRequested, this, &BrowserPane::showContextMenu);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, &BrowserPane::showTreeMenu);
    const auto selectionChanged = [this] {
        enable();
        showTotals();
    };
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            selectionChanged);
    connect(m_entries, &QAbstractItemModel::modelReset, this, selectionChanged);

    connect(m_actions->back, &QAction::triggered, m_navigator, &FolderNavigator::back);
    connect(m_actions->forward, &QAction::triggered, m_navigator, &FolderNavigator::forward);
    connect(m_actions->up, &QAction::triggered, m_navigator, &FolderNavigator::up);
    connect(m_actions->refresh, &QAction::triggered, m_navigator, &FolderNavigator::refresh);
    connect(m_actions->showHidden, &QAction::toggled, this, [this](bool shown) {
        m_entries->setHiddenShown(shown);
        showState();
    });
    connect(m_actions->open, &QAction::triggered, this, [this] {
        if (const QList<int> rows = selectedRows(); rows.size() == 1)
            m_navigator->go(m_entries->pathOf(rows[0]));
    });
    connect(m_actions->download, &QAction::triggered, this,
            [this] { Q_EMIT downloadRequested(selectedItems(), false); });
    connect(m_actions->downloadTo, &QAction::triggered, this,
            [this] { Q_EMIT downloadRequested(selectedItems(), true); });
    connect(m_actions->preview, &QAction::triggered, this, &BrowserPane::preview);
    connect(m_actions->copyPath, &QAction::triggered, this, &BrowserPane::copyPaths);
    for (QWidget *view : {static_cast<QWidget *>(m_tree), static_cast<QWidget *>(m_list)}) {
        auto *backspace = new QShortcut(QKeySequence(Qt::Key_Backspace), view);
        backspace->setContext(Qt::WidgetShortcut);
        connect(backspace, &QShortcut::activated, m_navigator, &FolderNavigator::up);
    }
    // From the filter to what it found.
    auto *down = new QShortcut(QKeySequence(Qt::Key_Down), m_filter);
    down->setContext(Qt::WidgetShortcut);
    connect(down, &QShortcut::activated, m_list, qOverload<>(&QWidget::setFocus));
    connect(m_filter, &QLineEdit::returnPressed, m_list, qOverload<>(&QWidget::setFocus));
}

void BrowserPane::wireSearch()
{
    m_typed->setSingleShot(true);
    m_typed->setInterval(typingMs);
    connect(m_typed, &QTimer::timeout, this, &BrowserPane::applyFilter);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        // A server is not asked for every letter.
        if (m_actions->searchBelow->isChecked() && !text.isEmpty())
            m_typed->start();
        else
            applyFilter();
    });
    connect(m_filter, &QLineEdit::returnPressed, this, &BrowserPane::applyFilter);
    connect(m_actions->searchBelow, &QAction::toggled, this, [this](bool below) {
        m_filter->setPlaceholderText(below ? tr("Search subfolders") : tr("Filter (Ctrl+F)"));
        applyFilter();
        focusFilter();
    });
    connect(m_actions->reveal, &QAction::triggered, this, [this] {
        if (const QList<int> rows = selectedRows(); rows.size() == 1)
            m_navigator->reveal(m_entries->pathOf(rows[0]));
        m_filter->clear();
    });
}

void BrowserPane::applyFilter()
{
    m_typed->stop();
    const bool below = m_actions->searchBelow->isChecked();
    m_entries->setFilter(below ? QString() : m_filter->text());
    m_navigator->search(below ? m_filter->text() : QString());
    showState();
}

void BrowserPane::setMode(Mode mode, const QString &server)
{
    m_browser->setEnabled(mode != Mode::Lost);
    if (mode != Mode::Lost) {
        QWidget *page = mode == Mode::Browsing  ? m_browser
                        : mode == Mode::Classic ? static_cast<QWidget *>(m_classic)
                                                : m_welcome;
        m_welcome->setConnecting(mode == Mode::Connecting ? server : QString());
        m_pages->setCurrentWidget(page);
    }
    if (mode == Mode::Browsing) {
        m_navigator->start(server);
        m_tree->expand(m_folders->index(0, 0));
    } else {
        m_navigator->stop();
    }
    enable();
}

void BrowserPane::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void BrowserPane::showFolder()
{
    m_breadcrumb->setPath(FolderNavigator::topName(), m_navigator->path());
    m_filter->clear();
    m_list->scrollToTop();
    showInTree();
    showState();
}

void BrowserPane::showState()
{
    using State = FolderNavigator::State;
    const State state = m_navigator->state();
    const QString words = emptyListText(*m_navigator, *m_entries);
    // That an inbox shows nothing is no fault.
    const bool wrong = state == State::Failed && !isInbox(*m_navigator);
    m_words->setIcon(wrong ? icon(QLatin1StringView("error")) : icon(QLatin1StringView("folder")));
    if (!words.isEmpty())
        m_words->setText(words);
    QWidget *page = words.isEmpty() ? static_cast<QWidget *>(m_list) : m_words;
    if (m_content->currentWidget() != page) {
        // Where there is nothing to list the tree keeps the focus for the list.
        const bool focused =
            page == m_list ? m_lentFocus && m_tree->hasFocus() : m_list->hasFocus();
        m_content->setCurrentWidget(page);
        if (focused)
            (page == m_list ? m_list : m_tree)->setFocus(Qt::OtherFocusReason);
        m_lentFocus = focused && page != m_list;
    }
    if (state == State::Complete || state == State::TooLong) {
        if (!m_tree->currentIndex().isValid() || m_tree->currentIndex() == m_shownInTree)
            showInTree();
        const int row = m_entries->rowOf(m_navigator->cameFrom());
        if (row >= 0 && !m_list->currentIndex().isValid())
            m_list->setCurrentIndex(m_entries->index(row, 0));
    }
    showTotals();
    enable();
}

void BrowserPane::showTotals()
{
    m_totals->setText(footerText(*m_navigator, *m_entries, selectedRows()));
}

/// The folder that is looked at, or the nearest above it that the tree knows.
void BrowserPane::showInTree()
{
    const QModelIndex at = m_folders->nearest(m_navigator->path());
    m_tree->setCurrentIndex(at);
    m_tree->scrollTo(at);
    m_shownInTree = at;
}

void BrowserPane::enable()
{
    const bool browsing = m_pages->currentWidget() == m_browser && m_browser->isEnabled();
    const QItemSelectionModel *selection = m_list->selectionModel();
    const bool some = browsing && selection->hasSelection();
    m_actions->download->setEnabled(some);
    m_actions->downloadTo->setEnabled(some);
    m_actions->copyPath->setEnabled(some);
    const bool one =
        some && selection->selection().size() == 1 && selection->selection().first().height() == 1;
    const bool folder = one && m_entries->entry(selection->selection().first().top()).folder;
    m_actions->open->setEnabled(folder && m_list->currentIndex().isValid());
    m_actions->preview->setEnabled(one && !folder);
    m_actions->reveal->setEnabled(some && m_navigator->isSearching() && selectedRows().size() == 1);
    m_actions->searchBelow->setEnabled(browsing);
    m_actions->back->setEnabled(browsing && m_navigator->canGoBack());
    m_actions->forward->setEnabled(browsing && m_navigator->canGoForward());
    m_actions->up->setEnabled(browsing && m_navigator->canGoUp());
    m_actions->refresh->setEnabled(browsing);
    m_sending->setBrowsing(browsing);
}

void BrowserPane::activate(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    if (m_entries->entry(index.row()).folder)
        m_navigator->go(m_entries->pathOf(index.row()));
    else
        Q_EMIT downloadRequested({m_entries->item(index.row())}, false);
}

void BrowserPane::preview()
{
    const QList<int> rows = selectedRows();
    if (rows.size() != 1)
        return;
    auto *dialog = new PreviewDialog(m_session, m_entries->item(rows[0]), this);
    connect(dialog, &PreviewDialog::downloadRequested, this,
            [this](const RemoteItem &file) { Q_EMIT downloadRequested({file}, false); });
    dialog->open();
}

void BrowserPane::showContextMenu(const QPoint &position)
{
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("browserMenu"));
    if (m_list->indexAt(position).isValid())
        m_actions->fillContextMenu(&menu);
    if (m_sending->whyNot().isEmpty()) {
        menu.addSeparator();
        m_sending->fillMenu(&menu);
        menu.addAction(m_sending->paste);
    }
    if (!menu.isEmpty())
        menu.exec(m_list->viewport()->mapToGlobal(position));
}

void BrowserPane::showTreeMenu(const QPoint &position)
{
    const QModelIndex index = m_tree->indexAt(position);
    if (!index.parent().isValid())
        return; // the server itself, or nothing
    const QByteArray path = m_folders->pathOf(index);
    const RemoteItem whole{path, true, -1};
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("browserTreeMenu"));
    const auto add = [&](const QAction *like, auto &&act) {
        QAction *action = menu.addAction(like->icon(), like->text());
        connect(action, &QAction::triggered, this, act);
    };
    add(m_actions->open, [&] { m_navigator->go(path); });
    menu.addSeparator();
    add(m_actions->download, [&] { Q_EMIT downloadRequested({whole}, false); });
    add(m_actions->downloadTo, [&] { Q_EMIT downloadRequested({whole}, true); });
    menu.addSeparator();
    add(m_actions->copyPath,
        [&] { QGuiApplication::clipboard()->setText(QString::fromUtf8(path)); });
    menu.exec(m_tree->viewport()->mapToGlobal(position));
}

void BrowserPane::copyPaths()
{
    QStringList lines;
    const QList<int> rows = selectedRows();
    for (const int row : rows)
        lines.append(QString::fromUtf8(m_entries->pathOf(row)));
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

QList<int> BrowserPane::selectedRows() const
{
    QList<int> rows;
    const QItemSelection selection = m_list->selectionModel()->selection();
    for (const QItemSelectionRange &range : selection) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

QList<RemoteItem> BrowserPane::selectedItems() const
{
    QList<RemoteItem> items;
    const QList<int> rows = selectedRows();
    items.reserve(rows.size());
    for (const int row : rows)
        items.append(m_entries->item(row));
    return items;
}

QByteArray BrowserPane::saveState() const
{
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out << m_columns->save() << m_split->saveState();
    return state;
}

bool BrowserPane::restoreState(const QByteArray &state)
{
    QDataStream in(state);
    QByteArray header;
    QByteArray split;
    in >> header >> split;
    if (in.status() != QDataStream::Ok)
        return false;
    m_columns->restore(header);
    return m_split->restoreState(split);
}

} // namespace ferry::gui
