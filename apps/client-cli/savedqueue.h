// SPDX-License-Identifier: MIT
/// The queue that `ferry` keeps between its runs.
#pragma once

#include "client-cli/arguments.h"
#include "client/download.h"

#include <QList>

namespace ferry::client {

/// Its file: --queue, else `queue.sqlite` in the data folder.
QString savedQueueFile(const Arguments &arguments);

/// Puts what has not ended of a queue behind what is saved already, with what the command line asks
/// for its files. What the saved queue says of the same files is forgotten; that it was damaged is
/// said. How many; InUse, LocalFile, Invalid (QueueFile).
Result<qsizetype> saveQueue(const Arguments &arguments, const QList<Download> &downloads);

/// For `ferry queue run`: the server that is meant, from the command line or, if all that waits
/// comes from one, from the queue. Invalid if it is not clear; NotFound, with where the rest comes
/// from, if nothing of it waits.
Result<Arguments> withServerOfQueue(Arguments arguments);

/// `ferry queue list`, `add`, `retry`, `move` and `clear`: the exit code. Blocks.
int runQueueCommand(const Arguments &arguments);

} // namespace ferry::client
