// SPDX-License-Identifier: MIT
#include "server/files/ownfiles.h"

#include "net/base/filename.h"
#include "net/base/realpath.h"
#include "server/files/filefacts.h"
#include "server/limits.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace ferry::server {

namespace {

/// Moved away and not deleted; a log that is rotated every day takes two months.
constexpr std::ptrdiff_t maxRemembered = 64;

struct Closer
{
    void operator()(DIR *folder) const { ::closedir(folder); }
};

/// Has the folder an entry that is the same file? Finds hard links, and files that are mounted
/// elsewhere.
Result<bool> hasEntry(int own, const struct stat &wanted)
{
    FileDescriptor readable(::openat(own, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, Closer> folder(readable.valid() ? ::fdopendir(readable.get())
                                                               : nullptr);
    if (!folder)
        return Error{ErrorCode::LocalFile, qt_error_string(errno)};
    static_cast<void>(readable.release());
    while (const dirent *const entry = ::readdir(folder.get())) {
        struct stat status = {};
        if (::fstatat(::dirfd(folder.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            isSameFile(status, wanted))
            return true;
    }
    return false;
}

/// As programs name the logs that they have ended, and people their copies.
bool isOlder(const QByteArray &path, const QByteArray &of)
{
    if (path.size() <= of.size() || !path.startsWith(of))
        return false;
    const QByteArrayView rest = QByteArrayView(path).sliced(of.size());
    const bool number =
        rest.size() > 1 && (rest[0] == '.' || rest[0] == '-') && rest[1] >= '0' && rest[1] <= '9';
    return number || rest == "~" || rest == ".old" || rest == ".bak";
}

QByteArray foldedPath(const QByteArray &path)
{
    return foldedName(path).toUtf8();
}

/// Where something will be once it is there, and the folders that are missing.
QByteArray futurePath(const QByteArray &path)
{
    for (qsizetype end = path.size();;) {
        const qsizetype slash = end > 0 ? path.lastIndexOf('/', end - 1) : -1;
        const QByteArray real = realPath(slash < 0 ? QByteArray(".") : path.first(slash + 1));
        if (!real.isEmpty()) {
            const QByteArray all = real + '/' + path.sliced(slash + 1);
            return QByteArray::fromStdString(
                std::filesystem::path(all.toStdString()).lexically_normal().string());
        }
        if (slash <= 0)
            return {};
        end = slash;
    }
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
    // First what was there before, wherever it is by now.
    for (const Own &own : m_last->found ? *m_last->found : std::vector<Own>()) {
        struct stat status = {};
        if (own.opened && ::fstat(own.opened->get(), &status) == 0 && status.st_nlink > 0)
            found.push_back({own.opened, status, placeOf(own.opened->get())});
    }
    if (std::ssize(found) > maxRemembered)
        found.erase(found.begin(), found.end() - maxRemembered);
    for (const QByteArray &path : m_paths) {
        FileDescriptor there(::open(path.constData(), O_PATH | O_CLOEXEC));
        struct stat status = {};
        const QByteArray future = futurePath(path);
        if (!there.valid() || ::fstat(there.get(), &status) != 0) {
            found.push_back({nullptr, {}, {future, 0}});
            continue;
        }
        const bool known = std::any_of(found.begin(), found.end(), [&status](const Own &own) {
            return isSameFile(own.status, status);
        });
        const Place place = placeOf(there.get());
        if (future != place.path) // a link leads to it, and may be replaced by a file
            found.push_back({nullptr, {}, {future, 0}});
        if (!known)
            found.push_back(
                {std::make_shared<const FileDescriptor>(std::move(there)), status, place});
    }
    for (Own &own : found)
        own.folded = foldedPath(own.place.path);
    m_last->found = std::make_shared<const std::vector<Own>>(std::move(found));
    m_last->at = now;
    return m_last->found;
}

bool OwnFiles::isOwn(const Own &own, const Place &place, const struct stat &status)
{
    return isSameFile(own.status, status) || isWithin(own.place.path, place.path) ||
           (!S_ISDIR(own.status.st_mode) && isOlder(place.path, own.place.path));
}

Result<bool> OwnFiles::contain(const Place &place, const struct stat &status) const
{
    const Found found = lookUp();
    for (const Own &own : *found) {
        if (isOwn(own, place, status))
            return true;
        // With one name, in the same mount, a file is nowhere else than where it was found.
        const bool elsewhere =
            status.st_nlink > 1 || place.mount == 0 || place.mount != own.place.mount;
        if (!elsewhere || !S_ISREG(status.st_mode) || !S_ISDIR(own.status.st_mode) ||
            own.status.st_dev != status.st_dev)
            continue;
        if (auto entry = hasEntry(own.opened->get(), status); !entry || entry.value())
            return entry;
    }
    return false;
}

bool OwnFiles::isPlace(const QByteArray &path) const
{
    const QByteArray wanted = foldedPath(path);
    const Found found = lookUp();
    return std::any_of(found->begin(), found->end(), [&wanted](const Own &own) {
        return !own.folded.isEmpty() &&
               (isWithin(own.folded, wanted) || isOlder(wanted, own.folded));
    });
}

bool OwnFiles::mayBePlacesIn(const QByteArray &folder) const
{
    const QByteArray wanted = foldedPath(folder);
    const Found found = lookUp();
    return std::any_of(found->begin(), found->end(), [&wanted](const Own &own) {
        return isWithin(wanted, own.folded) || isWithin(own.folded, wanted) ||
               isOlder(wanted, own.folded);
    });
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
