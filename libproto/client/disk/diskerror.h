// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QString>

namespace ferry::client {

/// A LocalFile or DiskFull error: `what`, a sentence for translation with a %1 for the name, and
/// the reason.
Error diskError(const char *what, const QString &name, int errnoValue);

/// A diskError() that says how the name could be encoded (disknames.h), if that helps.
Error nameRefused(const char *what, const QString &name, int errnoValue);

Error targetExists(const QString &name);
Error specialFile(const QString &name);

} // namespace ferry::client
