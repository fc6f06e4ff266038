// SPDX-License-Identifier: MIT
#include "client-gui/queue/queueview.h"

#include "client-gui/queue/overallprogress.h"
#include "client-gui/queue/queueactions.h"
#include "client-gui/queue/queuefiltermodel.h"
#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptystate.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/noticebar.h"
#include "gui-common/parts/progressdelegate.h"
#include "net/base/displaytext.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QHash>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <limits>
#include <set>

namespace ferry::gui {

namespace {

constexpr int countdownMs = 1000;

/// Colours the words of the state; on a selected row they keep the colour of the selection.
class StateDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->textElideMode = Qt::ElideRight; // what it is comes first, why comes last
        const auto tone = Tone(index.data(QueueModel::ToneRole).toInt());
        if (tone != Tone::Normal)
            option->palette.setColor(QPalette::Text, toneColor(tone, option->palette));
    }
};

QList<TableColumns::Column> queueColumns()
{
    using Column = TableColumns::Column;
    const auto sample = [](const char *text) { return QString::fromLatin1(text); };
    QList<Column> columns(QueueModel::ColumnCount);
    columns[QueueModel::Name] = {sample("Holiday pictures 2026.tar"), 3, true};
    columns[QueueModel::Size] = {sample("000 MB")};
    columns[QueueModel::Progress] = {sample("0000000 100 %"), 1};
    columns[QueueModel::Speed] = {sample("000 MB/s")};
    columns[QueueModel::State] = {sample("Downloading, 300 of 300, 00 min 00 s left"), 2, true};
    columns[QueueModel::TimeLeft] = {sample("00 min 00 s left"), 0, false, Column::whenChosen};
    columns[QueueModel::SaveTo] = {sample("/home/anna/Downloads"), 1, false, Column::whenChosen};
    columns[QueueModel::Finished] = {sample("yesterday 00:00"), 0, false, Column::whenChosen};
    return columns;
}

