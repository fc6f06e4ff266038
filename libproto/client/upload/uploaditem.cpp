// SPDX-License-Identifier: MIT
#include "client/upload/uploaditem.h"

#include "client/limits.h"
#include "net/base/filetime.h"
#include "net/base/realpath.h"
#include "net/base/translate.h"
#include "wire/limits.h"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <sys/stat.h>

namespace ferry::client {

namespace {

Error cannotRead(int error)
{
    return {ErrorCode::LocalFile, qt_error_string(error), error};
}

struct Closer
{
    void operator()(DIR *folder) const { ::closedir(folder); }
};

/// Gathers what is in one folder after the other.
class Search
{
public:
    Search(QList<UploadItem> &items, const LeftOut &leftOut)
        : m_items(items)
        , m_leftOut(leftOut)
    {
    }

    void add(const QByteArray &path, const QByteArray &shown, const VirtualPath &remote, int depth)
    {
        struct stat link = {};
        struct stat status = {};
        if (::lstat(path.constData(), &link) != 0 || ::stat(path.constData(), &status) != 0)
            return m_leftOut(shown, cannotRead(errno));
        if (S_ISDIR(status.st_mode) && S_ISLNK(link.st_mode) && depth > 0) // it could be a circle
            return m_leftOut(shown, {ErrorCode::LocalFile, tr("It is a link to a folder.")});
        if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
            return m_leftOut(shown,
                             {ErrorCode::LocalFile, tr("It is neither a file nor a folder.")});
        UploadItem item{0, path, shown, remote, S_ISDIR(status.st_mode), 0, modifiedNs(status), {}};
        item.size = item.folder ? 0 : qint64(status.st_size);
        m_items.append(item);
        if (item.folder)
            readFolder(path, shown, remote, depth);
    }

private:
    void readFolder(const QByteArray &path, const QByteArray &shown, const VirtualPath &remote,
                    int depth)
    {
        if (depth >= limits::folderDepth)
            return m_leftOut(shown, {ErrorCode::LocalFile, tr("It lies too deep.")});
        const std::unique_ptr<DIR, Closer> folder(::opendir(path.constData()));
        if (!folder)
            return m_leftOut(shown, cannotRead(errno));
        QByteArrayList names;
        errno = 0;
        while (const dirent *const entry = ::readdir(folder.get())) {
            const QByteArray name(entry->d_name);
            if (name != "." && name != "..")
                names.append(name);
            errno = 0;
        }
        if (errno != 0)
            m_leftOut(shown, cannotRead(errno));
        std::sort(names.begin(), names.end());
        for (const QByteArray &name : names) {
            const auto below = VirtualPath::fromNames(remote.names() + QByteArrayList{name});
            if (below)
                add(path + '/' + name, shown + '/' + name, *below, depth + 1);
        }
    }

    QList<UploadItem> &m_items;
    const LeftOut &m_leftOut;
};

} // namespace

QByteArray namedPath(const QByteArray &typed)
{
    QByteArray path = typed;
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    const QByteArray name = path.sliced(path.lastIndexOf('/') + 1);
    const QByteArray real = name == "." || name == ".." ? realPath(path) : path;
    return real.isEmpty() ? path : real;
}

Result<QList<UploadItem>> findUploads(const QByteArray &path, const VirtualPath &target,
                                      const LeftOut &leftOut)
{
    const QByteArray plain = namedPath(path);
    const QByteArray name = plain.sliced(plain.lastIndexOf('/') + 1);
    struct stat status = {};
    if (::stat(plain.constData(), &status) != 0)
        return cannotRead(errno);
    const auto remote = VirtualPath::fromNames(target.names() + QByteArrayList{name});
    if (!remote)
        return Error{ErrorCode::Invalid, tr("It has no name of its own.")};
    QList<UploadItem> items;
    Search(items, leftOut).add(plain, name, *remote, 0);
    return items;
}

} // namespace ferry::client
