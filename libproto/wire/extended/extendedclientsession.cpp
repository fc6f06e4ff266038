// SPDX-License-Identifier: MIT
#include "wire/extended/extendedclientsession.h"

#include "wire/goodbye.h"
#include "wire/limits.h"

#include <algorithm>
#include <array>

namespace ferry {

using extended::Reply;
using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

ExtendedEvent event(Kind kind, QByteArray text = {})
{
    ExtendedEvent result;
    result.kind = kind;
    result.text = std::move(text);
    return result;
}

/// Refusals after which the server closes the connection: docs/PROTOCOL.md, "Tokens of failure".
bool closes(QByteArrayView token)
{
    constexpr std::array<QByteArrayView, 9> tokens = {"TIMEOUT", "TOOLONG",      "NUL",
                                                      "TOOMUCH", "WAIT",         "STOPPING",
                                                      "BANNED",  "DISCONNECTED", "ORDER"};
    return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
}

/// Does `facts` describe the range that was asked for?
bool answers(const Request &request, const extended::FileFacts &facts)
{
    const qint64 rest = facts.size - request.offset;
    const qint64 asked = request.length.value_or(std::min(rest, request.most.value_or(rest)));
    // A server that does not know `most` ignores it, as any field it does not know.
    const bool range = facts.length == asked || (request.most && facts.length == rest);
    return facts.offset == request.offset && range &&
           (request.id.isEmpty() || facts.id == request.id);
}

bool hasGrown(const Reply &reply)
{
    return reply.field("grown") == QByteArrayView("yes");
}

/// Why these are no facts of a file.
const char *fault(const Reply &reply, const char *otherwise)
{
    return reply.number("size") > limits::maxFileBytes ? "a size beyond that of any file"
                                                       : otherwise;
}

} // namespace

ExtendedClientSession::ExtendedClientSession()
    : m_input(limits::extendedLineBytes)
{
}

void ExtendedClientSession::sent(const Request &request)
{
    switch (request.verb) {
    case Verb::Quit:
    case Verb::Data:
        return;
    case Verb::End:
    case Verb::Abort:
        // If it is not there any more, it was refused, and nothing will be said.
        if (!m_pending.empty() && m_pending.back().request.verb == Verb::Put) {
            m_pending.back().ended = request.verb == Verb::End;
            m_pending.back().aborted = request.verb == Verb::Abort;
        }
        return;
    default:
        m_pending.push_back({request});
    }
}

void ExtendedClientSession::receive(QByteArrayView bytes)
{
    m_input.append(bytes);
}

qint64 ExtendedClientSession::checksumBytes() const
{
    const bool sum = !m_pending.empty() && front().verb == Verb::Sum;
    return sum ? front().length.value_or(0) : 0;
}

QByteArray ExtendedClientSession::takeBody(qsizetype most)
{
    QByteArray bytes = m_input.takeBytes(qsizetype(std::min<qint64>(most, m_chunkLeft)));
    m_chunkLeft -= bytes.size();
    return bytes;
}

qsizetype ExtendedClientSession::takeBody(char *to, qsizetype most)
{
    const qsizetype taken = m_input.takeBytes(to, qsizetype(std::min<qint64>(most, m_chunkLeft)));
    m_chunkLeft -= taken;
    return taken;
}

ExtendedEvent ExtendedClientSession::nextEvent()
{
    if (!m_violation.isEmpty())
        return event(Kind::Violation, m_violation);
    for (;;) {
        const bool dry = m_input.size() == 0;
        if (m_chunkLeft > 0) {
            if (dry && m_inputEnded)
                return event(Kind::CutShort);
            return event(Kind::Body);
        }
        ReceiveBuffer::Taken taken = m_input.takeLine();
        switch (taken.status) {
        case ReceiveBuffer::Status::NeedMore:
            if (!m_inputEnded)
                return event(Kind::Receive);
            return event(m_pending.empty() && dry && m_greeted ? Kind::Ended : Kind::CutShort);
        case ReceiveBuffer::Status::TooLong:
            return violation("a line without end");
        case ReceiveBuffer::Status::HoldsNul:
            return violation("a NUL byte in a line");
        case ReceiveBuffer::Status::Line:
            break;
        }
        if (m_greeted && (taken.line == "#BUSY" || taken.line.startsWith("#BUSY "))) {
            ExtendedEvent busy = event(Kind::Busy);
            const auto reply = extended::parseReply(taken.line);
            busy.yes = reply && reply->field("why") == QByteArrayView("paused");
            return busy;
        }
        return onLine(taken.line);
    }
}

