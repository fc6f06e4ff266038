// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"

#include <QLatin1StringView>
#include <QString>

class QDialog;
class QLabel;
class QVBoxLayout;
class QWidget;

namespace ferry::gui {

/// Pixels that the words of a dialog are wide.
inline constexpr int dialogTextWidth = 440;

/// A dialog that asks something: an icon on the left, everything else on its right. Its size
/// follows what is in it.
struct DialogFrame
{
    QLabel *headline;     ///< to be placed by the caller
    QVBoxLayout *content; ///< empty
};
DialogFrame frameDialog(QDialog *dialog, QLatin1StringView iconName, Tone tone,
                        const QString &headline);

/// Gives a dialog the size of what is in it. By itself it would get two thirds of the screen at
/// most, and wrapped text is cut off where the screen is low or the font large.
void fitToContent(QDialog *dialog);

} // namespace ferry::gui
