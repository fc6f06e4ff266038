// SPDX-License-Identifier: MIT
#include "server/files/share.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "server/files/filefacts.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace ferry::server {

namespace {

Error refused(const QString &reason)
{
    return {ErrorCode::Refused, reason};
}

} // namespace

Result<std::shared_ptr<const ShareSet>> ShareSet::open(const QList<ShareConfig> &shares,
                                                       jail::Method method)
{
    auto set = std::make_shared<ShareSet>();
    set->m_method = method;
    for (const ShareConfig &share : shares) {
        auto folder = std::make_shared<FileDescriptor>(
            ::open(share.folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder->valid())
            return Error{ErrorCode::Invalid,
                         tr("The folder %1 cannot be opened: %2.")
                             .arg(displayText(share.folder), qt_error_string(errno))};
        set->m_folders.insert(share.name, folder);
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
    if (folder == m_folders.constEnd())
        return Error{ErrorCode::NotFound, tr("There is no such share.")};

    OpenNode node;
    node.descriptor = jail::openBeneath(m_method, (*folder)->get(), path.below());
    if (!node.descriptor.valid()) {
        switch (errno) {
        case ENOENT:
        case ENOTDIR:
        case ENAMETOOLONG:
            return Error{ErrorCode::NotFound, tr("There is no such file.")};
        case EXDEV:
            return refused(tr("The path leads out of the share."));
        case ELOOP:
            return refused(tr("Links are not followed here."));
        // What may be there, and cannot be had now: to say that it is not would be a lie.
        case EMFILE:
        case ENFILE:
        case ENOMEM:
        case EIO:
        case EAGAIN:
        case EINTR:
            return Error{ErrorCode::LocalFile, qt_error_string(errno)};
        default:
            return refused(qt_error_string(errno));
        }
    }

    if (::fstat(node.descriptor.get(), &node.status) != 0)
        return Error{ErrorCode::LocalFile, qt_error_string(errno)};
    if (!isGiven(node.status) && !node.isFolder())
        return refused(tr("Not a regular file."));
    // It was opened without blocking because of FIFOs; reading a regular file may block.
    const int flags = ::fcntl(node.descriptor.get(), F_GETFL);
    ::fcntl(node.descriptor.get(), F_SETFL, flags & ~O_NONBLOCK);
    return node;
}

QByteArrayList ShareSet::names() const
{
    QByteArrayList names = m_folders.keys();
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace ferry::server
