// SPDX-License-Identifier: MIT
#include "client/disk/targetfolder.h"

#include "client/disk/localname.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "wire/names.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace ferry::client {

namespace {

Error folderError(const QByteArray &name, int errnoValue)
{
    const QString text = tr("The folder %1 cannot be opened: %2")
                             .arg(displayText(name), errnoValue == ELOOP || errnoValue == ENOTDIR
                                                         ? tr("it is no folder")
                                                         : qt_error_string(errnoValue));
    return {ErrorCode::LocalFile, text, errnoValue};
}

} // namespace

Result<FileDescriptor> openTargetFolder(const QString &base, const QString &below)
{
    const QByteArray baseBytes = localBytes(base);
    if (baseBytes.contains('\0'))
        return Error{ErrorCode::Invalid, tr("That is no folder.")};
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    FileDescriptor folder(::open(baseBytes.isEmpty() ? "." : baseBytes.constData(), flags));
    if (!folder.valid())
        return folderError(baseBytes, errno);
    if (below.isEmpty())
        return folder;
    for (const QByteArray &name : localBytes(below).split('/')) {
        if (!isName(name))
            return Error{ErrorCode::Invalid, tr("%1 is no folder name.").arg(displayText(name))};
        if (::mkdirat(folder.get(), name.constData(), 0777) != 0 && errno != EEXIST)
            return folderError(name, errno);
        FileDescriptor next(::openat(folder.get(), name.constData(), flags | O_NOFOLLOW));
        if (!next.valid())
            return folderError(name, errno);
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
        m_last = std::make_shared<const FileDescriptor>(folder.take());
        m_base = base;
        m_below = below;
    }
    return m_last;
}

} // namespace ferry::client
