// SPDX-License-Identifier: MIT
/// Names of files as they travel: any bytes but `/` and NUL, percent-encoded in lines.
/// Grammar: docs/PROTOCOL.md, "Grammar".
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <optional>

namespace ferry {

/// One name of a path: 1 to 255 bytes, no `/`, no NUL, not `.` and not `..`.
bool isName(QByteArrayView name);

/// Everything outside printable ASCII, and `%` itself, as %XX. `/` stays, so that a path of
/// several names can be encoded at once.
QByteArray percentEncode(QByteArrayView bytes);

/// Undoes it, once. Nothing for a `%` without two hexadecimal digits.
std::optional<QByteArray> percentDecode(QByteArrayView text);

/// Splits at `/` first and decodes each name then, so that no escape can make a separator.
/// Nothing if one of them is no name. `text` has no `/` at its start or end.
std::optional<QByteArrayList> decodeNames(QByteArrayView text);

} // namespace ferry
