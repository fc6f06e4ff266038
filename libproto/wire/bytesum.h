// SPDX-License-Identifier: MIT
#pragma once

#include "wire/limits.h"

#include <algorithm>

namespace ferry {

/// A sum of sizes that a peer claims: up to limits::maxFileBytes each, and a thousand of those are
/// more than a qint64 holds. Counts modulo 2^64, so that nothing overflows, and what was added and
/// is taken away again leaves nothing.
class ByteSum
{
public:
    ByteSum &operator+=(qint64 bytes) ///< of either sign
    {
        m_sum += quint64(bytes);
        return *this;
    }

    /// At most limits::maxFileBytes, so that a few of these may be added.
    operator qint64() const { return qint64(std::min(m_sum, quint64(limits::maxFileBytes))); }

private:
    quint64 m_sum = 0;
};

} // namespace ferry
