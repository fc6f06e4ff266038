// SPDX-License-Identifier: MIT
#pragma once

#include "unit/wire/scripteddisk.h"
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
    void loginStep(const extended::Request &request);

    Transcript m_transcript;
    ScriptedServer m_classic;
    ScriptedDisk m_disk;
    std::optional<ExtendedServerSession> m_session; ///< from HELLO on
    QByteArray m_output;
    bool m_waits = false; ///< for CANCEL, in the middle of a file
    bool m_closed = false;
};

} // namespace ferry::test
