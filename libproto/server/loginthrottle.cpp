// SPDX-License-Identifier: MIT
#include "server/loginthrottle.h"

#include <algorithm>

namespace ferry::server {

namespace {

/// IPv4 as such, and otherwise the first address of the network of 64 bits.
QHostAddress networkOf(const QHostAddress &address)
{
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    if (isIpv4)
        return QHostAddress(ipv4);
    Q_IPV6ADDR ipv6 = address.toIPv6Address();
    std::fill(ipv6.c + 8, ipv6.c + 16, quint8(0));
    return QHostAddress(ipv6); // without the scope
}

bool isLoopback(const QHostAddress &address)
{
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    return isIpv4 ? (ipv4 >> 24) == 127 : address.isLoopback();
}

std::chrono::milliseconds penaltyFor(int failures)
{
    // Beyond twenty doublings the most is long reached, and nothing overflows.
    const int doublings = std::min(failures - 1, 20);
    return std::min(limits::penaltyFirst * (1 << doublings), limits::penaltyMost);
}

std::chrono::milliseconds roundedUp(std::chrono::steady_clock::duration duration)
{
    return std::chrono::ceil<std::chrono::milliseconds>(duration);
}

} // namespace

LoginThrottle::LoginThrottle(Clock clock)
    : m_clock(std::move(clock))
{
}

std::chrono::milliseconds LoginThrottle::remaining(const QHostAddress &address) const
{
    if (isLoopback(address))
        return std::chrono::milliseconds(0);
    const QMutexLocker locker(&m_mutex);
    const auto found = m_records.constFind(networkOf(address));
    return found == m_records.constEnd() ? std::chrono::milliseconds(0)
                                         : roundedUp(found->until - m_clock());
}

std::chrono::milliseconds LoginThrottle::failed(const QHostAddress &address)
{
    if (isLoopback(address))
        return std::chrono::milliseconds(0);
    const QHostAddress network = networkOf(address);
    const QMutexLocker locker(&m_mutex);
    const Time now = m_clock();
    auto found = m_records.find(network);
    if (found == m_records.end()) {
        forgetOld(now);
        found = m_records.insert(network, Record());
    } else if (now - found->last >= limits::penaltyMemory) {
        *found = Record();
    }
    ++found->failures;
    found->last = now;
    const std::chrono::milliseconds penalty = penaltyFor(found->failures);
    found->until = now + penalty;
    return penalty;
}

void LoginThrottle::succeeded(const QHostAddress &address)
{
    lift(address);
}

QList<LoginThrottle::Penalty> LoginThrottle::penalties() const
{
    QList<Penalty> list;
    const QMutexLocker locker(&m_mutex);
    const Time now = m_clock();
    for (auto it = m_records.constBegin(); it != m_records.constEnd(); ++it) {
        if (it->until > now)
            list.append({it.key(), it.key().protocol() == QAbstractSocket::IPv4Protocol ? 32 : 64,
                         it->failures, roundedUp(it->until - now)});
    }
    std::sort(list.begin(), list.end(),
              [](const Penalty &a, const Penalty &b) { return a.remaining > b.remaining; });
    return list;
}

void LoginThrottle::lift(const QHostAddress &address)
{
    const QMutexLocker locker(&m_mutex);
    m_records.remove(networkOf(address));
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
