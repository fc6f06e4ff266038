// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/limits.h"
#include "client/queue/turnorder.h"

#include <array>

namespace ferry::client {

/// How many files are in transfer, and whether more may be. Only large ones are kept to the number
/// at once: small ones follow each other without a pause. Of those whose size is not known, a few
/// are asked for at first, and more as long as they turn out to be small. One thread.
class FilesAtOnce
{
public:
    void setMost(int files);
    int most() const { return m_most; }

    /// A row is in this state from now on (1), or was until now (-1).
    void count(const Download &download, int sign);
    /// What one of unknown size turned out to be.
    void learned(Weight weight);

    bool mayTake(Weight weight) const;
    /// Large files that may be in transfer beside those that are; negative: that are too many.
    qsizetype room() const { return m_most - of(Weight::Large); }

private:
    qsizetype of(Weight weight) const { return m_of[size_t(weight)]; }

    int m_most = limits::filesAtOnce;
    int m_mostUnknown = limits::filesAtOnce;
    std::array<qsizetype, weights> m_of{};
};

} // namespace ferry::client
