// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"

#include <QByteArray>

#include <optional>

#include <sys/stat.h>

namespace ferry::server {

/// Changes whenever the content of a file may have changed: inode, size and modification time
/// (docs/PROTOCOL.md, "identity token"). No device number, so that it is the same after a
/// restart and on every server over one shared file system.
QByteArray identityToken(const struct stat &status);

/// A regular file, and of a size that can be said: a sparse one may claim more.
bool isGiven(const struct stat &status);

/// One file, whatever its names?
bool isSameFile(const struct stat &a, const struct stat &b);

/// Would both have the same token?
bool sameContent(const struct stat &a, const struct stat &b);

/// Size, time, token and executable bit of an open file; the range is left empty.
extended::FileFacts factsOf(const struct stat &status);

/// False for FAT, exFAT and NTFS, which give all files the same mode.
bool keepsModes(int fd, const struct stat &status);

/// What factsOf() said when the file had the token `id`, if it is the same file and has only become
/// longer, as far as one can see. Nothing otherwise.
std::optional<extended::FileFacts> factsBefore(const struct stat &status, const QByteArray &id);

} // namespace ferry::server
