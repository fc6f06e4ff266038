// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace ferry::gui {

/// "Message from Anna", "3 messages from Anna", "5 new messages": `senders` has each as often as it
/// wrote; empty if it is. What they say is not told: others may see a notification.
QString messageNews(const QStringList &senders);

/// What somebody who looks elsewhere is told of messages: rarely, and of all that came meanwhile at
/// once.
class MessageNotice
{
public:
    static constexpr qint64 restMs = 10'000; ///< from one to the next
    static constexpr qsizetype mostSenders = 1000;

    void add(const QStringList &senders);
    /// They were seen.
    void clear() { m_senders.clear(); }
    /// What is to be told now; empty: nothing. `nowMs` of a clock that only goes forward.
    QString take(qint64 nowMs);

private:
    QStringList m_senders;
    std::optional<qint64> m_last;
};

} // namespace ferry::gui
