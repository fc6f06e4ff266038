// SPDX-License-Identifier: MIT
/// What the lines of the extended dialect are made of: docs/PROTOCOL.md.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QVarLengthArray>

#include <optional>

namespace ferry::extended {

/// Views into the line that they were cut from.
using Words = QVarLengthArray<QByteArrayView, 8>;

/// The words of a line: runs of anything but SP. Two spaces in a row make an empty word, which
/// no rule accepts.
Words split(QByteArrayView line);

/// 1 to 19 digits up to 2^63-1, no sign, no leading zero. Nothing for anything else.
std::optional<qint64> parseNumber(QByteArrayView digits);
/// The same up to limits::maxFileBytes.
std::optional<qint64> parseSize(QByteArrayView digits);
/// A number that may have a `-` in front of it: only times lie before the epoch.
std::optional<qint64> parseSigned(QByteArrayView digits);
/// The digits of `value`, with a sign only below zero.
QByteArray number(qint64 value);
bool isId(QByteArrayView id);
bool isSum(QByteArrayView sum);

} // namespace ferry::extended
