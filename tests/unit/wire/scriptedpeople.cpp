// SPDX-License-Identifier: MIT
#include "unit/wire/scriptedpeople.h"

#include <QtGlobal>

#include <algorithm>

namespace ferry::test {

using extended::Note;
using extended::Party;
using extended::Verb;

ScriptedPeople::ScriptedPeople(const Transcript &transcript)
    : m_lost(transcript.lost)
    , m_burst(transcript.burst)
    , m_waiting(transcript.waiting)
{
    for (const QByteArray &line : transcript.persons) {
        const auto reply = extended::parseReply(line);
        const auto person = reply ? extended::parsePerson(*reply) : std::nullopt;
        if (!person)
            qFatal("%s is nobody", line.constData());
        m_persons += *person;
    }
    for (const QByteArray &line : transcript.notes) {
        const auto reply = extended::parseReply(line);
        const auto note = reply ? extended::parseNote(*reply) : std::nullopt;
        if (!note)
            qFatal("%s is no note", line.constData());
        m_notes += *note;
    }
}

std::optional<QByteArray> ScriptedPeople::answer(const extended::Request &request)
{
    switch (request.verb) {
    case Verb::Who:
        return who();
    case Verb::Tell:
        return tell(request);
    case Verb::News:
        if (m_waiting && request.waitSeconds > 0)
            return std::nullopt;
        return news(request);
    case Verb::Drop:
        return drop(request);
    default:
        qFatal("no business of people");
    }
}

QByteArray ScriptedPeople::who() const
{
    QByteArray lines;
    for (const extended::Person &person : m_persons)
        lines += extended::person(person);
    return lines + extended::peopleEnd();
}

QByteArray ScriptedPeople::tell(const extended::Request &request)
{
    const bool known =
        request.to.kind != Party::Kind::Session ||
        std::any_of(m_persons.begin(), m_persons.end(), [&request](const extended::Person &person) {
            return person.session == request.to.session;
        });
    if (!known)
        return extended::refusal("NOTFOUND");
    return mayTell() ? extended::told(m_told) : extended::slower(1);
}

QByteArray ScriptedPeople::news(const extended::Request &request) const
{
    QByteArray lines;
    qint64 next = request.since;
    for (const Note &note : m_notes) {
        if (note.id < request.since)
            continue;
        lines += extended::note(note);
        next = note.id + 1;
    }
    return lines + extended::newsEnd({next, m_lost});
}

QByteArray ScriptedPeople::drop(const extended::Request &request)
{
    const auto gift = extended::giftPath(request.path);
    return m_notes.removeIf([&gift](const Note &note) { return note.gift == gift; }) > 0
               ? extended::dropped()
               : extended::refusal("NOTFOUND");
}

} // namespace ferry::test
