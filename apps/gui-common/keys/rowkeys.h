// SPDX-License-Identifier: MIT
#pragma once

class QAbstractItemView;

namespace ferry::gui {

/// When nothing is selected, the arrow keys select the row that has the focus. Without it they
/// pass over that row, and in a table with one row no key at all selects it.
void selectRowsByKeys(QAbstractItemView *view);

} // namespace ferry::gui
