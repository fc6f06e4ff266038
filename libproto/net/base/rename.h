// SPDX-License-Identifier: MIT
/// Ways to give a file another name without replacing what is there, for disks that know one or
/// the other. All give 0 or an errno; names are below open folders, which lie on one disk.
#pragma once

#include <QByteArray>

namespace ferry {

/// Gives `from` the name `to`; EEXIST if there is anything of that name, even a broken link.
/// The best of the ways below that this file system knows.
int renameWithoutReplacing(int fromFolder, const QByteArray &from, int toFolder,
                           const QByteArray &to);

/// Gives `from` the name `to`, in the place of whatever file had it.
int renameReplacing(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to);

/// renameat2(RENAME_NOREPLACE), one step. ENOSYS or EINVAL: not on this file system.
int renameInOneStep(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to);

/// A second name, then the first one is dropped: portable. In between the file has both names,
/// and under both it is complete. EPERM, EOPNOTSUPP and the like: no hard links here.
int renameByLink(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to);

/// For file systems with neither: looks, then renames. A file that another program makes under
/// that name between the two is lost.
int renameAfterLooking(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to);

} // namespace ferry
