// SPDX-License-Identifier: MIT
/// Every limit of Ferry, in one place, each with its unit and its reason.
/// The settings of a server (server/serverconfig.h) start from these figures.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry::limits {

using namespace std::chrono_literals;

// --- Lines -------------------------------------------------------------------------------------

/// Bytes in one command line without its end. A path of 4,096 bytes is the longest that Linux
/// opens (PATH_MAX), so nothing useful is longer.
inline constexpr qsizetype lineBytes = 4096;

/// Bytes in one line of the extended dialect: the longest path with every byte escaped, and the
/// fields around it.
inline constexpr qsizetype extendedLineBytes = 16 * 1024;

/// Bytes in one name of a path: what Linux file systems take (NAME_MAX).
inline constexpr qsizetype nameBytes = 255;

/// Requests that a server reads ahead while it answers one, in bytes; beyond it, the peer waits.
inline constexpr qsizetype pipelinedBytes = 64 * 1024;

/// Bytes of input a peer may send before it has logged in. Bounds what a stranger can make the
/// server hold or parse.
inline constexpr qsizetype bytesBeforeLogin = 8 * 1024;

// --- Ports -------------------------------------------------------------------------------------

inline constexpr quint16 tlsPort = 7420;
inline constexpr quint16 classicPort = 7421;

// --- Server: who may connect --------------------------------------------------------------------

/// Sessions at once, in total. Each has a thread; see descriptorsPerSession for the hard bound.
inline constexpr int sessionsTotal = 256;

/// Sessions at once from one address, so that one machine cannot take every place. Loopback is
/// exempt: there the machine's own users and proxies meet.
inline constexpr int sessionsPerAddress = 32;

/// Connections at once that have not logged in yet, in total and per address (loopback exempt
/// from the second).
inline constexpr int strangersTotal = 64;
inline constexpr int strangersPerAddress = 8;

/// A login by program takes milliseconds on a LAN. Who is a stranger for longer is a person who
/// types, or somebody who holds a place, and gives way first when the places are taken.
inline constexpr std::chrono::milliseconds strangerGrace = 1s;

/// That many of one address give way to nobody who is not better: the programs of one person log
/// in with two connections at once.
inline constexpr int strangersUndisputed = 2;

/// Descriptors a session may need: its socket, an open file or folder, and one to spare for the
/// libraries below. Sessions are refused long before the limit (see Server::sessionCap).
inline constexpr int descriptorsPerSession = 3;

/// Descriptors kept for everything that is not a session.
inline constexpr int descriptorsReserved = 64;

/// Stack of a session thread, in bytes. The deepest path (TLS handshake under ASan) needs far
/// less; the default of 8 MiB would only cost address space.
inline constexpr uint sessionStackBytes = 512 * 1024;

// --- Server: time ------------------------------------------------------------------------------

/// From accept to login, absolute.
inline constexpr std::chrono::milliseconds loginTime = 30s;

/// A logged-in session without a command.
inline constexpr std::chrono::milliseconds idleTime = 300s;

/// A transfer (or a reply) of which the peer takes no byte.
inline constexpr std::chrono::milliseconds noProgressTime = 60s;

/// A server at work on something long says `#BUSY` this often, so that its client goes on waiting.
inline constexpr std::chrono::milliseconds busyInterval = 5s;

/// A session without a request for this long gives its buffer back.
inline constexpr std::chrono::milliseconds bufferRest = 1s;

/// Slowest transfer that is kept: minimumRate bytes per second, averaged over minimumRateWindow.
inline constexpr qint64 minimumRate = 1024;
inline constexpr std::chrono::milliseconds minimumRateWindow = 120s;

/// After its last line the server still reads (and drops) what the peer sends for this long, or
/// this many bytes: closing with unread input would reset the connection and lose that line.
inline constexpr std::chrono::milliseconds lingerTime = 2s;
inline constexpr qint64 lingerBytes = 1024 * 1024;

/// Refused connections that are kept open at once for the same reason; older ones give way.
inline constexpr qsizetype lingeringRefusals = 16;

/// After EMFILE the listener rests this long before it accepts again.
inline constexpr std::chrono::milliseconds acceptRest = 200ms;

