// SPDX-License-Identifier: MIT
#include "server-gui/sessions/people.h"

#include "server-gui/sessions/sessionwords.h"

#include <QCoreApplication>
#include <QSet>
#include <QStringList>

#include <algorithm>

namespace ferry::gui {

namespace {

struct People
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::People)
};

} // namespace

QString personOf(const server::SessionInfo &session)
{
    if (session.account.isEmpty() && (session.state == server::SessionState::Login ||
                                      session.state == server::SessionState::Ended))
        return {};
    return QStringList{session.address, session.account, session.name, session.client}.join(u'\n');
}

QString nameOf(const server::SessionInfo &session)
{
    return session.name.isEmpty() ? session.address
                                  : People::tr("%1 (%2)").arg(session.name, session.address);
}

int runningTransfers(const QList<server::SessionInfo> &sessions)
{
    return int(std::count_if(sessions.begin(), sessions.end(), isMovingFile));
}

QString whoIsCutOff(const QList<server::SessionInfo> &sessions)
{
    QSet<QString> people;
    for (const server::SessionInfo &session : sessions) {
        if (session.state != server::SessionState::Ended)
            people.insert(personOf(session));
    }
    people.remove(QString());
    const int transfers = runningTransfers(sessions);
    if (people.isEmpty())
        return {};
    const QString connected = People::tr("%Ln people are connected and will be disconnected.",
                                         nullptr, int(people.size()));
    return transfers == 0
               ? connected
               : connected + u' ' + People::tr("%Ln transfers are running.", nullptr, transfers);
}

} // namespace ferry::gui
