// SPDX-License-Identifier: MIT
#include "client/disk/diskwrite.h"

#include "client/disk/localname.h"
#include "client/limits.h"
#include "net/base/uninterrupted.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace ferry::client {

int writeAll(int fd, qint64 offset, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = uninterrupted(
            [&] { return ::pwrite(fd, bytes.data(), size_t(bytes.size()), off_t(offset)); });
        if (written <= 0)
            return written == 0 ? ENOSPC : errno;
        offset += written;
        bytes = bytes.sliced(written);
    }
    return 0;
}

int writeSparse(int fd, qint64 offset, QByteArrayView bytes)
{
    constexpr qint64 block = 64 * 1024; // a multiple of what file systems allocate
    const auto isZero = [](QByteArrayView part) {
        return part.front() == 0 &&
               std::memcmp(part.data(), part.data() + 1, size_t(part.size()) - 1) == 0;
    };
    while (!bytes.isEmpty()) {
        // Up to where whole blocks of zeros begin, or end.
        qsizetype length = std::min<qsizetype>(block - offset % block, bytes.size());
        const bool hole = length == block && isZero(bytes.first(block));
        while (length < bytes.size()) {
            const qsizetype next = std::min<qsizetype>(block, bytes.size() - length);
            if ((next == block && isZero(bytes.sliced(length, next))) != hole)
                break;
            length += next;
        }
        // Some punch nothing behind the end of the file, so the last byte is written first.
        const bool punched = hole &&
                             writeAll(fd, offset + length - 1, bytes.sliced(length - 1, 1)) == 0 &&
                             ::fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                         off_t(offset), off_t(length)) == 0;
        if (!punched) {
            if (const int error = writeAll(fd, offset, bytes.first(length)); error != 0)
                return error;
        }
        offset += length;
        bytes = bytes.sliced(length);
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
    struct statfs disk = {};
    // A file system in memory would make every page now, which takes as long as writing them.
    const bool inMemory =
        ::fstatfs(fd, &disk) == 0 && (disk.f_type == TMPFS_MAGIC || disk.f_type == RAMFS_MAGIC);
    if (!inMemory) {
        const int result =
            uninterrupted([&] { return ::fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, off_t(size)); });
        if (result == 0 || errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
            return result == 0 ? 0 : errno;
    }
    return checkSpace(fd, size);
}

void makeExecutable(int fd)
{
    struct stat now = {};
    if (::fstat(fd, &now) == 0)
        static_cast<void>(::fchmod(fd, (now.st_mode & 07777) | (now.st_mode & 0444) >> 2));
}

FileDescriptor createUnnamed(int folder)
{
    // Names are given through /proc, which some sandboxes have not.
    static const bool canBeNamed = ::access("/proc/self/fd", X_OK) == 0;
    if (!canBeNamed)
        return {};
    return FileDescriptor(::openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666 | S_ISVTX));
}

int syncFiles(const std::vector<int> &descriptors, SyncScope scope)
{
    std::map<std::pair<dev_t, ino_t>, int> files; // those of one folder share it
    std::map<dev_t, int> disks;
    for (const int fd : std::set<int>(descriptors.begin(), descriptors.end())) {
        struct stat status = {};
        if (::fstat(fd, &status) != 0)
            return errno;
        files.emplace(std::pair(status.st_dev, status.st_ino), fd);
        disks.emplace(status.st_dev, fd);
    }
    if (scope == SyncScope::Disks || files.size() > limits::filesSyncedAlone) {
        for (const auto &[disk, fd] : disks) {
            if (::syncfs(fd) != 0)
                return errno;
        }
        return 0;
    }
    for (const auto &[file, fd] : files) {
        // Some file systems cannot sync a folder (EINVAL); what they can do has been done.
        if (::fsync(fd) != 0 && errno != EINVAL)
            return errno;
    }
    return 0;
}

void readFromDisk(int fd)
{
    // Some file systems have no other place than memory.
    static_cast<void>(::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
}

DiskSpace diskSpaceOf(const QString &folder)
{
    const QByteArray path = folder.isEmpty() ? QByteArray(".") : localBytes(folder);
    struct statvfs status = {};
    if (::statvfs(path.constData(), &status) != 0)
        return {};
    // Some file systems claim that they have no end.
    const auto bytes = [&status](auto blocks) {
        qint64 product = 0;
        return __builtin_mul_overflow(blocks, status.f_frsize, &product)
                   ? std::numeric_limits<qint64>::max()
                   : product;
    };
    return {bytes(status.f_bavail), bytes(status.f_blocks)};
}

} // namespace ferry::client