/// A transfer without a byte for this long is shown as stalled.
inline constexpr std::chrono::milliseconds stalledTime = 2s;

/// A session that rests or is paused looks this often whether it is to go on.
inline constexpr std::chrono::milliseconds pauseBeat = 100ms;

/// A stopped server waits this long for its session threads to notice.
inline constexpr std::chrono::milliseconds stopTime = 10s;

// --- Server: login -----------------------------------------------------------------------------

/// Wrong passwords per connection; the last one closes it.
inline constexpr int loginTries = 3;

/// Pause before the answer to a wrong password. Guessing over one connection costs this much.
inline constexpr std::chrono::milliseconds loginFailureDelay = 1s;

// --- Encryption ----------------------------------------------------------------------------------

/// TLS handshake, absolute: a LAN needs milliseconds, and until it is over the peer is nobody.
inline constexpr std::chrono::milliseconds tlsHandshakeTime = 5s;

/// How long finishWriting() tries to place what is still buffered and the closing alert. A peer
/// that reads takes it at once; one that does not must not hold a thread.
inline constexpr std::chrono::milliseconds tlsCloseTime = 1s;

/// Bytes of encrypted input that a receiving client takes from its socket per call; twice as
/// many leave the cache and are measurably slower. A server reads only commands and keeps
/// OpenSSL's one record (17 KiB).
inline constexpr qsizetype tlsReadBytes = 64 * 1024;

/// Encrypted bytes gathered for one send call. Records are 16 KiB; sending four at once is a
/// quarter faster than each alone, although it needs a copy, and more at once gain no more.
inline constexpr qsizetype tlsSendBytes = 64 * 1024;

/// Encrypted bytes without any content (KeyUpdates, say) after which the peer is given up: it
/// costs work and answers, and no deadline of a call looks at it. Honest peers stay below the
/// part of a record and what one receive brings.
inline constexpr qsizetype tlsBarrenBytes = 256 * 1024;

// --- Passwords -----------------------------------------------------------------------------------

/// PBKDF2 iterations (RFC 8018) of a new verifier: a generated password has 60 bits of its own,
/// one that a person made up needs the work factor.
inline constexpr int iterationsGenerated = 4096;
inline constexpr int iterationsOwn = 600'000;

/// What a client accepts from a server: RFC 7677's minimum, and about one second of work.
inline constexpr int iterationsLeast = 4096;
inline constexpr int iterationsMost = 2'000'000;

/// Bytes of salt in a new verifier, and the most that a client accepts.
inline constexpr qsizetype saltBytes = 16;
inline constexpr qsizetype saltBytesMost = 128;

/// Bytes of one SASL message, without base64. Honest ones have about 200.
inline constexpr qsizetype saslMessageBytes = 2048;

/// Bytes of a password in UTF-8. Nobody types more, and hashing it must stay cheap.
inline constexpr qsizetype passwordBytes = 1024;

/// Bytes of an account name.
inline constexpr qsizetype accountNameBytes = 64;

/// Derived keys a client keeps: one per server, with a few spare.
inline constexpr qsizetype derivedKeys = 16;

/// Bytes of the accounts or the known servers that are read: some ten thousand entries.
inline constexpr qsizetype listFileBytes = 4 * 1024 * 1024;

/// How long a program waits for another one that writes the same list.
inline constexpr std::chrono::milliseconds lockTime = 5s;

/// Password derivations at once (for AUTH, 0.1 s of a core each), and callers that wait for
/// one; more are refused at once. Two leave a 4-core machine usable.
inline constexpr int derivationsAtOnce = 2;
inline constexpr int derivationsWaiting = 8;

// --- Penalties -----------------------------------------------------------------------------------

/// How long an address is refused after its first failed login, doubled by each further one up
/// to the most. Loopback is delayed by loginFailureDelay instead.
inline constexpr std::chrono::milliseconds penaltyFirst = 5s;
inline constexpr std::chrono::milliseconds penaltyMost = 10min;

/// Failures are forgotten this long after the last one.
inline constexpr std::chrono::milliseconds penaltyMemory = 30min;

/// Addresses remembered; beyond it the oldest failure is forgotten.
inline constexpr qsizetype penaltyEntries = 4096;

