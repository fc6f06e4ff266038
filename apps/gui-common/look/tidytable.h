// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"

class QTreeView;

namespace ferry::gui {

/// The look that all tables share: no grid, no branches, rows and headers with the same air on
/// both sides of their text, rows of one height, text elided in the middle. `rowAir`: what a
/// row has above and below its text, together; a log wants less than a list.
void tidyTable(QTreeView *table, int rowAir = rhythm);

} // namespace ferry::gui
