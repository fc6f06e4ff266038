// SPDX-License-Identifier: MIT
#include "client/disk/partialfile.h"

#include "client/disk/diskerror.h"
#include "client/disk/diskwrite.h"
#include "client/disk/finalname.h"
#include "client/disk/localname.h"
#include "client/disk/targetfolder.h"
#include "net/base/checksum.h"
#include "net/base/displaytext.h"
#include "net/base/filename.h"
#include "net/base/filetime.h"
#include "net/base/rename.h"
#include "net/base/translate.h"
#include "wire/limits.h"
#include "wire/names.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

namespace {

bool sameFile(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Does this file look like one that we make in the folder? Asked of the file system by making one,
/// since some keep no sticky bit, or give all files to another user.
bool looksLikeOurs(int folder, const struct stat &there)
{
    // Written to, a file with a second name would change in another folder.
    if (!S_ISREG(there.st_mode) || there.st_nlink > 1)
        return false;
    if ((there.st_mode & S_ISVTX) && there.st_uid == ::geteuid())
        return true;
    const QByteArray name = partName(QStringLiteral(".ferry"), ::gettid());
    const FileDescriptor probe(::openat(folder, name.constData(),
                                        O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                        0600 | S_ISVTX));
    struct stat made = {};
    if (!probe.valid())
        return false;
    const bool known = ::fstat(probe.get(), &made) == 0;
    ::unlinkat(folder, name.constData(), 0);
    return known && made.st_uid == there.st_uid &&
           (made.st_mode & S_ISVTX) == (there.st_mode & S_ISVTX);
}

bool isThere(int folder, const QByteArray &name)
{
    struct stat there = {};
    return ::fstatat(folder, name.constData(), &there, AT_SYMLINK_NOFOLLOW) == 0;
}

/// What 0.1 left as `name.part` is called as ours are. Any file of a payload may have that name, so
/// the mark alone tells; on a disk that keeps no mark it stays as it is.
void takeOverEarlier(int folder, const QString &name)
{
    constexpr char suffix[] = ".part";
    const QByteArray bytes = localBytes(name);
    const QByteArray earlier =
        cutName(bytes, limits::nameBytes - qsizetype(sizeof suffix - 1)).toByteArray() + suffix;
    struct stat there = {};
    if (::fstatat(folder, earlier.constData(), &there, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(there.st_mode) || there.st_nlink > 1 || !(there.st_mode & S_ISVTX) ||
        there.st_uid != ::geteuid())
        return;
    const FileDescriptor file(
        ::openat(folder, earlier.constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    // Unless a program of that version writes to it.
    if (file.valid() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0)
        static_cast<void>(renameWithoutReplacing(folder, earlier, folder, partName(name)));
}

/// Removes a leftover from the place of a partial file. False: something else is there.
bool clearPlace(int folder, const QByteArray &partName)
{
    struct stat before = {};
    if (::fstatat(folder, partName.constData(), &before, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    if (!looksLikeOurs(folder, before))
        return false;
    const FileDescriptor file(
        ::openat(folder, partName.constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat opened = {};
    if (!file.valid() || ::fstat(file.get(), &opened) != 0 || !sameFile(before, opened) ||
        ::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return false;
    // Under the lock: another program may have done the same in the meantime.
    struct stat now = {};
    return ::fstatat(folder, partName.constData(), &now, AT_SYMLINK_NOFOLLOW) == 0 &&
           sameFile(now, opened) && ::unlinkat(folder, partName.constData(), 0) == 0;
}

/// Those from `first` on, up to the first number that is free.
void removeLeftovers(int folder, const QString &name, int first)
{
    for (int n = first; n <= maxNumbers && isThere(folder, partName(name, n)); ++n)
        clearPlace(folder, partName(name, n));
}

} // namespace

Result<PartialFile> PartialFile::create(const QString &folder, const QString &name,
                                        ExistingPolicy existing)
{
    auto opened = openTargetFolder(folder, {});
    if (!opened)
        return opened.error();
    return create(opened.value(), name, existing);
}

Result<PartialFile> PartialFile::create(const FileDescriptor &folder, const QString &name,
                                        ExistingPolicy existing)
{
    if (!isName(localBytes(name)))
        return Error{
            ErrorCode::Invalid,
            tr("%1 is not a valid file name.").arg(displayText(QByteArrayView(localBytes(name))))};
    if (const Result<> target = checkTarget(folder.get(), name, existing); !target)
        return target.error();
    PartialFile file;
    if (const Result<> attached = file.attach(folder, name, existing); !attached)
        return attached.error();
    if (const Result<> opened = file.openPart(); !opened)
        return opened.error();
    return file;
}

std::optional<PartialFile> PartialFile::findLeftover(const FileDescriptor &folder,
                                                     const QString &name, ExistingPolicy existing)
{
    PartialFile file;
    if (!isName(localBytes(name)) || !file.attach(folder, name, existing))
        return std::nullopt;
    takeOverEarlier(folder.get(), name);
    if (!file.adoptAny())
        return std::nullopt;
    return file;
}

void PartialFile::removeLeftover(const FileDescriptor &folder, const QString &name)
{
    takeOverEarlier(folder.get(), name);
    removeLeftovers(folder.get(), name, 0);
}

Result<> PartialFile::attach(const FileDescriptor &folder, const QString &name,
                             ExistingPolicy existing)
{
    m_folder = FileDescriptor(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0));
    if (!m_folder.valid())
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), name, errno);
    m_name = name;
    m_existing = existing;
    return {};
}

PartialFile &PartialFile::operator=(PartialFile &&other) noexcept
{
    if (this != &other) {
        discard();
        m_folder = std::move(other.m_folder);
        m_file = std::move(other.m_file);
        m_partName = std::exchange(other.m_partName, {});
        m_name = std::move(other.m_name);
        m_existing = other.m_existing;
        m_mode = other.m_mode;
        m_executable = other.m_executable;
        m_size = other.m_size;
        m_modifiedNs = other.m_modifiedNs;
    }
    return *this;
}

PartialFile::~PartialFile()
{
    discard();
}

bool PartialFile::moveTo(const FileDescriptor &folder)
{
    FileDescriptor to(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0));
    const QByteArray name = partName(m_name);
    if (!to.valid() || ::renameat2(m_folder.get(), m_partName.constData(), to.get(),
                                   name.constData(), RENAME_NOREPLACE) != 0)
        return false;
    m_folder = std::move(to);
    m_partName = name;
    return true;
}

Result<> PartialFile::openPart()
{
    for (int n = 0; n <= maxNumbers; ++n) {
        const QByteArray tried = partName(m_name, n);
        if (!clearPlace(m_folder.get(), tried))
            continue;
        const int error = createPart(tried);
        if (error == 0)
            return {};
        if (isNameRefused(m_folder.get(), error))
            return nameRefused(QT_TRANSLATE_NOOP("ferry", "The disk takes no file of the name %1"),
                               m_name, error);
        if (error != EEXIST)
            return diskError(QT_TRANSLATE_NOOP("ferry", "The partial file %1 cannot be made"),
                             localText(tried), error);
    }
    return diskError(QT_TRANSLATE_NOOP("ferry", "The partial file for %1 cannot be made"), m_name,
                     EEXIST);
}

/// One with a number is left where the part without one was written to still, when the row began
/// anew, and the program was killed then.
bool PartialFile::adoptAny()
{
    if (adopt(partName(m_name)))
        return true;
    for (int n = 1; n <= maxNumbers && isThere(m_folder.get(), partName(m_name, n)); ++n) {
        if (adopt(partName(m_name, n)))
            return true;
    }
    return false;
}

/// Takes over a leftover of ours that nobody writes to. False if there is none.
bool PartialFile::adopt(const QByteArray &partName)
{
    FileDescriptor file(::openat(m_folder.get(), partName.constData(),
                                 O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat there = {};
    if (!file.valid() || ::fstat(file.get(), &there) != 0 ||
        !looksLikeOurs(m_folder.get(), there) || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return false;
    m_mode = there.st_mode & 0666;
    m_size = there.st_size;
    m_file = std::move(file);
    m_partName = partName;
    return true;
}

/// 0 or an errno; EEXIST if somebody else has it.
int PartialFile::createPart(const QByteArray &partName)
{
    // Marked from the first moment, so that a program killed in the next one leaves nothing that
    // nobody recognises.
    FileDescriptor file(::openat(m_folder.get(), partName.constData(),
                                 O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 0666 | S_ISVTX));
    if (!file.valid())
        return errno;
    const bool locked = ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno == EWOULDBLOCK)
        return EEXIST; // another program has taken it for a leftover
    struct stat made = {};
    struct stat named = {};
    if (::fstat(file.get(), &made) != 0 ||
        (::fstatat(m_folder.get(), partName.constData(), &named, AT_SYMLINK_NOFOLLOW) != 0 &&
         errno != ENOENT)) {
        const int error = errno;
        ::unlinkat(m_folder.get(), partName.constData(), 0);
        return error;
    }
    if (!sameFile(named, made))
        return EEXIST; // and has removed it
    m_mode = made.st_mode & 0777;
    if (!locked) // no locks on this file system: a mark would not say that nobody writes to it
        static_cast<void>(::fchmod(file.get(), m_mode));
    m_file = std::move(file);
    m_partName = partName;
    return 0;
}

Result<> PartialFile::write(QByteArrayView bytes)
{
    auto written = writeAt(m_size, bytes);
    if (written)
        m_size += bytes.size();
    return written;
}

Result<> PartialFile::writeAt(qint64 offset, QByteArrayView bytes) const
{
    const int error = writeSparse(m_file.get(), offset, bytes);
    if (error != 0)
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, error);
    return {};
}

Result<QByteArray> PartialFile::checksum(qint64 offset, qint64 length) const
{
    const auto sum = checksumOfRange(m_file.get(), offset, length);
    if (!sum)
        return sum.error();
    return sum.value().hex;
}

Result<> PartialFile::reserve(qint64 size)
{
    int error = reserveSpace(m_file.get(), size);
    if (error == 0 && m_size > size) {
        error = ::ftruncate(m_file.get(), size) == 0 ? 0 : errno;
        m_size = size;
    }
    if (error != 0)
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, error);
    return {};
}

void PartialFile::keep()
{
    struct stat now = {};
    if (::fstat(m_file.get(), &now) != 0 || now.st_size == 0)
        return;
    m_partName.clear();
    // The same size gives back what was reserved behind it: else a server that announces much and
    // sends little would fill the disk with parts. If it fails, only that room is lost.
    static_cast<void>(::ftruncate(m_file.get(), now.st_size) == 0);
    // The next try may begin while this descriptor, or a copy of it in a program that is just being
    // started, is still open.
    static_cast<void>(::flock(m_file.get(), LOCK_UN));
}

Result<QString> PartialFile::finish()
{
    prepare();
    if (::fsync(m_file.get()) != 0) {
        const int error = errno;
        readFromDisk(m_file.get());
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, error);
    }
    auto name = rename();
    if (!name)
        return name;
    // Some file systems cannot sync a folder (EINVAL); what they can do has been done.
    if (::fsync(m_folder.get()) != 0 && errno != EINVAL)
        return diskError(QT_TRANSLATE_NOOP("ferry", "The folder of %1 cannot be written"), m_name,
                         errno);
    return name;
}

void PartialFile::prepare()
{
    if (m_modifiedNs)
        ferry::setModified(m_file.get(), *m_modifiedNs);
    if (m_executable) {
        m_mode |= (m_mode & 0444) >> 2;
        makeExecutable(m_file.get());
    }
}

Result<QString> PartialFile::rename()
{
    // The name must still be that of the file written to: whatever else is there by now is not
    // what was received.
    struct stat now = {};
    struct stat named = {};
    if (::fstat(m_file.get(), &now) != 0 ||
        ::fstatat(m_folder.get(), m_partName.constData(), &named, AT_SYMLINK_NOFOLLOW) != 0 ||
        !sameFile(now, named))
        return diskError(QT_TRANSLATE_NOOP("ferry", "The partial file of %1 is gone"), m_name,
                         ENOENT);
    // An error of a delayed write cannot hide: closing a second descriptor tells it while the file
    // has not got its name.
    const int second = ::fcntl(m_file.get(), F_DUPFD_CLOEXEC, 0);
    if (second >= 0 && ::close(second) != 0 && errno != EINTR)
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, errno);
    const auto place = [this](const QByteArray &to, bool replace) {
        return replace ? renameReplacing(m_folder.get(), m_partName, m_folder.get(), to)
                       : renameWithoutReplacing(m_folder.get(), m_partName, m_folder.get(), to);
    };
    Result<QString> name = giveName(m_folder.get(), m_name, m_existing, place);
    if (!name)
        return name;
    // Of this file's other tries: the first part, if it had a number, and all numbered ones.
    if (m_partName != partName(m_name))
        clearPlace(m_folder.get(), partName(m_name));
    m_partName.clear();
    removeLeftovers(m_folder.get(), m_name, 1);
    // The mark goes last: killed before, the file is still known as ours and continued. It means
    // nothing on a file, so one that cannot be taken away is no failure.
    if (now.st_mode & S_ISVTX)
        static_cast<void>(::fchmod(m_file.get(), m_mode));
    m_file.reset();
    return name;
}

void PartialFile::discard()
{
    if (!m_file.valid() || m_partName.isEmpty())
        return;
    struct stat ours = {};
    struct stat named = {};
    if (::fstat(m_file.get(), &ours) == 0 &&
        ::fstatat(m_folder.get(), m_partName.constData(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
        sameFile(ours, named))
        ::unlinkat(m_folder.get(), m_partName.constData(), 0);
    m_partName.clear();
    m_file.reset();
}

} // namespace ferry::client
