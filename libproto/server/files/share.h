// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "server/files/jail.h"
#include "server/files/ownfiles.h"
#include "server/serverconfig.h"
#include "wire/result.h"
#include "wire/virtualpath.h"

#include <QByteArrayList>
#include <QHash>

#include <memory>
#include <optional>

#include <sys/stat.h>

namespace ferry::server {

/// A file that may be sent, open for reading.
struct OpenFile
{
    FileDescriptor descriptor;
    qint64 size = 0;
};

/// What a path names: a regular file or a folder, open for reading.
struct OpenNode
{
    FileDescriptor descriptor;
    struct stat status = {};
    bool isFolder() const { return S_ISDIR(status.st_mode); }
};

/// The token of the extended dialect for an error of ShareSet::open().
inline const char *refusalToken(const Error &error)
{
    return error.code == ErrorCode::LocalFile ? "READ" : "NOTFOUND";
}

/// The only place of the server that turns a peer's path into an open file. The folder of the share
/// is opened by its name each time, so that it is what the owner sees there now and nothing is held
/// in between. The path is resolved below it (jail.h), so nothing outside can be reached, whatever
/// is renamed meanwhile. A share may be a single file: then its name is that file, and nothing is
/// below it or beside it. A share that only takes files has nothing to open, and parts of uploads
/// are not there for anybody. Immutable; any thread.
class ShareSet
{
public:
    /// Invalid with a sentence if one of them cannot be opened now. `own` is not served.
    static Result<std::shared_ptr<const ShareSet>>
    open(const QList<ShareConfig> &shares, jail::Method method = jail::best(), OwnFiles own = {});

    /// A regular file; NotFound if the path names nothing; Refused, with the reason for the
    /// server's own log, if it names something that is not sent: a folder, a FIFO, a file
    /// without permission, a link to the outside, a file of our own. To the peer both must look the
    /// same. LocalFile if the disk fails, the folder of the share is gone or there are no
    /// descriptors. Never blocks on a FIFO or a device.
    Result<OpenFile> openFile(const VirtualPath &path) const;

    /// Likewise, but a folder will do, too. The root is neither: NotFound.
    Result<OpenNode> open(const VirtualPath &path) const;

    /// The names of the shares that may be read, sorted by their bytes; with `inboxes` of all.
    QByteArrayList names(bool inboxes = false) const;
    /// Of those that take files.
    QByteArrayList takingShares() const;

    /// What a peer may do there; nothing if there is no such share.
    std::optional<extended::Access> access(const QByteArray &share) const;

    // For what is put in (server/uploads):
    /// The folder of a share, only to go on from there. NotFound, LocalFile.
    Result<FileDescriptor> openTop(const QByteArray &share) const;
    jail::Method method() const { return m_method; }
    /// Does the open folder hold files of our own? LocalFile: it cannot be found out.
    Result<bool> isOwn(int folder) const;
    /// Can isOwnPlace() be true of any name in the open folder? As long as it stays where it is.
    bool mayHaveOwnPlaces(int folder) const;
    /// Is this name in the open folder kept for a file of our own, whether or not it is there now?
    bool isOwnPlace(int folder, const QByteArray &name) const;

    /// The share of that name is a single file.
    bool isFile(const QByteArray &name) const { return m_folders.value(name).isFile; }

private:
    struct Folder
    {
        QByteArray path; ///< absolute
        bool isFile = false;
        extended::Access access = extended::Access::Read;
        // At the start, which it seldom leaves:
        struct stat status = {};
        Place place;
    };
    Result<OpenNode> openSingle(const Folder &share, const VirtualPath &path) const;
    Result<OpenNode> opened(FileDescriptor descriptor, const Place *place) const;

    jail::Method m_method = jail::Method::ComponentWise;
    QHash<QByteArray, Folder> m_folders; ///< by the names of the shares
    OwnFiles m_own;
};

} // namespace ferry::server
