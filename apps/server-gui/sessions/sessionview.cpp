// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessionview.h"

#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/emptystate.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/progressdelegate.h"
#include "gui-common/parts/tonedelegate.h"
#include "server-gui/sessions/peoplemodel.h"
#include "server-gui/sessions/sessionactions.h"
#include "server-gui/sessions/sessiondetails.h"
#include "server-gui/sessions/sessionfilter.h"
#include "server-gui/sessions/sessionmodel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace ferry::gui {

namespace {

/// Room for a few rows, or for a headline with two lines below it.
constexpr int minLines = 6;
constexpr int filterWidth = 220;

QList<TableColumns::Column> sessionColumns()
{
    using Column = TableColumns::Column;
    const auto sample = [](const char *text) { return QString::fromUtf8(text); };
    QList<Column> columns(SessionModel::ColumnCount);
    columns[SessionModel::Id] = {sample("00000")};
    columns[SessionModel::Since] = {sample("00:00:00"), 0, false, Column::whenChosen};
    columns[SessionModel::Name] = {sample("anna@studio"), 0, false, 2};
    columns[SessionModel::Address] = {sample("192.168.100.100")};
    columns[SessionModel::Client] = {sample("Ferry/0.1.0"), 0, false, 4};
    columns[SessionModel::Account] = {sample("account"), 0, false, Column::whenChosen};
    columns[SessionModel::Encryption] = {sample("Unencrypted"), 0, true, 3};
    columns[SessionModel::State] = {sample("Disconnected by you"), 1, true};
    columns[SessionModel::File] = {sample("Photos/a.raw"), 3, true};
    columns[SessionModel::Progress] = {sample("0000 000 %"), 1};
    columns[SessionModel::Speed] = {sample("000 MB/s")};
    columns[SessionModel::Average] = {sample("000 MB/s"), 0, false, Column::whenChosen};
    columns[SessionModel::Sent] = {sample("0.00 GB")};
    columns[SessionModel::Received] = {sample("0.00 GB"), 0, false, 5};
    columns[SessionModel::Verified] = {sample("000 of 000"), 0, true, 1};
    columns[SessionModel::Idle] = {sample("00 min"), 0, false, Column::whenChosen};
    return columns;
}

} // namespace

SessionView::SessionView(SessionModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_people(new PeopleModel(model, this))
    , m_sorted(new SessionFilter(this))
    , m_filter(searchField(QStringLiteral("sessionFilter"), tr("Filter the sessions"), tr("Filter"),
                           this))
    , m_pages(new QStackedWidget(this))
    , m_empty(new EmptyState(m_pages))
    , m_emptyButton(new QPushButton(m_empty))
    , m_view(new QTreeView(m_pages))
{
    setObjectName(QStringLiteral("sessionBox"));
    m_sorted->setSourceModel(m_people);
    makeView();
    makeFilter();
    makeActions();

    m_emptyButton->setObjectName(QStringLiteral("sessionsEmptyButton"));
    m_emptyButton->setAutoDefault(true); // Enter presses it, not only Space
    showAccent(m_emptyButton, QLatin1StringView("add"), true);
    m_empty->setObjectName(QStringLiteral("sessionsEmpty"));
    m_empty->addWidget(m_emptyButton);
    connect(m_emptyButton, &QPushButton::clicked, this, &SessionView::emptyButtonClicked);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_view);
    m_pages->setMinimumHeight(minLines * fontMetrics().lineSpacing());

    auto *title = heading(tr("Sessions"), this);
    title->setBuddy(m_view);
    auto *top = new QHBoxLayout;
    top->addWidget(title);
    top->addWidget(m_filter, 1, Qt::AlignRight);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addLayout(top);
    layout->addWidget(m_pages, 1);

    for (const QAbstractItemModel *rows : {static_cast<QAbstractItemModel *>(m_model),
                                           static_cast<QAbstractItemModel *>(m_sorted)}) {
        connect(rows, &QAbstractItemModel::rowsInserted, this, &SessionView::showContent);
        connect(rows, &QAbstractItemModel::rowsRemoved, this, &SessionView::showContent);
    }
    connect(model, &QAbstractItemModel::dataChanged, this, &SessionView::updateActions);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        updateActions();
        Q_EMIT selectedChanged();
    });
    showContent();
}

void SessionView::makeView()
{
    m_view->setObjectName(QStringLiteral("sessionView"));
    m_view->setAccessibleName(tr("Sessions"));
    m_view->setModel(m_sorted);
    m_view->setItemDelegate(new ToneDelegate(SessionModel::ToneRole, SessionModel::File, m_view));
    m_view->setItemDelegateForColumn(SessionModel::Progress, new ProgressDelegate(m_view));
    tidyTable(m_view, rhythm / 2);
    m_view->setRootIsDecorated(true);
    m_view->setItemsExpandable(true);
    m_view->setIndentation(2 * rhythm);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(SessionModel::Id, Qt::DescendingOrder);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &SessionView::rowMenu);
    connect(m_view, &QTreeView::activated, this, &SessionView::logRequested);

    m_view->header()->setObjectName(QStringLiteral("sessionHeader"));
    m_columns = new TableColumns(m_view, sessionColumns());
}

