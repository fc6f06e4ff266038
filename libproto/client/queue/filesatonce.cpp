// SPDX-License-Identifier: MIT
#include "client/queue/filesatonce.h"

#include "client/downloadstates.h"

#include <algorithm>

namespace ferry::client {

void FilesAtOnce::setMost(int files)
{
    m_most = std::max(files, 1);
    m_mostUnknown = m_most;
}

void FilesAtOnce::count(const Download &download, int sign)
{
    if (isInTransfer(download.state))
        m_of[size_t(weightOf(download))] += sign;
}

void FilesAtOnce::learned(Weight weight)
{
    m_mostUnknown = weight == Weight::Large
                        ? m_most
                        : std::min(m_mostUnknown + 1, int(limits::requestsInFlight));
}

bool FilesAtOnce::mayTake(Weight weight) const
{
    switch (weight) {
    case Weight::Small:
        return true;
    case Weight::Unknown:
        return room() > 0 && of(Weight::Unknown) + of(Weight::Large) < m_mostUnknown;
    case Weight::Large:
        return room() > 0;
    }
    return false;
}

} // namespace ferry::client
