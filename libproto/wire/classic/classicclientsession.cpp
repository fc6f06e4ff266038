// SPDX-License-Identifier: MIT
#include "wire/classic/classicclientsession.h"

#include "wire/classic/codec.h"
#include "wire/goodbye.h"
#include "wire/limits.h"

#include <algorithm>

namespace ferry {

using Kind = ClassicClientEvent::Kind;

namespace {

/// A reply of the codec with another line end.
QByteArray withLineEnd(QByteArray reply, QByteArrayView lineEnd)
{
    reply.chop(qsizetype(sizeof(classic::lineEnd)) - 1);
    return reply.append(lineEnd.data(), lineEnd.size());
}

/// Where the last line of `bytes` begins, if that is a complete `!` line; else -1.
qsizetype lastRefusal(QByteArrayView bytes)
{
    if (!bytes.endsWith('\n'))
        return -1;
    const QByteArrayView tail =
        bytes.last(std::min(bytes.size(), limits::lineBytes + 3)).chopped(1);
    const qsizetype before = tail.lastIndexOf('\n');
    if (before < 0 && tail.size() + 1 < bytes.size())
        return -1; // longer than a line may be
    const qsizetype start = bytes.size() - 1 - tail.size() + before + 1;
    return bytes[start] == '!' ? start : -1;
}

/// The first line of `bytes` without its end, and no more of it than a line may hold.
QByteArrayView firstLine(QByteArrayView bytes)
{
    bytes = bytes.first(std::min(bytes.size(), limits::lineBytes));
    const qsizetype end = bytes.indexOf('\n');
    if (end >= 0)
        bytes = bytes.first(end);
    return bytes.endsWith('\r') ? bytes.chopped(1) : bytes;
}

} // namespace

void ClassicClientSession::login(QByteArrayView password)
{
    Q_ASSERT(m_state == State::Idle || m_state == State::Ended);
    if (m_state == State::Ended)
        return;
    if (!classic::canBeSent(password))
        return push(Kind::BadPassword);
    m_state = State::Login;
    push(Kind::Send, classic::auth(password));
}

void ClassicClientSession::requestFile(QByteArrayView path, QByteArrayView probeName)
{
    Q_ASSERT(m_state == State::Idle || m_state == State::Ended);
    if (m_state == State::Ended)
        return;
    if (!classic::canBeSent(path))
        return push(Kind::FileMissing);
    m_trailer = withLineEnd(classic::fileSent(path), m_lineEnd);
    m_missing = withLineEnd(classic::fileNotOpened(path), m_lineEnd);
    m_probeAnswer = withLineEnd(classic::fileNotOpened(probeName), m_lineEnd);
    m_probe = classic::file(probeName);
    m_probeSent = false;
    m_mayBeAll = false;
    m_givenOut = 0;
    m_state = State::File;
    push(Kind::Send, classic::file(path));
}

void ClassicClientSession::quit()
{
    if (m_state != State::Ended)
        push(Kind::Send, classic::quit);
    end();
}

void ClassicClientSession::receive(QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    switch (m_state) {
    case State::Greeting:
    case State::Login:
        m_input.append(bytes);
        receiveLine();
        break;
    case State::File:
        m_input.append(bytes);
        receiveFile();
        break;
    case State::Idle:
        m_usable = false; // nothing was asked for
        break;
    case State::Ended:
        break;
    }
}

void ClassicClientSession::receiveEnd()
{
    if (m_state == State::File)
        endOfFile();
    else if (m_state == State::Greeting && m_input.size() > 0 && !m_input.view().startsWith('#'))
        violate(m_input.view());
    end();
}

void ClassicClientSession::silence()
{
    if (m_state == State::File && probing())
        acceptUnproven();
}

ClassicClientEvent ClassicClientSession::nextEvent()
{
    if (m_events.empty())
        return {m_state == State::Ended ? Kind::CutShort : Kind::Receive, {}};
    ClassicClientEvent event = std::move(m_events.front());
    m_events.pop_front();
    return event;
}

/// The one line that answers the connection or a login.
void ClassicClientSession::receiveLine()
{
    const QByteArrayView raw = m_input.view();
    const bool crLf = raw.first(std::max<qsizetype>(raw.indexOf('\n'), 0)).endsWith('\r');
    const QByteArray said = firstLine(raw).toByteArray();
    const ReceiveBuffer::Taken taken = m_input.takeLine();
    if (taken.status == ReceiveBuffer::Status::NeedMore)
        return;
    const bool good = taken.line.startsWith('#');
    const bool refused = taken.line.startsWith('!') && !isGoodbye(taken.line);
    if (m_state == State::Greeting && good) {
        m_lineEnd = crLf ? "\r\n" : "\n";
        push(Kind::Greeted, taken.line);
    } else if (m_state == State::Login && (good || refused)) {
        push(good ? Kind::LoggedIn : Kind::BadPassword, taken.line);
    } else {
        return violate(said);
    }
    m_state = State::Idle;
    if (m_input.size() > 0) {
        m_usable = false;
        m_input.clear();
    }
}

void ClassicClientSession::receiveFile()
{
    const Reading reading = read();
    if (reading.probe == Reading::Probe::Answered)
        return finish(reading);

    m_mayBeAll = reading.kind == Reading::Kind::File || reading.kind == Reading::Kind::Missing ||
                 (reading.kind == Reading::Kind::Refused &&
                  reading.probe == Reading::Probe::AnsweredOtherwise);
    if (reading.kind != Reading::Kind::Unfinished && !m_probeSent) {
        m_probeSent = true;
        push(Kind::Send, m_probe);
    }

    // What may belong to the end: the trailer or the not-found line, and any line in the place of
    // the probe's answer.
    const qsizetype keep = m_missing.size() + limits::lineBytes + m_lineEnd.size();
    if (m_input.size() > keep) {
        const QByteArray content = m_input.takeBytes(m_input.size() - keep);
        m_givenOut += content.size();
        push(Kind::FileBytes, content);
    }
}

ClassicClientSession::Reading ClassicClientSession::read() const
{
    const QByteArrayView input = m_input.view();
    if (m_probeSent && input.endsWith(m_probeAnswer)) {
        Reading reading = readWithoutProbe(input.chopped(m_probeAnswer.size()));
        if (reading.kind == Reading::Kind::Unfinished)
            reading.kind = Reading::Kind::Lost;
        reading.probe = Reading::Probe::Answered;
        return reading;
    }
    const Reading reading = readWithoutProbe(input);
    if (reading.kind != Reading::Kind::Unfinished || !m_probeSent)
        return reading;
    const qsizetype refusal = lastRefusal(input);
    if (refusal < 0)
        return reading;
    Reading before = readWithoutProbe(input.first(refusal));
    before.probe = Reading::Probe::AnsweredOtherwise;
    return before;
}

ClassicClientSession::Reading ClassicClientSession::readWithoutProbe(QByteArrayView answer) const
{
    if (answer.endsWith(m_trailer))
        return {Reading::Kind::File, answer.size() - m_trailer.size()};
    if (m_givenOut > 0)
        return {};
    if (answer == m_missing)
        return {Reading::Kind::Missing};
    if (lastRefusal(answer) == 0)
        return {Reading::Kind::Refused};
    return {};
}

/// What a server says before it hangs up stands where the probe's answer would, sent or not.
void ClassicClientSession::endOfFile()
{
    const QByteArrayView input = m_input.view();
    const qsizetype last = lastRefusal(input);
    const QByteArray goodbye =
        last < 0 ? QByteArray() : firstLine(input.sliced(last)).toByteArray();
    if (isGoodbye(goodbye)) {
        if (last == 0 && m_givenOut == 0)
            return violate(goodbye);
        m_probeSent = true;
        receiveFile();
    }
    acceptUnproven();
}

/// No word about the probe will come: the last line before that decides.
void ClassicClientSession::acceptUnproven()
{
    if (m_mayBeAll)
        finish(read());
}

void ClassicClientSession::finish(const Reading &reading)
{
    const QByteArray said = firstLine(m_input.view()).toByteArray();
    switch (reading.kind) {
    case Reading::Kind::Unfinished:
        return;
    case Reading::Kind::File:
        if (reading.content > 0)
            push(Kind::FileBytes, m_input.takeBytes(reading.content));
        push(Kind::FileEnd);
        break;
    case Reading::Kind::Missing:
        push(Kind::FileMissing, said);
        break;
    case Reading::Kind::Refused:
    case Reading::Kind::Lost:
        return violate(said);
    }
    m_usable = m_usable && reading.probe == Reading::Probe::Answered;
    m_state = State::Idle;
    m_probeSent = false;
    m_mayBeAll = false;
    m_input.clear();
}

void ClassicClientSession::violate(QByteArrayView said)
{
    push(Kind::Violation, said.toByteArray());
    end();
}

void ClassicClientSession::end()
{
    m_state = State::Ended;
    m_usable = false;
    m_probeSent = false;
    m_mayBeAll = false;
    m_input.clear();
}

void ClassicClientSession::push(Kind kind, const QByteArray &bytes)
{
    m_events.push_back({kind, bytes});
}

} // namespace ferry
