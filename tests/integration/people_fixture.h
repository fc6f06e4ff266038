// SPDX-License-Identifier: MIT
/// `ferry` against scripted servers that know of people.
#pragma once

#include "support/evilferry.h"
#include "support/process.h"
#include "support/program.h"
#include "wire/extended/people.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QTemporaryDir>

#include <functional>

namespace ferry::test {

using namespace extended;

using Answer = std::function<QByteArray(const Request &)>;
inline const QByteArray cancelled = refusal("CANCELLED") + success("CANCELLED");

/// Logs in and answers; a NEWS without an answer waits.
inline EvilFerry::Script answering(const Answer &answer,
                                   const Abilities &abilities = {true, true, true})
{
    return [=](EvilPeer &peer) {
        if (!peer.logIn(hello(false, sasl::mechanism, "Evil", abilities)))
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Data && !peer.skip(request->length.value_or(0)))
                return;
            QByteArray said = request->verb == Verb::Cancel ? cancelled : answer(*request);
            if (said.isEmpty() && request->verb == Verb::Who) // nobody is listed
                said = peopleEnd();
            if (!said.isEmpty() && !peer.say(said))
                return;
        }
    };
}

inline EvilFerry::Script answering(Verb verb, const QByteArray &said)
{
    return answering(
        [=](const Request &request) { return request.verb == verb ? said : QByteArray(); });
}

inline Note message(const QByteArray &text, qint64 session = 0)
{
    Note note;
    note.id = 1;
    note.text = text;
    note.from.kind = session > 0 ? Party::Kind::Session : Party::Kind::Operator;
    note.from.session = session;
    return note;
}

inline QList<QJsonObject> objectsIn(const QByteArray &output)
{
    QList<QJsonObject> objects;
    for (const QByteArray &line : output.split('\n')) {
        if (!line.isEmpty())
            objects.append(QJsonDocument::fromJson(line).object());
    }
    return objects;
}

/// The last words of a line, behind its time.
inline QByteArray behindTime(const QByteArray &line)
{
    return line.mid(line.indexOf("  ") + 2);
}

/// A folder in which `ferry` runs with a data folder of its own.
class PeopleFolder
{
public:
    QStringList arguments(const char *command, const EvilFerry &server,
                          const QStringList &more = {}, const QStringList &options = {}) const
    {
        return QStringList{QString::fromLatin1(command), QStringLiteral("--pin"),
                           QString::fromLatin1(server.fingerprint()), QStringLiteral("--data-dir"),
                           m_dir.filePath(QStringLiteral("data"))} +
               options + QStringList{QStringLiteral("127.0.0.1:%1").arg(server.port())} + more;
    }
    ProgramRun run(const QStringList &arguments, const QByteArray &input = {}) const
    {
        ProgramSettings settings;
        settings.password = EvilFerry::password();
        settings.input = input;
        settings.folder = m_dir.path();
        return runProgram(QStringLiteral("ferry"), arguments, settings);
    }
    void start(QProcess &process, const QStringList &arguments) const
    {
        ProgramSettings settings;
        settings.password = EvilFerry::password();
        settings.folder = m_dir.path();
        prepareProcess(process, settings);
        process.start(programPath(QStringLiteral("ferry")), arguments);
    }
    QString path(const char *name) const { return m_dir.filePath(QLatin1StringView(name)); }

private:
    QTemporaryDir m_dir;
};

} // namespace ferry::test
