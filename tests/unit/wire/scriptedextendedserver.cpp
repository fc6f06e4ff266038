// SPDX-License-Identifier: MIT
#include "unit/wire/scriptedextendedserver.h"

#include <QtGlobal>

#include <algorithm>
#include <utility>

namespace ferry::test {

using extended::Verb;
using Kind = ExtendedAction::Kind;

ScriptedExtendedServer::ScriptedExtendedServer(const Transcript &transcript)
    : m_transcript(transcript)
    , m_classic(transcript)
    , m_disk(transcript)
    , m_people(transcript)
{
}

void ScriptedExtendedServer::receive(QByteArrayView bytes)
{
    if (m_session) {
        m_session->receive(bytes);
    } else {
        m_classic.receive(bytes);
        enter();
    }
    run();
}

void ScriptedExtendedServer::receiveEnd()
{
    if (m_session)
        m_session->receiveEnd();
    else
        m_classic.receiveEnd();
    run();
}

QByteArray ScriptedExtendedServer::takeOutput()
{
    return m_classic.takeOutput() + std::exchange(m_output, QByteArray());
}

/// If the client said HELLO.
void ScriptedExtendedServer::enter()
{
    if (m_classic.hello().isEmpty())
        return;
    ExtendedServerSession::Start start;
    start.offersScram = m_transcript.scram;
    start.loggedIn = m_classic.session().loggedIn();
    start.failedLogins = m_classic.session().failedLogins();
    start.strangerBytes = m_classic.session().strangerBytes();
    start.hello = m_classic.hello();
    start.agent = "Ferry/0.1.0";
    start.abilities.takesFiles = m_transcript.takes;
    start.abilities.people = m_transcript.people;
    start.abilities.gifts = m_transcript.gifts;
    start.abilities.receiptsOfRuns = m_transcript.receipts;
    m_session.emplace(start);
    m_session->receive(m_classic.takeRest());
}

void ScriptedExtendedServer::run()
{
    if (!m_session) {
        m_closed = m_classic.closed();
        return;
    }
    if (m_waits) {
        if (!m_session->cancelRequested())
            return;
        m_waits = false;
        m_output += extended::refusal("CANCELLED");
        m_session->performed();
    }
    while (!m_waits) {
        const ExtendedAction action = m_session->nextAction();
        if (m_closed && action.kind != Kind::Close)
            qFatal("something comes after Close");
        m_closed = action.kind == Kind::Close;
        if (m_closed || action.kind == Kind::Receive)
            return;
        if (action.kind == Kind::Body && m_session->bufferEmpty())
            return;
        carryOut(action);
    }
}

void ScriptedExtendedServer::carryOut(const ExtendedAction &action)
{
    if (action.kind == Kind::Send)
        m_output += action.bytes;
    if (action.kind == Kind::LoginStep)
        loginStep(action.request);
    if (action.kind == Kind::Body)
        takeBody();
    if (action.kind != Kind::Perform)
        return;
    if (!m_session->loggedIn())
        qFatal("a stranger is served");
    if (action.request.verb == Verb::Put)
        return put(action.request);
    if (action.request.verb == Verb::End || action.request.verb == Verb::Abort) {
        m_output += action.request.verb == Verb::End ? end(action.request) : abort(action.request);
        return m_session->performed();
    }
    if (action.request.verb >= Verb::Who && action.request.verb <= Verb::Drop) {
        const auto lines = m_people.answer(action.request);
        m_output += lines.value_or(QByteArray());
        m_waits = !lines;
        if (!m_waits)
            m_session->performed();
        return;
    }
    const ScriptedDisk::Answer answer = m_disk.answer(action.request);
    m_output += answer.bytes;
    m_waits = answer.waits;
    if (!m_waits)
        m_session->performed();
}

void ScriptedExtendedServer::put(const extended::Request &request)
{
    m_put = request;
    const QByteArray path = request.path.toBytes();
    const bool isFile = m_transcript.files.contains(path);
    const bool isFolder =
        std::any_of(m_transcript.disk.begin(), m_transcript.disk.end(),
                    [&path](const DiskEntry &entry) { return entry.folder && entry.path == path; });
    if (!m_transcript.takes)
        m_output += extended::refusal("READONLY");
    else if (request.folder ? isFile : isFolder)
        m_output += extended::refusal("EXISTS");
    else if (request.folder)
        m_output += extended::stored({path, 0, {}, {}});
    if (!m_transcript.takes || request.folder || isFolder)
        return m_session->performed();
    m_content = request.follows ? QByteArray() : m_parts.value(request.upload);
    m_output += extended::sendFrom(m_content.size(), checksumOf(m_content));
    m_session->uploadOpened();
}

void ScriptedExtendedServer::takeBody()
{
    QByteArray bytes(m_session->bodyRemaining(), Qt::Uninitialized);
    bytes.truncate(m_session->takeBody(bytes.data(), bytes.size()));
    m_content += bytes;
    const bool tooMuch = m_content.size() > m_put.size;
    if (!tooMuch && m_content.size() <= m_transcript.room)
        return;
    m_parts[m_put.upload] = tooMuch ? QByteArray() : m_content.first(m_transcript.room);
    m_output += extended::refusal(tooMuch ? "MISMATCH" : "NOROOM");
    m_session->uploadRefused();
}

QByteArray ScriptedExtendedServer::end(const extended::Request &request)
{
    m_parts.remove(m_put.upload);
    if (m_content.size() != m_put.size || request.sum != checksumOf(m_content))
        return extended::refusal("MISMATCH");
    QByteArray path = m_put.path.toBytes();
    for (int n = 1; m_transcript.files.contains(path); ++n)
        path = m_put.path.toBytes() + " (" + QByteArray::number(n) + ')';
    m_transcript.files[path] = m_content;
    return extended::stored(
        {path, m_content.size(), request.sum, "u" + QByteArray::number(m_transcript.files.size())});
}

QByteArray ScriptedExtendedServer::abort(const extended::Request &request)
{
    m_parts[m_put.upload] = request.drop ? QByteArray() : m_content;
    return extended::success("ABORTED");
}

void ScriptedExtendedServer::loginStep(const extended::Request &request)
{
    const QByteArray outcome = m_transcript.logins.value(request.base64, "!DENIED");
    const auto reply = extended::parseReply(outcome);
    if (!reply)
        qFatal("%s is no outcome of a login", outcome.constData());
    if (reply->token == "CHALLENGE" && !reply->words.isEmpty())
        m_session->loginChallenged(reply->words[0]);
    else if (reply->token == "LOGIN")
        m_session->loginSucceeded(reply->field("account").value_or(QByteArrayView()),
                                  reply->field("final").value_or(QByteArrayView()));
    else if (reply->token == "WAIT")
        m_session->loginMustWait(reply->number("seconds").value_or(0));
    else
        m_session->loginFailed();
}

} // namespace ferry::test
