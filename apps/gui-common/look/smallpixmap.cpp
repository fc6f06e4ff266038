// SPDX-License-Identifier: MIT
#include "gui-common/look/smallpixmap.h"

#include <QStyle>
#include <QWidget>

namespace ferry::gui {

QPixmap smallPixmap(const QIcon &icon, const QWidget *widget)
{
    const int side = widget->style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, widget);
    return icon.pixmap(QSize(side, side), widget->devicePixelRatioF());
}

} // namespace ferry::gui