QToolButton *toolButton(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

QueueView::QueueView(QueueModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_shown(new QueueFilterModel(this))
    , m_tabs(new QTabBar(this))
    , m_filter(searchField(QStringLiteral("queueFilter"),
                           tr("Filter the downloads by name or path"), tr("Filter"), this))
    , m_pages(new QStackedWidget(this))
    , m_table(new QTreeView(this))
    , m_addHint(new EmptyState(this))
    , m_nothing(new EmptyState(this))
    , m_problem(new NoticeBar(this))
    , m_held(new NoticeBar(this, NoticeBar::Closing::ByItself))
    , m_overall(new OverallProgress(this))
{
    setObjectName(QStringLiteral("queueView"));
    m_shown->setSourceModel(m_model);
    makeTable();
    m_actions = new QueueActions(m_model,
                                 {[this](int most) { return selectedRows(most); },
                                  [this] { return m_shown->inQueueOrder(); },
                                  [this](int step) { return movedRows(step); }},
                                 this);
    m_table->addActions(m_actions->withKeys());
    m_problem->setObjectName(QStringLiteral("queueProblem"));
    m_held->setObjectName(QStringLiteral("queueHeld"));

    m_addHint->setObjectName(QStringLiteral("addHint"));
    m_addHint->setIcon(icon(QLatin1StringView("download")));
    m_nothing->setObjectName(QStringLiteral("nothingShown"));

    // One frame around whichever page is shown, so that nothing moves when the first row comes.
    m_pages->setFrameStyle(QFrame::StyledPanel | QFrame::Sunken);
    for (QWidget *page : {static_cast<QWidget *>(m_addHint), static_cast<QWidget *>(m_nothing)}) {
        page->setBackgroundRole(QPalette::Base);
        page->setAutoFillBackground(true);
    }
    m_pages->addWidget(m_table);
    m_pages->addWidget(m_addHint);
    m_pages->addWidget(m_nothing);

    auto *layout = tightLayout<QVBoxLayout>(this, 0);
    layout->addWidget(makeHeader());
    layout->addWidget(m_problem);
    layout->addWidget(m_held);
    layout->addWidget(m_pages, 1);
    layout->addSpacing(rhythm / 2);
    layout->addWidget(makeFooter());

    connect(m_model, &QueueModel::summaryChanged, this, &QueueView::showSummary);
    connect(m_model, &QueueModel::heldChanged, this, &QueueView::showHeld);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &QueueView::showActions);
    auto *countdown = new QTimer(this);
    connect(countdown, &QTimer::timeout, this, [this] {
        if (m_model->summary().retrying() > 0)
            m_table->viewport()->update(); // the seconds until then are in the words
    });
    countdown->start(countdownMs);
    setAcceptDrops(true);
    setOnline(true);
    setOnline(false); // for its words
    showSummary();
}

void QueueView::makeTable()
{
    m_table->setObjectName(QStringLiteral("queueTable"));
    m_table->setAccessibleName(tr("Downloads"));
    m_table->setModel(m_shown);
    m_table->setFrameShape(QFrame::NoFrame);
    tidyTable(m_table);
    m_table->setRootIsDecorated(true);
    m_table->setItemsExpandable(true);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setItemDelegateForColumn(QueueModel::Progress, new ProgressDelegate(m_table));
    m_table->setItemDelegateForColumn(QueueModel::State, new StateDelegate(m_table));

    QHeaderView *header = m_table->header();
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicatorClearable(true); // a third click: the order of the queue
    header->setSortIndicator(-1, Qt::AscendingOrder);
    connect(header, &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder order) {
                m_shown->sort(column, order);
                showActions();
            });
    m_columns = new TableColumns(m_table, queueColumns());

    connect(m_table, &QTreeView::customContextMenuRequested, this, &QueueView::showContextMenu);
    connect(m_table, &QTreeView::expanded, this,
            [this](const QModelIndex &index) { unfolded(index, true); });
    connect(m_table, &QTreeView::collapsed, this,
            [this](const QModelIndex &index) { unfolded(index, false); });
    connect(m_shown, &QAbstractItemModel::modelReset, this, &QueueView::unfold);
    connect(m_shown, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &parent) {
        if (!parent.isValid() && m_shown->hidesAnything())
            QMetaObject::invokeMethod(this, &QueueView::unfold, Qt::QueuedConnection);
    });
    connect(m_table, &QTreeView::activated, this, [this](const QModelIndex &index) {
        m_actions->open(m_shown->mapToSource(index).siblingAtColumn(0));
    });
}

QWidget *QueueView::makeHeader()
{
    m_tabs->setObjectName(QStringLiteral("queueTabs"));
    m_tabs->setAccessibleName(tr("Which downloads to list"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    for (int tab = 0; tab < queueTabs; ++tab)
        m_tabs->addTab({});

    m_filter->setMaximumWidth(160);

    auto *header = new QWidget(this);
    m_header = new QHBoxLayout(header);
    m_header->setContentsMargins(0, 0, 0, rhythm / 2);
    m_header->setSpacing(rhythm);
    m_header->addWidget(m_tabs, 0, Qt::AlignBottom);
    m_header->addStretch(1);
    m_header->addWidget(m_filter, 2);

    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_shown->setTab(QueueTab(tab));
        unfold();
        showPage();
        showActions();
    });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_shown->setText(text);
        unfold();
        showPage();
        showActions();
    });
    return header;
}

QWidget *QueueView::makeFooter()
{
    auto *footer = new QWidget(this);
    auto *layout = tightLayout<QHBoxLayout>(footer, rhythm / 2);
    m_pause = toolButton(m_actions->pauseAll, footer);
    m_pause->setObjectName(QStringLiteral("pauseButton"));
    m_resume = toolButton(m_actions->resumeAll, footer);
    m_resume->setObjectName(QStringLiteral("resumeButton"));
    layout->addWidget(m_pause);
    layout->addWidget(m_resume);
    layout->addWidget(toolButton(m_actions->retryFailed, footer));
    layout->addWidget(toolButton(m_actions->remove, footer));
    for (QAction *move : {m_actions->moveUp, m_actions->moveDown}) {
        QToolButton *button = toolButton(move, footer);
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        layout->addWidget(button);
    }
    layout->addWidget(toolButton(m_actions->clearDone, footer));
    layout->addStretch(1);
    layout->addWidget(m_overall);
    return footer;
}

