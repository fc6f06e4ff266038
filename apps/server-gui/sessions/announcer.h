// SPDX-License-Identifier: MIT
#pragma once

#include "server/login/loginthrottle.h"
#include "server/pacing/sessioninfo.h"

#include <QObject>
#include <QSet>
#include <QStringList>

#include <optional>

namespace ferry::gui {

/// What somebody who looks elsewhere wants to know: who came and who wrote, what was delivered and
/// received, and wrong passwords. Gathered, so that a crowd makes one notification and not many.
class Announcer final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    static constexpr qint64 restMs = 10'000; ///< from one to the next
    static constexpr int lines = 3;          ///< of one; how many more there are is said

    /// A few times a second; `nowMs` of a clock that only goes forward.
    void look(const QList<server::SessionInfo> &sessions,
              const QList<server::LoginThrottle::Penalty> &penalties, qint64 nowMs);

    /// Messages that came, by what to call whom they are from. What they say is not told: others
    /// may see the notification.
    void addMessages(const QStringList &senders) { m_senders += senders; }

Q_SIGNALS:
    void announced(const QString &text);

private:
    QStringList received(const QList<server::SessionInfo> &sessions);
    void lookAtSessions(const QList<server::SessionInfo> &sessions);
    void lookAtPenalties(const QList<server::LoginThrottle::Penalty> &penalties);

    QStringList m_news;
    QStringList m_senders;             ///< of messages since the last announcement
    QSet<QString> m_people;            ///< who is connected
    QSet<quint64> m_ended;             ///< sessions
    QHash<quint64, qint64> m_received; ///< files that were told of, by session
    QSet<QString> m_wrong;             ///< addresses that have to wait
    std::optional<qint64> m_last;      ///< announcement
    bool m_began = false;
};

} // namespace ferry::gui
