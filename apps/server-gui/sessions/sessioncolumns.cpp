// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessioncolumns.h"

#include "gui-common/look/theme.h"
#include "server-gui/sessions/sessionmodel.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QResizeEvent>
#include <QTreeView>

#include <utility>

namespace ferry::gui {

namespace {

/// What the columns that take the rest should have, in characters, before others are shown.
constexpr int stateCharacters = 34;
constexpr int fileCharacters = 30;
constexpr int progressCharacters = 16;

} // namespace

SessionColumns::SessionColumns(QTreeView *view)
    : QObject(view)
    , m_view(view)
{
    QHeaderView *header = view->header();
    header->setStretchLastSection(false);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setToolTip(tr("Click to sort, right-click to choose the columns"));
    connect(header, &QWidget::customContextMenuRequested, this, &SessionColumns::openMenu);
    setWidths();
    // The column chooser brings these; the others leave room for words.
    for (const int column :
         {SessionModel::Since, SessionModel::Account, SessionModel::Average, SessionModel::Idle})
        header->setSectionHidden(column, true);
    view->viewport()->installEventFilter(this);
    const auto chosen = [this] { m_chosen = true; };
    connect(header, &QHeaderView::sectionMoved, this, chosen);
    connect(header, &QHeaderView::sortIndicatorChanged, this, chosen);
}

void SessionColumns::setWidths()
{
    QHeaderView *header = m_view->header();
    const QFontMetrics metrics(m_view->font());
    const auto width = [&](const char *sample) {
        return metrics.horizontalAdvance(QLatin1StringView(sample)) + 2 * rhythm;
    };
    const int forIcon = 4 * rhythm + rhythm / 2;
    header->setMinimumSectionSize(width("00"));
    header->resizeSection(SessionModel::Id, width("0000") + rhythm);
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
    header->resizeSection(SessionModel::Verified, width("00 of 00") + forIcon);
    header->resizeSection(SessionModel::Idle, width("00 min"));
}

bool SessionColumns::eventFilter(QObject *watched, QEvent *event)
{
    // Its type first: the view's own parts still tell of their end when it is no view any more.
    if (event->type() == QEvent::Resize && watched == m_view->viewport() && m_view->isVisible()) {
        const auto *resize = static_cast<QResizeEvent *>(event);
        const QHeaderView *header = m_view->header();
        m_fits = m_fits || header->length() == resize->oldSize().width() ||
                 header->length() < resize->size().width();
        if (m_fits)
            fit(resize->size().width());
        m_fits = false;
    }
    return false;
}

/// What the figures leave goes to these columns, in these parts.
void SessionColumns::fit(int width)
{
    static constexpr std::pair<int, int> elastic[] = {
        {SessionModel::State, 1}, {SessionModel::File, 3}, {SessionModel::Progress, 1}};
    QHeaderView *header = m_view->header();
    if (!m_chosen)
        choose(width);
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

/// Where there is little room, words are worth more than what the details say as well.
void SessionColumns::choose(int width)
{
    QHeaderView *header = m_view->header();
    int needed = (stateCharacters + fileCharacters + progressCharacters) *
                 m_view->fontMetrics().averageCharWidth();
    for (const int column :
         {SessionModel::Id, SessionModel::Address, SessionModel::Speed, SessionModel::Sent})
        needed += header->sectionSize(column);
    for (const int column :
         {SessionModel::Encryption, SessionModel::Client, SessionModel::Verified}) {
        // A hidden section has no size of its own to ask for.
        header->setSectionHidden(column, false);
        needed += header->sectionSize(column);
        header->setSectionHidden(column, needed > width);
    }
}

void SessionColumns::openMenu(const QPoint &where)
{
    QMenu menu(m_view);
    menu.setObjectName(QStringLiteral("columnMenu"));
    fillMenu(&menu);
    menu.exec(m_view->header()->viewport()->mapToGlobal(where));
}

void SessionColumns::fillMenu(QMenu *menu)
{
    QHeaderView *header = m_view->header();
    // The ID stays, so that there is always a header left to click on.
    for (int column = SessionModel::Since; column < SessionModel::ColumnCount; ++column) {
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

QByteArray SessionColumns::save() const
{
    // What nobody chose fits the next window better when it is worked out anew.
    if (!m_chosen && m_view->header()->length() == m_view->viewport()->width())
        return {};
    return m_view->header()->saveState();
}

void SessionColumns::restore(const QByteArray &state)
{
    if (!state.isEmpty() && m_view->header()->restoreState(state)) {
        m_fits = false;
        m_chosen = true;
    }
}

} // namespace ferry::gui
