// SPDX-License-Identifier: MIT
/// Limits of the server, each with its unit and its reason. The settings (server/serverconfig.h)
/// start from these figures.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry::limits {

using namespace std::chrono_literals;

// --- Who may connect --------------------------------------------------------------------------

/// Sessions at once, in total. Each has a thread; see descriptorsPerSession for the hard bound.
inline constexpr int sessionsTotal = 256;

/// Sessions at once from one address, so that one machine cannot take every place. 127.0.0.1 and
/// ::1 are exempt: there the machine's own users and proxies meet.
inline constexpr int sessionsPerAddress = 32;

/// Connections at once that have not logged in yet, in total and per address (those two exempt
/// from the second).
inline constexpr int strangersTotal = 64;
inline constexpr int strangersPerAddress = 8;

/// A login by program takes milliseconds on a LAN. A stranger that takes longer is a person who
/// types, or blocks a place, and is evicted first when the places are taken.
inline constexpr std::chrono::milliseconds strangerGrace = 1s;

/// This many strangers of one address are not evicted for an equal one: one person's programs log
/// in over two connections at once.
inline constexpr int strangersUndisputed = 2;

/// Descriptors a session may need: its socket, an open file or folder, and one to spare for the
/// libraries below. Sessions are refused long before the limit (see Server::sessionCap).
inline constexpr int descriptorsPerSession = 3;

/// Descriptors kept for everything that is not a session.
inline constexpr int descriptorsReserved = 64;

/// Stack of a session thread, in bytes. The deepest path (TLS handshake under ASan) needs far
/// less; the default of 8 MiB would only cost address space.
inline constexpr uint sessionStackBytes = 512 * 1024;

/// Banned addresses: more than anybody looks through.
inline constexpr qsizetype bans = 10'000;

// --- Time -------------------------------------------------------------------------------------

/// TLS handshake, absolute: a LAN needs milliseconds, and until it is over the peer is nobody.
inline constexpr std::chrono::milliseconds tlsHandshakeTime = 5s;

/// From accept to login, absolute.
inline constexpr std::chrono::milliseconds loginTime = 30s;

/// A logged-in session without a command.
inline constexpr std::chrono::milliseconds idleTime = 300s;

/// A transfer (or a reply) that makes no progress.
inline constexpr std::chrono::milliseconds noProgressTime = 60s;

/// A server at work on something long says `#BUSY` this often, so that its client goes on waiting.
inline constexpr std::chrono::milliseconds busyInterval = 5s;

/// Long work without content looks this often for a cancel: a look costs two calls of the system,
/// as much as a line of a listing.
inline constexpr std::chrono::milliseconds cancelInterval = 10ms;

/// A session without a request for this long frees its buffer.
inline constexpr std::chrono::milliseconds bufferRest = 1s;

/// How often a resting or paused session checks whether to resume.
inline constexpr std::chrono::milliseconds pausePollInterval = 100ms;

/// How long it is relied on that Ferry's own files are where they were.
inline constexpr std::chrono::milliseconds ownFilesKept = 100ms;

/// A session that the operator ends has this long to say so to its peer, behind the content that is
/// on its way to a slow one.
inline constexpr std::chrono::milliseconds lastWordTime = 2s;

/// A stopped server waits this long for its session threads to notice.
inline constexpr std::chrono::milliseconds stopTime = 10s;

// --- Refused connections ----------------------------------------------------------------------

/// After its last line the server still reads (and drops) what the peer sends for this long, or
/// this many bytes: closing with unread input would reset the connection and lose that line.
inline constexpr std::chrono::milliseconds lingerTime = 2s;
inline constexpr qint64 lingerBytes = 1024 * 1024;

/// Refused connections that are kept open at once for the same reason; older ones are closed.
inline constexpr qsizetype lingeringRefusals = 16;

/// What a refused connection of the TLS door may take, from its handshake to its end. One is served
/// at a time, and lingeringRefusals wait.
inline constexpr std::chrono::milliseconds tlsRefusalTime = 1s;

/// Refusals are logged this often at the most, with a count; a flood must not fill the log.
inline constexpr std::chrono::milliseconds refusalLogInterval = 1s;

/// A ban made by another program holds within this time.
inline constexpr std::chrono::milliseconds bansInterval = 1s;

/// After EMFILE the listener rests this long before it accepts again.
inline constexpr std::chrono::milliseconds acceptRest = 200ms;

// --- Login ------------------------------------------------------------------------------------

