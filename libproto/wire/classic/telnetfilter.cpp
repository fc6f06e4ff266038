// SPDX-License-Identifier: MIT
#include "wire/classic/telnetfilter.h"

#include <utility>

namespace ferry {

namespace {

// RFC 854, 855, 885 and 1184.
constexpr uchar firstCommand = 236; // EOF; up to GA (249) commands stand alone
constexpr uchar subnegotiationEnd = 240;
constexpr uchar subnegotiation = 250;
constexpr uchar will = 251;
constexpr uchar dont = 254;
constexpr uchar iac = 255;

} // namespace

QByteArray TelnetFilter::filter(QByteArrayView bytes)
{
    QByteArray text;
    text.reserve(bytes.size() + 1);
    for (const char c : bytes) {
        const auto byte = static_cast<uchar>(c);
        switch (m_state) {
        case State::Text:
            if (byte == iac)
                m_state = State::Iac;
            else
                addText(text, c);
            break;
        case State::Iac:
            m_state = State::Text;
            if (byte == subnegotiation)
                m_state = State::Subnegotiation;
            else if (byte >= will && byte <= dont)
                m_state = State::Option;
            else if (byte == iac || byte < firstCommand)
                addText(text, c);
            break;
        case State::Option:
            m_state = State::Text;
            break;
        case State::Subnegotiation:
            if (byte == iac)
                m_state = State::SubnegotiationIac;
            break;
        case State::SubnegotiationIac:
            m_state = byte == subnegotiationEnd ? State::Text : State::Subnegotiation;
            break;
        }
    }
    return text;
}

void TelnetFilter::addText(QByteArray &to, char c)
{
    const bool afterCr = std::exchange(m_heldCr, c == '\r');
    if (afterCr && c == '\0')
        return;
    if (afterCr)
        to.append('\r');
    if (c != '\r')
        to.append(c);
}

} // namespace ferry
