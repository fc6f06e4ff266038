// SPDX-License-Identifier: MIT
#include "client/people/newscursor.h"

#include "wire/limits.h"

#include <algorithm>
#include <limits>

namespace ferry::client {

extended::Request NewsCursor::request(std::chrono::seconds wait) const
{
    extended::Request request;
    request.verb = extended::Verb::News;
    request.since = m_since;
    request.waitSeconds = std::clamp<qint64>(wait.count(), 0, limits::newsWaitSeconds);
    request.box = m_box;
    return request;
}

void NewsCursor::took(const extended::Note &note)
{
    constexpr qint64 last = std::numeric_limits<qint64>::max();
    m_since = note.id < last ? note.id + 1 : last;
}

} // namespace ferry::client
