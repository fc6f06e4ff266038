// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"
#include "client-cli/trust.h"
#include "client/connect/encryptedconnection.h"
#include "net/base/guarded.h"
#include "net/base/logqueue.h"
#include "net/login/sasl.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace ferry::client {

/// What follows from a connection that failed so. Nothing: the person at the terminal trusts the
/// server, which is in `arguments` now, and it is made once more. Otherwise what is said.
std::optional<Error> askOrGiveUp(Arguments &arguments, const Error &error,
                                 const QByteArray &offered, const QByteArray &saved);

/// A connection that is logged in: an EncryptedConnection or a Lister. At a first one the person at
/// the terminal is asked, and the fingerprint that was agreed to is in `arguments` for the next
/// one. `warn` gets what ends nothing. Errors say what to do about them; Cancelled: a signal came
/// (TerminationSignals::first()).
template <typename Connection = EncryptedConnection>
Result<std::unique_ptr<Connection>>
connectFirst(Arguments &arguments, const std::shared_ptr<LogQueue> &log,
             const std::shared_ptr<sasl::SaltedPasswords> &derived,
             const std::function<void(const QString &)> &warn)
{
    arguments.config.knownServersFile = knownServersFile(arguments);
    for (;;) {
        auto connection = std::make_unique<Connection>(arguments.config, log, derived);
        const auto connected = guarded([&] { return connection->connect(); });
        for (const LogRecord &record : log->take())
            warn(record.message);
        if (connected)
            return connection;
        if (const auto error = askOrGiveUp(arguments, connected.error(), connection->offered(),
                                           connection->saved()))
            return *error;
    }
}

/// The exit code of a connectFirst() that failed so.
int exitCodeOfFirst(const Error &error);

} // namespace ferry::client
