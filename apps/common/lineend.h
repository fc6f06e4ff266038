// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace ferry {

/// A password as a file or a pipe holds it: one LF or CR LF at its end is no part of it.
inline QByteArray withoutOneLineEnd(QByteArray text)
{
    if (text.endsWith('\n'))
        text.chop(text.endsWith("\r\n") ? 2 : 1);
    return text;
}

} // namespace ferry
