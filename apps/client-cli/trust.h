// SPDX-License-Identifier: MIT
/// Whom the command line trusts.
#pragma once

#include "client-cli/arguments.h"

namespace ferry::client {

/// The file of the known servers: in --data-dir, else in the person's data folder.
QString knownServersFile(const Arguments &arguments);

/// Asks the person at the terminal whether the server with this fingerprint is the right one.
/// False if there is nobody to ask; Cancelled if a signal came instead of the answer.
Result<bool> askAboutServer(const Arguments &arguments, const QByteArray &fingerprint);

/// A server that is not trusted, with what to do about it. `saved`: the fingerprint that another
/// one was offered for; empty at a first connection.
Error namingWayOut(const Error &error, const Arguments &arguments, const QByteArray &saved);

/// `ferry known` and `ferry forget`: the exit code.
int runKnown(const Arguments &arguments);
int runForget(const Arguments &arguments);

} // namespace ferry::client
