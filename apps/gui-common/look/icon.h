// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"

#include <QIcon>
#include <QLatin1StringView>

namespace ferry::gui {

/// An icon of the family in resources/icons, by its file name without ".svg". It is drawn in the
/// colour of the application's palette at the moment of painting, so one icon serves light and
/// dark, enabled and disabled. Null if there is no such icon.
QIcon icon(QLatin1StringView name, Tone tone = Tone::Normal);

} // namespace ferry::gui
