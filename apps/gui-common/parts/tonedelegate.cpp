// SPDX-License-Identifier: MIT
#include "gui-common/parts/tonedelegate.h"

#include "gui-common/look/theme.h"

#include <QPalette>

namespace ferry::gui {

ToneDelegate::ToneDelegate(int toneRole, int pathColumn, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_toneRole(toneRole)
    , m_pathColumn(pathColumn)
{
}

void ToneDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const auto tone = Tone(index.data(m_toneRole).toInt());
    option->palette.setColor(QPalette::Text, toneColor(tone, option->palette));
    option->textElideMode = index.column() == m_pathColumn ? Qt::ElideMiddle : Qt::ElideRight;
}

} // namespace ferry::gui
