// SPDX-License-Identifier: MIT
/// How the states of a download follow each other. Values only.
#pragma once

#include "client/download.h"

#include <optional>
#include <span>

namespace ferry::client {

enum class DownloadEvent {
    Taken,     ///< a connection asks for it
    Conflict,  ///< another file has its name, and a person is to be asked
    Decided,   ///< the person has said what to do
    Bytes,     ///< some of it came, or begins to
    Stall,     ///< none came for a while
    Complete,  ///< all of it is here
    Saved,     ///< it has its final name
    LeftAlone, ///< the file of its name stays
    Requeued,  ///< nobody works on it any more, and it did not fail
    Temporary, ///< it failed and is tried again later
    Permanent, ///< it failed
    Due,       ///< later is now
    Pause,     ///< a person
    Resume,    ///< a person
    Cancel,    ///< a person
    Retry,     ///< a person
    Check,     ///< what is here already is compared first
};
inline constexpr int downloadEvents = 17;

struct DownloadTransition
{
    DownloadState from;
    DownloadEvent event;
    DownloadState to;
};

/// All there are.
std::span<const DownloadTransition> downloadTransitions();

/// Nothing: the event means nothing in that state and changes nothing.
std::optional<DownloadState> nextState(DownloadState from, DownloadEvent event);

/// Somebody works on it.
bool isLive(DownloadState state);

/// It takes one of the places of the files at once.
bool isInTransfer(DownloadState state);

/// Nothing more happens to it by itself.
bool hasEnded(DownloadState state);

} // namespace ferry::client
