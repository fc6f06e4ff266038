// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ferry::gui {

/// A path on this computer as people write it: `~/Downloads`. Not for display yet: see
/// net/base/displaytext.h.
QString shortPath(const QString &path);

} // namespace ferry::gui
