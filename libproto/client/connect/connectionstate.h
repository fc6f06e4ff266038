// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <optional>

namespace ferry::client {

enum class ConnectionState {
    Offline,
    Connecting,
    LoggingIn,
    Online,
    Failed, ///< see the error; nothing is retried until asked
};

/// A connection as others see it: a copy, taken at one moment.
struct ConnectionStatus
{
    ConnectionState state = ConnectionState::Offline;
    Error error{ErrorCode::Cancelled,
                {}};     ///< of state Failed; of state Offline, if the server left
    QString description; ///< e.g. "unencrypted"
    bool people = false; ///< Online: the server knows of people
    bool gifts = false;  ///< of a PeopleConnection, Online: it keeps files for them
    QByteArray offered;  ///< the server's fingerprint, once it is known
    QByteArray saved;    ///< the one that was expected, if it differs
    /// The connection was lost, for this reason, and is made anew: from then on until it is Online
    /// again, Failed, or closed.
    std::optional<Error> lost;
    /// Offline: when the server is looked for again.
    std::optional<std::chrono::steady_clock::time_point> retryAt;
};

} // namespace ferry::client
