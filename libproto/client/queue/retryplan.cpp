// SPDX-License-Identifier: MIT
#include "client/queue/retryplan.h"
#include "client/limits.h"

#include <algorithm>

namespace ferry::client {

bool isTemporary(ErrorCode code, int mismatchesBefore)
{
    switch (code) {
    case ErrorCode::HostNotFound:
    case ErrorCode::CannotConnect:
    case ErrorCode::Refused: // full, or stopping
    case ErrorCode::CutShort:
    case ErrorCode::TimedOut:
    case ErrorCode::RemoteChanged:
    case ErrorCode::NoRoom:
        return true;
    case ErrorCode::ChecksumMismatch:
        return mismatchesBefore == 0;
    default:
        return false;
    }
}

std::optional<std::chrono::milliseconds> retryDelay(int tries, int most)
{
    if (tries < 1 || tries > most)
        return std::nullopt;
    return limits::retryFirst * (1 << std::min(tries - 1, 10));
}

std::chrono::milliseconds reconnectDelay(int tries, ErrorCode code, bool attended)
{
    return std::min(limits::retryFirst * (1 << std::clamp(tries - 1, 0, 10)),
                    attended && code != ErrorCode::Refused ? limits::maxAttendedDelay
                                                           : limits::maxReconnectDelay);
}

bool isFault(ErrorCode code)
{
    return code != ErrorCode::Dismissed && code != ErrorCode::Cancelled;
}

bool isWorthKeeping(ErrorCode code, bool resume)
{
    return code != ErrorCode::ChecksumMismatch &&
           (resume || (code != ErrorCode::LocalFile && code != ErrorCode::DiskFull));
}

} // namespace ferry::client
