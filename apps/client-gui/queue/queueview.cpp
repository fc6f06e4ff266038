// SPDX-License-Identifier: MIT
#include "client-gui/queue/queueview.h"

#include "client-gui/queue/counttabs.h"
#include "client-gui/queue/downloaddetails.h"
#include "client-gui/queue/overallprogress.h"
#include "client-gui/queue/queueactions.h"
#include "client-gui/queue/queuefiltermodel.h"
#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/queuetable.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/emptystate.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/noticebar.h"
#include "net/base/displaytext.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace ferry::gui {

namespace {

constexpr int countdownMs = 1000;

QueueFilterModel *filterOf(QueueModel *model, QObject *parent)
{
    auto *filter = new QueueFilterModel(parent);
    filter->setSourceModel(model);
    return filter;
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
    , m_shown(filterOf(model, this))
    , m_tabs(new CountTabs(queueTabs, this))
    , m_filter(searchField(QStringLiteral("queueFilter"), tr("Filter the files by name or path"),
                           tr("Filter"), this))
    , m_pages(new QStackedWidget(this))
    , m_table(new QueueTable(m_model, m_shown, this))
    , m_addHint(new EmptyState(this))
    , m_nothing(new EmptyState(this))
    , m_problem(new NoticeBar(this))
    , m_held(new NoticeBar(this, NoticeBar::Closing::ByItself))
    , m_removed(new NoticeBar(this))
    , m_overall(new OverallProgress(this))
{
    setObjectName(QStringLiteral("queueView"));
    m_actions = new QueueActions(m_model,
                                 {[this](int most) { return m_table->selected(most); },
                                  [this] { return m_shown->inQueueOrder(); },
                                  [this](int step) { return m_table->moved(step); }},
                                 this);
    m_table->addActions(m_actions->withKeys());
    m_problem->setObjectName(QStringLiteral("queueProblem"));
    m_held->setObjectName(QStringLiteral("queueHeld"));
    m_removed->setObjectName(QStringLiteral("queueRemoved"));

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
    layout->addWidget(m_removed);
    layout->addWidget(m_pages, 1);
    layout->addSpacing(rhythm / 2);
    layout->addWidget(makeFooter());

    connect(m_model, &QueueModel::summaryChanged, this, &QueueView::showSummary);
    connect(m_model, &QueueModel::heldChanged, this, &QueueView::showHeld);
    connect(m_actions->undoRemove, &QAction::changed, this, [this] {
        if (!m_actions->undoRemove->isEnabled())
            m_removed->dismiss();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &QueueView::showActions);
    connect(m_table, &QueueTable::sorted, this, &QueueView::showActions);
    connect(m_table, &QueueTable::opened, m_actions, &QueueActions::open);
    connect(m_table, &QTreeView::customContextMenuRequested, this, &QueueView::showContextMenu);
    connect(m_actions, &QueueActions::detailsRequested, this,
            [this](const QModelIndex &row) { showDownloadDetails(m_model, row, this); });
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

QWidget *QueueView::makeHeader()
{
    m_tabs->setObjectName(QStringLiteral("queueTabs"));
    m_tabs->setAccessibleName(tr("Which files to list"));

    m_filter->setMinimumWidth(64);
    m_filter->setMaximumWidth(160);

    auto *header = new QWidget(this);
    m_header = new QHBoxLayout(header);
    m_header->setContentsMargins(0, 0, 0, rhythm / 2);
    m_header->setSpacing(rhythm);
    m_header->addWidget(m_tabs, 0, Qt::AlignBottom);
    m_header->addStretch();
    m_header->addWidget(m_filter, 2);

    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_shown->setTab(QueueTab(tab));
        m_table->unfold();
        showPage();
        showActions();
    });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_shown->setText(text);
        m_table->unfold();
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
    m_addHint->setText(online
                           ? tr("Nothing in the queue. Double-click a file above, or drag some "
                                "here.")
                           : tr("Nothing in the queue. What you download or send appears here."));
    showPage();
}

void QueueView::addToHeader(QWidget *widget)
{
    m_header->insertWidget(m_header->count() - 1, widget, 7);
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

void QueueView::showProblem(const QString &text)
{
    m_problem->show(Tone::Bad, text);
}

void QueueView::showHeld()
{
    QStringList sentences;
    for (const client::SpaceHold &hold : m_model->facts().holds)
        sentences.append(spaceText(hold));
    m_held->show(Tone::Caution, sentences.join(u'\n'), tr("Change folder…"), [this] {
        QList<quint64> ids;
        m_model->each([&](const client::Download &row) {
            const auto &holds = m_model->facts().holds;
            if (std::any_of(holds.begin(), holds.end(),
                            [&](const client::SpaceHold &hold) { return hold.holds(row); }))
                ids.append(row.id);
            return true;
        });
        Q_EMIT m_actions->requested(QueueCommand::ChangeFolder, ids);
        showHeld(); // if it still is
    });
}

/// For as long as it can be undone.
void QueueView::showRemoved(qsizetype count)
{
    m_removed->show(Tone::Accent, tr("%Ln files removed", nullptr, int(count)), tr("Undo"),
                    [this] { m_actions->undoRemove->trigger(); });
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

void QueueView::showSummary()
{
    const QueueSummary &summary = m_model->summary();
    const auto show = [&](QueueTab tab, const QString &word) {
        m_tabs->setCount(int(tab), word, summary.in(tab));
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
        return tr("Nothing is on its way right now.");
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

} // namespace ferry::gui
