// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"
#include "wire/result.h"

#include <QByteArray>

namespace ferry::client {

/// The password, from where the arguments say, else from FERRY_PASSWORD, else from the person at
/// the terminal. Invalid if there is none of them; Cancelled if a signal came while it was typed.
Result<QByteArray> readPassword(const Arguments &arguments);

/// A refused password with a blank at one end, which nobody sees, is told so.
Error namingOuterBlank(const Error &error, const QByteArray &password);

} // namespace ferry::client
