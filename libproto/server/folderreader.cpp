// SPDX-License-Identifier: MIT
#include "server/folderreader.h"

#include "server/filefacts.h"
#include "wire/names.h"

#include <cerrno>
#include <fcntl.h>

namespace ferry::server {

namespace {

FolderEntry::Kind kindOf(mode_t mode)
{
    if (S_ISREG(mode))
        return FolderEntry::Kind::File;
    if (S_ISDIR(mode))
        return FolderEntry::Kind::Folder;
    if (S_ISLNK(mode))
        return FolderEntry::Kind::Link;
    return FolderEntry::Kind::Other;
}

} // namespace

FolderReader::FolderReader(FileDescriptor folder)
    : m_folder(::fdopendir(folder.get()))
{
    if (m_folder)
        folder.release(); // closedir() closes it
}

Result<std::optional<FolderEntry>> FolderReader::next()
{
    if (!m_folder)
        return Error{ErrorCode::LocalFile, qt_error_string(ENOTDIR)};
    for (;;) {
        errno = 0;
        const dirent *const found = ::readdir(m_folder.get());
        if (!found && errno != 0)
            return Error{ErrorCode::LocalFile, qt_error_string(errno)};
        if (!found)
            return std::optional<FolderEntry>();
        FolderEntry entry;
        entry.name = QByteArray(found->d_name);
        if (!isName(entry.name)) // `.` and `..`
            continue;
        struct stat status = {};
        if (::fstatat(::dirfd(m_folder.get()), found->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno == ENOENT)
                continue;
            entry.kind = FolderEntry::Kind::Unreadable;
            return std::optional(std::move(entry));
        }
        entry.kind = kindOf(status.st_mode);
        entry.size = S_ISREG(status.st_mode) ? qint64(status.st_size) : 0;
        entry.mtimeNs = modifiedNs(status);
        entry.id = identityToken(status);
        return std::optional(std::move(entry));
    }
}

} // namespace ferry::server
