// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"

class QTreeView;

namespace ferry::gui {

/// What all tables share: no grid, no branches, rows and headers with the same air on both sides
/// of their text, rows of one height, text elided in the middle, no editing, and Tab leads out.
/// `rowAir`: what a row has above and below its text, together; a log wants less than a list.
void tidyTable(QTreeView *table, int rowAir = rhythm);

} // namespace ferry::gui
