// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <chrono>
#include <map>

namespace ferry::server {

/// How much each sender may say: one message in a while, and some at once. One that many are sent
/// costs as much as so many messages, and what was said in advance is a debt. Not thread-safe:
/// People has the lock.
class MessageBudget
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// One each `interval`, and `burst` at once.
    MessageBudget(qint64 burst, std::chrono::milliseconds interval)
        : m_burst(burst)
        , m_interval(interval)
    {
    }

    /// Zero: `cost` is taken from what `sender` may say. More: that long it is too much, and
    /// nothing was taken.
    std::chrono::seconds spend(const QByteArray &sender, qint64 cost, Time now);

    qsizetype size() const { return qsizetype(m_paid.size()); }

private:
    void forget(Time now);

    const qint64 m_burst;
    const std::chrono::milliseconds m_interval;
    std::map<QByteArray, Time> m_paid; ///< until when what they said is paid for
};

} // namespace ferry::server
