// SPDX-License-Identifier: MIT
/// Whom the command line trusts.
#pragma once

#include "client-cli/arguments.h"

namespace ferry::client {

/// The file of the known servers: in --data-dir, else in the person's data folder.
QString knownServersFile(const Arguments &arguments);

/// Asks the person at the terminal whether the server with this fingerprint is the right one.
/// False if there is nobody to ask; Cancelled if a signal came instead of the answer.
Result<bool> askAboutServer(const QString &host, const QByteArray &fingerprint);

} // namespace ferry::client
