// SPDX-License-Identifier: MIT
#pragma once

namespace ferry {

/// Singular and plural for tr("%n files", nullptr, n). After the application object is there.
void loadPlurals();

} // namespace ferry
