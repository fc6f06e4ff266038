// SPDX-License-Identifier: MIT
#pragma once

class QTreeView;

namespace ferry::gui {

/// The look that all tables share: no grid, no branches, rows and headers with the same air on
/// both sides of their text, rows of one height, text elided in the middle.
void tidyTable(QTreeView *table);

} // namespace ferry::gui
