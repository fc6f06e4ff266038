// SPDX-License-Identifier: MIT
#include "client/queue/turnorder.h"

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
    std::set<Turn> &turns = m_turns[size_t(weightOf(download))];
    if (queued)
        turns.insert(turns.end(), turn);
    else
        turns.erase(turn);
    count(download, queued);
}

void TurnOrder::count(const Download &download, bool queued)
{
    if (isLarge(download))
        m_largeBytes += queued ? download.size : -download.size;
}

void TurnOrder::pass(const Download &download, TurnOrder &to)
{
    const auto weight = size_t(weightOf(download));
    to.m_turns[weight].insert(m_turns[weight].extract(turnOf(download)));
    count(download, false);
    to.count(download, true);
}

std::optional<quint64> TurnOrder::first(const std::array<bool, weights> &which) const
{
    const Turn *first = nullptr;
    for (size_t weight = 0; weight < weights; ++weight) {
        const std::set<Turn> &turns = m_turns[weight];
        if (which[weight] && !turns.empty() && (!first || *turns.begin() < *first))
            first = &*turns.begin();
    }
    return first ? std::optional(std::get<quint64>(*first)) : std::nullopt;
}

std::vector<quint64> TurnOrder::ids() const
{
    std::vector<quint64> ids;
    for (const std::set<Turn> &turns : m_turns) {
        for (const Turn &turn : turns)
            ids.push_back(std::get<quint64>(turn));
    }
    return ids;
}

} // namespace ferry::client