ExtendedEvent ExtendedClientSession::onLine(const QByteArray &line)
{
    const auto reply = extended::parseReply(line);
    const bool toHello = !m_pending.empty() && front().verb == Verb::Hello;
    if (line.startsWith('!') && (!m_greeted || (toHello && isGoodbye(line))))
        return event(Kind::ServerLeaves, line);
    if (!m_greeted) {
        if (!line.startsWith('#'))
            return violation("no greeting");
        m_greeted = true;
        return event(Kind::Greeted, line);
    }
    if (!reply)
        return violation("a line that is no reply");
    return reply->success ? onReply(*reply) : onRefusal(*reply, line);
}

ExtendedEvent ExtendedClientSession::onReply(const Reply &reply)
{
    if (m_pending.empty())
        return violation("a reply to nothing");
    switch (front().verb) {
    case Verb::Hello: {
        if (reply.token != "HELLO" || reply.words.isEmpty() || reply.words[0] != "ferry/1")
            return violation("another version of the protocol");
        ExtendedEvent hello = event(Kind::Hello);
        hello.text = reply.field("auth").value_or(QByteArrayView()).toByteArray();
        hello.token = reply.field("can").value_or(QByteArrayView()).toByteArray();
        hello.yes = reply.field("login") == QByteArrayView("yes");
        answered();
        return hello;
    }
    case Verb::Login:
    case Verb::Response:
        if (reply.token == "CHALLENGE" && !reply.words.isEmpty()) {
            answered();
            return event(Kind::Challenge, reply.words[0].toByteArray());
        }
        if (reply.token == "LOGIN" && reply.field("final")) {
            answered();
            return event(Kind::LoggedIn, reply.field("final")->toByteArray());
        }
        return violation("no step of a login");
    case Verb::List:
    case Verb::Tree:
        return onListing(reply);
    case Verb::Get:
        return onGet(reply);
    case Verb::Sum: {
        const auto facts = extended::parseFacts(reply);
        const auto sum = reply.field("sum");
        if (reply.token != "SUM" || !facts || !sum || !extended::isSum(*sum))
            return violation(fault(reply, "no checksum where one was asked for"));
        if (!answers(front(), *facts))
            return violation("the checksum of another range");
        ExtendedEvent result = event(Kind::Sum, sum->toByteArray());
        result.facts = *facts;
        result.yes = hasGrown(reply);
        answered();
        return result;
    }
    case Verb::Put:
        return onPut(reply);
    case Verb::Who:
    case Verb::Tell:
        return onPeople(reply);
    case Verb::News:
        return onNews(reply);
    case Verb::Receipt:
        return onSuccess(reply, "RECEIPT", Kind::ReceiptTaken);
    case Verb::Receipts:
        return onSuccess(reply, "RECEIPTS", Kind::ReceiptTaken);
    case Verb::Drop:
        return onSuccess(reply, "DROPPED", Kind::Dropped);
    case Verb::Ping:
        return onSuccess(reply, "PONG", Kind::Pong);
    case Verb::Cancel:
        return onSuccess(reply, "CANCELLED", Kind::Cancelled);
    case Verb::Data:
    case Verb::End:
    case Verb::Abort:
    case Verb::Quit:
        break; // never pending
    }
    return violation("a reply to nothing");
}

/// A request that is answered by one token.
ExtendedEvent ExtendedClientSession::onSuccess(const Reply &reply, QByteArrayView token, Kind kind)
{
    if (reply.token != token)
        return violation("an answer to something else");
    answered();
    return event(kind);
}

ExtendedEvent ExtendedClientSession::onListing(const Reply &reply)
{
    if (reply.token == "ENTRY") {
        const auto entry = extended::parseEntry(reply);
        if (!entry)
            return violation("an entry that cannot be");
        if (front().verb == Verb::List && entry->path.contains('/'))
            return violation("an entry of another folder");
        if (front().limit && m_entries >= *front().limit)
            return violation("more entries than were asked for");
        ++m_entries;
        ExtendedEvent result = event(Kind::Entry);
        result.entry = *entry;
        return result;
    }
    if (reply.token == "SKIPPED" && (front().verb == Verb::Tree || front().skipped)) {
        const auto path = extended::parseSkipped(reply);
        if (!path || (front().skipped && (path->isEmpty() || path->contains('/'))))
            return violation("something left out that cannot be");
        ExtendedEvent result = event(Kind::Skipped, *path);
        result.token = reply.words[0].toByteArray();
        return result;
    }
    if (reply.token == "END") {
        if (reply.number("entries") != m_entries)
            return violation("a listing with entries missing");
        ExtendedEvent result = event(Kind::ListEnd);
        result.yes = reply.field("more") == QByteArrayView("yes");
        m_entries = 0;
        answered();
        return result;
    }
    return violation("no entry of a listing");
}

