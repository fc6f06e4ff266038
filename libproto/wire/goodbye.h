// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

namespace ferry {

/// Is `line`, without its end, one of those with which Ferry hangs up, and which answer nothing?
/// Until HELLO is answered they come in the words of the classic dialect (classic/codec.h).
inline bool isGoodbye(QByteArrayView line)
{
    return line == "!Server is full." || line == "!Server is stopping." || line == "!Timed out." ||
           line == "!Disconnected by the operator." || line == "!Blocked by the operator." ||
           line == "!Too much before login." || line.startsWith("!Too many ");
}

} // namespace ferry
