// SPDX-License-Identifier: MIT
#include "server/login/loginthrottle.h"

#include "net/limits.h"
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
    if (isLocalHost(address))
        return std::chrono::milliseconds(0);
    const QMutexLocker locker(&m_mutex);
    const auto found = m_records.find(blockOf(address));
    return found == m_records.end() ? std::chrono::milliseconds(0)
                                    : roundedUp(found->second.until - m_clock());
}

std::chrono::milliseconds LoginThrottle::decide(const QHostAddress &address,
                                                const QByteArray &account, bool right)
{
    if (isLocalHost(address))
        return std::chrono::milliseconds(0);
    const QHostAddress block = blockOf(address);
    const QMutexLocker locker(&m_mutex);
    const Time now = m_clock();
    if (const auto found = m_records.find(block);
        found != m_records.end() && found->second.until > now)
        return roundedUp(found->second.until - now);
    if (right)
        forgive(block, account);
    else
        count(block, account, now);
    return std::chrono::milliseconds(0);
}

/// With the lock held.
void LoginThrottle::count(const QHostAddress &block, const QByteArray &account, Time now)
{
    if (!m_records.contains(block))
        forgetOld(now);
    Record &record = m_records[block];
    if (now - record.last >= limits::penaltyMemory)
        record = Record();
    // Longer names are nobody's.
    const QByteArray name = account.first(std::min(account.size(), limits::accountNameBytes + 1));
    if (record.failures == 0)
        record.account = name;
    record.severalAccounts = record.severalAccounts || record.account != name;
    ++record.failures;
    record.last = now;
    record.until = now + penaltyFor(record.failures);
}

/// With the lock held.
void LoginThrottle::forgive(const QHostAddress &block, const QByteArray &account)
{
    const auto found = m_records.find(block);
    if (found != m_records.end() && !found->second.severalAccounts &&
        found->second.account == account)
        m_records.erase(found);
}

QList<LoginThrottle::Penalty> LoginThrottle::penalties() const
{
    QList<Penalty> list;
    const QMutexLocker locker(&m_mutex);
    const Time now = m_clock();
    for (const auto &[block, record] : m_records) {
        if (record.until > now)
            list.append({block, prefixOf(block), record.failures, roundedUp(record.until - now)});
    }
    std::sort(list.begin(), list.end(),
              [](const Penalty &a, const Penalty &b) { return a.remaining > b.remaining; });
    return list;
}

void LoginThrottle::lift(const QHostAddress &address)
{
    const QMutexLocker locker(&m_mutex);
    m_records.erase(blockOf(address));
}

qsizetype LoginThrottle::size() const
{
    const QMutexLocker locker(&m_mutex);
    return qsizetype(m_records.size());
}

/// Makes room for one more: first those whose time is over, and if there are none, the one that
/// failed longest ago.
void LoginThrottle::forgetOld(Time now)
{
    if (qsizetype(m_records.size()) < limits::penaltyEntries)
        return;
    std::erase_if(m_records, [&](const auto &entry) {
        return now - entry.second.last >= limits::penaltyMemory;
    });
    if (qsizetype(m_records.size()) < limits::penaltyEntries)
        return;
    m_records.erase(
        std::min_element(m_records.begin(), m_records.end(), [](const auto &a, const auto &b) {
            return a.second.last < b.second.last;
        }));
}

} // namespace ferry::server