/// Pause before the answer to a wrong password. Guessing over one connection costs this much.
inline constexpr std::chrono::milliseconds loginFailureDelay = 1s;

/// Password derivations at once (for AUTH, 0.1 s of a core each), and callers that wait for
/// one; more are refused at once. Two leave a 4-core machine usable.
inline constexpr int derivationsAtOnce = 2;
inline constexpr int derivationsWaiting = 8;

/// How long an address is refused after its first failed login, doubled by each further one up
/// to the most. Those two are delayed by loginFailureDelay instead.
inline constexpr std::chrono::milliseconds penaltyFirst = 5s;
inline constexpr std::chrono::milliseconds maxPenalty = 10min;

/// Failures are forgotten this long after the last one.
inline constexpr std::chrono::milliseconds penaltyMemory = 30min;

/// Addresses remembered; beyond it the oldest failure is forgotten.
inline constexpr qsizetype penaltyEntries = 4096;

// --- Listings ---------------------------------------------------------------------------------

/// Levels of folders below the one that was asked for in a streamed tree. A path on Linux has
/// 4,096 bytes, so at most 2,048 names.
inline constexpr int treeDepth = 2048;

/// Bytes of names that a listing holds at once, with what each costs; a larger folder is read
/// several times. A quarter of what a session may take.
inline constexpr qsizetype namesInMemory = 256 * 1024;

/// Refused paths that are logged for one request; the others are counted.
inline constexpr qint64 refusalsLogged = 20;

// --- Uploads ----------------------------------------------------------------------------------

/// The folder at the top of a share that parts of uploads are gathered in. Nobody is shown it.
inline constexpr char stagingFolder[] = ".ferry-uploads";

/// A part that nobody continues is kept for this long, over restarts, too; how often the old ones
/// are looked for.
inline constexpr std::chrono::milliseconds uploadKept = 24h;
inline constexpr std::chrono::milliseconds uploadCleanInterval = 1h;

/// A connection that takes an upload over waits this long for what the other one is writing.
inline constexpr std::chrono::milliseconds uploadTakeOverTime = 5s;

/// Quotas count what an account has put in for this long.
inline constexpr std::chrono::milliseconds uploadQuotaTime = 24h;

/// Files and folders that an account puts in within that time: more than a person has, and a disk
/// has inodes for it.
inline constexpr qint64 uploadAccountFiles = 100'000;

/// Parts of an account that wait to be continued.
inline constexpr qint64 uploadParts = 1000;

/// Bytes and inodes of a disk that uploads leave free for everything else. Of a small disk, which
/// would be full from the start, only this part of all it has.
inline constexpr qint64 uploadDiskReserve = 250'000'000;
inline constexpr qint64 uploadDiskShare = 20;
inline constexpr quint64 uploadInodeReserve = 1000;

/// Answers that are remembered for clients who did not hear them, some 300 bytes each.
inline constexpr qsizetype uploadAnswers = 16'384;

/// Small uploads that are complete wait for each other, so that one wait for the disk is enough for
/// all of them: so many answers of a session (two for a file), so many bytes, so long after the
/// first; and so many uploads of all sessions, each with two descriptors, if there are as many.
inline constexpr size_t uploadAnswersHeld = 128;
inline constexpr qint64 uploadBytesHeld = 8 * 1024 * 1024;
inline constexpr std::chrono::milliseconds uploadHoldTime = 200ms;
inline constexpr int uploadsHeld = 256;
inline constexpr int descriptorsPerUpload = 2;

/// Names that are known of the folders that uploads go to, some 150 bytes each.
inline constexpr qsizetype uploadFolderNames = 200'000;

/// Numbers that a taken name gets before it is given up.
inline constexpr int uploadNumbers = 9999;

/// Bytes that FAT and Windows refuse in names.
inline constexpr char unusualInNames[] = "\"*:<>?\\|";

/// A client that compares a part with its own file reads at least so many bytes of it a second, and
/// says nothing meanwhile. A slow disk of a small computer.
inline constexpr qint64 uploadCompareRate = 10'000'000;

/// Modes of what is put in, before the umask. Never executable, whatever was sent.
inline constexpr unsigned uploadFileMode = 0640;
inline constexpr unsigned uploadFolderMode = 0750;

/// After this many bytes the disk is asked to begin writing, so that the sync at the end of a
/// large file is short.
inline constexpr qint64 uploadFlushBytes = 16 * 1024 * 1024;

/// How soon a session that waits for content, or for the next part of a file to be asked for, sees
/// that the operator wants it to end.
inline constexpr std::chrono::milliseconds peerPollInterval = 250ms;

