// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/limits.h"
#include "wire/bytesum.h"

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace ferry::client {

/// What a row costs a connection, as far as it is known.
enum class Weight {
    Small,   ///< a small file, or a folder's listing
    Unknown, ///< of unknown size
    Large,   ///< more than limits::largeFile bytes
};
inline constexpr size_t weights = 3;

inline bool isLarge(const Download &download)
{
    return download.size > limits::largeFile;
}
inline Weight weightOf(const Download &download)
{
    const bool known = download.size >= 0 || download.kind == DownloadKind::Folder;
    return isLarge(download) ? Weight::Large : known ? Weight::Small : Weight::Unknown;
}

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

    /// Of those of the weights that are true.
    std::optional<quint64> first(const std::array<bool, weights> &which) const;
    std::vector<quint64> ids() const;

    /// Bytes of those that are known to be large.
    qint64 largeBytes() const { return m_largeBytes; }

    /// The smallest is next: rank, position, id.
    using Turn = std::tuple<quint8, qint64, quint64>;
    static Turn turnOf(const Download &download);

private:
    void set(const Download &download, bool queued);
    void count(const Download &download, bool queued);

    std::array<std::set<Turn>, weights> m_turns; ///< by Weight
    ByteSum m_largeBytes;
};

} // namespace ferry::client
