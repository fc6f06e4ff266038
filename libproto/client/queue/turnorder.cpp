// SPDX-License-Identifier: MIT
#include "client/queue/turnorder.h"

#include <algorithm>

namespace ferry::client {

TurnOrder::Turn TurnOrder::turnOf(const Download &download)
{
    const int rank =
        (download.forced ? 0 : 8) + 2 * (2 - int(download.priority)) + (download.front ? 0 : 1);
    return {quint8(rank), download.position, download.id};
}

void TurnOrder::set(const Download &download, bool queued)
{
    const Turn turn = turnOf(download);
    std::set<Turn> &turns = isLarge(download) ? m_large : m_small;
    if (queued)
        turns.insert(turns.end(), turn);
    else
        turns.erase(turn);
    count(download, queued);
}

void TurnOrder::count(const Download &download, bool queued)
{
    m_forced += download.forced ? (queued ? 1 : -1) : 0;
    if (isLarge(download))
        m_largeBytes += queued ? download.size : -download.size;
}

void TurnOrder::pass(const Download &download, TurnOrder &to)
{
    const auto turns = isLarge(download) ? &TurnOrder::m_large : &TurnOrder::m_small;
    (to.*turns).insert((this->*turns).extract(turnOf(download)));
    count(download, false);
    to.count(download, true);
}

std::optional<quint64> TurnOrder::first(Take what) const
{
    const bool small = what != Take::Large && !m_small.empty();
    const bool large = what != Take::Small && !m_large.empty();
    if (!small && !large)
        return std::nullopt;
    const Turn &turn = !large   ? *m_small.begin()
                       : !small ? *m_large.begin()
                                : std::min(*m_small.begin(), *m_large.begin());
    return std::get<quint64>(turn);
}

std::vector<quint64> TurnOrder::ids() const
{
    std::vector<quint64> ids;
    for (const std::set<Turn> *turns : {&m_small, &m_large}) {
        for (const Turn &turn : *turns)
            ids.push_back(std::get<quint64>(turn));
    }
    return ids;
}

} // namespace ferry::client
