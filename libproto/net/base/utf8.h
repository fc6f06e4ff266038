// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

namespace ferry {

/// Length of the UTF-8 character (RFC 3629) at the start of `bytes`, which are not empty; it goes
/// to `c`. 0 if there is none: overlong forms, surrogates and what is above U+10FFFF are none.
inline qsizetype decodeUtf8(QByteArrayView bytes, char32_t &c)
{
    const uchar first = uchar(bytes.front());
    const qsizetype length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    if (length == 0 || bytes.size() < length)
        return 0;
    c = length == 1 ? first : first & (0x7F >> length);
    for (qsizetype i = 1; i < length; ++i) {
        const uchar next = uchar(bytes[i]);
        if ((next & 0xC0) != 0x80)
            return 0;
        c = (c << 6) | (next & 0x3F);
    }
    const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
    const bool impossible = (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF;
    return overlong || impossible ? 0 : length;
}

} // namespace ferry
