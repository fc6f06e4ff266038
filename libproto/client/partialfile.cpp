// SPDX-License-Identifier: MIT
#include "client/partialfile.h"

#include "client/localname.h"
#include "client/renamefile.h"
#include "client/targetfolder.h"
#include "net/checksum.h"
#include "net/displaytext.h"
#include "wire/limits.h"
#include "wire/names.h"

#include <QCoreApplication>

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

namespace {

/// Names tried before a folder is taken to be beyond help.
constexpr int mostNumbers = 9999;

QString tr(const char *text)
{
    return QCoreApplication::translate("ferry", text);
}

QString shown(const QString &name)
{
    return displayText(QByteArrayView(localBytes(name)));
}

/// `what` is a sentence with a %1 for the name.
Error diskError(const char *what, const QString &name, int errnoValue)
{
    const QString reason = errnoValue == ENOSPC || errnoValue == EDQUOT
                               ? tr(QT_TRANSLATE_NOOP("ferry", "the disk is full"))
                               : qt_error_string(errnoValue);
    return {ErrorCode::LocalFile, tr(what).arg(shown(name)) + QStringLiteral(": ") + reason};
}

Error targetExists(const QString &name)
{
    return {ErrorCode::TargetExists,
            tr(QT_TRANSLATE_NOOP("ferry", "There is already a file %1.")).arg(shown(name))};
}

bool sameFile(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

QByteArray partNameFor(const QString &name)
{
    static constexpr char suffix[] = ".part";
    const QByteArray bytes = localBytes(name);
    return cutName(bytes, limits::nameBytes - qsizetype(sizeof suffix - 1)).toByteArray() + suffix;
}

enum class Found { Nothing, Leftover, Taken, NoFile };

/// What is in the place of a partial file. A leftover is removed.
Found clearPlace(int folder, const QByteArray &partName)
{
    struct stat before = {};
    if (::fstatat(folder, partName.constData(), &before, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? Found::Nothing : Found::Taken;
    if (!S_ISREG(before.st_mode))
        return Found::NoFile;
    if (!(before.st_mode & S_ISVTX) || before.st_uid != ::geteuid())
        return Found::Taken;
    const FileDescriptor file(
        ::openat(folder, partName.constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat opened = {};
    if (!file.valid() || ::fstat(file.get(), &opened) != 0 || !sameFile(before, opened) ||
        ::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return Found::Taken;
    // Under the lock: another program may have done the same in the meantime.
    struct stat now = {};
    if (::fstatat(folder, partName.constData(), &now, AT_SYMLINK_NOFOLLOW) != 0 ||
        !sameFile(now, opened))
        return Found::Taken;
    return ::unlinkat(folder, partName.constData(), 0) == 0 ? Found::Leftover : Found::Taken;
}

} // namespace

Result<PartialFile> PartialFile::create(const QString &folder, const QString &name,
                                        ExistingPolicy existing)
{
    auto opened = openTargetFolder(folder, {});
    if (!opened)
        return opened.error();
    return create(opened.take(), name, existing, false);
}

Result<PartialFile> PartialFile::create(FileDescriptor folder, const QString &name,
                                        ExistingPolicy existing, bool resume)
{
    PartialFile file;
    file.m_folder = std::move(folder);
    file.m_name = name;
    file.m_existing = existing;
    if (!isName(localBytes(name)))
        return Error{ErrorCode::Invalid,
                     tr(QT_TRANSLATE_NOOP("ferry", "%1 is no file name.")).arg(shown(name))};
    if (const Result<> target = checkTarget(file.m_folder.get(), name, existing); !target)
        return target.error();
    if (const Result<> opened = file.openPart(resume); !opened)
        return opened.error();
    return file;
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
        m_size = other.m_size;
        m_modifiedNs = other.m_modifiedNs;
    }
    return *this;
}

PartialFile::~PartialFile()
{
    discard();
}

Result<> PartialFile::checkTarget(int folder, const QString &name, ExistingPolicy existing)
{
    struct stat there = {};
    if (::fstatat(folder, localBytes(name).constData(), &there, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return {};
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), name, errno);
    }
    switch (existing) {
    case ExistingPolicy::Fail:
    case ExistingPolicy::Skip:
        return targetExists(name);
    case ExistingPolicy::Overwrite:
        if (S_ISDIR(there.st_mode))
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be replaced"), name, EISDIR);
        return {};
    case ExistingPolicy::Rename:
        return {};
    }
    return {};
}

Result<> PartialFile::openPart(bool resume)
{
    if (resume && adopt(partNameFor(m_name)))
        return {};
    for (int n = 0; n <= mostNumbers; ++n) {
        const QByteArray partName = partNameFor(n == 0 ? m_name : numberedName(m_name, n));
        const Found found = clearPlace(m_folder.get(), partName);
        if (found == Found::NoFile)
            return diskError(QT_TRANSLATE_NOOP("ferry", "The partial file %1 cannot be made"),
                             localText(partName), EEXIST);
        if (found == Found::Taken)
            continue;
        const int error = createPart(partName);
        if (error == 0)
            return {};
        if (error != EEXIST)
            return diskError(QT_TRANSLATE_NOOP("ferry", "The partial file %1 cannot be made"),
                             localText(partName), error);
    }
    return diskError(QT_TRANSLATE_NOOP("ferry", "The partial file for %1 cannot be made"), m_name,
                     EEXIST);
}

/// Takes over a leftover of ours that nobody writes to. False if there is none.
bool PartialFile::adopt(const QByteArray &partName)
{
    FileDescriptor file(::openat(m_folder.get(), partName.constData(),
                                 O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat there = {};
    if (!file.valid() || ::fstat(file.get(), &there) != 0 || !S_ISREG(there.st_mode) ||
        !(there.st_mode & S_ISVTX) || there.st_uid != ::geteuid() ||
        ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 ||
        ::lseek(file.get(), there.st_size, SEEK_SET) < 0)
        return false;
    m_mode = there.st_mode & 07777 & ~mode_t(S_ISVTX);
    m_size = there.st_size;
    m_file = std::move(file);
    m_partName = partName;
    return true;
}

/// 0 or an errno; EEXIST if somebody else has it.
int PartialFile::createPart(const QByteArray &partName)
{
    FileDescriptor file(::openat(m_folder.get(), partName.constData(),
                                 O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!file.valid())
        return errno;
    // Locked before it is marked, so that nobody takes it for a leftover. Where the file system
    // has no locks or no such mode, it is just never recognised as ours.
    const bool locked = ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
    struct stat made = {};
    if (::fstat(file.get(), &made) != 0) {
        const int error = errno;
        ::unlinkat(m_folder.get(), partName.constData(), 0);
        return error;
    }
    m_mode = made.st_mode & 07777;
    if (locked)
        static_cast<void>(::fchmod(file.get(), m_mode | S_ISVTX));
    m_file = std::move(file);
    m_partName = partName;
    return 0;
}

Result<> PartialFile::write(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(m_file.get(), bytes.data(), size_t(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name,
                             written == 0 ? ENOSPC : errno);
        m_size += written;
        bytes = bytes.sliced(written);
    }
    return {};
}

Result<> PartialFile::restart()
{
    if (::ftruncate(m_file.get(), 0) != 0 || ::lseek(m_file.get(), 0, SEEK_SET) != 0)
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, errno);
    m_size = 0;
    return {};
}

Result<QByteArray> PartialFile::checksum() const
{
    const auto sum = checksumOfRange(m_file.get(), 0, m_size);
    if (!sum)
        return sum.error();
    return sum.value().hex;
}

void PartialFile::keep()
{
    if (m_size > 0)
        m_partName.clear();
}

Result<QString> PartialFile::finish()
{
    if (auto prepared = prepare(); !prepared)
        return prepared.error();
    if (::fsync(m_file.get()) != 0)
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, errno);
    auto name = rename();
    if (!name)
        return name;
    // Some file systems cannot sync a folder (EINVAL); what they can do has been done.
    if (::fsync(m_folder.get()) != 0 && errno != EINVAL)
        return diskError(QT_TRANSLATE_NOOP("ferry", "The folder of %1 cannot be written"), m_name,
                         errno);
    return name;
}

Result<> PartialFile::prepare()
{
    struct stat now = {};
    if (::fstat(m_file.get(), &now) != 0 ||
        ((now.st_mode & S_ISVTX) && ::fchmod(m_file.get(), m_mode) != 0))
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, errno);
    if (m_modifiedNs) {
        constexpr qint64 second = 1'000'000'000;
        const qint64 ns = ((*m_modifiedNs % second) + second) % second;
        const timespec modified{time_t((*m_modifiedNs - ns) / second), long(ns)};
        const timespec times[2] = {{0, UTIME_OMIT}, modified};
        // A time that this file system cannot hold is no reason to lose the file.
        static_cast<void>(::futimens(m_file.get(), times));
    }
    return {};
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
    Result<QString> name = giveFinalName();
    if (!name)
        return name;
    m_partName.clear();
    // An error of a delayed write cannot hide.
    if (::close(m_file.release()) != 0 && errno != EINTR)
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), m_name, errno);
    return name;
}

Result<QString> PartialFile::giveFinalName()
{
    if (m_existing == ExistingPolicy::Overwrite) {
        const int error = renameReplacing(m_folder.get(), m_partName, localBytes(m_name));
        if (error != 0)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be replaced"), m_name, error);
        return m_name;
    }
    const int last = m_existing == ExistingPolicy::Rename ? mostNumbers : 0;
    for (int n = 0; n <= last; ++n) {
        const QString name = n == 0 ? m_name : numberedName(m_name, n);
        const int error = renameWithoutReplacing(m_folder.get(), m_partName, localBytes(name));
        if (error == 0)
            return name;
        if (error != EEXIST)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be given its name"), name,
                             error);
    }
    return targetExists(m_name);
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
