// SPDX-License-Identifier: MIT
#include "server/people/messagebudget.h"

#include "server/limits.h"

#include <algorithm>

namespace ferry::server {

std::chrono::seconds MessageBudget::spend(const QByteArray &sender, qint64 cost, Time now)
{
    // One that is sent to more than may be said at once needs a full budget.
    const qint64 needed = std::min<qint64>(cost, m_burst);
    const auto credit = (m_burst - needed) * m_interval;
    const auto known = m_paid.find(sender);
    const Time paid = known == m_paid.end() ? now : std::max(known->second, now);
    if (paid > now + credit)
        return std::chrono::ceil<std::chrono::seconds>(paid - credit - now);
    if (known == m_paid.end()) {
        if (size() >= limits::messageSenders)
            forget(now);
        m_paid.emplace(sender, paid + cost * m_interval);
    } else {
        known->second = paid + cost * m_interval;
    }
    return std::chrono::seconds(0);
}

/// Those who owe nothing, or else who owes least.
void MessageBudget::forget(Time now)
{
    std::erase_if(m_paid, [now](const auto &sender) { return sender.second <= now; });
    if (size() < limits::messageSenders)
        return;
    m_paid.erase(std::min_element(m_paid.begin(), m_paid.end(), [](const auto &a, const auto &b) {
        return a.second < b.second;
    }));
}

} // namespace ferry::server
