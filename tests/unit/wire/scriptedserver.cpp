// SPDX-License-Identifier: MIT
#include "unit/wire/scriptedserver.h"

#include <QtGlobal>

namespace ferry::test {

using Kind = ServerAction::Kind;

ScriptedServer::ScriptedServer(const QByteArray &password,
                               const QMap<QByteArray, QByteArray> &files)
    : m_people(Transcript())
    , m_password(password)
    , m_files(files)
{
    run();
}

ScriptedServer::ScriptedServer(const Transcript &transcript)
    : m_session(transcript.people)
    , m_people(transcript)
    , m_password(transcript.password)
    , m_files(transcript.files)
{
    run();
}

void ScriptedServer::receive(QByteArrayView bytes)
{
    m_session.receive(bytes);
    run();
}

void ScriptedServer::receiveEnd()
{
    m_session.receiveEnd();
    run();
}

QByteArray ScriptedServer::takeOutput()
{
    return std::exchange(m_output, QByteArray());
}

void ScriptedServer::run()
{
    for (;;) {
        const ServerAction action = m_session.nextAction();
        if (m_closed && action.kind != Kind::Close)
            qFatal("something comes after Close");
        if (action.kind == Kind::Receive)
            return;
        if (action.kind == Kind::Close) {
            if (!m_closed)
                m_actions.append("close");
            m_closed = true;
            return;
        }
        carryOut(action);
    }
}

void ScriptedServer::carryOut(const ServerAction &action)
{
    const bool isQuestion = action.kind != Kind::Send && action.kind != Kind::Hello;
    if (m_session.waitsForAnswer() != isQuestion)
        qFatal("waitsForAnswer() is wrong");
    switch (action.kind) {
    case Kind::Send:
        m_actions.append("send " + action.bytes);
        m_output += action.bytes;
        break;
    case Kind::CheckPassword:
        m_actions.append("check " + action.bytes);
        m_session.passwordChecked(action.bytes == m_password);
        break;
    case Kind::OpenFile:
        m_actions.append("open " + action.bytes);
        if (!m_session.loggedIn())
            qFatal("a stranger opens a file");
        m_open = action.bytes;
        if (m_files.contains(m_open))
            m_session.fileOpened();
        else
            m_session.fileNotOpened();
        break;
    case Kind::SendFile:
        m_actions.append("body");
        m_output += m_files.value(m_open);
        if (m_open == m_cutShort)
            m_session.fileCutShort();
        else
            m_session.fileSent();
        break;
    case Kind::Tell:
        m_actions.append("tell " + action.bytes);
        if (!m_session.loggedIn())
            qFatal("a stranger writes");
        if (action.bytes == "nobody")
            m_session.notTold();
        else if (m_people.mayTell())
            m_session.told();
        else
            m_session.tellMustWait(1);
        break;
    case Kind::News:
        m_actions.append("news");
        if (!m_session.loggedIn())
            qFatal("a stranger reads");
        m_session.news(m_people.notes(), m_people.lost());
        break;
    case Kind::Hello:
        // Nobody here speaks the other dialect; what follows is Close.
        m_actions.append("hello " + action.bytes);
        m_hello = action.bytes;
        break;
    case Kind::Receive:
    case Kind::Close:
        break;
    }
}

} // namespace ferry::test
