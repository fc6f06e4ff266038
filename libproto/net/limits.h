// SPDX-License-Identifier: MIT
/// Limits that both ends share, each with its unit and its reason.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry::limits {

using namespace std::chrono_literals;

// --- Ports ------------------------------------------------------------------------------------

inline constexpr quint16 tlsPort = 7420;
inline constexpr quint16 classicPort = 7421;

// --- Data -------------------------------------------------------------------------------------

/// Bytes read or written per call on the data path. Larger gains nothing measurable, smaller
/// costs system calls.
inline constexpr qsizetype ioBytes = 256 * 1024;

/// Slowest transfer that is kept: minimumRate bytes per second, averaged over minimumRateWindow.
inline constexpr qint64 minimumRate = 1024;
inline constexpr std::chrono::milliseconds minimumRateWindow = 120s;

/// A transfer without a byte for this long is shown as stalled.
inline constexpr std::chrono::milliseconds stalledTime = 2s;

/// A speed limit is kept in pieces of this much time, so that the flow looks even, and a pause
/// earns at most this much credit, so that it does not end in a burst.
inline constexpr std::chrono::milliseconds limiterPiece = 50ms;
inline constexpr std::chrono::milliseconds limiterBurst = 100ms;

/// Entries in one page of a listing, whatever the client asks for.
inline constexpr qint64 listPage = 10000;

// --- Encryption -------------------------------------------------------------------------------

/// How long finishWriting() tries to place what is still buffered and the closing alert. A peer
/// that reads takes it at once; one that does not must not hold a thread.
inline constexpr std::chrono::milliseconds tlsCloseTime = 1s;

/// Bytes of encrypted input that whoever receives content takes from its socket per call; twice as
/// many leave the cache and are measurably slower. A server that has read only commands keeps
/// OpenSSL's one record (17 KiB).
inline constexpr qsizetype tlsReadBytes = 64 * 1024;

/// Encrypted bytes gathered for one send call. Records are 16 KiB; sending four at once is a
/// quarter faster than each alone, although it needs a copy, and more at once gain no more.
inline constexpr qsizetype tlsSendBytes = 64 * 1024;

/// A peer that sends this many TLS bytes without application data (a flood of KeyUpdates, say) is
/// disconnected: no call's deadline notices it. Honest peers stay below one record and one receive.
inline constexpr qsizetype tlsMaxBytesWithoutData = 256 * 1024;

/// Bytes of the file with certificate and key; ours has about 1 KiB.
inline constexpr qsizetype identityFileBytes = 64 * 1024;

// --- Passwords and lists ----------------------------------------------------------------------

/// PBKDF2 iterations (RFC 8018) of a new verifier: a generated password has 60 bits of its own,
/// one that a person made up needs the work factor.
inline constexpr int iterationsGenerated = 4096;
inline constexpr int iterationsOwn = 600'000;

/// What a client accepts from a server: RFC 7677's minimum, and about one second of work.
inline constexpr int minIterations = 4096;
inline constexpr int maxIterations = 2'000'000;

/// Bytes of salt in a new verifier, and the most that a client accepts.
inline constexpr qsizetype saltBytes = 16;
inline constexpr qsizetype maxSaltBytes = 128;

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

// --- Log and display --------------------------------------------------------------------------

/// Log records kept between two looks of a window; beyond it they are counted, not kept.
inline constexpr qsizetype logRecords = 10000;

/// Characters of remote text shown in a row or a log line.
inline constexpr qsizetype displayCharacters = 512;

/// Characters of the name that a client gives the person at it.
inline constexpr qsizetype personNameCharacters = 64;

} // namespace ferry::limits
