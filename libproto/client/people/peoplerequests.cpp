// SPDX-License-Identifier: MIT
#include "client/people/peoplerequests.h"

#include "client/connect/refusal.h"
#include "client/limits.h"
#include "net/base/translate.h"

#include <QDeadlineTimer>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

Error againstTheRules()
{
    return {ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
}

qsizetype sizeOf(const extended::Person &person)
{
    return person.account.size() + person.name.size() + person.address.size();
}

} // namespace

Error hasNoPeople()
{
    return {ErrorCode::NotTaken, tr("This server takes no messages: it is older than Ferry 0.2.")};
}

qsizetype sizeOf(const extended::Note &note)
{
    return note.text.size() + note.account.size() + note.name.size() + note.why.size() +
           (note.gift ? note.gift->name.size() : 0);
}

Error keepsNoGifts()
{
    return {ErrorCode::NotTaken,
            tr("This server hands no files from one person to another: its operator does not "
               "allow it, or it is older than Ferry 0.2.")};
}

Error nobodyThere()
{
    return {ErrorCode::NotFound,
            tr("Nobody of this number is there, or members may not write to each other.")};
}

bool PeopleRequests::isOffered() const
{
    return m_conversation.can(Verb::Who) && m_conversation.can(Verb::Tell) &&
           m_conversation.can(Verb::News);
}

bool PeopleRequests::keepsGifts() const
{
    return m_conversation.can(Verb::Drop);
}

Result<QList<extended::Person>> PeopleRequests::who()
{
    if (!isOffered())
        return hasNoPeople();
    Request request;
    request.verb = Verb::Who;
    m_conversation.send(request);
    m_open = false;
    QList<extended::Person> people;
    qsizetype bytes = 0;
    QDeadlineTimer deadline(QDeadlineTimer::Forever);
    for (;;) {
        const auto event = m_conversation.next({}, deadline);
        if (!event)
            return event.error();
        if (event.value().kind == Kind::PeopleEnd) {
            m_open = true;
            return people;
        }
        if (event.value().kind == Kind::Refused)
            return refused(event.value());
        if (event.value().kind != Kind::Person || !event.value().person)
            return againstTheRules();
        if (people.isEmpty()) // the rest follows at once
            deadline.setRemainingTime(limits::replyTime.count());
        people.append(*event.value().person);
        bytes += sizeOf(people.last());
        if (people.size() > limits::peopleTaken || bytes > limits::peopleBytes)
            return Error{ErrorCode::Protocol, tr("The server's list of people does not end.")};
    }
}

Result<PeopleRequests::Told> PeopleRequests::tell(const extended::Party &to, const QByteArray &text)
{
    if (!isOffered())
        return hasNoPeople();
    if (!extended::isMessage(text) || to.kind == extended::Party::Kind::Server)
        return Error{ErrorCode::Invalid, tr("This cannot be said in one message.")};
    Request request;
    request.verb = Verb::Tell;
    request.to = to;
    request.text = text;
    m_conversation.send(request);
    m_open = false;
    const auto event = m_conversation.next();
    if (!event)
        return event.error();
    if (event.value().kind == Kind::Told) {
        m_open = true;
        return Told{event.value().number, {}};
    }
    if (event.value().kind != Kind::Refused)
        return againstTheRules();
    const auto reply = extended::parseReply(event.value().text);
    if (reply && reply->token == "SLOWER") {
        m_open = true;
        return Told{0, reply->number("seconds").value_or(1)};
    }
    if (event.value().token == "NOTFOUND") {
        m_open = true;
        return nobodyThere();
    }
    return refused(event.value());
}

Result<> PeopleRequests::drop(const extended::GiftPath &gift)
{
    if (!keepsGifts())
        return keepsNoGifts();
    Request request;
    request.verb = Verb::Drop;
    request.path = gift.path();
    m_conversation.send(request);
    m_open = false;
    const auto event = m_conversation.next();
    if (!event)
        return event.error();
    if (event.value().kind == Kind::Refused)
        return refused(event.value());
    if (event.value().kind != Kind::Dropped)
        return againstTheRules();
    m_open = true;
    return {};
}

Error PeopleRequests::refused(const ExtendedEvent &event)
{
    m_open = true;
    return refusalError(event);
}

} // namespace ferry::client
