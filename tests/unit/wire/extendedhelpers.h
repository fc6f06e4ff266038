// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extendedserversession.h"

namespace ferry::test {

inline const QByteArray anyHash = "xxh3:0123456789abcdef0123456789abcdef";

inline extended::Request request(extended::Verb verb, QByteArrayView path = "/", qint64 offset = 0)
{
    extended::Request made;
    made.verb = verb;
    made.path = *VirtualPath::parseEncoded(path);
    made.offset = offset;
    if (verb == extended::Verb::Receipt) {
        made.id = "i1";
        made.sum = anyHash;
    }
    return made;
}

/// A server's half whose client logged in by AUTH; its answer to HELLO is still to come.
inline ExtendedServerSession loggedInServer()
{
    ExtendedServerSession::Start start;
    start.loggedIn = true;
    start.hello = "HELLO ferry/1 agent=tester";
    start.agent = "Ferry/test";
    return ExtendedServerSession(start);
}

} // namespace ferry::test
