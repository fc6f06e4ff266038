// SPDX-License-Identifier: MIT
#pragma once

#include "integration/uploads_fixture.h"
#include "support/tlspeer.h"

#include <QByteArray>
#include <QByteArrayList>

namespace ferry::test {

/// One connection of a person.
class GiftPerson
{
public:
    GiftPerson(UploadHost &host, const QByteArray &box, const QByteArray &name = "Anna")
        : m_peer(host.tlsPort())
        , m_box(box)
    {
        m_peer.say("AUTH passwd\r\nHELLO ferry/1 name=" + name +
                   (box.isEmpty() ? QByteArray() : " box=" + box) + "\r\n");
        m_ready = m_peer.line() == "#Server Ready." && m_peer.line() == "#You are logged in.";
        m_hello = m_peer.line();
    }
    bool ready() const { return m_ready; }
    const QByteArray &hello() const { return m_hello; }
    TlsPeer &peer() { return m_peer; }
    QByteArray ask(const QByteArray &request) { return m_peer.ask(request); }

    /// What came since the last time. From the first on, others can give them something.
    QByteArrayList news()
    {
        QByteArrayList notes;
        QByteArray line = ask("NEWS since=" + m_next + " box=" + m_box);
        for (; line.startsWith("#NOTE "); line = m_peer.line())
            notes.append(line);
        m_next = field(line, "next");
        return notes;
    }
    QByteArray session()
    {
        QByteArray number;
        for (QByteArray line = ask("WHO"); line.startsWith("#PERSON"); line = m_peer.line()) {
            if (line.endsWith(" self=yes"))
                number = field(line, "session");
        }
        return number;
    }

    static QByteArray field(const QByteArray &line, const QByteArray &key)
    {
        for (const QByteArray &word : line.split(' ')) {
            if (word.startsWith(key + '='))
                return word.sliced(key.size() + 1);
        }
        return {};
    }

    /// The content of a file that the server sends, or its refusal.
    QByteArray get(const QByteArray &path)
    {
        const QByteArray facts = ask("GET " + path);
        if (!facts.startsWith("#FILE "))
            return facts;
        m_id = field(facts, "id");
        QByteArray content;
        for (QByteArray line = m_peer.line(); !line.startsWith("#DONE"); line = m_peer.line()) {
            if (!line.startsWith("#DATA "))
                return line;
            content += m_peer.read(line.sliced(6).toLongLong());
        }
        return content;
    }
    QByteArray receipt(const QByteArray &path, const QByteArray &content)
    {
        return ask("RECEIPT " + path + " id=" + (m_id.isEmpty() ? QByteArray("x") : m_id) +
                   " sum=" + sumOf(content));
    }

private:
    TlsPeer m_peer;
    const QByteArray m_box;
    QByteArray m_hello;
    QByteArray m_next = "0";
    QByteArray m_id;
    bool m_ready = false;
};

} // namespace ferry::test
