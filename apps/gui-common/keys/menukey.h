// SPDX-License-Identifier: MIT
#pragma once

class QApplication;

namespace ferry::gui {

/// Shift+F10 opens the menu of what has the focus, as the Menu key does, which many keyboards lack.
/// Qt knows that on Windows only. For all windows of the program; once.
void openMenusByShiftF10(QApplication *application);

} // namespace ferry::gui