void SessionView::makeFilter()
{
    m_filter->setToolTip(tr("Show only sessions with these words (Ctrl+Shift+F). Esc shows all."));
    m_filter->setMinimumWidth(filterWidth);
    m_filter->installEventFilter(this);
    setTabOrder(m_filter, m_view);
    m_noMatch = new EmptyNote(QStringLiteral("sessionsNoMatch"), m_view);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_sorted->setWords(text);
        showContent();
    });
}

void SessionView::focusFilter()
{
    if (!m_filter->isVisible())
        return;
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

/// From the filter to what it found, or back to everything.
bool SessionView::filterKey(int key)
{
    const bool escape = key == Qt::Key_Escape;
    if (escape)
        m_filter->clear();
    else if (key != Qt::Key_Down && key != Qt::Key_Return && key != Qt::Key_Enter)
        return false;
    m_view->setFocus(Qt::OtherFocusReason);
    if (!escape && !m_view->selectionModel()->hasSelection() && m_sorted->rowCount() > 0)
        m_view->setCurrentIndex(m_sorted->index(0, 0));
    return true;
}

bool SessionView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_filter && event->type() == QEvent::KeyPress)
        return filterKey(static_cast<QKeyEvent *>(event)->key());
    return QWidget::eventFilter(watched, event);
}

void SessionView::makeActions()
{
    m_actions = new SessionActions(m_model, m_view);
    connect(m_actions->copyAddress, &QAction::triggered, this, &SessionView::copyAddress);
    connect(m_actions->details, &QAction::triggered, this, &SessionView::showDetails);
    connect(m_actions->showLog, &QAction::triggered, this, &SessionView::logRequested);
    connect(m_actions->clearEnded, &QAction::triggered, this, &SessionView::clearEndedRequested);
}

QSet<quint64> SessionView::selected() const
{
    QSet<quint64> ids;
    const auto rows = selectedRows();
    for (const int row : rows)
        ids.insert(m_model->session(row).id);
    return ids;
}

void SessionView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showAccent(m_emptyButton, QLatin1StringView("add"), true);
}

void SessionView::clearSelection()
{
    m_view->selectionModel()->clear();
}

void SessionView::setEmptyState(const QString &title, const QString &text, const QString &button)
{
    m_empty->setTitle(title);
    m_empty->setText(text);
    m_emptyButton->setText(button);
    m_emptyButton->setVisible(!button.isEmpty());
}

void SessionView::rowMenu(const QPoint &where)
{
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("rowMenu"));
    m_actions->fill(&menu);
    menu.exec(m_view->viewport()->mapToGlobal(where));
}

void SessionView::copyAddress()
{
    QStringList addresses;
    const auto rows = selectedRows();
    for (const int row : rows)
        addresses.append(m_model->session(row).address);
    addresses.removeDuplicates();
    QGuiApplication::clipboard()->setText(addresses.join(u'\n'));
    Q_EMIT copied(tr("Address copied."));
}

void SessionView::showDetails()
{
    const auto rows = selectedRows();
    if (rows.size() == 1)
        openDetails(m_model->session(rows.first()));
}

void SessionView::openDetails(const server::SessionInfo &session)
{
    DetailsDialog *dialog = showSessionDetails(session, this);
    connect(m_model, &SessionModel::updated, dialog, [this, dialog, id = session.id] {
        if (const int row = m_model->rowOf(id); row >= 0)
            dialog->refresh(sessionDetails(m_model->session(row)));
    });
}

QList<int> SessionView::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList selected = m_view->selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows += m_people->sessionRows(m_sorted->mapToSource(index));
    // A person and one of their sessions may both be selected.
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

void SessionView::updateActions()
{
    m_actions->setRows(selectedRows());
}

void SessionView::showContent()
{
    const bool some = m_model->rowCount() > 0;
    m_filter->setVisible(some);
    m_noMatch->say(some && m_sorted->rowCount() == 0 ? tr("No session matches.") : QString());
    const bool focused = m_pages->currentWidget()->isAncestorOf(QApplication::focusWidget());
    m_pages->setCurrentWidget(some ? static_cast<QWidget *>(m_view) : m_empty);
    if (focused && some) // not wherever the next one in order happens to be
        m_view->setFocus(Qt::OtherFocusReason);
    updateActions();
}

} // namespace ferry::gui
