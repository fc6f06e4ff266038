// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ferry::client {

/// Bytes that this person may still write to the disk that `folder` (localText) is on; -1: not
/// known. Asks the disk, which may take a while.
qint64 freeSpaceOf(const QString &folder);

} // namespace ferry::client
