// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/dialogs/detailsdialog.h"
#include "server/pacing/sessioninfo.h"

#include <QString>

class QWidget;

namespace ferry::gui {

/// In a word or two: "TLS 1.3", "Unencrypted".
QString encryptionText(const server::SessionInfo &session);

/// All that is known of a session. Always the same lines.
Details sessionDetails(const server::SessionInfo &session);

/// Shows them as they are at this moment; DetailsDialog::refresh() keeps them true.
DetailsDialog *showSessionDetails(const server::SessionInfo &session, QWidget *parent);

} // namespace ferry::gui
