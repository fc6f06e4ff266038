// SPDX-License-Identifier: MIT
#include "gui-common/look/tidytable.h"

#include "gui-common/keys/rowkeys.h"

#include <QHeaderView>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>
#include <QTreeView>

namespace ferry::gui {

namespace {

/// Air inside cells. By metrics and not by a style sheet, which would lose the system's look.
class RoomyStyle final : public QProxyStyle
{
public:
    RoomyStyle(QObject *owner, int rowAir)
        : m_rowAir(rowAir)
    {
        setParent(owner);
    }

    /// A desktop that opens by one click would start a download with it.
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override
    {
        return hint == SH_ItemView_ActivateItemOnSingleClick
                   ? 0
                   : QProxyStyle::styleHint(hint, option, widget, data);
    }

    int pixelMetric(PixelMetric metric, const QStyleOption *option,
                    const QWidget *widget) const override
    {
        switch (metric) {
        case PM_FocusFrameHMargin:
            return rhythm - 1; // item views add one
        case PM_HeaderMargin:
            return rhythm;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
        }
    }

    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override
    {
        const auto *label = qstyleoption_cast<const QStyleOptionHeader *>(option);
        if (element != CE_HeaderLabel || !label) {
            QProxyStyle::drawControl(element, option, painter, widget);
            return;
        }
        // The margin has been taken off above and below too, where it is not wanted.
        QStyleOptionHeader whole = *label;
        whole.rect.adjust(0, -rhythm, 0, rhythm);
        QProxyStyle::drawControl(element, &whole, painter, widget);
    }

    /// Styles take the wide margin off the arrow's height as well, so that nothing is left of it.
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override
    {
        if (element != PE_IndicatorHeaderArrow) {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
            return;
        }
        constexpr int side = rhythm + 1;
        const auto *header = qobject_cast<const QHeaderView *>(widget);
        const auto *label = qstyleoption_cast<const QStyleOptionHeader *>(option);
        if (!header || !label)
            return;
        const int right =
            header->sectionViewportPosition(label->section) + header->sectionSize(label->section);
        QStyleOptionHeader arrow = *label;
        arrow.rect = QRect(right - side - rhythm / 2, (header->height() - side) / 2, side, side);
        QProxyStyle::drawPrimitive(element, &arrow, painter, widget);
    }

    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override
    {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (type == CT_ItemViewItem)
            result.setHeight(result.height() + m_rowAir);
        else if (type == CT_HeaderSection)
            result.setHeight(option->fontMetrics.height() + rhythm); // the margin is for the sides
        return result;
    }

private:
    int m_rowAir;
};

} // namespace

void tidyTable(QTreeView *table, int rowAir)
{
    auto *style = new RoomyStyle(table, rowAir);
    table->setStyle(style);
    table->header()->setStyle(style);
    table->setRootIsDecorated(false);
    table->setItemsExpandable(false);
    table->setUniformRowHeights(true);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    table->setAllColumnsShowFocus(true);
    table->setTextElideMode(Qt::ElideMiddle);
    table->header()->setHighlightSections(false);
    selectRowsByKeys(table);
}

} // namespace ferry::gui
