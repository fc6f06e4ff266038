// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"
#include "client/connect/encryptedconnection.h"
#include "net/base/logqueue.h"
#include "net/login/sasl.h"
#include "wire/result.h"

#include <QString>

#include <functional>
#include <memory>

namespace ferry::client {

/// A connection that is logged in. At a first one the person at the terminal is asked, and the
/// fingerprint that was agreed to is in `arguments` for the next one. `warn` gets what ends
/// nothing. Errors say what to do about them; Cancelled: a signal came
/// (TerminationSignals::first()).
Result<std::unique_ptr<EncryptedConnection>>
connectFirst(Arguments &arguments, const std::shared_ptr<LogQueue> &log,
             const std::shared_ptr<sasl::SaltedPasswords> &derived,
             const std::function<void(const QString &)> &warn);

/// The exit code of a connectFirst() that failed so.
int exitCodeOfFirst(const Error &error);

} // namespace ferry::client
