// SPDX-License-Identifier: MIT
/// Scripted servers that know of people, and somebody who looks at what a connection to one has.
#pragma once

#include "client/people/peopleconnection.h"
#include "support/evilferry.h"
#include "support/process.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace ferry::test {

using namespace client;
using namespace extended;

inline bool logIn(EvilPeer &peer, const Abilities &abilities = {false, true, true})
{
    return peer.logIn(hello(false, sasl::mechanism, "Evil", abilities));
}

inline Note message(qint64 id, const QByteArray &text = "hello")
{
    Note note;
    note.id = id;
    note.from.kind = Party::Kind::Operator;
    note.text = text;
    return note;
}

inline QByteArray notes(qint64 from, qint64 to)
{
    QByteArray lines;
    for (qint64 id = from; id <= to; ++id)
        lines += note(message(id));
    return lines;
}

inline const QByteArray cancelled = refusal("CANCELLED") + success("CANCELLED");

/// Keeps a NEWS that waits, and answers the rest as `answer` says.
inline EvilFerry::Script waiting(const std::function<QByteArray(const Request &)> &answer)
{
    return [answer](EvilPeer &peer) {
        if (!logIn(peer))
            return;
        while (const auto request = peer.next()) {
            const QByteArray said = request->verb == Verb::News     ? QByteArray()
                                    : request->verb == Verb::Cancel ? cancelled
                                                                    : answer(*request);
            if (!said.isEmpty() && !peer.say(said))
                return;
        }
    };
}

/// Answers the first NEWS so, and then waits.
inline EvilFerry::Script giving(const QByteArray &news)
{
    return [news](EvilPeer &peer) {
        if (logIn(peer) && peer.waitFor(Verb::News) && peer.say(news))
            while (peer.next()) {
            }
    };
}

class Watcher
{
public:
    explicit Watcher(const EvilFerry &server, std::chrono::milliseconds replyTime = {})
        : connection(config(server, replyTime), log(), std::make_shared<sasl::SaltedPasswords>(),
                     [] {})
    {
        m_started = connection.start().ok();
    }

    /// Looks at what is new until `enough`.
    bool lookUntil(const std::function<bool()> &enough)
    {
        return m_started && waitUntil([&] {
                   look();
                   return enough();
               });
    }
    void look()
    {
        PeopleChanges changes = connection.changes();
        for (const Note &note : std::as_const(changes.notes))
            ids.push_back(note.id);
        mostAtOnce = std::max(mostAtOnce, changes.notes.size());
        lost += changes.lost;
        logins += int(changes.loggedIn);
        answers += changes.answers;
        if (changes.people)
            people = changes.people;
    }
    bool hasFailed() const { return connection.status().state == ConnectionState::Failed; }

    std::vector<qint64> ids;
    qsizetype mostAtOnce = 0;
    qint64 lost = 0;
    int logins = 0; ///< those between two looks are one
    QList<PeopleChanges::Answer> answers;
    std::optional<QList<Person>> people;
    PeopleConnection connection;

private:
    static ClientConfig config(const EvilFerry &server, std::chrono::milliseconds replyTime)
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = server.port();
        config.password = EvilFerry::password();
        config.pin = server.fingerprint();
        config.reconnects = -1;
        if (replyTime.count() > 0) {
            config.replyTime = config.busyTime = replyTime;
            config.stalledTime = replyTime / 5;
        }
        return config;
    }
    static std::shared_ptr<LogQueue> log()
    {
        auto log = std::make_shared<LogQueue>();
        log->keepWarningsOnly();
        return log;
    }

    bool m_started = false;
};

inline std::vector<qint64> upTo(qint64 last)
{
    std::vector<qint64> ids;
    for (qint64 id = 1; id <= last; ++id)
        ids.push_back(id);
    return ids;
}

} // namespace ferry::test
