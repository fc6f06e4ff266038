// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuetable.h"

#include "client-gui/queue/queuefiltermodel.h"
#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/progressdelegate.h"

#include <QHash>
#include <QHeaderView>

#include <algorithm>
#include <limits>
#include <set>

namespace ferry::gui {

namespace {

constexpr int rowsInSight = 5;

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
    columns[QueueModel::SaveTo] = {sample("~/Downloads/Holiday"), 1, false, Column::whenChosen};
    columns[QueueModel::Finished] = {sample("yesterday 00:00"), 0, false, Column::whenChosen};
    return columns;
}

} // namespace

QueueTable::QueueTable(QueueModel *model, QueueFilterModel *shown, QWidget *parent)
    : QTreeView(parent)
    , m_model(model)
    , m_shown(shown)
{
    setObjectName(QStringLiteral("queueTable"));
    setAccessibleName(tr("Downloads"));
    setModel(m_shown);
    setFrameShape(QFrame::NoFrame);
    tidyTable(this);
    setRootIsDecorated(true);
    setItemsExpandable(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setDragEnabled(true); // what is saved, to a file manager
    setDragDropMode(QAbstractItemView::DragOnly);
    setItemDelegateForColumn(QueueModel::Progress, new ProgressDelegate(this));
    setItemDelegateForColumn(QueueModel::State, new StateDelegate(this));
    makeHeader();
    m_columns = new TableColumns(this, queueColumns());

    connect(this, &QTreeView::expanded, this,
            [this](const QModelIndex &index) { remember(index, true); });
    connect(this, &QTreeView::collapsed, this,
            [this](const QModelIndex &index) { remember(index, false); });
    connect(m_shown, &QAbstractItemModel::modelReset, this, &QueueTable::unfold);
    connect(m_shown, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &folder) {
        if (!folder.isValid() && m_shown->hidesAnything())
            QMetaObject::invokeMethod(this, &QueueTable::unfold, Qt::QueuedConnection);
    });
    connect(this, &QTreeView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT opened(m_shown->mapToSource(index).siblingAtColumn(0));
    });
}

void QueueTable::makeHeader()
{
    header()->setSectionsClickable(true);
    header()->setSortIndicatorShown(true);
    header()->setSortIndicatorClearable(true); // a third click: the order of the queue
    header()->setSortIndicator(-1, Qt::AscendingOrder);
    connect(header(), &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder order) {
                m_shown->sort(column, order);
                Q_EMIT sorted();
            });
}

/// Whatever else the window shows, the queue stays readable.
QSize QueueTable::minimumSizeHint() const
{
    const int row = std::max(sizeHintForRow(0), fontMetrics().height() + rhythm);
    return {QTreeView::minimumSizeHint().width(),
            header()->sizeHint().height() + rowsInSight * row + 2 * frameWidth()};
}

QByteArray QueueTable::saveColumns() const
{
    return m_columns->save();
}

void QueueTable::restoreColumns(const QByteArray &state)
{
    m_columns->restore(state);
    // Each run begins with the order of the queue, whatever the last one ended with.
    header()->setSectionsClickable(true);
    header()->setSortIndicatorShown(true);
    header()->setSortIndicatorClearable(true);
    header()->setSortIndicator(-1, Qt::AscendingOrder);
}

void QueueTable::keepSelection()
{
    const QModelIndex current = currentIndex();
    if (!current.isValid())
        return;
    if (!selectionModel()->hasSelection())
        selectionModel()->select(current,
                                 QItemSelectionModel::SelectCurrent | QItemSelectionModel::Rows);
    scrollTo(current);
}

void QueueTable::unfold()
{
    const bool all = m_shown->hidesAnything() && m_shown->isShort();
    const QModelIndexList folders = m_model->folders();
    m_unfolding = true;
    for (const QModelIndex &folder : folders) {
        const QModelIndex shown = m_shown->mapFromSource(folder);
        const bool open = all || m_unfolded.contains(m_model->download(folder).id);
        if (shown.isValid() && open != isExpanded(shown))
            setExpanded(shown, open);
    }
    m_unfolding = false;
}

/// The person did it, or the view after keys.
void QueueTable::remember(const QModelIndex &index, bool open)
{
    if (m_unfolding || m_shown->hidesAnything())
        return;
    const quint64 id = index.data(QueueModel::IdRole).toULongLong();
    if (open)
        m_unfolded.insert(id);
    else
        m_unfolded.remove(id);
}

QModelIndexList QueueTable::selected(int most) const
{
    QModelIndexList rows;
    QSet<int> folders;
    const QItemSelection selection = selectionModel()->selection();
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
QList<QList<quint64>> QueueTable::moved(int step) const
{
    QHash<QModelIndex, std::set<int>> chosenIn;
    const QModelIndexList rows = selected(std::numeric_limits<int>::max());
    for (const QModelIndex &index : rows) {
        const QModelIndex shown = m_shown->mapFromSource(index);
        chosenIn[shown.parent()].insert(shown.row());
    }
    QList<QList<quint64>> moved;
    for (auto folder = chosenIn.cbegin(); folder != chosenIn.cend(); ++folder) {
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
            if (other >= 0 && other < m_shown->rowCount(parent)) {
                QList<quint64> ids;
                if (step > 0)
                    append(&ids, other);
                for (int row = *first; row < end; ++row)
                    append(&ids, row);
                if (step < 0)
                    append(&ids, other);
                moved.append(ids);
            }
            first = chosen.lower_bound(end);
        }
    }
    return moved;
}

} // namespace ferry::gui
