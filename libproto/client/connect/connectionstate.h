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
    Error error{ErrorCode::Cancelled, {}}; ///< of state Failed
    QString description;                   ///< e.g. "unencrypted"
    QByteArray offered;                    ///< the server's fingerprint, once it is known
    QByteArray saved;                      ///< the one that was expected, if it differs
    /// Offline: the server is gone and is looked for again then, because files wait.
    std::optional<std::chrono::steady_clock::time_point> retryAt;
};

} // namespace ferry::client
