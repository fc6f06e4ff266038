// SPDX-License-Identifier: MIT
#include "server/files/ownfiles.h"

#include "net/base/realpath.h"

#include <cerrno>
#include <climits>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace ferry::server {

namespace {

struct Closer
{
    void operator()(DIR *folder) const { ::closedir(folder); }
};

bool isSame(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Where the kernel says that it is; empty without /proc.
QByteArray pathOf(int descriptor)
{
    char path[PATH_MAX];
    const QByteArray name = "/proc/self/fd/" + QByteArray::number(descriptor);
    const ssize_t size = ::readlink(name.constData(), path, sizeof path);
    return size > 0 ? QByteArray(path, size) : QByteArray();
}

/// Has the folder an entry that is the same file? Finds hard links, and files that are mounted
/// elsewhere.
bool hasEntry(DIR *folder, const struct stat &wanted)
{
    while (const dirent *const entry = ::readdir(folder)) {
        struct stat status = {};
        if (::fstatat(::dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            isSame(status, wanted))
            return true;
    }
    return false;
}

} // namespace

OwnFiles::OwnFiles(QByteArrayList paths)
    : m_paths(std::move(paths))
{
    m_paths.removeAll({});
}

Result<bool> OwnFiles::contain(int descriptor, const struct stat &status) const
{
    for (const QByteArray &path : m_paths) {
        struct stat own = {};
        if (::stat(path.constData(), &own) != 0)
            continue;
        if (isSame(own, status))
            return true;
        if (!S_ISDIR(own.st_mode))
            continue;
        const std::unique_ptr<DIR, Closer> folder(::opendir(path.constData()));
        if (!folder)
            return Error{ErrorCode::LocalFile, qt_error_string(errno)};
        if (isWithin(pathOf(::dirfd(folder.get())), pathOf(descriptor)))
            return true;
        if (S_ISREG(status.st_mode) && own.st_dev == status.st_dev &&
            hasEntry(folder.get(), status))
            return true;
    }
    return false;
}

QByteArrayList OwnFiles::within(const QByteArray &folder) const
{
    const QByteArray real = realPath(folder);
    QByteArrayList found;
    for (const QByteArray &path : m_paths) {
        const QByteArray own = realPath(path);
        if (!own.isEmpty() && isWithin(real, own))
            found.append(own);
    }
    return found;
}

} // namespace ferry::server
