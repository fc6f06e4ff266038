// SPDX-License-Identifier: MIT
/// Bytes on their way to the disk. What gives an int gives 0 or an errno.
#pragma once

#include "net/base/filedescriptor.h"

#include <QByteArrayView>
#include <QString>

#include <vector>

namespace ferry::client {

/// All of `bytes` at `offset`; the file's position is neither used nor moved.
int writeAll(int fd, qint64 offset, QByteArrayView bytes);

/// The same for a file that may have holes: long runs of zeros take no room where the file system
/// can do that.
int writeSparse(int fd, qint64 offset, QByteArrayView bytes);

/// Sets room for `size` bytes aside, so that a full disk is known before the first of them comes.
/// The size of the file stays as it is. Where the file system cannot do it, only the free space
/// is looked at. ENOSPC.
int reserveSpace(int fd, qint64 size);

/// The second half of it: ENOSPC if the disk has less free space than the file still needs.
int checkSpace(int fd, qint64 size);

/// Whoever may read the file may run it, too. Says nothing if that is not to be had here.
void makeExecutable(int fd);

/// A new file in the folder that has no name, and of which nothing is left unless nameUnnamed()
/// gives it one. It has the mark of a partial file until then (partialfile.h). Invalid where the
/// system or the file system knows nothing like it.
FileDescriptor createUnnamed(int folder);

/// Which of what was written has to be on the disk.
enum class SyncScope {
    Files, ///< of these files, and what was changed in these folders
    Disks, ///< everything on the disks that these are on
};

/// When it returns 0, all of that is there. Few files are synced one by one, since syncfs(2) also
/// waits for what other programs wrote; for many it is faster, so Files may become Disks.
int syncFiles(const std::vector<int> &descriptors, SyncScope scope);

/// What a failed sync could not write may still be read from memory, where another sync finds
/// nothing to do (fsync(2), *ERRORS*). From here on it is read from the disk, so that a later try
/// sees what is really there. What is not written yet stays in memory for the next sync.
void readFromDisk(int fd);

/// Bytes of a disk; -1: not known.
struct DiskSpace
{
    qint64 free = -1; ///< that this person may still write
    qint64 total = -1;
};

/// Of the disk that `folder` (localText) is on. Asks the disk, which may take a while.
DiskSpace diskSpaceOf(const QString &folder);

} // namespace ferry::client
