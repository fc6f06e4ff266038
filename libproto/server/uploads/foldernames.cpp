// SPDX-License-Identifier: MIT
#include "server/uploads/foldernames.h"

#include "net/base/filename.h"
#include "server/files/folderreader.h"
#include "server/limits.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace ferry::server {

namespace {

bool sameTime(const timespec &a, const timespec &b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

Error cannotRead(int error)
{
    return {ErrorCode::LocalFile, qt_error_string(error), error};
}

} // namespace

FolderNames::List::iterator FolderNames::known(const struct stat &status)
{
    const auto found = std::find_if(m_folders.begin(), m_folders.end(), [&](const Known &known) {
        return known.device == status.st_dev && known.inode == status.st_ino;
    });
    if (found != m_folders.end())
        m_folders.splice(m_folders.begin(), m_folders, found);
    return found;
}

void FolderNames::remember(Known folder)
{
    const std::lock_guard lock(m_mutex);
    m_folders.remove_if([&folder](const Known &known) {
        return known.device == folder.device && known.inode == folder.inode;
    });
    m_folders.push_front(std::move(folder));
    size_t names = 0;
    for (auto known = m_folders.begin(); known != m_folders.end();) {
        names += known->names.size() + 1;
        known =
            names > size_t(limits::uploadFolderNames) ? m_folders.erase(known) : std::next(known);
    }
}

Result<std::optional<QByteArray>> FolderNames::find(int folder, QByteArrayView name)
{
    struct stat status = {};
    if (::fstat(folder, &status) != 0)
        return cannotRead(errno);
    const QString folded = foldedName(name);
    const auto in = [&folded](const Known &known) -> std::optional<QByteArray> {
        const auto found = known.names.find(folded);
        return found == known.names.end() ? std::nullopt : std::optional(found->second);
    };
    {
        const std::lock_guard lock(m_mutex);
        const auto there = known(status);
        if (there != m_folders.end() && sameTime(there->modified, status.st_mtim))
            return in(*there);
    }
    Known read{status.st_dev, status.st_ino, status.st_mtim, {}};
    FileDescriptor readable(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!readable.valid())
        return cannotRead(errno);
    FolderReader reader(std::move(readable));
    for (;;) {
        const Result<QByteArrayView> next = reader.nextName();
        if (!next)
            return next.error();
        if (next.value().isEmpty())
            break;
        read.names.try_emplace(foldedName(next.value()), next.value().toByteArray());
    }
    const auto found = in(read);
    remember(std::move(read));
    return found;
}

void FolderNames::added(int folder, QByteArrayView name)
{
    struct stat status = {};
    if (::fstat(folder, &status) != 0)
        return;
    const std::lock_guard lock(m_mutex);
    const auto there = known(status);
    if (there == m_folders.end())
        return;
    // Whatever somebody else made in the same moment is not seen; the next change shows it.
    there->modified = status.st_mtim;
    there->names.try_emplace(foldedName(name), name.toByteArray());
}

FolderNames::Claim::Claim(FolderNames &names, int folder, QByteArrayView name)
    : m_names(names)
{
    struct stat status = {};
    if (::fstat(folder, &status) != 0)
        return;
    m_key = {status.st_dev, status.st_ino, foldedName(name)};
    const std::lock_guard lock(m_names.m_mutex);
    m_held = m_names.m_claims.insert(m_key).second;
}

FolderNames::Claim::~Claim()
{
    if (!m_held)
        return;
    const std::lock_guard lock(m_names.m_mutex);
    m_names.m_claims.erase(m_key);
}

} // namespace ferry::server
