// SPDX-License-Identifier: MIT
#pragma once

#include <QIcon>
#include <QPixmap>

class QWidget;

namespace ferry::gui {

/// As large as the icons of menus and buttons around it, which grow with the resolution of fonts,
/// and sharp on the widget's screen.
QPixmap smallPixmap(const QIcon &icon, const QWidget *widget);

} // namespace ferry::gui
