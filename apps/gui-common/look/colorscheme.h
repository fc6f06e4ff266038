// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QMenu;
class QWidget;

namespace ferry::gui {

/// Dark or light: as the desktop wants it, or as a person chose.
enum class ColorScheme { System, Light, Dark };

/// At once. No effect while the environment variable FERRY_COLOR_SCHEME says light or dark.
void setColorScheme(ColorScheme scheme);
ColorScheme colorScheme();

/// From now on System is what the desktop's portal prefers, also when that changes.
void followDesktop();

/// For the settings; what is not known is System.
QString colorSchemeKey(ColorScheme scheme);
ColorScheme colorSchemeOf(const QString &key);

/// "Appearance": Follow the system, Light, Dark. `parent` owns it.
QMenu *appearanceMenu(QWidget *parent);

} // namespace ferry::gui
