// SPDX-License-Identifier: MIT
#include "server-gui/sessions/announcer.h"

#include "gui-common/look/format.h"
#include "gui-common/program/messagenotice.h"
#include "server-gui/sessions/people.h"

#include <utility>

namespace ferry::gui {

using server::SessionInfo;
using server::SessionState;

void Announcer::look(const QList<SessionInfo> &sessions,
                     const QList<server::LoginThrottle::Penalty> &penalties, qint64 nowMs)
{
    lookAtSessions(sessions);
    lookAtPenalties(penalties);
    if (!std::exchange(m_began, true)) {
        m_news.clear(); // all that was there before is no news
        static_cast<void>(received(sessions));
    }
    if (m_last && nowMs - *m_last < restMs)
        return;
    m_news += received(sessions); // one line for all that came since the last time
    // One line for all messages.
    if (const QString written = messageNews(std::exchange(m_senders, {})); !written.isEmpty())
        m_news.prepend(written);
    if (m_news.isEmpty())
        return;
    m_last = nowMs;
    QStringList text = m_news.mid(0, lines);
    if (const auto more = m_news.size() - text.size(); more > 0)
        text.append(tr("and %1 more").arg(formatCount(more)));
    m_news.clear();
    Q_EMIT announced(text.join(u'\n'));
}

/// What live sessions sent since this was asked last.
QStringList Announcer::received(const QList<SessionInfo> &sessions)
{
    QStringList told;
    QHash<quint64, qint64> now;
    for (const SessionInfo &session : sessions) {
        if (session.filesReceived == 0)
            continue;
        now.insert(session.id, session.filesReceived);
        const qint64 more = session.filesReceived - m_received.value(session.id);
        if (more > 0 && session.state != SessionState::Ended) // else the outcome says it
            told.append(
                tr("%1: %2").arg(nameOf(session), tr("%Ln files received", nullptr, int(more))));
    }
    m_received = now;
    return told;
}

void Announcer::lookAtSessions(const QList<SessionInfo> &sessions)
{
    QSet<QString> people;
    QSet<quint64> ended;
    for (const SessionInfo &session : sessions) {
        const QString person = personOf(session);
        if (session.state == SessionState::Ended) {
            ended.insert(session.id);
            const bool news =
                session.filesSent > 0 || session.filesReceived > m_received.value(session.id);
            if (news && !m_ended.contains(session.id))
                m_news.append(tr("%1: %2").arg(nameOf(session), session.outcome));
        } else if (!person.isEmpty()) {
            if (!m_people.contains(person) && !people.contains(person))
                m_news.append(tr("%1 connected").arg(nameOf(session)));
            people.insert(person);
        }
    }
    m_people = people;
    m_ended = ended;
}

void Announcer::lookAtPenalties(const QList<server::LoginThrottle::Penalty> &penalties)
{
    QSet<QString> wrong;
    for (const server::LoginThrottle::Penalty &penalty : penalties) {
        const QString address = penalty.address.toString();
        if (!m_wrong.contains(address))
            m_news.append(tr("Wrong password from %1").arg(address));
        wrong.insert(address);
    }
    m_wrong = wrong;
}

} // namespace ferry::gui
