// SPDX-License-Identifier: MIT
#include "client/disk/renamefile.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

int renameInOneStep([[maybe_unused]] int folder, [[maybe_unused]] const QByteArray &from,
                    [[maybe_unused]] const QByteArray &to)
{
#ifdef RENAME_NOREPLACE
    return ::renameat2(folder, from.constData(), folder, to.constData(), RENAME_NOREPLACE) == 0
               ? 0
               : errno;
#else
    return ENOSYS;
#endif
}

int renameByLink(int folder, const QByteArray &from, const QByteArray &to)
{
    if (::linkat(folder, from.constData(), folder, to.constData(), 0) != 0)
        return errno;
    if (::unlinkat(folder, from.constData(), 0) == 0)
        return 0;
    // Two names for one file would make the next download write into this one.
    const int error = errno;
    ::unlinkat(folder, to.constData(), 0);
    return error;
}

int renameReplacing(int folder, const QByteArray &from, const QByteArray &to)
{
    return ::renameat(folder, from.constData(), folder, to.constData()) == 0 ? 0 : errno;
}

int renameAfterLooking(int folder, const QByteArray &from, const QByteArray &to)
{
    struct stat there = {};
    if (::fstatat(folder, to.constData(), &there, AT_SYMLINK_NOFOLLOW) == 0)
        return EEXIST;
    return errno == ENOENT ? renameReplacing(folder, from, to) : errno;
}

int renameWithoutReplacing(int folder, const QByteArray &from, const QByteArray &to)
{
    int error = renameInOneStep(folder, from, to);
    if (error == ENOSYS || error == EINVAL || error == EOPNOTSUPP)
        error = renameByLink(folder, from, to);
    if (error == EPERM || error == ENOSYS || error == EOPNOTSUPP || error == EMLINK)
        error = renameAfterLooking(folder, from, to);
    return error;
}

} // namespace ferry::client
