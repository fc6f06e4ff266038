// SPDX-License-Identifier: MIT
#include "server/login/loginthrottle.h"

#include "net/limits.h"
#include "server/doors/addressblock.h"
#include "server/limits.h"

#include <algorithm>

namespace ferry::server {

namespace {

std::chrono::milliseconds roundedUp(std::chrono::steady_clock::duration duration)
{
    return std::chrono::ceil<std::chrono::milliseconds>(duration);
}

} // namespace

LoginThrottle::LoginThrottle(Clock clock)
    : m_clock(std::move(clock))
{
}

void LoginThrottle::setFigures(std::chrono::milliseconds first, std::chrono::milliseconds most)
{
    const QMutexLocker locker(&m_mutex);
    m_first = first;
    m_most = most;
}

/// With the lock held.
std::chrono::milliseconds LoginThrottle::penaltyFor(int failures) const
{
    // Beyond twenty doublings the most is long reached, and nothing overflows.
    const int doublings = std::min(failures - 1, 20);
    return std::min(m_first * (1 << doublings), m_most);
}

std::chrono::milliseconds LoginThrottle::remaining(const QHostAddress &address) const
{
    if (isLoopback(address))
        return std::chrono::milliseconds(0);
    const QMutexLocker locker(&m_mutex);
    const auto found = m_records.constFind(blockOf(address));
    return found == m_records.constEnd() ? std::chrono::milliseconds(0)
                                         : roundedUp(found->until - m_clock());
}

std::chrono::milliseconds LoginThrottle::decide(const QHostAddress &address,
                                                const QByteArray &account, bool right)
{
    if (isLoopback(address))
        return std::chrono::milliseconds(0);
    const QHostAddress block = blockOf(address);
    const QMutexLocker locker(&m_mutex);
    const Time now = m_clock();
    if (const auto found = m_records.constFind(block);
        found != m_records.constEnd() && found->until > now)
        return roundedUp(found->until - now);
    if (right)
        forgive(block, account);
    else
        count(block, account, now);
    return std::chrono::milliseconds(0);
}

/// With the lock held.
void LoginThrottle::count(const QHostAddress &block, const QByteArray &account, Time now)
{
    auto found = m_records.find(block);
    if (found == m_records.end()) {
        forgetOld(now);
        found = m_records.insert(block, Record());
    } else if (now - found->last >= limits::penaltyMemory) {
        *found = Record();
    }
    // Longer names are nobody's.
    const QByteArray name = account.first(std::min(account.size(), limits::accountNameBytes + 1));
    if (found->failures == 0)
        found->account = name;
    found->severalAccounts = found->severalAccounts || found->account != name;
    ++found->failures;
    found->last = now;
    found->until = now + penaltyFor(found->failures);
}

/// With the lock held.
void LoginThrottle::forgive(const QHostAddress &block, const QByteArray &account)
{
    const auto found = m_records.constFind(block);
    if (found != m_records.constEnd() && !found->severalAccounts && found->account == account)
        m_records.erase(found);
}

QList<LoginThrottle::Penalty> LoginThrottle::penalties() const
{
    QList<Penalty> list;
    const QMutexLocker locker(&m_mutex);
    const Time now = m_clock();
    for (auto it = m_records.constBegin(); it != m_records.constEnd(); ++it) {
        if (it->until > now)
            list.append({it.key(), prefixOf(it.key()), it->failures, roundedUp(it->until - now)});
    }
    std::sort(list.begin(), list.end(),
              [](const Penalty &a, const Penalty &b) { return a.remaining > b.remaining; });
    return list;
}

void LoginThrottle::lift(const QHostAddress &address)
{
    const QMutexLocker locker(&m_mutex);
    m_records.remove(blockOf(address));
}

qsizetype LoginThrottle::size() const
{
    const QMutexLocker locker(&m_mutex);
    return m_records.size();
}

/// Makes room for one more: first those whose time is over, and if there are none, the one that
/// failed longest ago.
void LoginThrottle::forgetOld(Time now)
{
    if (m_records.size() < limits::penaltyEntries)
        return;
    m_records.removeIf(
        [&](const auto &entry) { return now - entry.value().last >= limits::penaltyMemory; });
    if (m_records.size() < limits::penaltyEntries)
        return;
    m_records.erase(
        std::min_element(m_records.begin(), m_records.end(),
                         [](const Record &a, const Record &b) { return a.last < b.last; }));
}

} // namespace ferry::server
