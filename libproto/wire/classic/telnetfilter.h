// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace ferry {

/// Removes what a telnet client adds to what a person types: option negotiation and commands
/// (IAC …, RFC 854 and 855) and CR NUL, which is a carriage return that ends no line. IAC IAC
/// stands for the byte 0xFF; an IAC before a byte that is no command is dropped alone, so that
/// it cannot hide a line end. Works across any cut of the stream: a CR is held until the next
/// byte of text tells what it is.
class TelnetFilter
{
public:
    /// The bytes that remain of `bytes`.
    QByteArray filter(QByteArrayView bytes);

private:
    enum class State { Text, Iac, Option, Subnegotiation, SubnegotiationIac };

    void addText(QByteArray &to, char c);

    State m_state = State::Text;
    bool m_heldCr = false;
};

} // namespace ferry
