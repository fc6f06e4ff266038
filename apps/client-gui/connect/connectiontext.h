// SPDX-License-Identifier: MIT
/// The connection in words that say what happened and what to do.
#pragma once

#include "client-gui/connect/connectionview.h"
#include "gui-common/look/theme.h"
#include "wire/result.h"

#include <QString>

namespace ferry::gui {

/// "Connected", "Not connected": beside the light.
QString connectionWord(client::ConnectionState state);
/// "Reconnecting…": in its place while a lost connection is looked for.
QString reconnectingWord();
/// "Connection lost. Trying again in 12 s." `why`: of ConnectionStatus::lost.
QString connectionLostText(const Error &why, int secondsLeft);
/// A shape for it, so that the colour is not alone.
QString connectionSign(client::ConnectionState state);
Tone connectionTone(client::ConnectionState state);

/// "TLS 1.3 · pinned", "Encrypted", "Not encrypted": beside the lock.
QString safetyWords(const ConnectionView &view);

/// Why there is no connection, and what to do. `mistyped`: the password looks like a generated
/// one, and is none.
QString connectionFailureText(const ConnectionView &view, bool mistyped);

} // namespace ferry::gui
