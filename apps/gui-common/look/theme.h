// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/colorscheme.h"

#include <QColor>
#include <QLatin1StringView>

class QApplication;
class QPalette;
class QWidget;

namespace ferry::gui {

/// Distance between things that belong apart, in device-independent pixels; half of it between
/// things that belong together.
inline constexpr int rhythm = 8;

/// Style and colours of the program: those of the system, or our own light or dark ones. The
/// environment variable FERRY_COLOR_SCHEME=light|dark overrides it.
void applyTheme(QApplication &application, ColorScheme scheme);

bool isDark(const QPalette &palette);

/// What a colour says. Never said by a colour alone: a word or a shape always goes with it.
enum class Tone {
    Normal,
    Quiet,   ///< of little weight: past, secondary
    Accent,  ///< ours, active
    Good,    ///< verified, and only that
    Caution, ///< stalled, waiting to try again
    Bad,     ///< failed, refused
};

/// Readable on the palette's Base and Window, light or dark.
QColor toneColor(Tone tone, const QPalette &palette);

/// Paints the text of `widget` in `tone`, also after the palette changed.
void setTone(QWidget *widget, Tone tone);

/// For Qt::ToolTipRole and setToolTip(): `text` is never taken for HTML, and is wrapped.
QString plainToolTip(const QString &text);

} // namespace ferry::gui
