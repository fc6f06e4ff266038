// SPDX-License-Identifier: MIT
#include "client/disk/targetfolder.h"

#include "client/disk/diskerror.h"
#include "client/disk/localname.h"
#include "net/base/displaytext.h"
#include "net/base/filename.h"
#include "net/base/translate.h"
#include "wire/names.h"

#include <QByteArray>

#include <cerrno>
#include <filesystem>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

namespace {

Error folderError(int parent, const QByteArray &name, int errnoValue)
{
    struct stat there = {};
    const bool link = ::fstatat(parent, name.constData(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
                      S_ISLNK(there.st_mode);
    if (parent != AT_FDCWD && isNameRefused(parent, errnoValue))
        return nameRefused(QT_TRANSLATE_NOOP("ferry", "The disk takes no folder of the name %1"),
                           localText(name), errnoValue);
    QString reason = qt_error_string(errnoValue);
    if ((errnoValue == ELOOP || errnoValue == ENOTDIR) && link)
        reason = tr("it is a link, which may lead elsewhere");
    else if (errnoValue == ELOOP || errnoValue == ENOTDIR)
        reason = tr("it is not a folder");
    return {ErrorCode::LocalFile,
            tr("The folder %1 cannot be opened: %2").arg(displayText(name), reason), errnoValue};
}

/// False also if it cannot be told.
bool isEmpty(int folder)
{
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(copy < 0 ? nullptr : ::fdopendir(copy),
                                                       &::closedir);
    if (!entries) {
        if (copy >= 0)
            ::close(copy);
        return false;
    }
    errno = 0;
    while (const dirent *entry = ::readdir(entries.get())) {
        if (qstrcmp(entry->d_name, ".") != 0 && qstrcmp(entry->d_name, "..") != 0)
            return false;
    }
    return errno == 0;
}

} // namespace

Result<> makeTargetFolder(const QString &folder)
{
    if (folder.isEmpty())
        return {};
    const QByteArray path = localBytes(folder);
    std::error_code failed;
    std::filesystem::create_directories(path.constData(), failed);
    if (failed)
        return Error{ErrorCode::LocalFile,
                     tr("The folder %1 cannot be made: %2")
                         .arg(displayText(path), qt_error_string(failed.value())),
                     failed.value()};
    return {};
}

Result<FileDescriptor> openTargetFolder(const QString &base, const QString &below)
{
    const QByteArray baseBytes = localBytes(base);
    if (baseBytes.contains('\0'))
        return Error{ErrorCode::Invalid, tr("That is not a folder.")};
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    FileDescriptor folder(::open(baseBytes.isEmpty() ? "." : baseBytes.constData(), flags));
    if (!folder.valid())
        return folderError(AT_FDCWD, baseBytes, errno);
    if (below.isEmpty())
        return folder;
    for (const QByteArray &name : localBytes(below).split('/')) {
        if (!isName(name))
            return Error{ErrorCode::Invalid,
                         tr("%1 is not a valid folder name.").arg(displayText(name))};
        if (::mkdirat(folder.get(), name.constData(), 0777) != 0 && errno != EEXIST)
            return folderError(folder.get(), name, errno);
        FileDescriptor next(::openat(folder.get(), name.constData(), flags | O_NOFOLLOW));
        if (!next.valid())
            return folderError(folder.get(), name, errno);
        folder = std::move(next);
    }
    return folder;
}

Result<std::shared_ptr<const FileDescriptor>> TargetFolders::open(const QString &base,
                                                                  const QString &below)
{
    if (!m_last || m_base != base || m_below != below) {
        auto folder = openTargetFolder(base, below);
        if (!folder)
            return folder.error();
        m_lastWasEmpty = isEmpty(folder.value().get());
        m_last = std::make_shared<const FileDescriptor>(folder.take());
        m_base = base;
        m_below = below;
    }
    return m_last;
}

} // namespace ferry::client
