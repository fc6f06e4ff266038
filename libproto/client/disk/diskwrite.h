// SPDX-License-Identifier: MIT
/// Writing to the disk, as far as it depends on the system. Each gives 0 or an errno.
#pragma once

#include "net/base/filedescriptor.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QtGlobal>

#include <optional>

namespace ferry::client {

/// All of `bytes` at `offset`; the file's position is neither used nor moved.
int writeAll(int fd, qint64 offset, QByteArrayView bytes);

/// Sets room for `size` bytes aside, so that a full disk is known before the first of them comes.
/// The size of the file stays as it is. Where the file system cannot do it, only the free space
/// is looked at. ENOSPC.
int reserveSpace(int fd, qint64 size);

/// The portable half of it: ENOSPC if the disk has less free space than the file still needs.
int checkSpace(int fd, qint64 size);

/// The modification time, in nanoseconds since the epoch. One that the file system cannot hold
/// is no reason to lose the file, so this says nothing.
void setModified(int fd, qint64 ns);

/// A new file in the folder that has no name, and of which nothing is left unless nameFile()
/// gives it one. Invalid where the system or the file system knows nothing like it.
FileDescriptor createUnnamed(int folder);

/// Gives an unnamed file its name; EEXIST if there is anything of that name.
int nameFile(int fd, int folder, const QByteArray &name);

/// The same in the place of whatever file has that name.
int nameReplacing(int fd, int folder, const QByteArray &name);

} // namespace ferry::client