void QueueView::setOnline(bool online)
{
    if (online == m_online)
        return;
    m_online = online;
    m_addHint->setText(online ? tr("Nothing in the queue. Double-click a file above, or drag some "
                                   "here.")
                              : tr("Nothing in the queue. What you download appears here."));
    showPage();
}

void QueueView::addToHeader(QWidget *widget)
{
    m_header->insertWidget(m_header->count() - 1, widget, 3);
}

void QueueView::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasFormat(RemoteListModel::mimeType()))
        event->acceptProposedAction();
}

void QueueView::dropEvent(QDropEvent *event)
{
    const QList<RemoteItem> items = RemoteListModel::itemsIn(event->mimeData());
    event->acceptProposedAction();
    if (!items.isEmpty())
        Q_EMIT itemsDropped(items);
}

void QueueView::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

QByteArray QueueView::saveState() const
{
    return m_columns->save();
}

void QueueView::restoreState(const QByteArray &state)
{
    QHeaderView *header = m_table->header();
    m_columns->restore(state);
    // Each run begins with the order of the queue, whatever the last one ended with.
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
}

void QueueView::showProblem(const QString &text)
{
    m_problem->show(Tone::Bad, text);
}

void QueueView::showHeld()
{
    QStringList sentences;
    for (const client::SpaceHold &hold : m_model->facts().holds)
        sentences.append(spaceText(hold));
    m_held->show(Tone::Caution, sentences.join(u'\n'));
}

/// The buttons act on the selected rows, or on all where they have nothing to do.
void QueueView::showActions()
{
    m_actions->refresh();
    const bool ofRows = m_actions->pause->isEnabled() || m_actions->resume->isEnabled();
    const auto show = [](QToolButton *button, QAction *action) {
        if (button->defaultAction() == action)
            return;
        button->removeAction(button->defaultAction()); // else it becomes a menu
        button->setDefaultAction(action);
    };
    show(m_pause, ofRows ? m_actions->pause : m_actions->pauseAll);
    show(m_resume, ofRows ? m_actions->resume : m_actions->resumeAll);
}

void QueueView::keepSelection()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid())
        return;
    if (!m_table->selectionModel()->hasSelection())
        m_table->selectionModel()->select(current, QItemSelectionModel::SelectCurrent |
                                                       QItemSelectionModel::Rows);
    m_table->scrollTo(current);
}

void QueueView::showSummary()
{
    const QueueSummary &summary = m_model->summary();
    const auto show = [&](QueueTab tab, const QString &word) {
        const QString text =
            tr("%1 %2", "tab: word, count").arg(word, formatCount(summary.in(tab)));
        if (m_tabs->tabText(int(tab)) != text)
            m_tabs->setTabText(int(tab), text);
    };
    show(QueueTab::All, tr("All"));
    show(QueueTab::Active, tr("Active"));
    show(QueueTab::Waiting, tr("Waiting"));
    show(QueueTab::Paused, tr("Paused"));
    show(QueueTab::Attention, tr("Attention"));
    show(QueueTab::Done, tr("Done"));
    showAttention();
    m_overall->show(summary);
    showActions();
    showPage();
}

/// A question that nobody has answered, and what failed, are seen from every tab.
void QueueView::showAttention()
{
    const QueueSummary &summary = m_model->summary();
    const Tone tone = summary.failed > 0        ? Tone::Bad
                      : summary.undecided() > 0 ? Tone::Accent
                                                : Tone::Normal;
    if (tone == m_attention)
        return;
    m_attention = tone;
    const int tab = int(QueueTab::Attention);
    m_tabs->setTabIcon(tab,
                       tone == Tone::Normal
                           ? QIcon()
                           : icon(QLatin1StringView(tone == Tone::Bad ? "error" : "info"), tone));
}

