// SPDX-License-Identifier: MIT
/// Limits of the client, each with its unit and its reason.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry::limits {

using namespace std::chrono_literals;

// --- Time -------------------------------------------------------------------------------------

/// TCP connection to the server.
inline constexpr std::chrono::milliseconds connectTime = 10s;

/// A reply, or the next bytes of a file.
inline constexpr std::chrono::milliseconds replyTime = 60s;

/// All answers of a login together.
inline constexpr std::chrono::milliseconds loginAnswerTime = 30s;

/// How long a server may be busy with one answer: an operator may pause it overnight.
inline constexpr std::chrono::milliseconds busyTime = 24h;

/// Bytes per second of a checksum, for which a server is busy beyond that: a slow disk's.
inline constexpr qint64 minimumChecksumRate = 10'000'000;

/// Slowest file of the classic dialect that is waited for, in bytes per second: a server that keeps
/// to a speed limit of its own cannot say so there.
inline constexpr qint64 minimumRateClassic = 16;

/// A QUIT; the connection is closed in any case.
inline constexpr std::chrono::milliseconds quitTime = 1s;

/// An idle client of the extended dialect asks this often whether the server is there.
inline constexpr std::chrono::milliseconds pingInterval = 30s;

/// Longest delay between two attempts to reconnect; and between those that a person watches, who
/// wants to go on as soon as the server is back: with the log-in within two seconds.
inline constexpr std::chrono::milliseconds maxReconnectDelay = 30s;
inline constexpr std::chrono::milliseconds maxAttendedDelay = 1s;

/// So long a removal from the queue can be undone.
inline constexpr std::chrono::milliseconds undoTime = 10s;

/// A file that failed for a reason that may pass is tried again so many times, first after this
/// long, which doubles each time. This many bytes are progress, after which the count begins anew.
inline constexpr int retries = 5;
inline constexpr std::chrono::milliseconds retryFirst = 1s;
inline constexpr qint64 progressBytes = 256 * 1024;

// --- Requests and parts -----------------------------------------------------------------------

/// Requests that a client sends ahead of the answers, in number and bytes. Enough to fill a line
/// with a round trip of 50 ms with small files; less than what a server reads ahead, so that
/// nobody ever waits for the other to read.
inline constexpr qsizetype requestsInFlight = 1024;
inline constexpr qsizetype requestBytesInFlight = 48 * 1024;

/// Content that a connection has asked for and not received, in bytes: new requests are made
/// below it. Enough for a round trip of 50 ms at 5 Gbit/s; at 1 Gbit/s while the speed is not
/// known yet.
inline constexpr qint64 contentInFlight = 32 * 1024 * 1024;
inline constexpr qint64 minContentInFlight = 8 * 1024 * 1024;

/// A file of more bytes than this is fetched in parts, which several connections may share; a
/// smaller one is held in memory until it is complete and verified.
inline constexpr qint64 largeFile = 1024 * 1024;

/// A part of a large file takes about this long, within these bounds in bytes: short enough to
/// mix with others and to stop soon, long enough that asking for it costs nothing.
inline constexpr std::chrono::milliseconds partTime = 250ms;
inline constexpr qint64 minPartBytes = 1024 * 1024;
inline constexpr qint64 maxPartBytes = 16 * 1024 * 1024;

/// Bytes of what an earlier try left that are compared by one checksum: first at a time, and, if
/// they differ, in the smallest units. So a killed client fetches little twice.
inline constexpr qint64 comparedAtOnce = 16 * 1024 * 1024;
inline constexpr qint64 minComparedBytes = 256 * 1024;

/// Small files that the main connection asks for between two parts of large ones.
inline constexpr qint64 filesPerTurn = 64;

/// Content up to this size is discarded rather than cancelled.
inline constexpr qint64 discardedBytes = 1024 * 1024;

// --- Connections ------------------------------------------------------------------------------

/// Default number of large files, and of connections, at once; and the maximum of the latter.
inline constexpr int filesAtOnce = 3;
inline constexpr int maxConnections = 8;

/// Whether one more connection is worth it: the rate is measured this long before and after it,
/// it has to grow by this factor, what is left must take so many times as long as opening one
/// did, and after a try without gain there is a rest (doubled each time).
inline constexpr std::chrono::milliseconds rateMeasured = 120ms;
inline constexpr double gainOfConnection = 1.05;
inline constexpr double worthOfConnection = 10;
inline constexpr std::chrono::milliseconds connectionRest = 10s;

/// An extra connection without work for this long is closed.
inline constexpr std::chrono::milliseconds extraIdle = 1s;

/// A connection for listings without work for this long is closed.
inline constexpr std::chrono::milliseconds browserRest = 60s;

// --- Saving -----------------------------------------------------------------------------------

/// What a client that cannot tell how much will come collects before it is written; there are two
/// such buffers for a file.
inline constexpr qsizetype writeBytes = 1024 * 1024;

