// SPDX-License-Identifier: MIT
/// Starting with the desktop's session: an entry in the user's autostart folder.
#pragma once

#include "wire/result.h"

#include <QString>

namespace ferry::gui {

bool startsAtLogin();

/// `dataFolder`: what the program is told then. LocalFile.
Result<> setStartsAtLogin(bool starts, const QString &dataFolder);

} // namespace ferry::gui
