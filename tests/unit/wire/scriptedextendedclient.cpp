// SPDX-License-Identifier: MIT
#include "unit/wire/scriptedextendedclient.h"

#include <QtGlobal>

namespace ferry::test {

using Kind = ExtendedEvent::Kind;

namespace {

QByteArray inWords(const ExtendedEvent &event)
{
    switch (event.kind) {
    case Kind::Receive:
    case Kind::Busy:
    case Kind::Body:
        return {};
    case Kind::Greeted:
        return "greeted";
    case Kind::Hello:
        return "hello " + event.text + (event.yes ? " in" : " out");
    case Kind::Challenge:
        return "challenge " + event.text;
    case Kind::LoggedIn:
        return "logged in " + event.text;
    case Kind::Entry:
        return "entry " + event.entry.path;
    case Kind::Skipped:
        return "skipped " + event.token + ' ' + event.text;
    case Kind::ListEnd:
        return event.yes ? "more" : "end";
    case Kind::FileBegin:
        return "file " + QByteArray::number(event.facts.length);
    case Kind::FileDone:
        return "done " + event.text;
    case Kind::Sum:
        return "sum " + event.text;
    case Kind::ReceiptTaken:
        return "receipt";
    case Kind::SendFrom:
        return "send " + QByteArray::number(event.facts.offset);
    case Kind::Stored:
        return "stored " + event.stored.path;
    case Kind::Aborted:
        return "aborted";
    case Kind::Person:
        return "person " + extended::person(*event.person).chopped(2);
    case Kind::PeopleEnd:
        return "everybody";
    case Kind::Told:
        return "told " + QByteArray::number(event.number);
    case Kind::Note:
        return "note " + extended::note(*event.note).chopped(2);
    case Kind::NewsEnd:
        return "next " + QByteArray::number(event.number) + " lost " +
               QByteArray::number(event.lost);
    case Kind::Dropped:
        return "dropped";
    case Kind::Pong:
        return "pong";
    case Kind::Cancelled:
        return "cancelled";
    case Kind::Refused:
        return "refused " + event.token;
    case Kind::ServerLeaves:
        return "leaves " + event.token;
    case Kind::Violation:
        return "violation: " + event.text;
    case Kind::CutShort:
        return "cut short";
    case Kind::Ended:
        return "ended";
    }
    return {};
}

} // namespace

void ScriptedExtendedClient::receive(QByteArrayView bytes)
{
    m_session.receive(bytes);
    run();
}

void ScriptedExtendedClient::receiveEnd()
{
    m_session.receiveEnd();
    run();
}

void ScriptedExtendedClient::run()
{
    for (;;) {
        const ExtendedEvent event = m_session.nextEvent();
        const bool last = event.kind == Kind::Violation || event.kind == Kind::CutShort ||
                          event.kind == Kind::Ended;
        if (m_ended && !last)
            qFatal("something comes after the end");
        if (event.kind == Kind::Receive || m_ended)
            return;
        if (event.kind == Kind::Body) {
            if (m_session.bufferEmpty())
                return;
            takeBody();
            continue;
        }
        if (event.kind == Kind::Busy)
            continue;
        m_events.append(inWords(event));
        m_ended = last;
    }
}

void ScriptedExtendedClient::takeBody()
{
    const qint64 due = m_session.bodyRemaining();
    const QByteArray bytes = m_session.takeBody(1 << 16);
    if (bytes.isEmpty() || m_session.bodyRemaining() != due - bytes.size())
        qFatal("a body that is there is not given out");
    if (m_inChunk)
        m_events.last() += bytes;
    else
        m_events.append("body " + bytes);
    m_inChunk = m_session.bodyRemaining() > 0;
}

} // namespace ferry::test
