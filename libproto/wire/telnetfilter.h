// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace ferry {

/// Removes what a telnet client adds to what a person types: option negotiation and commands
/// (IAC …, RFC 854 and 855) and the NUL of CR NUL. IAC IAC stands for the byte 0xFF. Works
/// across any cut of the stream.
class TelnetFilter
{
public:
    /// The bytes that remain of `bytes`.
    QByteArray filter(QByteArrayView bytes);

private:
    enum class State { Data, AfterCr, Iac, Option, Subnegotiation, SubnegotiationIac };
    State m_state = State::Data;
};

} // namespace ferry
