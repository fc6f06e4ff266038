// SPDX-License-Identifier: MIT
#pragma once

#include "unit/wire/scripteddisk.h"
#include "unit/wire/scriptedpeople.h"
#include "unit/wire/scriptedserver.h"
#include "wire/extended/extendedserversession.h"

#include <optional>

namespace ferry::test {

/// Both halves of a server, classic until HELLO, with a driver that answers from a transcript.
class ScriptedExtendedServer
{
public:
    explicit ScriptedExtendedServer(const Transcript &transcript);

    void receive(QByteArrayView bytes);
    void receiveEnd();

    /// What it has sent since the last call.
    QByteArray takeOutput();

    bool closed() const { return m_closed; }

private:
    void enter();
    void run();
    void carryOut(const ExtendedAction &action);
    void put(const extended::Request &request);
    void takeBody();
    QByteArray end(const extended::Request &request);
    QByteArray abort(const extended::Request &request);
    void loginStep(const extended::Request &request);

    Transcript m_transcript;
    ScriptedServer m_classic;
    ScriptedDisk m_disk;
    ScriptedPeople m_people;
    std::optional<ExtendedServerSession> m_session; ///< from HELLO on
    extended::Request m_put;                        ///< of the upload under way
    QByteArray m_content;                           ///< what came of it
    QMap<QByteArray, QByteArray> m_parts;           ///< of uploads that were given up, by their ID
    QByteArray m_output;
    bool m_waits = false; ///< for CANCEL, in the middle of a file
    bool m_closed = false;
};

} // namespace ferry::test
