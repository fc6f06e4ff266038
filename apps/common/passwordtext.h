// SPDX-License-Identifier: MIT
/// A password as it comes from a file, a pipe, a variable or the clipboard.
#pragma once

#include <QByteArray>
#include <QString>

#include <algorithm>

namespace ferry {

/// Line ends around it are no part of it.
inline QByteArray withoutLineEnds(const QByteArray &text)
{
    const auto isLineEnd = [](char c) { return c == '\n' || c == '\r'; };
    const auto start = std::find_if_not(text.begin(), text.end(), isLineEnd);
    const auto end = std::find_if_not(text.rbegin(), std::make_reverse_iterator(start), isLineEnd);
    return {start, qsizetype(end.base() - start)};
}

inline QString withoutLineEnds(const QString &text)
{
    return QString::fromUtf8(withoutLineEnds(text.toUtf8()));
}

/// It is one that a person does not see: a part of the password, or copied by mistake.
inline bool hasOuterBlank(const QString &password)
{
    return !password.isEmpty() && (password.front().isSpace() || password.back().isSpace());
}

} // namespace ferry
