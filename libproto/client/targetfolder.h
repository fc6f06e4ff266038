// SPDX-License-Identifier: MIT
#pragma once

#include "net/filedescriptor.h"
#include "wire/result.h"

#include <QString>

namespace ferry::client {

/// Opens the folder `below` (names joined by `/`, may be empty) under the folder `base` that the
/// person chose, and makes what is missing of `below`. Goes down name by name and never through a
/// link, so that what a server calls its folders stays inside `base`. `base` must be there.
/// LocalFile, Invalid (a name that is none).
Result<FileDescriptor> openTargetFolder(const QString &base, const QString &below);

} // namespace ferry::client
