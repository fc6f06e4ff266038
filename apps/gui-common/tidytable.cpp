// SPDX-License-Identifier: MIT
#include "gui-common/tidytable.h"

#include "gui-common/theme.h"

#include <QHeaderView>
#include <QProxyStyle>
#include <QStyleOption>
#include <QTreeView>

namespace ferry::gui {

namespace {

/// Air inside cells. By metrics and not by a style sheet, which would lose the system's look.
class RoomyStyle final : public QProxyStyle
{
public:
    explicit RoomyStyle(QObject *owner) { setParent(owner); }

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

    QRect subElementRect(SubElement element, const QStyleOption *option,
                         const QWidget *widget) const override
    {
        if (element != SE_HeaderLabel)
            return QProxyStyle::subElementRect(element, option, widget);
        QRect rect = option->rect.adjusted(rhythm, 0, -rhythm, 0);
        const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
        if (header && header->sortIndicator != QStyleOptionHeader::None)
            rect.setRight(rect.right() - 2 * rhythm); // the arrow's place
        return QStyle::visualRect(option->direction, option->rect, rect);
    }

    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override
    {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (type == CT_ItemViewItem)
            result.setHeight(result.height() + rhythm);
        else if (type == CT_HeaderSection)
            result.setHeight(option->fontMetrics.height() + rhythm); // the margin is for the sides
        return result;
    }
};

} // namespace

void tidyTable(QTreeView *table)
{
    auto *style = new RoomyStyle(table);
    table->setStyle(style);
    table->header()->setStyle(style);
    table->setRootIsDecorated(false);
    table->setItemsExpandable(false);
    table->setUniformRowHeights(true);
    table->setAllColumnsShowFocus(true);
    table->setTextElideMode(Qt::ElideMiddle);
    table->header()->setHighlightSections(false);
}

} // namespace ferry::gui
