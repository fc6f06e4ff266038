// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace ferry::gui {

/// Colours the words of a row by what they say: the model says which Tone, the palette which
/// colour.
class ToneDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// `toneRole`: of the model, an int(Tone). Where there is too little room, a text is cut at its
    /// end, in the column of paths in the middle.
    ToneDelegate(int toneRole, int pathColumn, QObject *parent);

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    const int m_toneRole;
    const int m_pathColumn;
};

} // namespace ferry::gui
