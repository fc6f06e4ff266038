// SPDX-License-Identifier: MIT
#include "server/files/ownfiles.h"

#include "net/base/filedescriptor.h"
#include "net/base/realpath.h"
#include "server/files/filefacts.h"
#include "server/limits.h"

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
            isSameFile(status, wanted))
            return true;
    }
    return false;
}

FileDescriptor openPath(const QByteArray &path)
{
    return FileDescriptor(::open(path.constData(), O_PATH | O_CLOEXEC));
}

/// Where something will be once it is there; empty if that cannot be told.
QByteArray futurePath(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    const QByteArray folder = slash < 0 ? QByteArray(".") : path.first(slash + 1);
    QByteArray real = realPath(folder);
    if (!real.isEmpty() && !real.endsWith('/'))
        real += '/';
    return real.isEmpty() ? real : real + path.sliced(slash + 1);
}

} // namespace

Place placeOf(int descriptor)
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

OwnFiles::OwnFiles(QByteArrayList paths)
    : m_paths(std::move(paths))
{
    m_paths.removeAll({});
}

OwnFiles::Found OwnFiles::lookUp() const
{
    const std::lock_guard lock(m_last->mutex);
    const auto now = std::chrono::steady_clock::now();
    if (m_last->found && now - m_last->at < limits::ownFilesKept)
        return m_last->found;
    std::vector<Own> found;
    for (const QByteArray &path : m_paths) {
        Own own{path, {}, {}};
        if (const FileDescriptor there = openPath(path);
            there.valid() && ::fstat(there.get(), &own.status) == 0)
            own.place = placeOf(there.get());
        else
            own.place.path = futurePath(path);
        found.push_back(std::move(own));
    }
    m_last->found = std::make_shared<const std::vector<Own>>(std::move(found));
    m_last->at = now;
    return m_last->found;
}

Result<bool> OwnFiles::contain(const Place &place, const struct stat &status) const
{
    const Found found = lookUp();
    for (const Own &own : *found) {
        if (isSameFile(own.status, status) || isWithin(own.place.path, place.path))
            return true;
        // With one name, in the same mount, a file is nowhere else than where it was found.
        const bool elsewhere =
            status.st_nlink > 1 || place.mount == 0 || place.mount != own.place.mount;
        if (!elsewhere || !S_ISREG(status.st_mode) || !S_ISDIR(own.status.st_mode) ||
            own.status.st_dev != status.st_dev)
            continue;
        if (auto entry = hasEntry(own.path, status); !entry || entry.value())
            return entry;
    }
    return false;
}

QByteArrayList OwnFiles::within(const QByteArray &folder) const
{
    const QByteArray real = realPath(folder);
    QByteArrayList found;
    for (const QByteArray &own : m_paths) {
        const QByteArray path = realPath(own);
        if (!path.isEmpty() && isWithin(real, path))
            found.append(path);
    }
    return found;
}

} // namespace ferry::server
