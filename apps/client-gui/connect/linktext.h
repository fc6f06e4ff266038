// SPDX-License-Identifier: MIT
/// The connection in words that say what happened and what to do.
#pragma once

#include "client-gui/connect/linkview.h"
#include "gui-common/look/theme.h"

#include <QString>

namespace ferry::gui {

/// "Connected", "Not connected": beside the light.
QString linkWord(client::LinkState state);
/// A shape for it, so that the colour is not alone.
QString linkSign(client::LinkState state);
Tone linkTone(client::LinkState state);

/// "TLS 1.3 · pinned", "Encrypted", "Not encrypted": beside the lock.
QString safetyWords(const LinkView &view);

/// Why there is no connection, and what to do. `mistyped`: the password looks like a generated
/// one, and is none.
QString linkFailureText(const LinkView &view, bool mistyped);

} // namespace ferry::gui
