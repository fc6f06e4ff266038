// SPDX-License-Identifier: MIT
#pragma once

#include "client/limits.h"
#include "wire/extended/extended.h"
#include "wire/result.h"

namespace ferry::client {

/// What an entry of a listing costs where it is kept, in bytes: itself, and each byte of its path.
struct EntryCost
{
    qint64 entry;
    qint64 pathByte;
};
/// As a row of the queue, with all that refers to it and a copy for who looks at it.
inline constexpr EntryCost rowCost{1400, 6};
/// As a few figures and a path, in arrays that grow by doubling.
inline constexpr EntryCost listedCost{80, 2};

/// Bytes that a listing may take now: half of what the system lets this process have.
qint64 listingMemory();

/// Counts what a listing takes here, so that one which never ends does. One thread.
class ListingBound
{
public:
    ListingBound() = default; ///< of no listing
    /// `bytes`: how many it may take; 0: listingMemory().
    ListingBound(qint64 bytes, EntryCost cost);

    /// One more came. Protocol: it is too much.
    Result<> entry(const extended::Entry &entry) { return taken(entry.path.size()); }
    /// The same of one that the server leaves out.
    Result<> skipped(const QByteArray &path);

private:
    Result<> taken(qsizetype pathBytes);

    EntryCost m_cost = rowCost;
    qint64 m_left = 0;
    qint64 m_skipped = limits::skippedTaken;
};

} // namespace ferry::client
