// SPDX-License-Identifier: MIT
#include "gui-common/log/logpane.h"
#include "gui-common/parts/fields.h"

#include "gui-common/dialogs/prompts.h"
#include "gui-common/log/logfiltermodel.h"
#include "gui-common/log/logfind.h"
#include "gui-common/log/logmodel.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"

#include <QAction>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSaveFile>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace ferry::gui {

namespace {

/// In the order of LogKind.
constexpr Tone kindTones[] = {Tone::Quiet, Tone::Accent, Tone::Normal, Tone::Caution, Tone::Bad};

/// The colour of a line is the view's matter: it follows the palette.
class LogDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const bool secondary = index.column() <= LogModel::Session;
        const Tone tone =
            secondary ? Tone::Quiet : kindTones[index.data(LogModel::KindRole).toInt()];
        option->palette.setColor(QPalette::Text, toneColor(tone, option->palette));
        option->textElideMode = Qt::ElideRight;
        if (index.column() == LogModel::Message || index.column() == LogModel::Time)
            option->font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    }
};

QToolButton *buttonFor(QAction *action, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setObjectName(name);
    button->setAccessibleName(action->toolTip());
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

LogPane::LogPane(LogModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_shown(new LogFilterModel(model, this))
    , m_prompts(Prompts::standard())
    , m_emptyText(tr("Nothing yet"))
{
    setObjectName(QStringLiteral("logPane"));
    makeActions();
    makeView();
    auto *bar = new QWidget(this);
    makeBar(bar);

    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addWidget(bar);
    layout->addWidget(m_view, 1);

    connect(m_shown, &QAbstractItemModel::rowsInserted, this, &LogPane::showEmptyText);
    connect(m_shown, &QAbstractItemModel::rowsRemoved, this, &LogPane::showEmptyText);
    connect(m_shown, &QAbstractItemModel::modelReset, this, [this] {
        showEmptyText();
        if (m_following)
            m_view->scrollToBottom();
    });
    setTitle(tr("Log"));
    showEmptyText();
}

void LogPane::makeActions()
{
    m_find = new QAction(icon(QLatin1StringView("search")), tr("&Find in the log"), this);
    connect(m_find, &QAction::triggered, this, [this] { m_finder->begin(); });

    m_pause = new QAction(icon(QLatin1StringView("pause")), tr("Paus&e scrolling"), this);
    m_pause->setCheckable(true);
    m_pause->setToolTip(tr("Pause scrolling"));
    connect(m_pause, &QAction::toggled, this, [this](bool paused) {
        m_following = !paused;
        if (!paused)
            m_view->scrollToBottom();
    });

    m_copy = new QAction(icon(QLatin1StringView("copy")), tr("&Copy lines"), this);
    m_copy->setToolTip(tr("Copy the selected lines, or all that are shown"));
    connect(m_copy, &QAction::triggered, this, &LogPane::copy);

    m_save = new QAction(icon(QLatin1StringView("save")), tr("Sa&ve the log…"), this);
    m_save->setToolTip(tr("Save the lines that are shown to a file"));
    connect(m_save, &QAction::triggered, this, &LogPane::save);

    m_clear = new QAction(icon(QLatin1StringView("clear")), tr("C&lear the log"), this);
    m_clear->setToolTip(tr("Clear log"));
    connect(m_clear, &QAction::triggered, this, &LogPane::clear);
}

void LogPane::makeBar(QWidget *bar)
{
    m_title = heading({}, bar);
    m_title->setObjectName(QStringLiteral("logTitle"));

    m_finder = new LogFind(m_shown, m_view, bar);

    m_kinds = new QToolButton(bar);
    m_kinds->setObjectName(QStringLiteral("logKinds"));
    m_kinds->setText(tr("All kinds"));
    m_kinds->setAccessibleName(tr("Kinds of lines that are shown"));
    m_kinds->setToolTip(tr("Choose the kinds of lines that are shown"));
    m_kinds->setPopupMode(QToolButton::InstantPopup);
    m_kinds->setAutoRaise(true);
    m_kinds->setFocusPolicy(Qt::TabFocus);
    auto *menu = new QMenu(m_kinds);
    for (const LogKind kind :
         {LogKind::Status, LogKind::Command, LogKind::Response, LogKind::Warning, LogKind::Error}) {
        QAction *action = menu->addAction(LogModel::kindText(kind));
        action->setObjectName(QStringLiteral("logKind%1").arg(int(kind)));
        action->setCheckable(true);
        action->setChecked(true);
        connect(action, &QAction::toggled, this, [this, kind, menu](bool on) {
            m_shown->setKindShown(kind, on);
            const auto actions = menu->actions();
            const auto shown = std::count_if(actions.begin(), actions.end(),
                                             [](const QAction *a) { return a->isChecked(); });
            const bool wire =
                m_shown->isKindShown(LogKind::Command) || m_shown->isKindShown(LogKind::Response);
            m_kinds->setText(shown == actions.size() ? tr("All kinds")
                             : !wire && shown == actions.size() - 2
                                 ? tr("Protocol hidden")
                                 : tr("%1 of %2 kinds").arg(shown).arg(actions.size()));
            m_finder->showMatches();
        });
    }
    m_kinds->setMenu(menu);

    m_bar = tightLayout<QHBoxLayout>(bar, rhythm / 2);
    QHBoxLayout *layout = m_bar;
    layout->addWidget(m_title);
    layout->addStretch(1);
    layout->addWidget(m_finder, 2);
    layout->addWidget(m_kinds);
    layout->addWidget(buttonFor(m_pause, QStringLiteral("logPause"), bar));
    layout->addWidget(buttonFor(m_copy, QStringLiteral("logCopy"), bar));
    layout->addWidget(buttonFor(m_save, QStringLiteral("logSave"), bar));
    auto *last = buttonFor(m_clear, QStringLiteral("logClear"), bar);
    layout->addWidget(last);
    setTabOrder(last, m_view); // it was made first
}

void LogPane::makeView()
{
    m_view = new QTreeView(this);
    m_view->setObjectName(QStringLiteral("logView"));
    m_view->setAccessibleName(tr("Lines of the log"));
    m_view->setModel(m_shown);
    m_view->setItemDelegate(new LogDelegate(m_view));
    tidyTable(m_view, rhythm / 4);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_copy, m_save, m_clear});
    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);

    QHeaderView *header = m_view->header();
    header->setObjectName(QStringLiteral("logHeader"));
    header->setStretchLastSection(true);
    header->setSectionsMovable(false);
    const QFontMetrics normal(m_view->font());
    const QFontMetrics fixed(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    header->resizeSection(LogModel::Time,
                          fixed.horizontalAdvance(QStringLiteral("00:00:00.000")) + 3 * rhythm);
    header->resizeSection(LogModel::Session,
                          normal.horizontalAdvance(QStringLiteral("00000")) + 2 * rhythm);
    header->resizeSection(LogModel::Kind,
                          normal.horizontalAdvance(LogModel::kindText(LogKind::Command)) +
                              3 * rhythm);

    // Follows the end as long as the end is what is looked at.
    QScrollBar *bar = m_view->verticalScrollBar();
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) {
        m_following = !m_pause->isChecked() && value == bar->maximum();
    });
    connect(bar, &QScrollBar::rangeChanged, this, [this, bar](int, int maximum) {
        if (m_following)
            bar->setValue(maximum);
    });

    m_empty = new EmptyNote(QStringLiteral("logEmpty"), m_view);
}

