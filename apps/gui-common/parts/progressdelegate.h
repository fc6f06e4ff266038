// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"

#include <QStyledItemDelegate>

class QPainter;

namespace ferry::gui {

/// What a cell with progress says: an item's ProgressDelegate::Role.
struct Progress
{
    double fraction = -1; ///< 0…1; negative: under way, but nobody knows how much there is
    Tone tone = Tone::Accent;
};

/// Paints a bar and, beside it, the item's text (e.g. "81 %") inside the row: no widget per row.
/// A cell without the role shows its text alone.
class ProgressDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// QVariant of a Progress.
    static constexpr int Role = Qt::UserRole + 1000;

    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// The bar alone, for an overall progress elsewhere. `phase`: 0…1, where the moving part stands
/// when the fraction is unknown.
void paintProgressBar(QPainter *painter, const QRect &rect, const Progress &progress,
                      const QPalette &palette, double phase);

} // namespace ferry::gui

Q_DECLARE_METATYPE(ferry::gui::Progress)
