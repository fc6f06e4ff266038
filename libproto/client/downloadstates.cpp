// SPDX-License-Identifier: MIT
#include "client/downloadstates.h"

#include "wire/extended/party.h"
#include "wire/virtualpath.h"

#include <array>

namespace ferry::client {

namespace {

using State = DownloadState;
using Event = DownloadEvent;

// The law: what is saved is Done, whatever a person asked for meanwhile; a report about a row that
// nobody works on any more changes nothing; what a person ended only a person begins again.
constexpr DownloadTransition transitions[] = {
    {State::Queued, Event::Taken, State::Connecting},
    {State::Queued, Event::Saved, State::Done},
    {State::Queued, Event::Permanent, State::Failed}, // no way to the server
    {State::Queued, Event::Pause, State::Paused},
    {State::Queued, Event::Cancel, State::Cancelled},

    {State::Connecting, Event::Conflict, State::NeedsDecision},
    {State::Connecting, Event::Bytes, State::Downloading},
    {State::Connecting, Event::Stall, State::Stalled},
    {State::Connecting, Event::Complete, State::Verifying}, // it is empty, or all is here
    {State::Connecting, Event::Saved, State::Done},
    {State::Connecting, Event::LeftAlone, State::Skipped},
    {State::Connecting, Event::Requeued, State::Queued},
    {State::Connecting, Event::Temporary, State::Retrying},
    {State::Connecting, Event::Permanent, State::Failed},
    {State::Connecting, Event::Pause, State::Paused},
    {State::Connecting, Event::Cancel, State::Cancelled},

    {State::Connecting, Event::Check, State::Checking},
    {State::Stalled, Event::Check, State::Checking},

    {State::Checking, Event::Conflict, State::NeedsDecision},
    {State::Checking, Event::Bytes, State::Downloading},
    {State::Checking, Event::Complete, State::Verifying},
    {State::Checking, Event::Saved, State::Done},
    {State::Checking, Event::LeftAlone, State::Skipped},
    {State::Checking, Event::Requeued, State::Queued},
    {State::Checking, Event::Temporary, State::Retrying},
    {State::Checking, Event::Permanent, State::Failed},
    {State::Checking, Event::Pause, State::Paused},
    {State::Checking, Event::Cancel, State::Cancelled},

    {State::NeedsDecision, Event::Decided, State::Queued},
    {State::NeedsDecision, Event::Saved, State::Done}, // by an earlier attempt
    {State::NeedsDecision, Event::Pause, State::Paused},
    {State::NeedsDecision, Event::Cancel, State::Cancelled},

    {State::Downloading, Event::Conflict, State::NeedsDecision},
    {State::Downloading, Event::Bytes, State::Downloading},
    {State::Downloading, Event::Stall, State::Stalled},
    {State::Downloading, Event::Complete, State::Verifying},
    {State::Downloading, Event::Saved, State::Done},
    {State::Downloading, Event::LeftAlone, State::Skipped},
    {State::Downloading, Event::Requeued, State::Queued},
    {State::Downloading, Event::Temporary, State::Retrying},
    {State::Downloading, Event::Permanent, State::Failed},
    {State::Downloading, Event::Pause, State::Paused},
    {State::Downloading, Event::Cancel, State::Cancelled},

    {State::Stalled, Event::Conflict, State::NeedsDecision},
    {State::Stalled, Event::Bytes, State::Downloading},
    {State::Stalled, Event::Complete, State::Verifying},
    {State::Stalled, Event::Saved, State::Done},
    {State::Stalled, Event::LeftAlone, State::Skipped},
    {State::Stalled, Event::Requeued, State::Queued},
    {State::Stalled, Event::Temporary, State::Retrying},
    {State::Stalled, Event::Permanent, State::Failed},
    {State::Stalled, Event::Pause, State::Paused},
    {State::Stalled, Event::Cancel, State::Cancelled},

    {State::Verifying, Event::Conflict, State::NeedsDecision}, // the name was taken meanwhile
    {State::Verifying, Event::Bytes, State::Downloading},      // a part has to be fetched again
    {State::Verifying, Event::Saved, State::Done},
    {State::Verifying, Event::LeftAlone, State::Skipped},
    {State::Verifying, Event::Requeued, State::Queued},
    {State::Verifying, Event::Temporary, State::Retrying},
    {State::Verifying, Event::Permanent, State::Failed},
    {State::Verifying, Event::Pause, State::Paused},
    {State::Verifying, Event::Cancel, State::Cancelled},

    {State::Retrying, Event::Due, State::Queued},
    {State::Retrying, Event::Saved, State::Done},
    {State::Retrying, Event::Permanent, State::Failed}, // no way to the server
    {State::Retrying, Event::Retry, State::Queued},
    {State::Retrying, Event::Pause, State::Paused},
    {State::Retrying, Event::Cancel, State::Cancelled},

    {State::Paused, Event::Resume, State::Queued},
    {State::Paused, Event::Saved, State::Done},
    {State::Paused, Event::Cancel, State::Cancelled},

    {State::Skipped, Event::Retry, State::Queued},
    {State::Failed, Event::Retry, State::Queued},
    {State::Failed, Event::Saved, State::Done},
    {State::Cancelled, Event::Retry, State::Queued},
    {State::Cancelled, Event::Saved, State::Done},
};

struct Lookup
{
    std::array<std::array<std::optional<State>, downloadEvents>, downloadStates> to{};
};

constexpr Lookup makeLookup()
{
    Lookup lookup;
    for (const DownloadTransition &transition : transitions)
        lookup.to[size_t(transition.from)][size_t(transition.event)] = transition.to;
    return lookup;
}

constexpr Lookup lookup = makeLookup();

} // namespace

std::span<const DownloadTransition> downloadTransitions()
{
    return transitions;
}

std::optional<DownloadState> nextState(DownloadState from, DownloadEvent event)
{
    return lookup.to[size_t(from)][size_t(event)];
}

bool Download::isGift() const
{
    // A quick look first: queues are long, and nearly all rows are none.
    if (!remotePath.startsWith("/@"))
        return false;
    const auto path = VirtualPath::fromTyped(remotePath);
    return path && extended::giftPath(*path);
}

bool isLive(DownloadState state)
{
    return state == State::Connecting || state == State::Downloading || state == State::Stalled ||
           state == State::Verifying || state == State::Checking;
}

bool isInTransfer(DownloadState state)
{
    return isLive(state) && state != State::Verifying;
}

bool hasEnded(DownloadState state)
{
    return state == State::Done || state == State::Skipped || state == State::Failed ||
           state == State::Cancelled;
}

} // namespace ferry::client
