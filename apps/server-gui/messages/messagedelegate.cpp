// SPDX-License-Identifier: MIT
#include "server-gui/messages/messagedelegate.h"

#include "gui-common/look/theme.h"
#include "server-gui/messages/messagesmodel.h"

#include <QPalette>

namespace ferry::gui {

void MessageDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const auto tone = Tone(index.data(MessagesModel::ToneRole).toInt());
    option->palette.setColor(QPalette::Text, toneColor(tone, option->palette));
    option->textElideMode = Qt::ElideRight;
}

QSize MessageDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QModelIndex plain = index.siblingAtColumn(MessagesModel::When);
    return {QStyledItemDelegate::sizeHint(option, index).width(),
            QStyledItemDelegate::sizeHint(option, plain).height()};
}

} // namespace ferry::gui
