// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"

#include <QByteArrayView>
#include <QString>

namespace ferry {

/// Remote bytes as text that is safe to show in a row, a log line or on a terminal: control
/// characters (C0, C1, DEL), line separators and bidirectional marks become visible escapes
/// (`\x1B`, `\u202E`), invalid UTF-8 becomes `\xNN`, and what is longer than
/// limits::displayCharacters is cut with an ellipsis. Never used to name a file.
QString displayText(QByteArrayView bytes);
/// The same of a text that is read as a whole, cut at so many characters.
QString displayText(QByteArrayView bytes, qsizetype mostCharacters);
QString displayText(const QString &text);
inline QString displayText(const QByteArray &bytes)
{
    return displayText(QByteArrayView(bytes));
}

} // namespace ferry