void LogPane::setTitle(const QString &title)
{
    m_title->setText(title);
}

void LogPane::addToBar(QWidget *control)
{
    m_bar->insertWidget(1, control);
    // Reading order: behind the title, before the rest of the bar.
    QWidget *before = control;
    for (int i = 2; i < m_bar->count(); ++i) {
        QWidget *next = m_bar->itemAt(i)->widget();
        if (!next || next->focusPolicy() == Qt::NoFocus)
            continue;
        setTabOrder(before, next);
        before = next;
    }
    setTabOrder(before, m_view);
}

void LogPane::setEmptyText(const QString &text)
{
    m_emptyText = text;
    showEmptyText();
}

void LogPane::hideWire()
{
    for (const LogKind kind : {LogKind::Command, LogKind::Response})
        m_kinds->menu()
            ->findChild<QAction *>(QStringLiteral("logKind%1").arg(int(kind)))
            ->setChecked(false);
}

void LogPane::setSessions(const QSet<quint64> &sessions)
{
    if (m_shown->sessions() == sessions)
        return;
    m_shown->setSessions(sessions);
    m_finder->showMatches();
}

void LogPane::setSessionColumnShown(bool shown)
{
    m_view->header()->setSectionHidden(LogModel::Session, !shown);
}

QByteArray LogPane::saveState() const
{
    return m_view->header()->saveState();
}

bool LogPane::restoreState(const QByteArray &state)
{
    return m_view->header()->restoreState(state);
}

QString LogPane::linesOf(const QList<int> &rows) const
{
    QString text;
    for (const int row : rows)
        text += LogModel::lineOf(m_shown->record(row)) + u'\n';
    return text;
}

void LogPane::copy()
{
    QList<int> rows;
    const QModelIndexList selected = m_view->selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    for (int row = 0; selected.isEmpty() && row < m_shown->rowCount(); ++row)
        rows.append(row);
    if (!rows.isEmpty())
        QGuiApplication::clipboard()->setText(linesOf(rows));
}

void LogPane::save()
{
    QList<int> rows(m_shown->rowCount());
    for (int row = 0; row < rows.size(); ++row)
        rows[row] = row;
    const QByteArray text = linesOf(rows).toUtf8();

    const QString name = m_prompts->askSaveName(this, tr("Save the log"), tr("ferry-log.txt"));
    if (name.isEmpty())
        return;
    QSaveFile file(name);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        m_prompts->tell(this, tr("Save the log"),
                        tr("Can't save the log to %1: %2.").arg(name, file.errorString()));
}

void LogPane::clear()
{
    if (m_shown->sessions().isEmpty())
        m_model->clear();
    else
        m_model->clearSessions(m_shown->sessions());
}

void LogPane::showEmptyText()
{
    const bool empty = m_shown->rowCount() == 0;
    m_empty->say(!empty                                              ? QString()
                 : m_model->rowCount() > 0 && m_shown->isFiltering() ? tr("No lines of these kinds")
                                                                     : m_emptyText);
    m_save->setEnabled(!empty);
    m_clear->setEnabled(!empty);
    m_copy->setEnabled(!empty);
}

} // namespace ferry::gui
