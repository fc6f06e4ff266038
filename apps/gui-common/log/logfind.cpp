// SPDX-License-Identifier: MIT
#include "gui-common/log/logfind.h"
#include "gui-common/parts/fields.h"

#include "gui-common/log/logfiltermodel.h"
#include "gui-common/log/logmodel.h"
#include "gui-common/look/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QTreeView>

namespace ferry::gui {

namespace {
constexpr int minWidth = 96;
constexpr int maxWidth = 220;
} // namespace

LogFind::LogFind(const LogFilterModel *lines, QTreeView *view, QWidget *parent)
    : QWidget(parent)
    , m_lines(lines)
    , m_view(view)
    , m_matches(namedLabel(QStringLiteral("logMatches"), this))
    , m_field(new QLineEdit(this))
{
    m_matches->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setTone(m_matches, Tone::Quiet);
    m_field->setObjectName(QStringLiteral("logFind"));
    m_field->setPlaceholderText(tr("Find"));
    m_field->setAccessibleName(tr("Find in the log"));
    m_field->setToolTip(tr("Enter: next match. Shift+Enter: previous match. Esc: close."));
    m_field->setClearButtonEnabled(true);
    m_field->setMinimumWidth(minWidth);
    m_field->setMaximumWidth(maxWidth);
    m_field->installEventFilter(this);
    auto *layout = tightLayout<QHBoxLayout>(this, rhythm / 2);
    layout->addWidget(m_matches, 1);
    layout->addWidget(m_field, 2);
    setFocusProxy(m_field);
    setFocusPolicy(Qt::StrongFocus);
    connect(m_field, &QLineEdit::textChanged, this, [this] { findNext(0); });
}

void LogFind::begin()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

bool LogFind::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        switch (key->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            findNext(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
            return true;
        case Qt::Key_Escape:
            m_field->clear();
            m_view->setFocus(Qt::OtherFocusReason);
            return true;
        default:
            break;
        }
    }
    return QWidget::eventFilter(watched, event);
}

bool LogFind::isMatch(int row) const
{
    return m_lines->record(row).message.contains(m_field->text(), Qt::CaseInsensitive);
}

void LogFind::findNext(int step)
{
    const int rows = m_lines->rowCount();
    if (!m_field->text().isEmpty() && rows > 0) {
        const QModelIndex current = m_view->currentIndex();
        const int from = current.isValid() ? current.row() : step < 0 ? 0 : rows - 1 + (step == 0);
        const int direction = step < 0 ? -1 : 1;
        for (int i = 0; i < rows; ++i) {
            const int row = ((from + step + direction * i) % rows + rows) % rows;
            if (!isMatch(row))
                continue;
            const QModelIndex hit = m_lines->index(row, LogModel::Message);
            m_view->setCurrentIndex(hit);
            m_view->scrollTo(hit);
            break;
        }
    }
    showMatches();
}

void LogFind::showMatches()
{
    if (m_field->text().isEmpty()) {
        m_matches->clear();
        return;
    }
    int matches = 0;
    int place = 0;
    const int current = m_view->currentIndex().isValid() ? m_view->currentIndex().row() : -1;
    for (int row = 0, rows = m_lines->rowCount(); row < rows; ++row) {
        if (!isMatch(row))
            continue;
        ++matches;
        if (row == current)
            place = matches;
    }
    m_matches->setText(matches == 0 ? tr("No match")
                       : place == 0 ? tr("%Ln matches", nullptr, matches)
                                    : tr("%1 of %2").arg(place).arg(matches));
}

} // namespace ferry::gui
