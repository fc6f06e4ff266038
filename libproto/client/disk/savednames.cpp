// SPDX-License-Identifier: MIT
#include "client/disk/savednames.h"

#include "client/disk/diskerror.h"
#include "client/disk/localname.h"
#include "net/base/filedescriptor.h"
#include "net/base/translate.h"

#include <QHash>

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>

namespace ferry::client {

namespace {

/// The same for all names that some disk may take for one.
size_t foldedHash(const QString &path)
{
    return qHash(path.normalized(QString::NormalizationForm_KC)
                     .toCaseFolded()
                     .normalized(QString::NormalizationForm_KC),
                 0);
}

bool isListed(int folder, const QByteArray &name)
{
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0)
        return false;
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(::fdopendir(copy), &::closedir);
    if (!entries)
        return false;
    while (const dirent *entry = ::readdir(entries.get())) {
        if (name == entry->d_name)
            return true;
    }
    return false;
}

/// Something answers to this name, but is listed under another.
bool isTakenByAlike(const Download &download)
{
    FileDescriptor at(::open(localBytes(download.folder).constData(), O_PATH | O_CLOEXEC));
    for (const QByteArray &name : localBytes(download.target()).split('/')) {
        FileDescriptor next(::openat(at.get(), name.constData(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!next.valid())
            return false;
        if (!isListed(at.get(), name))
            return true;
        at = std::move(next);
    }
    return false;
}

} // namespace

void SavedNames::add(const Download &download, const QString &localName)
{
    Download saved = download;
    saved.localName = localName;
    const QString path = saved.path();
    const size_t folded = foldedHash(path);
    const size_t name = qHash(path, 0);
    const std::lock_guard lock(m_mutex);
    const auto [first, last] = m_names.equal_range(folded);
    if (std::none_of(first, last, [name](const auto &known) { return known.second == name; }))
        m_names.emplace(folded, name);
}

Result<> SavedNames::check(const Download &download) const
{
    if (isPartName(download.localName))
        return Error{ErrorCode::LocalFile, tr("It has the name of an unfinished download here.")};
    if (download.existing == ExistingPolicy::Rename)
        return {};
    const QString path = download.path();
    const size_t folded = foldedHash(path);
    const size_t name = qHash(path, 0);
    {
        const std::lock_guard lock(m_mutex);
        const auto [first, last] = m_names.equal_range(folded);
        if (std::all_of(first, last, [name](const auto &known) { return known.second == name; }))
            return {};
    }
    if (!isTakenByAlike(download))
        return {};
    return diskError(QT_TRANSLATE_NOOP("ferry",
                                       "%1 cannot be saved: the disk takes its name for that of "
                                       "another file of this download"),
                     download.target(), EEXIST);
}

} // namespace ferry::client
