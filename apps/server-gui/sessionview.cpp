// SPDX-License-Identifier: MIT
#include "server-gui/sessionview.h"

#include "gui-common/emptystate.h"
#include "gui-common/icon.h"
#include "gui-common/progressdelegate.h"
#include "gui-common/rowkeys.h"
#include "server-gui/fields.h"
#include "server-gui/sessionactions.h"
#include "server-gui/sessiondetails.h"
#include "server-gui/sessionmodel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QResizeEvent>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace ferry::gui {

namespace {

/// Room for a few rows, or for a headline with two lines below it.
constexpr int leastLines = 6;

/// What the columns that take the rest should have, in characters, before others are shown.
constexpr int stateCharacters = 30;
constexpr int fileCharacters = 24;
constexpr int progressCharacters = 16;

/// Ended sessions are quiet, stalled and failed ones told by colour too; the model only says
/// which, the palette says how.
class SessionDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto tone = Tone(index.data(SessionModel::ToneRole).toInt());
        option->palette.setColor(QPalette::Text, toneColor(tone, option->palette));
        option->textElideMode =
            index.column() == SessionModel::File ? Qt::ElideMiddle : Qt::ElideRight;
    }

public:
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, rhythm / 2);
    }
};

} // namespace

SessionView::SessionView(SessionModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_sorted(new QSortFilterProxyModel(this))
    , m_pages(new QStackedWidget(this))
    , m_empty(new EmptyState(m_pages))
    , m_emptyButton(new QPushButton(m_empty))
    , m_view(new QTreeView(m_pages))
{
    setObjectName(QStringLiteral("sessionBox"));
    m_sorted->setSourceModel(model);
    m_sorted->setSortRole(SessionModel::SortRole);
    makeView();
    makeActions();

    m_emptyButton->setObjectName(QStringLiteral("sessionsEmptyButton"));
    m_emptyButton->setAutoDefault(true); // Enter presses it, not only Space
    showAccent(m_emptyButton, QLatin1StringView("add"), true);
    m_empty->setObjectName(QStringLiteral("sessionsEmpty"));
    m_empty->addWidget(m_emptyButton);
    connect(m_emptyButton, &QPushButton::clicked, this, &SessionView::emptyButtonClicked);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_view);
    m_pages->setMinimumHeight(leastLines * fontMetrics().lineSpacing());

    auto *title = heading(tr("Sessions"), this);
    title->setBuddy(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(rhythm / 2);
    layout->addWidget(title);
    layout->addWidget(m_pages, 1);

    connect(m_sorted, &QAbstractItemModel::rowsInserted, this, &SessionView::showContent);
    connect(m_sorted, &QAbstractItemModel::rowsRemoved, this, &SessionView::showContent);
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
    m_view->setItemDelegate(new SessionDelegate(m_view));
    m_view->setItemDelegateForColumn(SessionModel::Progress, new ProgressDelegate(m_view));
    m_view->setRootIsDecorated(false);
    m_view->setItemsExpandable(false);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(SessionModel::Id, Qt::DescendingOrder);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    selectRowsByKeys(m_view);
    connect(m_view, &QWidget::customContextMenuRequested, this, &SessionView::rowMenu);
    connect(m_view, &QTreeView::activated, this, &SessionView::logRequested);

    QHeaderView *header = m_view->header();
    header->setObjectName(QStringLiteral("sessionHeader"));
    header->setStretchLastSection(false);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setToolTip(tr("Click to sort, right-click to choose the columns"));
    connect(header, &QWidget::customContextMenuRequested, this, &SessionView::columnMenu);
    const QFontMetrics metrics(m_view->font());
    const auto width = [&](const char *sample) {
        return metrics.horizontalAdvance(QLatin1StringView(sample)) + 2 * rhythm;
    };
    header->setMinimumSectionSize(width("00"));
    const int forIcon = 2 * rhythm;
    header->resizeSection(SessionModel::Id, width("0000"));
    header->resizeSection(SessionModel::Since, width("00:00:00"));
    header->resizeSection(SessionModel::Address, width("192.168.100.10"));
    header->resizeSection(SessionModel::Client, width("Ferry/0.1.0"));
    header->resizeSection(SessionModel::Account, width("account"));
    header->resizeSection(SessionModel::Encryption, width("Unencrypted") + forIcon);
    header->resizeSection(SessionModel::State,
                          width("2 files delivered, verified 00:00") + forIcon);
    header->resizeSection(SessionModel::File, width("Photos/a.raw"));
    header->resizeSection(SessionModel::Progress, width("0000000 000 %"));
    header->resizeSection(SessionModel::Speed, width("000 MB/s"));
    header->resizeSection(SessionModel::Average, width("000 MB/s"));
    header->resizeSection(SessionModel::Sent, width("0.00 GB"));
    header->resizeSection(SessionModel::Verified, width("0 of 0") + forIcon);
    header->resizeSection(SessionModel::Idle, width("00 min"));
    // The column chooser brings these; the others leave room for words.
    for (const int column :
         {SessionModel::Since, SessionModel::Account, SessionModel::Average, SessionModel::Idle})
        header->setSectionHidden(column, true);
    m_view->viewport()->installEventFilter(this);
    const auto chosen = [this] { m_chosen = true; };
    connect(header, &QHeaderView::sectionMoved, this, chosen);
    connect(header, &QHeaderView::sortIndicatorChanged, this, chosen);
}

bool SessionView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view->viewport() && event->type() == QEvent::Resize && m_view->isVisible()) {
        const auto *resize = static_cast<QResizeEvent *>(event);
        const QHeaderView *header = m_view->header();
        m_fits = m_fits || header->length() == resize->oldSize().width() ||
                 header->length() < resize->size().width();
        if (m_fits)
            fitColumns(resize->size().width());
        m_fits = false;
    }
    return QWidget::eventFilter(watched, event);
}

