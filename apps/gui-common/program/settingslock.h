// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ferry::gui {

/// QSettings locks its file while it writes. A lock that the disk once refused to remove stays, and
/// the next writing would wait half a minute for it. To be called before a change, on the thread
/// that makes all of them: a lock of this process is such a leftover then, and is removed.
void removeLeftLock(const QString &settingsFile);

} // namespace ferry::gui