// --- Client ------------------------------------------------------------------------------------

/// TCP connection to the server.
inline constexpr std::chrono::milliseconds connectTime = 10s;

/// A reply, or the next bytes of a file.
inline constexpr std::chrono::milliseconds replyTime = 60s;

/// An idle client of the extended dialect asks this often whether the server is there.
inline constexpr std::chrono::milliseconds pingInterval = 30s;

/// Classic dialect: how long the client waits for the answer to its end-of-file probe before it
/// takes the trailer line's word for it (see classicclientsession.h).
inline constexpr std::chrono::milliseconds probeTime = 5s;

// --- Buffers -----------------------------------------------------------------------------------

/// Bytes read or written per call on the data path. Larger gains nothing measurable, smaller
/// costs system calls.
inline constexpr qsizetype ioBytes = 256 * 1024;

/// What a client that cannot tell how much will come collects before it is written; there are two
/// such buffers for a file.
inline constexpr qsizetype writeBytes = 1024 * 1024;

/// Requests that a client sends ahead of the answers, in number and bytes. Enough to fill a line
/// with a round trip of 50 ms with small files; less than what a server reads ahead, so that
/// nobody ever waits for the other to read.
inline constexpr qsizetype requestsInFlight = 1024;
inline constexpr qsizetype requestBytesInFlight = 48 * 1024;

/// A speed limit is kept in pieces of this much time, so that the flow looks even, and a pause
/// earns at most this much credit, so that it does not end in a burst.
inline constexpr std::chrono::milliseconds limiterPiece = 50ms;
inline constexpr std::chrono::milliseconds limiterBurst = 100ms;

/// A file of more bytes than this is fetched in parts, which several connections may share; a
/// smaller one is held in memory until it is complete and verified.
inline constexpr qint64 largeFile = 1024 * 1024;

/// A part of a large file takes about this long, within these bounds in bytes: short enough to
/// mix with others and to stop soon, long enough that asking for it costs nothing.
inline constexpr std::chrono::milliseconds partTime = 250ms;
inline constexpr qint64 partLeast = 1024 * 1024;
inline constexpr qint64 partMost = 16 * 1024 * 1024;

/// Content that a connection has asked for and not received, in bytes: new requests are made
/// below it. Enough for a round trip of 50 ms at 5 Gbit/s; at 1 Gbit/s while the speed is not
/// known yet.
inline constexpr qint64 contentInFlight = 32 * 1024 * 1024;
inline constexpr qint64 contentInFlightLeast = 8 * 1024 * 1024;

/// Bytes of what an earlier try left that are compared by one checksum: first at a time, and, if
/// they differ, in the smallest units. So a killed client fetches little twice.
inline constexpr qint64 comparedAtOnce = 16 * 1024 * 1024;
inline constexpr qint64 comparedLeast = 256 * 1024;

/// Small files that the main connection asks for between two parts of large ones.
inline constexpr qint64 filesPerTurn = 64;

/// Large files at once, and connections at most, of one client; and the most that a person can
/// ask for of the latter.
inline constexpr int filesAtOnce = 3;
inline constexpr int connectionsMost = 8;

/// Whether one more connection is worth it: the rate is measured this long before and after it,
/// it has to grow by this factor, what is left must take so many times as long as opening one
/// did, and after a try without gain there is a rest (doubled each time).
inline constexpr std::chrono::milliseconds rateMeasured = 120ms;
inline constexpr double gainOfConnection = 1.05;
inline constexpr double worthOfConnection = 10;
inline constexpr std::chrono::milliseconds connectionRest = 10s;

/// An extra connection without work for this long is closed.
inline constexpr std::chrono::milliseconds extraIdle = 1s;

/// Received files in memory that wait for the disk, in bytes and in number; beyond it, receiving
/// waits.
inline constexpr qint64 bytesToSave = 8 * 1024 * 1024;
inline constexpr qsizetype filesToSave = 1000;

/// Entries that a client takes in one listing. What is longer is taken for a server that never
/// ends.
inline constexpr qint64 entriesTaken = 5'000'000;

/// And so is one with more bytes of names: a row of the queue holds them several times.
inline constexpr qint64 namesTaken = 512 * 1024 * 1024;