/// What the figures leave goes to these columns, in these parts.
void SessionView::fitColumns(int width)
{
    static constexpr std::pair<int, int> elastic[] = {
        {SessionModel::State, 1}, {SessionModel::File, 3}, {SessionModel::Progress, 1}};
    QHeaderView *header = m_view->header();
    if (!m_chosen)
        chooseColumns(width);
    int parts = 0;
    for (const auto &[column, part] : elastic)
        parts += header->isSectionHidden(column) ? 0 : part;
    int left = width - header->length();
    for (const auto &[column, part] : elastic) {
        if (header->isSectionHidden(column))
            continue;
        const int old = header->sectionSize(column);
        header->resizeSection(column,
                              qMax(old + left * part / parts, 2 * header->minimumSectionSize()));
        left -= header->sectionSize(column) - old;
        parts -= part;
    }
}

/// Where there is little room, what the details say as well gives way to words.
void SessionView::chooseColumns(int width)
{
    QHeaderView *header = m_view->header();
    int needed =
        (stateCharacters + fileCharacters + progressCharacters) * fontMetrics().averageCharWidth();
    for (int column = 0; column < SessionModel::ColumnCount; ++column) {
        const bool elastic = column == SessionModel::State || column == SessionModel::File ||
                             column == SessionModel::Progress;
        const bool first = column == SessionModel::Id || column == SessionModel::Address ||
                           column == SessionModel::Speed || column == SessionModel::Sent;
        needed += first && !elastic ? header->sectionSize(column) : 0;
    }
    for (const int column :
         {SessionModel::Encryption, SessionModel::Client, SessionModel::Verified}) {
        // A hidden section has no size of its own to ask for.
        header->setSectionHidden(column, false);
        needed += header->sectionSize(column);
        header->setSectionHidden(column, needed > width);
    }
}

void SessionView::makeActions()
{
    m_actions = new SessionActions(m_model, m_view);
    connect(m_actions->copyAddress, &QAction::triggered, this, &SessionView::copyAddress);
    connect(m_actions->details, &QAction::triggered, this, &SessionView::showDetails);
    connect(m_actions->showLog, &QAction::triggered, this, &SessionView::logRequested);
    connect(m_actions->clearEnded, &QAction::triggered, this, &SessionView::clearEndedRequested);
}

std::optional<quint64> SessionView::selected() const
{
    const auto rows = selectedRows();
    if (rows.size() != 1)
        return std::nullopt;
    return m_model->session(rows.first()).id;
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

QByteArray SessionView::saveState() const
{
    // What nobody chose fits the next window better when it is worked out anew.
    if (!m_chosen && m_view->header()->length() == m_view->viewport()->width())
        return {};
    return m_view->header()->saveState();
}

void SessionView::restoreState(const QByteArray &state)
{
    if (!state.isEmpty() && m_view->header()->restoreState(state)) {
        m_fits = false;
        m_chosen = true;
    }
}

void SessionView::columnMenu(const QPoint &where)
{
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("columnMenu"));
    fillColumnMenu(&menu);
    menu.exec(m_view->header()->viewport()->mapToGlobal(where));
}

void SessionView::fillColumnMenu(QMenu *menu)
{
    QHeaderView *header = m_view->header();
    // The ID stays, so that there is always a header left to click on.
    for (int column = SessionModel::Since; column < SessionModel::ColumnCount; ++column) {
        QAction *action = menu->addAction(
            m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        connect(action, &QAction::toggled, header, [this, header, column](bool shown) {
            m_chosen = true;
            header->setSectionHidden(column, !shown);
            if (header->length() < m_view->viewport()->width())
                fitColumns(m_view->viewport()->width());
        });
    }
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
    Q_EMIT copied(tr("The address is on the clipboard."));
}

void SessionView::showDetails()
{
    const auto rows = selectedRows();
    if (rows.size() == 1)
        showSessionDetails(m_model->session(rows.first()), this);
}

QList<int> SessionView::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList selected = m_view->selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows.append(m_sorted->mapToSource(index).row());
    return rows;
}

void SessionView::updateActions()
{
    m_actions->setRows(selectedRows());
}

void SessionView::showContent()
{
    const bool some = m_sorted->rowCount() > 0;
    const bool focused = m_pages->currentWidget()->isAncestorOf(QApplication::focusWidget());
    m_pages->setCurrentWidget(some ? static_cast<QWidget *>(m_view) : m_empty);
    if (focused && some) // not wherever the next one in order happens to be
        m_view->setFocus(Qt::OtherFocusReason);
    updateActions();
}

} // namespace ferry::gui
