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
} // namespace exitcode

int exitCodeFor(ErrorCode code);

/// For all files together: success if none failed; mixed if some did and some did not (a skipped
/// one did not); the reason of the first if none succeeded.
int exitCodeFor(const QList<Download> &downloads);

} // namespace ferry::client
