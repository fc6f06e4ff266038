// SPDX-License-Identifier: MIT
#include "server-gui/sessions/announcer.h"

#include "gui-common/look/format.h"
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
    if (!std::exchange(m_began, true))
        m_news.clear(); // all that was there before is no news
    if (m_news.isEmpty() || (m_last && nowMs - *m_last < restMs))
        return;
    m_last = nowMs;
    QStringList text = m_news.mid(0, lines);
    if (const auto more = m_news.size() - text.size(); more > 0)
        text.append(tr("and %1 more").arg(formatCount(more)));
    m_news.clear();
    Q_EMIT announced(text.join(u'\n'));
}

void Announcer::lookAtSessions(const QList<SessionInfo> &sessions)
{
    QSet<QString> people;
    QSet<quint64> ended;
    for (const SessionInfo &session : sessions) {
        const QString person = personOf(session);
        if (session.state == SessionState::Ended) {
            ended.insert(session.id);
            if (session.filesSent > 0 && !m_ended.contains(session.id))
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
