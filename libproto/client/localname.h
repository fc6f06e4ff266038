// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArrayView>
#include <QString>

namespace ferry::client {

/// The local name for a remote path: its last part, after `/` (in the classic dialect after `\`
/// too). Comes from what the user asked for, never from a reply. Invalid if nothing usable
/// remains: empty, `.`, `..`, a NUL in it, or longer than a file name may be.
Result<QString> localName(QByteArrayView remotePath, bool classic);

/// `name (n).ext` for n = 1, 2, …; a dot at the start is no extension.
QString numberedName(const QString &name, int n);

} // namespace ferry::client
