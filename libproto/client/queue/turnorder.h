// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/limits.h"
#include "wire/bytesum.h"

#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace ferry::client {

inline bool isLarge(const Download &download)
{
    return download.size > limits::largeFile;
}

enum class Take {
    Any,
    Small, ///< not known to be large
    Large, ///< known to have more than limits::largeFile bytes
};

/// The order of the queued rows: forced ones, then by priority, then those that were under way
/// before, then by position. A row is erased before any of that changes, and inserted afterwards.
/// One thread.
class TurnOrder
{
public:
    void insert(const Download &download) { set(download, true); }
    void erase(const Download &download) { set(download, false); }
    /// Its turn is in `to` from now on. Needs no memory.
    void pass(const Download &download, TurnOrder &to);

    bool empty() const { return m_small.empty() && m_large.empty(); }
    std::optional<quint64> first(Take what) const;
    std::vector<quint64> ids() const;

    bool hasForced() const { return m_forced > 0; }
    /// Bytes of those that are known to be large.
    qint64 largeBytes() const { return m_largeBytes; }

private:
    /// The smallest is next: rank, position, id.
    using Turn = std::tuple<quint8, qint64, quint64>;

    static Turn turnOf(const Download &download);
    void set(const Download &download, bool queued);
    void count(const Download &download, bool queued);

    std::set<Turn> m_small; ///< those not known to be large
    std::set<Turn> m_large;
    ByteSum m_largeBytes;
    qsizetype m_forced = 0;
};

} // namespace ferry::client
