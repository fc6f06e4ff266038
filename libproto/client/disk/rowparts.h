// SPDX-License-Identifier: MIT
/// What was received of a row that is not saved, when the row goes or its folder changes. Waits for
/// the disk; what cannot be done is left.
#pragma once

#include "client/download.h"

#include <QString>

namespace ferry::client {

/// Unless somebody writes to it.
void removePart(const Download &download);

/// Into another target folder, where it is continued. On another disk it is removed: it begins
/// anew.
void movePart(const Download &download, const QString &folder);

} // namespace ferry::client
