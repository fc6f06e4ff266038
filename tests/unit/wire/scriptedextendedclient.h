// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extendedclientsession.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

namespace ferry::test {

/// An ExtendedClientSession with a driver around it that writes down what it is told: the client
/// without its socket and files.
class ScriptedExtendedClient
{
public:
    void sent(const extended::Request &request) { m_session.sent(request); }
    void receive(QByteArrayView bytes);
    void receiveEnd();

    /// Everything so far, a few words each. The pieces of a chunk make one, however they came.
    const QByteArrayList &events() const { return m_events; }

    /// There will be no more: the peer lied, or the connection ended.
    bool ended() const { return m_ended; }

    const ExtendedClientSession &session() const { return m_session; }

private:
    void run();
    void takeBody();

    ExtendedClientSession m_session;
    QByteArrayList m_events;
    bool m_inChunk = false;
    bool m_ended = false;
};

} // namespace ferry::test