QString QueueView::emptyTabText(QueueTab tab) const
{
    switch (tab) {
    case QueueTab::All:
        break;
    case QueueTab::Active:
        return tr("Nothing is being downloaded right now.");
    case QueueTab::Waiting:
        return tr("Nothing is waiting.");
    case QueueTab::Paused:
        return tr("Nothing is paused.");
    case QueueTab::Attention:
        return tr("Nothing needs your attention.");
    case QueueTab::Done:
        return tr("Nothing is done yet.");
    }
    return {};
}

/// Where only a few files are looked for, all of them are in sight; else the folders are as the
/// person left them.
void QueueView::unfold()
{
    const bool all = m_shown->hidesAnything() && m_shown->isShort();
    const QModelIndexList folders = m_model->folders();
    m_unfolding = true;
    for (const QModelIndex &folder : folders) {
        const QModelIndex shown = m_shown->mapFromSource(folder);
        const bool open = all || m_unfolded.contains(m_model->download(folder).id);
        if (shown.isValid() && open != m_table->isExpanded(shown))
            m_table->setExpanded(shown, open);
    }
    m_unfolding = false;
}

/// The person did it, or the view after keys.
void QueueView::unfolded(const QModelIndex &index, bool open)
{
    if (m_unfolding || m_shown->hidesAnything())
        return;
    const quint64 id = index.data(QueueModel::IdRole).toULongLong();
    if (open)
        m_unfolded.insert(id);
    else
        m_unfolded.remove(id);
}

void QueueView::showPage()
{
    QWidget *page = m_table;
    if (m_model->rowCount() == 0) {
        page = m_addHint;
    } else if (m_shown->rowCount() == 0) {
        page = m_nothing;
        m_nothing->setText(m_shown->text().isEmpty()
                               ? emptyTabText(QueueTab(m_tabs->currentIndex()))
                               : tr("Nothing matches the filter."));
    }
    if (m_pages->currentWidget() != page)
        m_pages->setCurrentWidget(page);
}

void QueueView::showContextMenu(const QPoint &position)
{
    if (!m_table->indexAt(position).isValid())
        return;
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("queueMenu"));
    m_actions->fillMenu(&menu);
    menu.exec(m_table->viewport()->mapToGlobal(position));
}

QModelIndexList QueueView::selectedRows(int most) const
{
    QModelIndexList rows;
    QSet<int> folders;
    const QItemSelection selection = m_table->selectionModel()->selection();
    for (const bool ofFolders : {false, true}) {
        for (const QItemSelectionRange &range : selection) {
            if (range.parent().isValid() != ofFolders || folders.contains(range.parent().row()))
                continue; // with its folder
            for (int row = range.top(); row <= range.bottom() && rows.size() < most; ++row) {
                if (!ofFolders)
                    folders.insert(row);
                rows.append(m_shown->mapToSource(m_shown->index(row, 0, range.parent())));
            }
        }
    }
    return rows;
}

/// Each run of selected rows changes places with the row before it, or behind it.
QList<QList<quint64>> QueueView::movedRows(int step) const
{
    QHash<QModelIndex, std::set<int>> selected;
    const QModelIndexList rows = selectedRows(std::numeric_limits<int>::max());
    for (const QModelIndex &index : rows) {
        const QModelIndex shown = m_shown->mapFromSource(index);
        selected[shown.parent()].insert(shown.row());
    }
    QList<QList<quint64>> moved;
    for (auto folder = selected.cbegin(); folder != selected.cend(); ++folder) {
        const QModelIndex parent = folder.key();
        const std::set<int> &chosen = folder.value();
        const auto append = [&](QList<quint64> *ids, int row) {
            *ids += m_model->idsInOrder(m_shown->mapToSource(m_shown->index(row, 0, parent)));
        };
        for (auto first = chosen.begin(); first != chosen.end();) {
            int end = *first + 1;
            while (chosen.contains(end))
                ++end;
            const int other = step < 0 ? *first - 1 : end;
            QList<quint64> ids;
            if (step > 0 && other < m_shown->rowCount(parent))
                append(&ids, other);
            for (int row = *first; row < end; ++row)
                append(&ids, row);
            if (step < 0 && other >= 0)
                append(&ids, other);
            moved.append(ids);
            first = chosen.lower_bound(end);
        }
    }
    return moved;
}

} // namespace ferry::gui
