// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <sys/stat.h>

namespace ferry {

/// The modification time in nanoseconds since the epoch. What is outside of 1677 to 2262 becomes
/// the nearest that a number of 64 bits can say.
qint64 modifiedNs(const struct stat &status);

/// Sets the modification time of an open file or folder, in nanoseconds since the epoch. One that
/// the file system cannot hold is no reason to lose the file, so this says nothing.
void setModified(int fd, qint64 ns);

} // namespace ferry
