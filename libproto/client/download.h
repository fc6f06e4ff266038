// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>
#include <QTypeInfo>

#include <chrono>
#include <optional>

namespace ferry::client {

/// How they follow each other is the table in downloadstates.cpp.
enum class DownloadState {
    Queued,
    Connecting,    ///< somebody has taken it and asks the server
    NeedsDecision, ///< another file has its name: a person says what to do (ExistingPolicy::Ask)
    Downloading,
    Stalled,   ///< downloading, but no byte for limits::stalledTime
    Verifying, ///< all of it is here; on its way to the disk and its final name
    Retrying,  ///< failed for a reason that may pass; queued again at retryAt
    Paused,    ///< by a person
    Done,      ///< under its final name
    Skipped,   ///< the file of that name stays: see identical
    Failed,    ///< see error
    Cancelled,
    Checking, ///< what is here already is compared with what the server has
};
inline constexpr int downloadStates = 13;

enum class Direction {
    Download, ///< from the server into a folder here
    Upload,   ///< from here into a folder of the server
};

/// What is known of a remote path before the server was asked. Of an upload: what is here.
enum class DownloadKind {
    File,   ///< it is a file: the classic dialect has nothing else, and listings say so
    Any,    ///< a person typed it
    Folder, ///< fetched whole: its files become rows of their own
};

/// What to do when a file of that name is in the target folder. For Ask and what follows it, and,
/// where an earlier try is continued, for all but Skip, the server is asked first whether it is
/// the same content, which is skipped.
enum class ExistingPolicy {
    Fail,
    Overwrite,
    Rename,
    Skip,
    Ask,
    OverwriteIfNewer,       ///< than the one here, by modification time; else it is skipped
    OverwriteIfSizeDiffers, ///< else it is skipped
    Resume,                 ///< what is there is taken for a part: only what differs is fetched
};

enum class Priority { Low, Normal, High };

/// What the server says of a file.
struct RemoteFacts
{
    qint64 size = -1;
    qint64 modifiedNs = 0; ///< since the epoch
};

/// One file in the queue, whichever way it goes: a copy, taken at one moment. What is said of a
/// file here is, for an upload, true of the file that is sent: `folder` and target() say where it
/// lies, `received` how much of it the server has.
struct Download
{
    quint64 id = 0;
    Direction direction = Direction::Download;
    QByteArray
        remotePath; ///< as it was asked for; of an upload that is Done: as it is called there
    DownloadKind kind = DownloadKind::File;
    QString folder;    ///< local target folder, as the person chose it
    QString subfolder; ///< below it: names joined by `/` (localname.h), may be empty
    std::optional<qint64> folderModifiedNs; ///< what `subfolder` has on the server, if it is known
    QString localName; ///< final name in it (localname.h); Rename may add ` (1)`
    ExistingPolicy existing = ExistingPolicy::Fail;
    DownloadState state = DownloadState::Queued;
    qint64 size = -1;          ///< bytes; -1: unknown (the classic dialect never tells)
    qint64 received = 0;       ///< bytes
    qint64 checked = 0;        ///< bytes that were compared, of state Checking
    qint64 bytesPerSecond = 0; ///< lately; of an ended one: on average
    QByteArray checksum;       ///< XXH3-128 in hex, of a Done one, if it is known
    bool identical = false;    ///< Skipped: the same content was here already
    bool heldThere = false;    ///< Stalled: the server's operator paused it
    bool verified = false;     ///< a checksum from the server was compared and was equal
    bool grown = false;        ///< Done: it is longer on the server by now; its beginning is here
    Error error{ErrorCode::Cancelled, {}}; ///< of states Failed and Retrying

    QString server;      ///< where it comes from (serverName()); empty: whichever is connected
    quint64 batch = 0;   ///< rows added together have the same; a folder's files have its own
    quint64 parent = 0;  ///< id of the folder that it was found in; 0: asked for by itself
    qint64 position = 0; ///< among all rows; the smallest comes first
    Priority priority = Priority::Normal;
    bool forced = false; ///< before all others and whatever the number at once
    bool front = false;  ///< before the others of its priority: it was under way before
    bool begun = false;  ///< a part of it may be in the folder, to be continued
    int tries = 0;       ///< that failed since the last progress
    std::chrono::steady_clock::time_point retryAt; ///< of state Retrying
    RemoteFacts remote;                            ///< of state NeedsDecision
    qint64 rateLimit = 0;                          ///< bytes per second of this row; 0: none
    bool executable = true;   ///< a file that may be run on the server may be run here
    bool encodeNames = false; ///< that the disk does not take; also QueueRules::encodeNames
    qint64 endedMs = 0;       ///< when it ended, in milliseconds since the epoch

    // Of an upload:
    QByteArray uploadId; ///< what the server keeps its part under (wire/extended); empty: none yet
    qint64 modifiedNs = 0; ///< of the file that uploadId is about, since the epoch
    bool cutOff = false;   ///< it was for a person, and there was another login before it was
                           ///< there: the number may be somebody else's now, so it is not sent

    bool isUpload() const { return direction == Direction::Upload; }
    /// From one person to another: `/@12/name`, `/@me/7/name`. It means nothing to a later program.
    bool isGift() const;

    /// Where it is, or will be, below `folder`.
    QString target() const
    {
        return subfolder.isEmpty() ? localName : subfolder + u'/' + localName;
    }
    /// The same with `folder` before it.
    QString path() const { return folder + u'/' + target(); }
};

} // namespace ferry::client

// Lists of 100,000 grow.
Q_DECLARE_TYPEINFO(ferry::client::Download, Q_RELOCATABLE_TYPE);