ExtendedEvent ExtendedClientSession::onGet(const Reply &reply)
{
    if (!m_inFile) {
        const auto facts = extended::parseFacts(reply);
        if (reply.token != "FILE" || !facts)
            return violation(fault(reply, "no file where one was asked for"));
        if (!answers(front(), *facts))
            return violation("another range than was asked for");
        m_inFile = true;
        m_file = *facts;
        m_fileLeft = facts->length;
        ExtendedEvent result = event(Kind::FileBegin);
        result.facts = *facts;
        return result;
    }
    if (reply.token == "DATA") {
        const auto size =
            reply.words.isEmpty() ? std::nullopt : extended::parseNumber(reply.words[0]);
        if (!size || *size < 1 || *size > m_fileLeft)
            return violation("more of a file than was announced");
        m_fileLeft -= *size;
        m_chunkLeft = *size;
        return event(Kind::Body);
    }
    const auto sum = reply.field("sum");
    if (reply.token != "DONE" || !sum || !extended::isSum(*sum))
        return violation("no part of a file");
    if (m_fileLeft != 0 || reply.number("bytes") != m_file.length)
        return violation("less of a file than was announced");
    m_inFile = false;
    ExtendedEvent done = event(Kind::FileDone, sum->toByteArray());
    if (extended::isNumbered(front().path, m_file))
        done.number = ++m_numbered;
    answered();
    done.yes = hasGrown(reply);
    return done;
}

ExtendedEvent ExtendedClientSession::onPut(const Reply &reply)
{
    const Request &put = front();
    if (reply.token == "SEND") {
        const auto offset = reply.number("offset");
        const auto sum = reply.field("sum");
        if (put.folder || m_sending || !offset || *offset > put.size ||
            (put.follows && *offset > 0) || (*offset > 0 && !(sum && extended::isSum(*sum))))
            return violation("no place to send a file from");
        m_sending = true;
        ExtendedEvent begin = event(Kind::SendFrom, sum.value_or(QByteArrayView()).toByteArray());
        begin.facts.offset = *offset;
        return begin;
    }
    if (reply.token == "ABORTED") {
        if (!m_sending || !m_pending.front().aborted)
            return violation("the end of an upload that nobody gave up");
        answered();
        return event(Kind::Aborted);
    }
    const auto stored = extended::parseStored(reply);
    if (!stored || stored->sum.isEmpty() != put.folder || stored->size != put.size)
        return violation("no answer to an upload");
    // Without END only what was stored before: then nothing was to be sent.
    if (!put.folder && m_sending && !m_pending.front().ended)
        return violation("an upload that is complete before its end");
    ExtendedEvent result = event(Kind::Stored);
    result.stored = *stored;
    answered();
    return result;
}

ExtendedEvent ExtendedClientSession::onPeople(const Reply &reply)
{
    if (front().verb == Verb::Tell) {
        const auto id = extended::parseTold(reply);
        if (!id)
            return violation("no answer to a message");
        ExtendedEvent told = event(Kind::Told);
        told.number = *id;
        answered();
        return told;
    }
    if (reply.token == "END") {
        answered();
        return event(Kind::PeopleEnd);
    }
    ExtendedEvent result = event(Kind::Person);
    result.person = extended::parsePerson(reply);
    return result.person ? result : violation("a person that cannot be");
}

/// Each note once, in order: the next request begins behind the last of them.
ExtendedEvent ExtendedClientSession::onNews(const Reply &reply)
{
    if (reply.token == "END") {
        const auto end = extended::parseNewsEnd(reply);
        if (!end || end->next <= m_lastNote)
            return violation("news without an end");
        ExtendedEvent result = event(Kind::NewsEnd);
        result.number = end->next;
        result.lost = end->lost;
        m_entries = 0;
        m_lastNote = -1;
        answered();
        return result;
    }
    ExtendedEvent result = event(Kind::Note);
    result.note = extended::parseNote(reply);
    if (!result.note)
        return violation("a note that cannot be");
    if (result.note->id < front().since || result.note->id <= m_lastNote)
        return violation("a note out of order");
    if (m_entries == limits::notesAtOnce)
        return violation("more notes than may come at once");
    ++m_entries;
    m_lastNote = result.note->id;
    return result;
}

ExtendedEvent ExtendedClientSession::onRefusal(const Reply &reply, const QByteArray &line)
{
    ExtendedEvent result = event(Kind::Refused, line);
    result.token = reply.token.toByteArray();
    if (closes(reply.token)) {
        result.kind = Kind::ServerLeaves;
        return result;
    }
    if (m_pending.empty())
        return violation("a refusal of nothing");
    m_inFile = false;
    m_fileLeft = 0;
    m_entries = 0;
    m_lastNote = -1;
    answered();
    return result;
}

ExtendedEvent ExtendedClientSession::violation(const char *what)
{
    m_violation = what;
    return event(Kind::Violation, m_violation);
}

} // namespace ferry
