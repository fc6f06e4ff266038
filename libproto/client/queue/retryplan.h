// SPDX-License-Identifier: MIT
/// Which failures may pass by themselves, and when to try again (docs/decisions/0010). Values only.
#pragma once

#include "client/limits.h"
#include "wire/result.h"

#include <chrono>
#include <optional>

namespace ferry::client {

/// Does it make sense to ask again? A wrong checksum may be a fault on the way once; again, it is
/// the server's or this machine's.
bool isTemporary(ErrorCode code, int mismatchesBefore);

/// The pause after the failure number `tries` (from 1) without progress: 1, 2, 4, 8, 16 s.
/// Nothing: there were `most` retries already.
std::optional<std::chrono::milliseconds> retryDelay(int tries, int most);

/// The delay before attempt number `tries` to reconnect: the same, at most
/// limits::maxReconnectDelay. `attended`: limits::maxAttendedDelay, unless the server is there and
/// refused (`code`).
std::chrono::milliseconds reconnectDelay(int tries, ErrorCode code, bool attended);

/// Did the connection break, so that what was under way may be what broke it? Not if somebody ended
/// it: the other side's operator (Dismissed), or this side (Cancelled), e.g. because a further
/// connection was told to go.
bool isFault(ErrorCode code);

/// Is a part worth keeping after this error? On a full disk only if there will be a later try
/// (`resume`): it takes the room that others need. ErrorCode::Cancelled says that this side
/// stopped, which it does for many reasons; whether a person gave the file up is known to its row
/// only.
bool isWorthKeeping(ErrorCode code, bool resume);

} // namespace ferry::client
