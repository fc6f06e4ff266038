// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QLatin1StringView>

class QApplication;
class QPalette;
class QWidget;

namespace ferry::gui {

/// Distance between things that belong apart, in device-independent pixels; half of it between
/// things that belong together.
inline constexpr int rhythm = 8;

/// Style and colours of the program, before the first window: those of the system. The
/// environment variable FERRY_COLOR_SCHEME=light|dark|system overrides it.
void applyTheme(QApplication &application);

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
