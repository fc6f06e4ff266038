// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "wire/result.h"

#include <QList>

namespace ferry::client {

namespace exitcode {
inline constexpr int success = 0;
inline constexpr int usage = 2;
inline constexpr int mixed = 4;
inline constexpr int localFile = 9;
inline constexpr int notTaken = 14;    ///< the server takes nothing there
inline constexpr int serverLimit = 15; ///< of size or number, or its disk is full
} // namespace exitcode

int exitCodeFor(ErrorCode code);

/// For all files together: success if none failed; mixed if some did and some did not (a skipped
/// one did not); the reason of the first if none succeeded.
int exitCodeFor(const QList<Download> &downloads);

} // namespace ferry::client
