// SPDX-License-Identifier: MIT
#include "server/uploads/stagedfile.h"

#include "net/base/filename.h"
#include "net/base/filetime.h"
#include "net/base/rename.h"
#include "net/base/translate.h"
#include "net/base/uninterrupted.h"
#include "server/files/filefacts.h"
#include "server/files/folderreader.h"
#include "server/limits.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace ferry::server {

namespace {

constexpr qsizetype markDigits = 16;

/// The folder that the parts of a share are in. It has to be ours: whoever owns it could put
/// another file in the place of a complete one.
Result<FileDescriptor> openStaging(int top, bool make)
{
    const auto open = [top] {
        return FileDescriptor(
            ::openat(top, limits::stagingFolder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    };
    FileDescriptor folder = open();
    if (!folder.valid() && errno == ENOENT && make) {
        if (::mkdirat(top, limits::stagingFolder, 0700) != 0 && errno != EEXIST)
            return putError(errno);
        folder = open();
    }
    struct stat status = {};
    if (!folder.valid() || ::fstat(folder.get(), &status) != 0)
        return putError(errno);
    if (status.st_uid != ::geteuid() && keepsModes(folder.get(), status))
        return Error{ErrorCode::Refused,
                     tr("The folder %1 in the share belongs to somebody else.")
                         .arg(QLatin1StringView(limits::stagingFolder)),
                     EPERM};
    return folder;
}

} // namespace

QByteArray accountMark(const QByteArray &account)
{
    return QCryptographicHash::hash(account, QCryptographicHash::Sha256).toHex().first(markDigits);
}

Result<StagingFolder> openStagingFolder(const ShareSet &shares, const QByteArray &share)
{
    const auto top = shares.openTop(share);
    if (!top)
        return top.error();
    auto folder = openStaging(top.value().get(), true);
    if (!folder)
        return folder.error();
    return std::make_shared<const FileDescriptor>(folder.take());
}

Result<StagedFile> StagedFile::open(StagingFolder folder, const UploadLedger::Upload &upload)
{
    StagedFile staged;
    staged.m_folder = std::move(folder);
    staged.m_name = upload.account + '-' + upload.key;
    for (bool again = true;;) {
        staged.m_file.reset(::openat(staged.folder(), staged.m_name.constData(),
                                     O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                                     limits::uploadFileMode));
        struct stat status = {};
        if (!staged.m_file.valid() || ::fstat(staged.m_file.get(), &status) != 0)
            return putError(errno);
        if (!S_ISREG(status.st_mode))
            return putError(EACCES);
        // It has its final name already, and only the end of that step is missing: to write into
        // it would be to write into somebody's file.
        if (status.st_nlink > 1 && std::exchange(again, false)) {
            ::unlinkat(staged.folder(), staged.m_name.constData(), 0);
            continue;
        }
        staged.m_size = status.st_size;
        break;
    }
    if (staged.m_size > upload.size) {
        if (auto emptied = staged.truncate(); !emptied)
            return emptied.error();
    }
    return staged;
}

UploadLedger::Disk StagedFile::disk() const
{
    struct stat status = {};
    struct statvfs space = {};
    if (::fstat(m_file.get(), &status) != 0 || ::fstatvfs(m_file.get(), &space) != 0)
        return {};
    const bool countsInodes = space.f_files > 0;
    const auto unit = qint64(space.f_frsize);
    return {quint64(status.st_dev), qint64(space.f_bavail) * unit, qint64(space.f_blocks) * unit,
            !countsInodes || space.f_favail > limits::uploadInodeReserve};
}

Result<> StagedFile::append(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qint64 written = uninterrupted(
            [&] { return ::pwrite(m_file.get(), bytes.data(), size_t(bytes.size()), m_size); });
        if (written < 0)
            return putError(errno);
        const qint64 before = m_size;
        m_size += written;
        bytes = bytes.sliced(written);
        if (before / limits::uploadFlushBytes == m_size / limits::uploadFlushBytes)
            continue;
        if (auto begun = beginWriting(); !begun)
            return begun;
    }
    return {};
}

Result<> StagedFile::truncate()
{
    if (::ftruncate(m_file.get(), 0) != 0)
        return putError(errno);
    m_size = 0;
    return {};
}

Result<> StagedFile::startWriting(std::optional<qint64> mtimeNs)
{
    if (mtimeNs)
        setModified(m_file.get(), *mtimeNs);
    return beginWriting();
}

/// An error of the disk may be said only once, and then not by fsync(). Others mean that this disk
/// begins when it likes to.
Result<> StagedFile::beginWriting()
{
    if (::sync_file_range(m_file.get(), 0, 0, SYNC_FILE_RANGE_WRITE) == 0)
        return {};
    return errno == EIO || errno == ENOSPC || errno == EDQUOT ? notWritten(errno) : Result<>();
}

/// What could not be written may still be read, and another fsync() finds nothing to do: whoever
/// went on with this part would be told that all is well.
Error StagedFile::notWritten(int error)
{
    remove();
    return putError(error);
}

Result<> StagedFile::sync()
{
    return ::fsync(m_file.get()) == 0 ? Result<>() : notWritten(errno);
}

Result<QByteArray> StagedFile::publish(const ShareSet &shares, const TargetFolder &target,
                                       FolderNames &known, const QByteArray &name)
{
    for (int n = 0; n <= limits::uploadNumbers; ++n) {
        const QByteArray tried = n == 0 ? name : numberedFileName(name, n);
        const FolderNames::Claim claim(known, target.descriptor(), tried);
        if (!claim.held())
            continue;
        const auto there = known.find(target.descriptor(), tried);
        if (!there)
            return putError(there.error().systemError);
        // Whoever puts in a password or settings file while ours is away would be obeyed.
        if (there.value() || target.isOwnPlace(shares, tried))
            continue;
        const int error = renameWithoutReplacing(folder(), m_name, target.descriptor(), tried);
        if (error == EEXIST)
            continue;
        if (error != 0) {
            struct stat status = {};
            const bool gone = ::fstat(m_file.get(), &status) != 0 || status.st_nlink == 0;
            return gone ? putError(error) : newNameError(target.descriptor(), error);
        }
        known.added(target.descriptor(), tried);
        return tried;
    }
    return Error{ErrorCode::TargetExists, tr("There are too many files of that name.")};
}

bool StagedFile::mayBeCalled(const QByteArrayList &names) const
{
    QByteArray unusual;
    for (const QByteArray &name : names) {
        std::copy_if(name.begin(), name.end(), std::back_inserter(unusual), [&](char c) {
            return QByteArrayView(limits::unusualInNames).contains(c) && !unusual.contains(c);
        });
    }
    if (unusual.isEmpty())
        return true;
    // Called like a part, so that it goes with the empty ones if we are killed before it is
    // removed.
    const QByteArray name = m_name.first(markDigits + 1) + unusual + 'x';
    const FileDescriptor made(::openat(folder(), name.constData(),
                                       O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                                       limits::uploadFileMode));
    if (!made.valid())
        return !isNameRefused(folder(), errno);
    ::unlinkat(folder(), name.constData(), 0);
    return true;
}

void StagedFile::remove()
{
    ::unlinkat(folder(), m_name.constData(), 0);
    m_size = 0;
}

void forEachPart(const ShareSet &shares,
                 const std::function<void(const UploadLedger::Part &part, qint64 writtenAt,
                                          const std::function<void()> &remove)> &visit)
{
    for (const QByteArray &share : shares.takingShares()) {
        const auto top = shares.openTop(share);
        auto folder =
            top ? openStaging(top.value().get(), false) : Result<FileDescriptor>(top.error());
        if (!folder)
            continue;
        const int descriptor = folder.value().get();
        FileDescriptor readable(::openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        FolderReader reader(std::move(readable));
        for (;;) {
            const Result<QByteArrayView> next = reader.nextName();
            if (!next || next.value().isEmpty())
                break;
            const QByteArray name = next.value().toByteArray();
            struct stat status = {};
            if (name.indexOf('-') != markDigits ||
                ::fstatat(descriptor, name.constData(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
                !S_ISREG(status.st_mode))
                continue;
            visit({name.sliced(markDigits + 1), name.first(markDigits), status.st_size},
                  status.st_ctim.tv_sec, // the time of the content is the sender's
                  [descriptor, &name] { ::unlinkat(descriptor, name.constData(), 0); });
        }
    }
}

} // namespace ferry::server
