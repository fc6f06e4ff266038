// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry::client {

enum class DownloadState {
    Queued,
    Connecting,
    Downloading,
    Stalled,   ///< downloading, but no byte for limits::stalledTime
    Verifying, ///< all of it is here; on its way to the disk and its final name
    Done,      ///< under its final name
    Skipped,   ///< a file of that name was there, and ExistingPolicy::Skip
    Failed,    ///< see error
    Cancelled,
};

/// What is known of a remote path before the server was asked.
enum class DownloadKind {
    File,   ///< it is a file: the classic dialect has nothing else, and listings say so
    Any,    ///< a person typed it
    Folder, ///< fetched whole: its files become rows of their own
};

/// What to do when a file of that name is in the target folder.
enum class ExistingPolicy { Fail, Overwrite, Rename, Skip };

/// One file in the queue: a copy, taken at one moment.
struct Download
{
    quint64 id = 0;
    QByteArray remotePath; ///< as it was asked for
    DownloadKind kind = DownloadKind::File;
    QString folder;    ///< local target folder, as the person chose it
    QString subfolder; ///< below it: names joined by `/` (localname.h), may be empty
    QString localName; ///< final name in it (localname.h); Rename may add ` (1)`
    ExistingPolicy existing = ExistingPolicy::Fail;
    DownloadState state = DownloadState::Queued;
    qint64 size = -1;          ///< bytes; -1: unknown (the classic dialect never tells)
    qint64 received = 0;       ///< bytes
    qint64 bytesPerSecond = 0; ///< lately; of an ended one: on average
    QByteArray checksum;       ///< XXH3-128 in hex, of a Done one, if it is known
    bool verified = false;     ///< a checksum from the server was compared and was equal
    Error error{ErrorCode::Cancelled, {}}; ///< of state Failed

    /// Where it is, or will be, below `folder`.
    QString target() const
    {
        return subfolder.isEmpty() ? localName : subfolder + u'/' + localName;
    }
};

} // namespace ferry::client
