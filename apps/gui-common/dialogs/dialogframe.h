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

} // namespace ferry::gui
