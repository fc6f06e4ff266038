// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"
#include "wire/virtualpath.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <optional>

namespace ferry::client {

/// One file or folder on its way to a server.
struct UploadItem
{
    quint64 row = 0;      ///< what its owner knows it by
    QByteArray localPath; ///< as the file system has it
    QByteArray shownName; ///< from what a person named on: `trip/a.raw`
    VirtualPath remotePath = VirtualPath::root();
    bool folder = false;
    qint64 size = 0;    ///< bytes, as it was found
    qint64 mtimeNs = 0; ///< since the epoch
    QByteArray id;      ///< of this upload; the same at every attempt
};

/// What became of one.
struct UploadResult
{
    QByteArray storedPath; ///< decoded: where the server has it
    qint64 size = 0;       ///< bytes that were sent and verified
    QByteArray sum;        ///< of a file's content, in hex
    std::optional<Error> error;
};

/// A path as a person typed it, so that the name that it is sent under stands last: without slashes
/// at its end, and for `.` and `..` the folder that they mean.
QByteArray namedPath(const QByteArray &typed);

/// The files and folders that `path` stands for, to be put into `target`; folders come before what
/// is in them. `leftOut` gets what cannot be sent: links to folders, devices, what cannot be read.
/// An error if there is nothing at `path`: LocalFile, Invalid (it has no name of its own).
using LeftOut = std::function<void(const QByteArray &shownName, const Error &why)>;
Result<QList<UploadItem>> findUploads(const QByteArray &path, const VirtualPath &target,
                                      const LeftOut &leftOut);

} // namespace ferry::client
