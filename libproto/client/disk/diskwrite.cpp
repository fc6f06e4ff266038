// SPDX-License-Identifier: MIT
#include "client/disk/diskwrite.h"

#include "client/disk/localname.h"
#include "client/disk/renamefile.h"
#include "wire/limits.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

namespace ferry::client {

int writeAll(int fd, qint64 offset, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::pwrite(fd, bytes.data(), size_t(bytes.size()), off_t(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written == 0 ? ENOSPC : errno;
        offset += written;
        bytes = bytes.sliced(written);
    }
    return 0;
}

int checkSpace(int fd, qint64 size)
{
    struct statvfs disk = {};
    struct stat file = {};
    // Nothing is known of this disk, so the writes will have to tell. Some report no size at all.
    if (::fstatvfs(fd, &disk) != 0 || ::fstat(fd, &file) != 0 || disk.f_blocks == 0)
        return 0;
    constexpr qint64 statBlock = 512; // the unit of st_blocks (POSIX)
    const qint64 needed = size - qint64(file.st_blocks) * statBlock;
    if (needed <= 0)
        return 0;
    const auto blocks = quint64(needed) / quint64(disk.f_frsize);
    return blocks >= quint64(disk.f_bavail) ? ENOSPC : 0;
}

int reserveSpace(int fd, qint64 size)
{
#ifdef __linux__
    struct statfs disk = {};
    // A file system in memory would make every page now, which takes as long as writing them.
    const bool inMemory =
        ::fstatfs(fd, &disk) == 0 && (disk.f_type == TMPFS_MAGIC || disk.f_type == RAMFS_MAGIC);
    if (!inMemory) {
        int result = 0;
        do {
            result = ::fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, off_t(size));
        } while (result != 0 && errno == EINTR);
        if (result == 0 || errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
            return result == 0 ? 0 : errno;
    }
#endif
    return checkSpace(fd, size);
}

void setModified(int fd, qint64 ns)
{
    constexpr qint64 second = 1'000'000'000;
    const qint64 fraction = ((ns % second) + second) % second;
    const timespec modified{time_t((ns - fraction) / second), long(fraction)};
    const timespec times[2] = {{0, UTIME_OMIT}, modified};
    static_cast<void>(::futimens(fd, times));
}

FileDescriptor createUnnamed(int folder)
{
#ifdef O_TMPFILE
    // Names are given through /proc, which some sandboxes have not.
    static const bool canBeNamed = ::access("/proc/self/fd", X_OK) == 0;
    if (canBeNamed)
        return FileDescriptor(::openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666));
#endif
    static_cast<void>(folder);
    return FileDescriptor();
}

int nameFile(int fd, int folder, const QByteArray &name)
{
    const QByteArray path = "/proc/self/fd/" + QByteArray::number(fd);
    return ::linkat(AT_FDCWD, path.constData(), folder, name.constData(), AT_SYMLINK_FOLLOW) == 0
               ? 0
               : errno;
}

int nameReplacing(int fd, int folder, const QByteArray &name)
{
    // A link cannot replace anything, a rename can; so it gets a name of its own in between.
    const QByteArray base = cutName(name, limits::nameBytes - 24).toByteArray();
    for (int n = 0; n < 100; ++n) {
        const QByteArray between =
            base + '.' + QByteArray::number(::getpid()) + '-' + QByteArray::number(n) + ".part";
        if (const int error = nameFile(fd, folder, between); error == EEXIST)
            continue;
        else if (error != 0)
            return error;
        const int error = renameReplacing(folder, between, name);
        if (error != 0)
            ::unlinkat(folder, between.constData(), 0);
        return error;
    }
    return EEXIST;
}

} // namespace ferry::client
