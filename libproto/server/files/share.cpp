// SPDX-License-Identifier: MIT
#include "server/files/share.h"

#include "net/base/displaytext.h"
#include "net/base/realpath.h"
#include "net/base/translate.h"
#include "server/files/filefacts.h"
#include "server/limits.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::server {

namespace {

Error refused(const QString &reason)
{
    return {ErrorCode::Refused, reason};
}

/// Of a share that is a single file: whatever is at its path by now, nothing waits for it.
constexpr int singleFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

Error cannotOpen(ErrorCode code, const QByteArray &path, bool isFile)
{
    const QString text = isFile ? tr("The file %1 cannot be opened: %2.")
                                : tr("The folder %1 cannot be opened: %2.");
    return {code, text.arg(displayText(path), qt_error_string(errno))};
}

/// Without a `/` at its end, which the links of the folder need not have.
QByteArray absolutePath(const QByteArray &folder)
{
    QByteArray path = folder;
    char current[PATH_MAX];
    if (!path.startsWith('/') && ::getcwd(current, sizeof current))
        path = QByteArray(current) + '/' + path;
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    return path;
}

/// Is it, or is it in, the folder that parts of uploads are gathered in?
bool isStaging(const QByteArray &path)
{
    static const QByteArray folder = QByteArray("/") + limits::stagingFolder;
    static const QByteArray inFolder = folder + '/';
    return path.endsWith(folder) || path.contains(inFolder);
}

Error errorOfJail(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return {ErrorCode::NotFound, tr("There is no such file.")};
    case EXDEV:
        return refused(tr("The path leads out of the share."));
    case ELOOP:
        return refused(tr("Too many links."));
    // What may be there, and cannot be had now: to say that it is not would be a lie.
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EIO:
    case EAGAIN:
    case EINTR:
        return {ErrorCode::LocalFile, qt_error_string(error)};
    default:
        return refused(qt_error_string(error));
    }
}

} // namespace

