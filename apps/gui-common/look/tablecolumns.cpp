// SPDX-License-Identifier: MIT
#include "gui-common/look/tablecolumns.h"

#include "gui-common/look/theme.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QResizeEvent>
#include <QScopedValueRollback>
#include <QStyle>
#include <QTreeView>

#include <algorithm>
#include <utility>

namespace ferry::gui {

TableColumns::TableColumns(QTreeView *view, const QList<Column> &columns)
    : QObject(view)
    , m_view(view)
    , m_columns(columns)
{
    QHeaderView *header = view->header();
    header->setStretchLastSection(false);
    if (std::any_of(columns.begin(), columns.end(),
                    [](const Column &column) { return column.room != Column::always; })) {
        header->setContextMenuPolicy(Qt::CustomContextMenu);
        header->setToolTip(tr("Click to sort, right-click to choose the columns"));
        connect(header, &QWidget::customContextMenuRequested, this, &TableColumns::openMenu);
    }
    setWidths();
    for (int column = 0; column < m_columns.size(); ++column)
        header->setSectionHidden(column, m_columns[column].room == Column::whenChosen);
    view->viewport()->installEventFilter(this);
    view->installEventFilter(this);
    const auto chosen = [this] { m_chosen = true; };
    connect(header, &QHeaderView::sectionMoved, this, chosen);
    connect(header, &QHeaderView::sortIndicatorChanged, this, chosen);
    connect(header, &QHeaderView::sectionResized, this, [this](int, int before, int now) {
        m_resized = m_resized || (!m_ours && before > 0 && now > 0); // 0: hidden
    });
}

int TableColumns::neededFor(int column) const
{
    const Column &wanted = m_columns[column];
    const QStyle *style = m_view->style();
    const int icon = style->pixelMetric(QStyle::PM_SmallIconSize, nullptr, m_view) + 2 * rhythm;
    const int branch = column == 0 && m_view->rootIsDecorated() ? m_view->indentation() : 0;
    const QFontMetrics cells(m_view->font());
    const QFontMetrics titles(m_view->header()->font());
    const QString title =
        m_view->model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    // The arrow of the sorting stands beside the title.
    return qMax(cells.horizontalAdvance(wanted.sample) + (wanted.icon ? icon : 0) + branch,
                titles.horizontalAdvance(title) + rhythm) +
           2 * rhythm + 2;
}

void TableColumns::setWidths()
{
    QHeaderView *header = m_view->header();
    const QScopedValueRollback ours(m_ours, true);
    header->setMinimumSectionSize(
        QFontMetrics(m_view->font()).horizontalAdvance(QLatin1StringView("00")) + 2 * rhythm);
    for (int column = 0; column < m_columns.size(); ++column) {
        // A hidden section takes no size.
        const bool hidden = header->isSectionHidden(column);
        header->setSectionHidden(column, false);
        header->resizeSection(column, neededFor(column));
        header->setSectionHidden(column, hidden);
    }
}

bool TableColumns::eventFilter(QObject *watched, QEvent *event)
{
    // Its type first: the view's own parts still tell of their end when it is no view any more.
    if (event->type() == QEvent::Resize && watched == m_view->viewport() && m_view->isVisible()) {
        const int width = static_cast<QResizeEvent *>(event)->size().width();
        if (!m_resized || m_view->header()->length() < width)
            fit(width);
    } else if (event->type() == QEvent::FontChange && watched == m_view) {
        setWidths();
        fit(m_view->viewport()->width());
    }
    return false;
}

/// What the others leave goes to the elastic columns, in their parts.
void TableColumns::fit(int width)
{
    QHeaderView *header = m_view->header();
    const QScopedValueRollback ours(m_ours, true);
    if (!m_chosen)
        choose(width);
    int parts = 0;
    for (int column = 0; column < m_columns.size(); ++column)
        parts += header->isSectionHidden(column) ? 0 : m_columns[column].stretch;
    int left = width - header->length();
    for (int column = 0; column < m_columns.size(); ++column) {
        const int part = m_columns[column].stretch;
        if (part == 0 || header->isSectionHidden(column))
            continue;
        const int old = header->sectionSize(column);
        header->resizeSection(column,
                              qMax(old + left * part / parts, 2 * header->minimumSectionSize()));
        left -= header->sectionSize(column) - old;
        parts -= part;
    }
}

/// Where there is little room, some columns are left to the details.
void TableColumns::choose(int width)
{
    QHeaderView *header = m_view->header();
    int needed = 0;
    QList<int> optional;
    for (int column = 0; column < m_columns.size(); ++column) {
        if (m_columns[column].room == Column::always)
            needed += neededFor(column);
        else if (m_columns[column].room > 0)
            optional.append(column);
    }
    std::sort(optional.begin(), optional.end(),
              [this](int a, int b) { return m_columns[a].room < m_columns[b].room; });
    for (const int column : std::as_const(optional)) {
        needed += neededFor(column);
        header->setSectionHidden(column, needed > width);
    }
}

void TableColumns::openMenu(const QPoint &where)
{
    QMenu menu(m_view);
    menu.setObjectName(QStringLiteral("columnMenu"));
    fillMenu(&menu);
    menu.exec(m_view->header()->viewport()->mapToGlobal(where));
}

void TableColumns::fillMenu(QMenu *menu)
{
    QHeaderView *header = m_view->header();
    // The first one stays, so that there is always a header left to click on.
    for (int column = 1; column < m_columns.size(); ++column) {
        QAction *action = menu->addAction(
            m_view->model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        connect(action, &QAction::toggled, header, [this, header, column](bool shown) {
            m_chosen = true;
            header->setSectionHidden(column, !shown);
            if (header->length() < m_view->viewport()->width())
                fit(m_view->viewport()->width());
        });
    }
}

QByteArray TableColumns::save() const
{
    if (!m_chosen && !m_resized)
        return {};
    return m_view->header()->saveState();
}

void TableColumns::restore(const QByteArray &state)
{
    const QScopedValueRollback ours(m_ours, true);
    m_chosen = m_view->header()->restoreState(state) || m_chosen;
}

} // namespace ferry::gui
