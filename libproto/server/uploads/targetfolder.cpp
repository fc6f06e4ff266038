// SPDX-License-Identifier: MIT
#include "server/uploads/targetfolder.h"

#include "net/base/filename.h"
#include "net/base/translate.h"
#include "server/limits.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::server {

namespace {

FileDescriptor openChild(jail::Method method, int folder, const QByteArray &name)
{
    return method == jail::Method::Openat2 ? jail::openExactly(folder, name)
                                           : jail::openComponentWise(folder, name);
}

} // namespace

Error putError(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return {ErrorCode::DiskFull, qt_error_string(error), error};
    case EACCES:
    case EPERM:
    case EROFS:
    case EXDEV:
        return {ErrorCode::Refused, qt_error_string(error), error};
    default:
        return {ErrorCode::LocalFile, qt_error_string(error), error};
    }
}

const char *putToken(const Error &error)
{
    switch (error.code) {
    case ErrorCode::TargetExists:
        return "EXISTS";
    case ErrorCode::DiskFull:
        return "NOROOM";
    case ErrorCode::Refused:
    case ErrorCode::NotFound:
        return "READONLY";
    case ErrorCode::Invalid:
        return "NAME";
    case ErrorCode::Cancelled:
        return "QUOTA";
    default:
        return "READ";
    }
}

Error newNameError(int folder, int error)
{
    if (error == ENAMETOOLONG || isNameRefused(folder, error))
        return {ErrorCode::Invalid, tr("The disk does not take this name."), error};
    return putError(error);
}

Result<TargetFolder> TargetFolder::open(const ShareSet &shares, FolderNames &known,
                                        const QByteArray &share, const QByteArrayList &names,
                                        Missing missing, const std::function<bool()> &mayMake)
{
    const auto top = shares.openTop(share);
    if (!top)
        return top.error();
    const bool inbox = shares.access(share) == extended::Access::Inbox;
    TargetFolder target;
    // As it is held by the others, it can be neither synced nor read.
    target.m_folder.reset(::openat(top.value().get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat status = {};
    if (!target.m_folder.valid() || ::fstat(target.m_folder.get(), &status) != 0)
        return putError(errno);
    target.m_device = status.st_dev;
    for (const QByteArray &name : names) {
        QByteArray tried = name;
        for (int n = 1;; ++n) {
            Step step = target.enter(tried, shares.method());
            if (step == Step::Absent) {
                const auto other = known.find(target.m_folder.get(), tried);
                if (!other)
                    return putError(other.error().systemError);
                if (other.value())
                    step = target.enter(*other.value(), shares.method());
            }
            if (step == Step::Absent && missing == Missing::MayLack) {
                target.m_complete = false;
                return target;
            }
            if (step == Step::Absent) {
                if (auto own = target.checkOwn(shares); !own)
                    return own.error();
                if (mayMake && !mayMake())
                    return Error{ErrorCode::Cancelled, {}};
                step = target.make(shares, tried, known);
            }
            if (step == Step::Done)
                break;
            if (step == Step::Failed)
                return newNameError(target.m_folder.get(), target.m_error);
            // Who may only put in does not learn what others put there.
            if (!inbox || n > limits::uploadNumbers)
                return Error{ErrorCode::TargetExists, tr("A file of that name is there.")};
            tried = numberedFileName(name, n);
        }
    }
    if (auto own = target.checkOwn(shares); !own)
        return own.error();
    return target;
}

Result<> TargetFolder::checkOwn(const ShareSet &shares)
{
    const auto own = shares.isOwn(m_folder.get());
    if (!own)
        return own.error();
    if (own.value())
        return Error{ErrorCode::Refused, tr("Ferry's own files are not shared.")};
    m_mayHaveOwnPlaces = shares.mayHaveOwnPlaces(m_folder.get());
    return {};
}

bool TargetFolder::isOwnPlace(const ShareSet &shares, const QByteArray &name) const
{
    return m_mayHaveOwnPlaces && shares.isOwnPlace(m_folder.get(), name);
}

TargetFolder::Step TargetFolder::enter(const QByteArray &name, jail::Method method)
{
    FileDescriptor next = openChild(method, m_folder.get(), name);
    struct stat status = {};
    if (!next.valid()) {
        m_error = errno;
        const bool other =
            m_error == ELOOP || m_error == ENOTDIR || m_error == ENXIO; // a link, a socket
        return m_error == ENOENT ? Step::Absent : other ? Step::Occupied : Step::Failed;
    }
    if (::fstat(next.get(), &status) != 0) {
        m_error = errno;
        return Step::Failed;
    }
    if (!S_ISDIR(status.st_mode))
        return Step::Occupied;
    if (status.st_dev != m_device) { // nothing could be given a name there in one step
        m_error = EXDEV;
        return Step::Failed;
    }
    m_folder = std::move(next);
    m_names.append(name);
    return Step::Done;
}

TargetFolder::Step TargetFolder::make(const ShareSet &shares, const QByteArray &name,
                                      FolderNames &known)
{
    if (isOwnPlace(shares, name))
        return Step::Occupied;
    // Another upload makes it just now: that one is as good.
    if (::mkdirat(m_folder.get(), name.constData(), limits::uploadFolderMode) != 0 &&
        errno != EEXIST) {
        m_error = errno;
        return Step::Failed;
    }
    known.added(m_folder.get(), name);
    if (const int unsynced = sync(); unsynced != 0) {
        m_error = unsynced;
        return Step::Failed;
    }
    return enter(name, shares.method());
}

int TargetFolder::sync() const
{
    // Some disks sync no folder.
    return ::fsync(m_folder.get()) == 0 || errno == EINVAL ? 0 : errno;
}

} // namespace ferry::server
