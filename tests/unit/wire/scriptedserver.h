// SPDX-License-Identifier: MIT
#pragma once

#include "unit/wire/scriptedpeople.h"
#include "wire/classic/classicserversession.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QMap>

namespace ferry::test {

/// A ClassicServerSession with a driver around it that answers from memory: the server without its
/// sockets and files. Checks the machine's law on the way (qFatal).
class ScriptedServer
{
public:
    explicit ScriptedServer(const QByteArray &password,
                            const QMap<QByteArray, QByteArray> &files = {});

    /// With the password, the files and the people of a transcript.
    explicit ScriptedServer(const Transcript &transcript);

    void receive(QByteArrayView bytes);
    void receiveEnd();

    /// What it has sent since the last call.
    QByteArray takeOutput();

    bool closed() const { return m_closed; }

    /// Everything it was told to do so far, one line each.
    const QByteArrayList &actions() const { return m_actions; }

    const ClassicServerSession &session() const { return m_session; }

    /// The line with which the client left for the other dialect, if it did.
    const QByteArray &hello() const { return m_hello; }
    QByteArray takeRest() { return m_session.takeRest(); }

    /// The body of this file ends before its time.
    void setCutShort(const QByteArray &path) { m_cutShort = path; }

private:
    void run();
    void carryOut(const ServerAction &action);

    ClassicServerSession m_session;
    ScriptedPeople m_people;
    QByteArray m_password;
    QMap<QByteArray, QByteArray> m_files;
    QByteArray m_cutShort;
    QByteArray m_open;
    QByteArray m_hello;
    QByteArray m_output;
    QByteArrayList m_actions;
    bool m_closed = false;
};

} // namespace ferry::test