/// And so is one that names ever more that it cannot read.
inline constexpr qint64 skippedTaken = 100'000;

/// Entries of one folder that a window holds and shows, about 100 MB; of a longer one the first.
inline constexpr qint64 entriesShown = 500'000;

/// Entries in the first page that a window asks for, and in one piece that it takes over: what it
/// shows at once, and what it sorts in without a pause.
inline constexpr qint64 browserFirstPage = 1000;
inline constexpr qsizetype browserBatch = 5000;

/// Entries on their way to a window that has not taken them; beyond it the server waits.
inline constexpr qint64 browserAhead = 20'000;

/// A connection for listings without work for this long is closed.
inline constexpr std::chrono::milliseconds browserRest = 60s;

/// Of the answer to a typed command: entries that are shown, and bytes of a file that are asked
/// for at most.
inline constexpr qint64 entriesLogged = 200;
inline constexpr qint64 commandBytes = 64 * 1024;

/// Verified files that share one sync before they get their names: in number (each holds two
/// descriptors meanwhile), in bytes, and how long the first of them waits.
inline constexpr qsizetype filesPerSync = 200;
inline constexpr qint64 bytesPerSync = 64 * 1024 * 1024;
inline constexpr std::chrono::milliseconds syncDelay = 200ms;

/// Content that a client would rather throw away than ask the server to stop sending.
inline constexpr qint64 discardedBytes = 1024 * 1024;

/// A file that failed for a reason that may pass is tried again so many times, first after this
/// long, which doubles each time. This many bytes are progress, after which the count begins anew.
inline constexpr int retries = 5;
inline constexpr std::chrono::milliseconds retryFirst = 1s;
inline constexpr qint64 progressBytes = 256 * 1024;

/// A lost server is looked for again this often at the least.
inline constexpr std::chrono::milliseconds reconnectMost = 30s;

/// Bytes of free space that a download leaves, how often the free space is asked for, and how
/// often a queue that waits for it looks.
inline constexpr qint64 spaceReserve = 250'000'000;
inline constexpr std::chrono::milliseconds spaceInterval = 500ms;
inline constexpr std::chrono::milliseconds spaceLook = 1s;

/// How long a change of the queue may wait until it is written to its file; what a killed program
/// forgets at most.
inline constexpr std::chrono::milliseconds queueWriteDelay = 200ms;

/// Finished downloads that the file of a queue remembers; beyond it the oldest go.
inline constexpr qsizetype queueHistory = 10'000;

/// Log records kept between two looks of a window; beyond it they are counted, not kept.
inline constexpr qsizetype logRecords = 10000;

/// Levels of folders below the one that was asked for in a streamed tree. A path on Linux has
/// 4,096 bytes, so at most 2,048 names.
inline constexpr int treeDepth = 2048;

/// Entries in one page of a listing, whatever the client asks for.
inline constexpr qint64 listPage = 10000;

/// Bytes of names that a listing holds at once, with what each costs; a larger folder is read
/// several times. A quarter of what a session may take.
inline constexpr qsizetype namesInMemory = 256 * 1024;

/// Files sent on one connection that a server remembers until their receipt comes, some 60 bytes
/// each. A client has no more than requestsInFlight, filesToSave and filesPerSync of them open.
inline constexpr qsizetype receiptsAwaited = 4096;

/// Characters of remote text shown in a row or a log line.
inline constexpr qsizetype displayCharacters = 512;

/// Addresses that an operator has banned: more than anybody looks through.
inline constexpr qsizetype bans = 10'000;

/// Events of deliveries kept until the history takes them, and files that it waits for more of
/// before it writes them down.
inline constexpr qsizetype deliveryEvents = 20'000;
inline constexpr qsizetype deliveriesOpen = 10'000;

/// Deliveries that the history keeps; beyond it the oldest go. About 40 MB.
inline constexpr qint64 historyRows = 200'000;

/// Bytes of a log file before the next one is begun, and how many are kept.
inline constexpr qint64 logFileBytes = 10'000'000;
inline constexpr int logFiles = 5;

/// Ended sessions a server remembers for its window until they are cleared.
inline constexpr qsizetype endedSessions = 1000;

} // namespace ferry::limits
