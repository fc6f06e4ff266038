// SPDX-License-Identifier: MIT
#include "server/people/messagebudget.h"

#include "server/limits.h"

#include <algorithm>

namespace ferry::server {

std::chrono::seconds MessageRate::wait(Time paid, qint64 cost, Time now) const
{
    // One that is sent to more than may be said at once needs a full budget.
    const qint64 needed = std::min<qint64>(cost, burst);
    const auto credit = (burst - needed) * interval;
    return paid > now + credit ? std::chrono::ceil<std::chrono::seconds>(paid - credit - now)
                               : std::chrono::seconds(0);
}

MessageRate::Time MessageRate::after(Time paid, qint64 cost, Time now) const
{
    return std::max(paid, now) + cost * interval;
}

std::chrono::seconds MessageBudget::spend(const QByteArray &sender, qint64 cost, Time now)
{
    const auto known = m_paid.find(sender);
    const Time paid = known == m_paid.end() ? now : known->second;
    if (const auto wait = m_rate.wait(paid, cost, now); wait > std::chrono::seconds(0))
        return wait;
    if (known == m_paid.end()) {
        if (size() >= limits::messageSenders)
            forget(now);
        m_paid.emplace(sender, m_rate.after(paid, cost, now));
    } else {
        known->second = m_rate.after(paid, cost, now);
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
