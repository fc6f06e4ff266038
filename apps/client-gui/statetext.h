// SPDX-License-Identifier: MIT
/// States and errors of the client in words that say what happened and what to do.
#pragma once

#include "client/connection.h"
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

/// Why there is no connection to `host`, and what to do.
QString linkFailureText(const Error &error, const QString &host);

/// The file's name as it may be shown: the local one, or the last part of the remote path.
QString shownName(const client::Download &download);

} // namespace ferry::gui
