// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings/settings.h"

#include <QByteArrayList>

namespace ferry::gui {

/// `words` without the program's name. Invalid, with a sentence. FERRY_DATA_DIR counts where
/// --data-dir is not given.
Result<StartValues> parseCommandLine(const QByteArrayList &words);

} // namespace ferry::gui
