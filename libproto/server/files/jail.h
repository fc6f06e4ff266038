// SPDX-License-Identifier: MIT
/// Opening a path below an open folder so that nothing outside can be reached, whatever links
/// there are and whatever is renamed during the call. A path is relative, has no `.` or `..`
/// (VirtualPath sees to that) and may be empty for the folder itself.
///
/// Both ways open for reading, without blocking on a FIFO, close-on-exec.
#pragma once

#include "net/base/filedescriptor.h"

#include <QByteArray>
#include <QByteArrayList>

#include <optional>

namespace ferry::server::jail {

enum class Method {
    Openat2,       ///< the kernel's own jail: follows relative links that stay inside the folder
    ComponentWise, ///< everywhere: follows no link at all
};

/// Openat2 where the running kernel has it and lets us.
Method best();

/// The descriptor, or an invalid one with errno. ENOENT and ENOTDIR: the path names nothing.
FileDescriptor openBeneath(Method method, int folder, const QByteArray &path);

/// Follows no link and stays in the mount of the folder, so that what is opened is where the path
/// says. ELOOP, EXDEV: it is not that simple.
FileDescriptor openExactly(int folder, const QByteArray &path);

/// One file each.
FileDescriptor openWithOpenat2(int folder, const QByteArray &path);
FileDescriptor openComponentWise(int folder, const QByteArray &path);

/// The same path with its links replaced by what they name, where they stay below the folder. An
/// absolute link does if it begins with one of `names`, the folder's own absolute paths. Nothing
/// if a link leads out, or if there are too many.
///
/// This only works out a text: it is openBeneath() that keeps inside, also if somebody changes the
/// links meanwhile.
std::optional<QByteArray> withoutLinks(int folder, const QByteArrayList &names,
                                       const QByteArray &path);

} // namespace ferry::server::jail
