// SPDX-License-Identifier: MIT
#pragma once

#include "server/server.h"

#include <QString>

namespace ferry::gui {

class ServerControl;
struct ServerSettings;
struct TakenPort;

/// What the window says about the state the server is in.
struct StateWords
{
    server::ServerState state; ///< also Error when the start failed before the engine's
    QString sentence;          ///< beside the state: what it means, or why it is an error

    // In the place of the sessions while there is none:
    QString emptyTitle;
    QString emptyText;
    QString emptyButton; ///< empty: none
};

StateWords describeState(ServerControl &control, const ServerSettings &settings);

QString describeTakenPort(const TakenPort &taken);

} // namespace ferry::gui
