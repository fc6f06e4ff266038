// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace ferry::gui {

/// All rows are as high as the time in them: letters of other fonts would make them higher, and the
/// first one decides for all. The model says which Tone.
class MessageDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace ferry::gui
