// SPDX-License-Identifier: MIT
#include "gui-common/parts/progressdelegate.h"

#include "gui-common/look/format.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPainter>

#include <algorithm>

namespace ferry::gui {

namespace {

constexpr int barHeight = 6;
constexpr int padding = 8;

// The moving part of a bar of unknown length. It is painted anew whenever its row changes, that
// is while bytes arrive: no timer is needed, and it stands still when nothing comes.
double currentPhase()
{
    static const QElapsedTimer clock = [] {
        QElapsedTimer started;
        started.start();
        return started;
    }();
    constexpr qint64 roundMs = 2400;
    return double(clock.elapsed() % roundMs) / double(roundMs);
}

} // namespace

void paintProgressBar(QPainter *painter, const QRect &rect, const Progress &progress,
                      const QPalette &palette, double phase)
{
    const QRectF track(rect.x(), rect.y() + (rect.height() - barHeight) / 2.0, rect.width(),
                       barHeight);
    if (track.width() < barHeight)
        return;
    constexpr double radius = barHeight / 2.0;

    QColor ground = palette.color(QPalette::Text);
    ground.setAlphaF(isDark(palette) ? 0.22F : 0.13F);
    const QColor fill = toneColor(progress.tone, palette);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(ground);
    painter->drawRoundedRect(track, radius, radius);

    painter->setBrush(fill);
    QRectF part = track;
    if (progress.fraction >= 0) {
        part.setWidth(track.width() * std::min(progress.fraction, 1.0));
        // A sliver narrower than its own round ends would look like a stain.
        if (progress.fraction > 0)
            part.setWidth(std::max(part.width(), double(barHeight)));
    } else {
        part.setWidth(track.width() * 0.3);
        part.moveLeft(track.left() - part.width() + (track.width() + part.width()) * phase);
        part = part.intersected(track);
    }
    if (part.width() > 0)
        painter->drawRoundedRect(part, radius, radius);
    painter->restore();
}

void ProgressDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const QVariant value = index.data(Role);
    if (!value.canConvert<Progress>()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString text = item.text;
    item.text.clear();
    item.icon = {};
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    // On a selected row the bar takes the colours of the text, so that it stays visible.
    const bool selected = item.state.testFlag(QStyle::State_Selected);
    QPalette palette = item.palette;
    Progress progress = value.value<Progress>();
    if (selected) {
        const QColor on = palette.color(QPalette::HighlightedText);
        palette.setColor(QPalette::Text, on);
        palette.setColor(QPalette::Highlight, on);
        progress.tone = Tone::Accent;
    }

    QRect bar = item.rect.adjusted(padding, 0, -padding, 0);
    if (!text.isEmpty()) {
        // Room for the widest text there can be, so that all bars end at the same place.
        const int textWidth = std::max(item.fontMetrics.horizontalAdvance(formatPercent(1)),
                                       item.fontMetrics.horizontalAdvance(text));
        const QRect textRect(bar.right() - textWidth + 1, bar.top(), textWidth, bar.height());
        bar.setRight(textRect.left() - padding);
        painter->save();
        painter->setFont(item.font);
        painter->setPen(palette.color(QPalette::Text));
        painter->drawText(textRect, int(Qt::AlignRight | Qt::AlignVCenter), text);
        painter->restore();
    }
    paintProgressBar(painter, bar, progress, palette, currentPhase());
}

QSize ProgressDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize base = QStyledItemDelegate::sizeHint(option, index);
    return {std::max(base.width(), 120), std::max(base.height(), barHeight + padding)};
}

} // namespace ferry::gui