Result<std::shared_ptr<const ShareSet>> ShareSet::open(const QList<ShareConfig> &shares,
                                                       jail::Method method, OwnFiles own)
{
    auto set = std::make_shared<ShareSet>();
    set->m_method = method;
    set->m_own = std::move(own);
    for (const ShareConfig &share : shares) {
        struct stat now = {};
        const bool isFile = ::stat(share.folder.constData(), &now) == 0 && S_ISREG(now.st_mode);
        const FileDescriptor folder(::open(
            share.folder.constData(), isFile ? singleFlags : O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        Folder opened{absolutePath(share.folder), isFile, share.access, {}, {}};
        if (!folder.valid() || ::fstat(folder.get(), &opened.status) != 0)
            return cannotOpen(ErrorCode::Invalid, share.folder, isFile);
        opened.place = placeOf(folder.get());
        set->m_folders.insert(share.name, opened);
    }
    return std::shared_ptr<const ShareSet>(std::move(set));
}

Result<OpenFile> ShareSet::openFile(const VirtualPath &path) const
{
    auto node = open(path);
    if (!node)
        return node.error();
    if (node.value().isFolder())
        return refused(tr("Not a regular file."));
    return OpenFile{std::move(node.value().descriptor), node.value().status.st_size};
}

Result<OpenNode> ShareSet::open(const VirtualPath &path) const
{
    const auto folder = m_folders.constFind(path.share());
    if (folder != m_folders.constEnd() && folder->access == extended::Access::Inbox)
        return refused(tr("This share only takes files."));
    if (folder != m_folders.constEnd() && folder->isFile)
        return openSingle(*folder, path);
    auto opening = openTop(path.share());
    if (!opening)
        return opening.error();
    const FileDescriptor top = opening.take();
    struct stat status = {};
    if (::fstat(top.get(), &status) != 0)
        return cannotOpen(ErrorCode::LocalFile, folder->path, false);

    // Nearly always: where it is need not be asked then, which is worth it with many small files.
    if (m_method == jail::Method::Openat2 && isSameFile(status, folder->status) &&
        !folder->place.path.isEmpty()) {
        const QByteArray below = path.below();
        FileDescriptor found = jail::openExactly(top.get(), below);
        const Place place{folder->place.path + '/' + below, folder->place.mount};
        if (found.valid())
            return opened(std::move(found), &place);
        if (errno != ELOOP && errno != EXDEV)
            return errorOfJail(errno);
    }
    FileDescriptor found = jail::openBeneath(m_method, top.get(), path.below());
    // A link, which may stay inside all the same. ENOTDIR: in the middle of the path.
    if (!found.valid() && (errno == EXDEV || errno == ELOOP || errno == ENOTDIR)) {
        const int error = errno;
        const auto direct =
            jail::withoutLinks(top.get(), {folder->path, realPath(folder->path)}, path.below());
        if (!direct || *direct == path.below())
            return errorOfJail(error);
        found = jail::openBeneath(m_method, top.get(), *direct);
    }
    return found.valid() ? opened(std::move(found), nullptr) : errorOfJail(errno);
}

/// By its name each time, as a folder: what an editor saves is another file under the same name.
Result<OpenNode> ShareSet::openSingle(const Folder &share, const VirtualPath &path) const
{
    if (path.names().size() != 1)
        return Error{ErrorCode::NotFound, tr("There is no such file.")};
    FileDescriptor found(::open(share.path.constData(), singleFlags));
    if (!found.valid())
        return cannotOpen(ErrorCode::LocalFile, share.path, true);
    auto node = opened(std::move(found), nullptr);
    if (node && node.value().isFolder())
        return refused(tr("Not a regular file."));
    return node;
}

/// Without a place it is asked for.
Result<OpenNode> ShareSet::opened(FileDescriptor descriptor, const Place *place) const
{
    OpenNode node;
    node.descriptor = std::move(descriptor);
    if (::fstat(node.descriptor.get(), &node.status) != 0)
        return Error{ErrorCode::LocalFile, qt_error_string(errno)};
    if (!isGiven(node.status) && !node.isFolder())
        return refused(tr("Not a regular file."));
    const Place where = place ? *place : placeOf(node.descriptor.get());
    if (isStaging(where.path))
        return refused(tr("An upload that is not complete."));
    const auto own = m_own.contain(where, node.status);
    if (!own)
        return own.error();
    if (own.value())
        return refused(tr("Ferry's own files are not shared."));
    // Some systems' files of status, and files of the cloud, have content and no size: nothing
    // would come of them, and it would be called complete.
    char first = 0;
    if (!node.isFolder() && node.status.st_size == 0 &&
        ::pread(node.descriptor.get(), &first, 1, 0) == 1 &&
        ::fstat(node.descriptor.get(), &node.status) == 0 && node.status.st_size == 0)
        return Error{ErrorCode::LocalFile, tr("Its size is not known.")};
    // It was opened without blocking because of FIFOs; reading a regular file may block.
    ::fcntl(node.descriptor.get(), F_SETFL, 0);
    return node;
}

QByteArrayList ShareSet::names(bool inboxes) const
{
    QByteArrayList names;
    for (auto folder = m_folders.begin(); folder != m_folders.end(); ++folder) {
        if (inboxes || folder->access != extended::Access::Inbox)
            names.append(folder.key());
    }
    std::sort(names.begin(), names.end());
    return names;
}

QByteArrayList ShareSet::takingShares() const
{
    QByteArrayList names = this->names(true);
    names.removeIf([this](const QByteArray &name) {
        return access(name).value_or(extended::Access::Read) == extended::Access::Read;
    });
    return names;
}

std::optional<extended::Access> ShareSet::access(const QByteArray &share) const
{
    const auto folder = m_folders.constFind(share);
    return folder == m_folders.constEnd() ? std::nullopt : std::optional(folder->access);
}

Result<FileDescriptor> ShareSet::openTop(const QByteArray &share) const
{
    const auto folder = m_folders.constFind(share);
    if (folder == m_folders.constEnd())
        return Error{ErrorCode::NotFound, tr("There is no such share.")};
    FileDescriptor top(::open(folder->path.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!top.valid())
        return cannotOpen(ErrorCode::LocalFile, folder->path, false);
    return top;
}

Result<bool> ShareSet::isOwn(int folder) const
{
    struct stat status = {};
    if (::fstat(folder, &status) != 0)
        return Error{ErrorCode::LocalFile, qt_error_string(errno)};
    return m_own.contain(placeOf(folder), status);
}

bool ShareSet::mayHaveOwnPlaces(int folder) const
{
    return m_own.mayBePlacesIn(placeOf(folder).path);
}

bool ShareSet::isOwnPlace(int folder, const QByteArray &name) const
{
    return m_own.isPlace(placeOf(folder).path + '/' + name);
}

} // namespace ferry::server