/// Received files in memory that wait for the disk, in bytes and in number; beyond it, receiving
/// waits.
inline constexpr qint64 bytesToSave = 8 * 1024 * 1024;
inline constexpr qsizetype filesToSave = 1000;

/// Verified files that share one sync before they get their names: in number (each holds two
/// descriptors meanwhile), in bytes, and how long the first of them waits.
inline constexpr qsizetype filesPerSync = 200;
inline constexpr qint64 bytesPerSync = 64 * 1024 * 1024;
/// Up to so many files, a sync waits for nothing of other programs (docs/decisions/0012).
inline constexpr size_t filesSyncedAlone = 16;
inline constexpr std::chrono::milliseconds syncDelay = 200ms;

/// Bytes of free space that a download leaves (of a small disk, a twentieth), how often the free
/// space is asked for, and how often a queue that waits for it looks.
inline constexpr qint64 spaceReserve = 250'000'000;
inline constexpr std::chrono::milliseconds spaceInterval = 500ms;
inline constexpr std::chrono::milliseconds spaceLook = 1s;

// --- Uploads ----------------------------------------------------------------------------------

/// Uploads that are sent to their end and not answered, in number and bytes: enough for a round
/// trip of 50 ms with small files.
inline constexpr qsizetype uploadsInFlight = 1024;
inline constexpr qint64 uploadBytesInFlight = 8 * 1024 * 1024;

/// How long the ID of an upload that was interrupted is known: a server keeps the part for a day.
inline constexpr std::chrono::milliseconds uploadRemembered = 48h;

/// Uploads that ended, and are still in the file of those that may be continued: that is written
/// anew for all of them at once.
inline constexpr qsizetype uploadsForgotten = 500;

// --- Listings ---------------------------------------------------------------------------------

/// Memory that one listing may take, in bytes: half of what there is, and never more than this.
inline constexpr qint64 listingBytes = qint64(4) * 1024 * 1024 * 1024;

/// Levels of folders that are made here below the one that was asked for: no program copes with
/// thousands, and each costs a look at all above it.
inline constexpr qsizetype folderDepth = 200;

/// Things that one listing may leave out.
inline constexpr qint64 skippedTaken = 100'000;

/// Entries of one folder that a window holds and shows, about 100 MB; of a longer one the first.
inline constexpr qint64 entriesShown = 500'000;

/// What a search below a folder finds at most.
inline constexpr qint64 entriesFound = 10'000;

/// Entries in the first page that a window asks for, and in one piece that it takes over: what it
/// shows at once, and what it sorts in without a pause.
inline constexpr qint64 browserFirstPage = 1000;
inline constexpr qsizetype browserBatch = 5000;

/// Entries on their way to a window that has not taken them; beyond it the server waits.
inline constexpr qint64 browserAhead = 20'000;

/// Of the answer to a typed command: entries that are shown, and bytes of a file that are asked
/// for at most.
inline constexpr qint64 entriesLogged = 200;
inline constexpr qint64 commandBytes = 64 * 1024;

// --- People -----------------------------------------------------------------------------------

/// People that one answer to WHO may name, and bytes of their names: more than any server has
/// sessions.
inline constexpr qsizetype peopleTaken = 10'000;
inline constexpr qsizetype peopleBytes = 4 * 1024 * 1024;

/// How long a server is asked to wait for news. A connection that died unseen is noticed within
/// that time and that of a reply.
inline constexpr std::chrono::seconds newsWait = 60s;

/// How often a window that shows who is there asks again.
inline constexpr std::chrono::seconds whoInterval = 10s;

/// Between two requests for news of which the first brought none at once.
inline constexpr std::chrono::milliseconds newsRest = 1s;

/// News in one second, beyond which a client rests until it is over: a server keeps 200 for each.
inline constexpr int newsPerSecond = 2000;

/// News that nobody here has looked at yet, in number and bytes; beyond it no more are asked for.
inline constexpr qsizetype newsKept = 1000;
inline constexpr qsizetype newsBytes = 4 * 1024 * 1024;

/// Messages on their way to the server, and how long one may wait that came too soon.
inline constexpr qsizetype messagesWaiting = 100;
inline constexpr std::chrono::seconds messageDelay = 60s;

/// So long a client saves and confirms what it has when the server stops; a server waits for 2 s.
inline constexpr std::chrono::milliseconds lastReceiptsTime = 1500ms;

// --- The queue's file -------------------------------------------------------------------------

/// How long a change of the queue may wait until it is written to its file; what a killed program
/// forgets at most.
inline constexpr std::chrono::milliseconds queueWriteDelay = 200ms;

/// Finished downloads that the file of a queue remembers; beyond it the oldest go.
inline constexpr qsizetype queueHistory = 10'000;

/// Removed rows that a queue remembers, up to twice as many; a reader that has missed more gets all
/// rows instead.
inline constexpr qsizetype removedRows = 50'000;

} // namespace ferry::limits
