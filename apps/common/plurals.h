// SPDX-License-Identifier: MIT
#pragma once

namespace ferry {

/// Singular and plural for what tr() counts. After the application object is there.
void loadPlurals();

} // namespace ferry
