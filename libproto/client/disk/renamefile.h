// SPDX-License-Identifier: MIT
/// Renaming inside one held folder, in the ways the platform offers. Each gives 0 or an errno.
#pragma once

#include <QByteArray>

namespace ferry::client {

/// Gives `from` the name `to`; EEXIST if there is anything of that name, even a broken link.
/// The best of the ways below that this file system knows.
int renameWithoutReplacing(int folder, const QByteArray &from, const QByteArray &to);

/// Gives `from` the name `to`, in the place of whatever file had it.
int renameReplacing(int folder, const QByteArray &from, const QByteArray &to);

/// renameat2(RENAME_NOREPLACE), one step. ENOSYS or EINVAL: not on this system.
int renameInOneStep(int folder, const QByteArray &from, const QByteArray &to);

/// A second name, then the first one is dropped: portable. In between the file has both names,
/// and under both it is complete. EPERM, EOPNOTSUPP and the like: no hard links here.
int renameByLink(int folder, const QByteArray &from, const QByteArray &to);

/// For file systems with neither: looks, then renames. A file that another program makes under
/// that name between the two is lost.
int renameAfterLooking(int folder, const QByteArray &from, const QByteArray &to);

} // namespace ferry::client
