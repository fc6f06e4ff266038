// SPDX-License-Identifier: MIT
/// Limits of what goes over the wire, each with its unit and its reason. Those of the other layers
/// are in net/limits.h, server/limits.h and client/limits.h.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry::limits {

using namespace std::chrono_literals;

// --- Lines ------------------------------------------------------------------------------------

/// Bytes in one command line without its end. A path of 4,096 bytes is the longest that Linux
/// opens (PATH_MAX), so nothing useful is longer.
inline constexpr qsizetype lineBytes = 4096;

/// Bytes in one line of the extended dialect: the longest path with every byte escaped, and the
/// fields around it.
inline constexpr qsizetype extendedLineBytes = 16 * 1024;

/// Bytes in a path, decoded: no server opens a longer one (PATH_MAX), and with every byte escaped
/// it fits into a line.
inline constexpr qsizetype pathBytes = 4096;

/// Bytes in one name of a path: what Linux file systems take (NAME_MAX).
inline constexpr qsizetype nameBytes = 255;

/// Bytes of one file, 8 PiB. No disk holds more, sums of a few such sizes do not overflow, and a
/// double holds each of them exactly.
inline constexpr qint64 maxFileBytes = qint64(1) << 53;

/// Bytes of PING's text: enough for a number or a time, and the reply's line is never too long.
inline constexpr qsizetype pingTextBytes = 255;

/// Bytes in one DATA of an upload: enough that the line in front of it costs nothing, and a client
/// looks before each of them whether the server refuses.
inline constexpr qint64 uploadChunkBytes = 1024 * 1024;

/// Bytes of a file that may follow its PUT at once: ten thousand small files cost no round trips,
/// and what a server that refuses has to read in vain is little.
inline constexpr qint64 uploadAtOnceBytes = 1024 * 1024;

/// Requests that a server reads ahead while it answers one, in bytes; beyond it, the peer waits.
inline constexpr qsizetype pipelinedBytes = 64 * 1024;

// --- People -----------------------------------------------------------------------------------

/// Bytes of one message: a few paragraphs. With every byte escaped it fits into a line.
inline constexpr qsizetype messageBytes = 2000;

/// Notes in one answer to NEWS: as many as wait for one person at most.
inline constexpr qsizetype notesAtOnce = 200;

/// Seconds that NEWS may wait for a note: a client that hears nothing for an hour asks again.
inline constexpr qint64 newsWaitSeconds = 3600;

// --- Login ------------------------------------------------------------------------------------

/// Bytes of input a peer may send before it has logged in. Bounds what a stranger can make the
/// server hold or parse.
inline constexpr qsizetype bytesBeforeLogin = 8 * 1024;

/// Wrong passwords per connection; the last one closes it.
inline constexpr int loginTries = 3;

// --- Classic dialect --------------------------------------------------------------------------

/// Classic dialect: how long the client waits for the answer to its end-of-file probe before it
/// takes the trailer line's word for it (see classicclientsession.h).
inline constexpr std::chrono::milliseconds probeTime = 5s;

} // namespace ferry::limits
