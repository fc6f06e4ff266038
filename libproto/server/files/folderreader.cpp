// SPDX-License-Identifier: MIT
#include "server/files/folderreader.h"

#include "net/base/filetime.h"
#include "server/files/filefacts.h"
#include "server/limits.h"
#include "wire/names.h"

#include <cerrno>
#include <fcntl.h>

namespace ferry::server {

namespace {

FolderEntry::Kind kindOf(const struct stat &status)
{
    if (isGiven(status))
        return FolderEntry::Kind::File;
    if (S_ISDIR(status.st_mode))
        return FolderEntry::Kind::Folder;
    if (S_ISLNK(status.st_mode))
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
    for (;;) {
        const Result<QByteArrayView> name = nextName();
        if (!name)
            return name.error();
        if (name.value().isEmpty())
            return std::optional<FolderEntry>();
        if (auto entry = describe(name.value().toByteArray()))
            return entry;
    }
}

Result<QByteArrayView> FolderReader::nextName()
{
    if (!m_folder)
        return Error{ErrorCode::LocalFile, qt_error_string(ENOTDIR)};
    for (;;) {
        errno = 0;
        const dirent *const found = ::readdir(m_folder.get());
        if (!found && errno != 0)
            return Error{ErrorCode::LocalFile, qt_error_string(errno)};
        if (!found)
            return QByteArrayView();
        const QByteArrayView name(found->d_name);
        m_found = found;
        // Not `.` and `..`; and what is not complete is not there yet.
        if (isName(name) && name != limits::stagingFolder)
            return name;
    }
}

bool FolderReader::isFolder() const
{
    if (m_found->d_type != DT_UNKNOWN)
        return m_found->d_type == DT_DIR;
    const auto entry = describe(m_found->d_name);
    return entry && entry->kind == FolderEntry::Kind::Folder;
}

std::optional<FolderEntry> FolderReader::describe(const QByteArray &name) const
{
    FolderEntry entry;
    entry.name = name;
    struct stat status = {};
    if (::fstatat(::dirfd(m_folder.get()), name.constData(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return std::nullopt;
        entry.kind = FolderEntry::Kind::Unreadable;
        return entry;
    }
    entry.kind = kindOf(status);
    entry.size = isGiven(status) ? qint64(status.st_size) : 0;
    entry.mtimeNs = modifiedNs(status);
    entry.id = identityToken(status);
    return entry;
}

std::optional<qint64> FolderReader::folderModifiedNs() const
{
    struct stat status = {};
    if (!m_folder || ::fstat(::dirfd(m_folder.get()), &status) != 0)
        return std::nullopt;
    return modifiedNs(status);
}

void FolderReader::rewind()
{
    if (m_folder)
        ::rewinddir(m_folder.get());
}

} // namespace ferry::server
