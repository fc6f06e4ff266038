// SPDX-License-Identifier: MIT
#include "net/base/rename.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry {

int renameInOneStep(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to)
{
    return ::renameat2(fromFolder, from.constData(), toFolder, to.constData(), RENAME_NOREPLACE) ==
                   0
               ? 0
               : errno;
}

int renameByLink(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to)
{
    if (::linkat(fromFolder, from.constData(), toFolder, to.constData(), 0) != 0)
        return errno;
    if (::unlinkat(fromFolder, from.constData(), 0) == 0)
        return 0;
    // Two names for one file would make the next transfer write into this one.
    const int error = errno;
    ::unlinkat(toFolder, to.constData(), 0);
    return error;
}

int renameReplacing(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to)
{
    return ::renameat(fromFolder, from.constData(), toFolder, to.constData()) == 0 ? 0 : errno;
}

int renameAfterLooking(int fromFolder, const QByteArray &from, int toFolder, const QByteArray &to)
{
    struct stat there = {};
    if (::fstatat(toFolder, to.constData(), &there, AT_SYMLINK_NOFOLLOW) == 0)
        return EEXIST;
    return errno == ENOENT ? renameReplacing(fromFolder, from, toFolder, to) : errno;
}

int renameWithoutReplacing(int fromFolder, const QByteArray &from, int toFolder,
                           const QByteArray &to)
{
    int error = renameInOneStep(fromFolder, from, toFolder, to);
    if (error == ENOSYS || error == EINVAL || error == EOPNOTSUPP)
        error = renameByLink(fromFolder, from, toFolder, to);
    if (error == EPERM || error == ENOSYS || error == EOPNOTSUPP || error == EMLINK)
        error = renameAfterLooking(fromFolder, from, toFolder, to);
    return error;
}

} // namespace ferry
