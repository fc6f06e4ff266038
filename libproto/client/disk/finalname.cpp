// SPDX-License-Identifier: MIT
#include "client/disk/finalname.h"

#include "client/disk/diskerror.h"
#include "client/disk/localname.h"
#include "net/base/displaytext.h"
#include "net/base/filename.h"
#include "net/base/rename.h"
#include "net/base/translate.h"

#include <algorithm>
#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

namespace {

/// Gives a file without a name one; EEXIST if there is anything of that name.
int linkUnnamed(int fd, int folder, const QByteArray &name)
{
    // Of a file that this program opened. Kernels before 6.10 let only root do that, and say
    // ENOENT; the way through /proc costs several times as much.
    static std::atomic_bool byDescriptor = true;
    if (byDescriptor) {
        if (::linkat(fd, "", folder, name.constData(), AT_EMPTY_PATH) == 0)
            return 0;
        if (errno != ENOENT && errno != EPERM)
            return errno;
        byDescriptor = false;
    }
    const QByteArray path = "/proc/self/fd/" + QByteArray::number(fd);
    return ::linkat(AT_FDCWD, path.constData(), folder, name.constData(), AT_SYMLINK_FOLLOW) == 0
               ? 0
               : errno;
}

/// Numbers that are tried one after the other.
constexpr int numbersInTurn = 8;

bool isTaken(int folder, const QString &name, int n)
{
    struct stat there = {};
    return ::fstatat(folder, localBytes(numberedName(name, n)).constData(), &there,
                     AT_SYMLINK_NOFOLLOW) == 0;
}

/// A number behind `taken` that is free. Found by doubling and halving: were all looked at, a
/// thousand files of one name would cost a million looks.
int freeNumber(int folder, const QString &name, int taken)
{
    int free = 2 * taken;
    while (free <= maxNumbers && isTaken(folder, name, free)) {
        taken = free;
        free *= 2;
    }
    free = std::min(free, maxNumbers);
    while (free - taken > 1) {
        const int middle = (taken + free) / 2;
        (isTaken(folder, name, middle) ? taken : free) = middle;
    }
    return free;
}

/// No file that could be the same: nothing is skipped because of it.
Error folderExists(const QString &name, ExistingPolicy existing)
{
    return {existing == ExistingPolicy::Skip ? ErrorCode::LocalFile : ErrorCode::TargetExists,
            tr("There is already a folder %1.").arg(displayText(QByteArrayView(localBytes(name))))};
}

} // namespace

Result<> checkTarget(int folder, const QString &name, ExistingPolicy existing)
{
    struct stat there = {};
    if (::fstatat(folder, localBytes(name).constData(), &there, AT_SYMLINK_NOFOLLOW) != 0) {
        const int error = errno;
        if (error == ENOENT)
            return {};
        if (isNameRefused(folder, error))
            return nameRefused(QT_TRANSLATE_NOOP("ferry", "The disk takes no file of the name %1"),
                               name, error);
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), name, error);
    }
    if (existing == ExistingPolicy::Rename)
        return {};
    if (existing != ExistingPolicy::Overwrite)
        return S_ISDIR(there.st_mode) ? folderExists(name, existing) : targetExists(name);
    if (S_ISDIR(there.st_mode))
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be replaced"), name, EISDIR);
    if (!S_ISREG(there.st_mode) && !S_ISLNK(there.st_mode))
        return specialFile(name);
    return {};
}

Result<QString> giveName(int folder, const QString &name, ExistingPolicy existing,
                         const PlaceFile &place)
{
    if (existing == ExistingPolicy::Overwrite) {
        if (auto target = checkTarget(folder, name, existing); !target)
            return target.error();
        const int error = place(localBytes(name), true);
        if (error != 0)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be replaced"), name, error);
        return name;
    }
    const int last = existing == ExistingPolicy::Rename ? maxNumbers : 0;
    for (int n = 0; n <= last; n = n == numbersInTurn ? freeNumber(folder, name, n) : n + 1) {
        const QString tried = n == 0 ? name : numberedName(name, n);
        const int error = place(localBytes(tried), false);
        if (error == 0)
            return tried;
        if (error != EEXIST)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be given its name"), tried,
                             error);
    }
    const auto target = checkTarget(folder, name, existing);
    return target ? targetExists(name) : target.error();
}

Result<NewName> nameUnnamed(int fd, int folder, const QString &name, ExistingPolicy existing,
                            mode_t mode)
{
    QByteArray between;
    int error = EEXIST;
    int number = 0;
    for (; number <= maxNumbers && error == EEXIST; ++number) {
        between = partName(name, number);
        error = linkUnnamed(fd, folder, between);
    }
    if (error != 0)
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be given its name"), name, error);
    auto given = giveName(folder, name, existing, [&](const QByteArray &to, bool replace) {
        return replace ? renameReplacing(folder, between, folder, to)
                       : renameWithoutReplacing(folder, between, folder, to);
    });
    if (!given) {
        ::unlinkat(folder, between.constData(), 0);
        return given.error();
    }
    // As with a partial file, the mark goes last.
    if (mode & S_ISVTX)
        static_cast<void>(::fchmod(fd, mode & 0777));
    return NewName{given.take(), number > 1};
}

} // namespace ferry::client
