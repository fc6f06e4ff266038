// SPDX-License-Identifier: MIT
/// States and errors of the client in words that say what happened and what to do.
#pragma once

#include "client-gui/linkview.h"
#include "client/download.h"
#include "gui-common/theme.h"

#include <QString>

namespace ferry::gui {

/// "Downloading, 3 s left", "Saved, not verified", "Not found on the server".
QString stateText(const client::Download &download);
Tone stateTone(const client::Download &download);

/// The icon beside the words; empty for none.
QLatin1StringView stateIcon(const client::Download &download);

/// The whole story of a failed download: what happened and what to do. Empty if it did not fail.
QString failureText(const client::Download &download);

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

/// The name as it may be shown: where it is below the chosen folder, or the last part of the
/// remote path.
QString shownName(const client::Download &download);

/// Where it is, or will be, on this computer.
QString localPath(const client::Download &download);

} // namespace ferry::gui
