// SPDX-License-Identifier: MIT
#pragma once

#include "client/limits.h"
#include "wire/extended/extended.h"
#include "wire/result.h"

#include <QCoreApplication>

namespace ferry::client {

/// Counts what a server lists, so that a listing which never ends does: each entry takes memory or
/// time here. One thread.
class ListingBound
{
public:
    explicit ListingBound(qint64 entries = limits::entriesTaken)
        : m_entries(entries)
    {
    }

    /// One more came. Protocol: that is more than any folder has, or the names together are longer.
    Result<> entry(const extended::Entry &entry)
    {
        m_nameBytes -= entry.path.size();
        return taken(m_nameBytes < 0 ? m_nameBytes : m_entries);
    }
    /// The same of one that the server cannot read.
    Result<> skipped() { return taken(m_skipped); }

private:
    static Result<> taken(qint64 &left)
    {
        if (--left < 0)
            return Error{ErrorCode::Protocol, QCoreApplication::translate(
                                                  "ferry", "The server's listing does not end.")};
        return {};
    }

    qint64 m_entries; ///< that may still come
    qint64 m_nameBytes = limits::namesTaken;
    qint64 m_skipped = limits::skippedTaken;
};

} // namespace ferry::client
