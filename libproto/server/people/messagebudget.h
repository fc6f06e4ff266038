// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <chrono>
#include <map>

namespace ferry::server {

/// How much may be said: one message in a while, and some at once. One that many are sent costs as
/// much as so many messages, and what was said in advance is a debt. A value.
struct MessageRate
{
    using Time = std::chrono::steady_clock::time_point; ///< until when it is paid for

    qint64 burst;
    std::chrono::milliseconds interval;

    /// Zero: `cost` may be said now. More: that long it is too much.
    std::chrono::seconds wait(Time paid, qint64 cost, Time now) const;
    Time after(Time paid, qint64 cost, Time now) const;
    /// Of somebody who has yet to earn all of it.
    Time nothing(Time now) const { return now + burst * interval; }
};

/// Who said how much. Not thread-safe: People has the lock.
class MessageBudget
{
public:
    using Time = MessageRate::Time;

    explicit MessageBudget(const MessageRate &rate)
        : m_rate(rate)
    {
    }

    /// Zero: `cost` is taken from what `sender` may say. More: that long it is too much, and
    /// nothing was taken.
    std::chrono::seconds spend(const QByteArray &sender, qint64 cost, Time now);

    qsizetype size() const { return qsizetype(m_paid.size()); }

private:
    void forget(Time now);

    const MessageRate m_rate;
    std::map<QByteArray, Time> m_paid;
};

} // namespace ferry::server