/// So long after a file went out, a session is ready to see that the server drains before the
/// receipt of the file has come; a client verifies and syncs it meanwhile. Then it waits for the
/// receipt this long.
inline constexpr std::chrono::milliseconds receiptTime = 10s;
inline constexpr std::chrono::milliseconds lastReceiptTime = 2s;

/// While a server drains, a request for a part of a file counts as at least this many bytes, so
/// that tiny ones do not keep it for ever.
inline constexpr qint64 leastPart = 256 * 1024;

// --- People -----------------------------------------------------------------------------------

/// A message a second, and some at once: a person who types is never slower than that.
inline constexpr std::chrono::milliseconds messageInterval = 1s;
inline constexpr qint64 messageBurst = 5;

/// Each message too many waits this long for its refusal: a flood takes no processor from others.
inline constexpr std::chrono::milliseconds slowerRest = 20ms;

/// Senders whose messages are counted, some 100 bytes each.
inline constexpr qsizetype messageSenders = 4096;

/// Notes, and bytes of them, that wait for one person who does not ask for them.
inline constexpr qsizetype notesKept = 200;
inline constexpr qint64 notesKeptBytes = 256 * 1024;

/// Bytes of all notes that wait; one that many were sent counts once.
inline constexpr qint64 notesHeldBytes = 3 * 1024 * 1024;

/// The mailbox of somebody whose connection has ended is kept for this long, so that they lose
/// nothing while they connect anew; so many of them, and of one account and address, so that nobody
/// can push out those of others; and so many numbers of their former sessions still mean them.
inline constexpr std::chrono::milliseconds mailboxKept = 10min;
inline constexpr qsizetype mailboxesKept = 1024;
inline constexpr qsizetype mailboxesKeptOfOne = 64;
inline constexpr size_t sessionsRemembered = 16;

/// A client that waits for news hears this often that the server is still there, and a connection
/// whose client has vanished is noticed. More often, and a thousand of them would keep it busy.
inline constexpr std::chrono::milliseconds newsBusyInterval = 60s;

// --- Gifts ------------------------------------------------------------------------------------

/// A file that is kept for somebody goes after this long, whether or not it was taken; how often
/// the old ones are looked for.
inline constexpr std::chrono::seconds giftKept = 24h;
inline constexpr std::chrono::milliseconds giftCleanInterval = 1min;

/// Gifts of everybody, and of one account and block of addresses, that are kept at once, with those
/// that are on their way; bytes likewise, and of one gift. They lie on the disk of the system.
inline constexpr qsizetype gifts = 1000;
inline constexpr qsizetype giftsOfOne = 200;
inline constexpr qint64 giftBytes = 10'000'000'000;
inline constexpr qint64 giftBytesOfOne = 20'000'000'000;
inline constexpr qint64 giftBytesOfAll = 40'000'000'000;

/// Each makes notes for two people: so many at once, then one in so long.
inline constexpr qint64 giftBurst = 200;
inline constexpr std::chrono::milliseconds giftInterval = 10s;

/// Gifts that are no more, of which it is remembered that they were put: some 500 bytes each.
inline constexpr qsizetype giftsRemembered = 1000;

// --- Records ----------------------------------------------------------------------------------

/// Files sent on one connection that a server remembers until their receipt comes, some 150 bytes
/// each. A client has no more than requestsInFlight, filesToSave and filesPerSync of them open.
inline constexpr qsizetype receiptsAwaited = 4096;

/// Bytes of names and tokens among them, for receipts that name no file. Enough for as many as
/// are open usually; beyond it each file needs a receipt of its own.
inline constexpr qsizetype receiptNameBytes = 512 * 1024;

/// Events of deliveries kept until the history takes them, and files that it waits for more of
/// before it writes them down.
inline constexpr qsizetype deliveryEvents = 20'000;
inline constexpr qsizetype deliveriesOpen = 10'000;

/// Deliveries that the history keeps; beyond it the oldest go. About 40 MB.
inline constexpr qint64 historyRows = 200'000;

/// Bytes of a log file before the next one is begun, and how many are kept.
inline constexpr qint64 logFileBytes = 10'000'000;
inline constexpr int logFiles = 5;

/// Batches of log records that wait for the disk, each with what came between two polls.
inline constexpr size_t logBatches = 20;

/// Ended sessions a server remembers for its window until they are cleared.
inline constexpr qsizetype endedSessions = 1000;

} // namespace ferry::limits
