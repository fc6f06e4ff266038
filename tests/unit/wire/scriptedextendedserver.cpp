// SPDX-License-Identifier: MIT
#include "unit/wire/scriptedextendedserver.h"

#include <QtGlobal>

#include <utility>

namespace ferry::test {

using Kind = ExtendedAction::Kind;

ScriptedExtendedServer::ScriptedExtendedServer(const Transcript &transcript)
    : m_transcript(transcript)
    , m_classic(transcript.password, transcript.files)
    , m_disk(transcript)
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
        carryOut(action);
    }
}

void ScriptedExtendedServer::carryOut(const ExtendedAction &action)
{
    if (action.kind == Kind::Send)
        m_output += action.bytes;
    if (action.kind == Kind::LoginStep)
        loginStep(action.request);
    if (action.kind != Kind::Perform)
        return;
    if (!m_session->loggedIn())
        qFatal("a stranger is served");
    const ScriptedDisk::Answer answer = m_disk.answer(action.request);
    m_output += answer.bytes;
    m_waits = answer.waits;
    if (!m_waits)
        m_session->performed();
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
