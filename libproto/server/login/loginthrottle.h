// SPDX-License-Identifier: MIT
#pragma once

#include "server/doors/addressblock.h"
#include "server/limits.h"

#include <QHostAddress>
#include <QList>
#include <QMutex>

#include <chrono>
#include <functional>

namespace ferry::server {

/// Makes guessing slow over any number of connections: after a failed login its address
/// (addressblock.h) is refused for a while, twice as long after each further one. Kept in memory,
/// of bounded size. Any thread.
///
/// Loopback is never refused: local users and proxies cannot be told apart there, so one of them
/// could lock out all. The pause before the answer to a wrong password is for them too.
class LoginThrottle
{
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    explicit LoginThrottle(Clock clock = std::chrono::steady_clock::now);

    /// The first penalty, and the maximum that doubling leads to. For failures from now on.
    void setFigures(std::chrono::milliseconds first, std::chrono::milliseconds most);

    /// How long nobody from there may log in, from now; zero or less: they may.
    std::chrono::milliseconds remaining(const QHostAddress &address) const;

    /// Called with the result of each password check before anybody learns it. Zero or less: the
    /// result is counted, and may be told. More: another guess from there failed meanwhile, so this
    /// one is refused as if it had come later: parallel guesses gain nothing.
    std::chrono::milliseconds decide(const QHostAddress &address, const QByteArray &account,
                                     bool right);

    struct Penalty
    {
        QHostAddress address; ///< of an IPv6 network, its first
        int prefix = 32;      ///< bits of it: 32 for IPv4, 64 for IPv6
        int failures = 0;
        std::chrono::milliseconds remaining{0}; ///< more than zero
    };
    /// Who is refused just now, longest first, for the window.
    QList<Penalty> penalties() const;

    /// The operator forgives; all of the address's failures are forgotten.
    void lift(const QHostAddress &address);

    /// Addresses remembered, refused or not.
    qsizetype size() const;

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Record
    {
        int failures = 0;
        QByteArray account; ///< that the failures are about
        bool severalAccounts = false;
        Time last;
        Time until;
    };
    void count(const QHostAddress &block, const QByteArray &account, Time now);
    void forgive(const QHostAddress &block, const QByteArray &account);
    void forgetOld(Time now);
    std::chrono::milliseconds penaltyFor(int failures) const;

    const Clock m_clock;
    mutable QMutex m_mutex; ///< guards all below
    std::chrono::milliseconds m_first = limits::penaltyFirst;
    std::chrono::milliseconds m_most = limits::maxPenalty;
    BlockTable<Record> m_records;
};

} // namespace ferry::server
