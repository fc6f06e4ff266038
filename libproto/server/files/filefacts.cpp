// SPDX-License-Identifier: MIT
#include "server/files/filefacts.h"

#include "net/base/filetime.h"
#include "wire/limits.h"

#include <array>
#include <charconv>

#include <linux/magic.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

namespace ferry::server {

bool isGiven(const struct stat &status)
{
    return S_ISREG(status.st_mode) && status.st_size <= limits::maxFileBytes;
}

bool isSameFile(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool sameContent(const struct stat &a, const struct stat &b)
{
    return a.st_ino == b.st_ino && a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
           a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

QByteArray identityToken(const struct stat &status)
{
    // One for every file of a listing, so there is one allocation. A number has 16 hex digits.
    QByteArray text;
    text.reserve(3 * 16 + 5);
    const auto add = [&text](const char *mark, quint64 value) {
        std::array<char, 16> digits;
        const char *end = std::to_chars(digits.begin(), digits.end(), value, 16).ptr;
        text += mark;
        text.append(digits.data(), end - digits.data());
    };
    add("i", quint64(status.st_ino));
    add("-s", quint64(status.st_size));
    // Unsigned, since years after 2262 pass its end and may not all look alike.
    add("-m", quint64(status.st_mtim.tv_sec) * 1'000'000'000 + quint64(status.st_mtim.tv_nsec));
    return text;
}

extended::FileFacts factsOf(const struct stat &status)
{
    extended::FileFacts facts;
    facts.size = status.st_size;
    facts.mtimeNs = modifiedNs(status);
    facts.id = identityToken(status);
    facts.executable =
        (status.st_mode & S_IXUSR) != 0 && (status.st_mode & (S_ISUID | S_ISGID)) == 0;
    return facts;
}

bool keepsModes(int fd, const struct stat &status)
{
    constexpr unsigned exfat = 0x2011BAB0; // their headers may be older than they are
    constexpr unsigned ntfs3 = 0x7366746E;
    constexpr unsigned fuse = 0x65735546;
    struct statfs disk = {};
    if (::fstatfs(fd, &disk) != 0)
        return true;
    const auto type = unsigned(disk.f_type);
    // FUSE on a block device is NTFS or exFAT; over a network, modes are kept.
    return type != MSDOS_SUPER_MAGIC && type != exfat && type != ntfs3 &&
           (type != fuse || major(status.st_dev) == 0);
}

std::optional<extended::FileFacts> factsBefore(const struct stat &status, const QByteArray &id)
{
    const QByteArrayList parts = id.split('-');
    bool sizeIsNumber = false;
    bool timeIsNumber = false;
    if (parts.size() != 3 || parts[0] != 'i' + QByteArray::number(quint64(status.st_ino), 16))
        return std::nullopt;
    extended::FileFacts facts = factsOf(status);
    facts.size = parts[1].mid(1).toLongLong(&sizeIsNumber, 16);
    facts.mtimeNs = qint64(parts[2].mid(1).toULongLong(&timeIsNumber, 16));
    facts.id = id;
    if (!sizeIsNumber || !timeIsNumber || facts.size < 0 || facts.size >= status.st_size)
        return std::nullopt;
    return facts;
}

} // namespace ferry::server
