// SPDX-License-Identifier: MIT
#include "server/files/ownfiles.h"

#include "net/base/filedescriptor.h"
#include "net/base/realpath.h"

#include <cerrno>
#include <climits>
#include <memory>
#include <optional>
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

/// Has the folder an entry that is the same file? Finds hard links, and files that are mounted
/// elsewhere.
Result<bool> hasEntry(const QByteArray &path, const struct stat &wanted)
{
    const std::unique_ptr<DIR, Closer> folder(::opendir(path.constData()));
    if (!folder)
        return Error{ErrorCode::LocalFile, qt_error_string(errno)};
    while (const dirent *const entry = ::readdir(folder.get())) {
        struct stat status = {};
        if (::fstatat(::dirfd(folder.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            isSame(status, wanted))
            return true;
    }
    return false;
}

FileDescriptor openPath(const QByteArray &path)
{
    return FileDescriptor(::open(path.constData(), O_PATH | O_CLOEXEC));
}

} // namespace

OwnFiles::OwnFiles(QByteArrayList paths)
{
    paths.removeAll({});
    for (const QByteArray &path : std::as_const(paths)) {
        Own own{path, {}, {}};
        if (const FileDescriptor there = openPath(path);
            there.valid() && ::fstat(there.get(), &own.status) == 0)
            own.place = placeOf(there.get());
        m_own.push_back(std::move(own));
    }
}

OwnFiles::Place OwnFiles::placeOf(int descriptor)
{
    Place place;
    char path[PATH_MAX];
    const QByteArray name = "/proc/self/fd/" + QByteArray::number(descriptor);
    if (const ssize_t size = ::readlink(name.constData(), path, sizeof path); size > 0)
        place.path = QByteArray(path, size);
    struct statx status = {};
    if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) == 0 &&
        (status.stx_mask & STATX_MNT_ID))
        place.mount = status.stx_mnt_id;
    return place;
}

Result<bool> OwnFiles::contain(int descriptor, const struct stat &status) const
{
    std::optional<Place> place;
    for (const Own &own : m_own) {
        struct stat now = {};
        if (::stat(own.path.constData(), &now) != 0)
            continue;
        if (isSame(now, status))
            return true;
        if (!S_ISDIR(now.st_mode))
            continue;
        Place folder = own.place;
        if (!isSame(now, own.status)) {
            const FileDescriptor there = openPath(own.path);
            if (!there.valid())
                return Error{ErrorCode::LocalFile, qt_error_string(errno)};
            folder = placeOf(there.get());
        }
        if (!place)
            place = placeOf(descriptor);
        if (isWithin(folder.path, place->path))
            return true;
        // With one name, in the same mount, a file is nowhere else than where it was found.
        const bool elsewhere =
            status.st_nlink > 1 || place->mount == 0 || place->mount != folder.mount;
        if (!elsewhere || !S_ISREG(status.st_mode) || now.st_dev != status.st_dev)
            continue;
        if (auto found = hasEntry(own.path, status); !found || found.value())
            return found;
    }
    return false;
}

QByteArrayList OwnFiles::within(const QByteArray &folder) const
{
    const QByteArray real = realPath(folder);
    QByteArrayList found;
    for (const Own &own : m_own) {
        const QByteArray path = realPath(own.path);
        if (!path.isEmpty() && isWithin(real, path))
            found.append(path);
    }
    return found;
}

} // namespace ferry::server
