// SPDX-License-Identifier: MIT
#include "wire/extended/extendedwords.h"

#include "wire/extended/sumname.h"
#include "wire/limits.h"

#include <algorithm>
#include <limits>

namespace ferry::extended {

Words split(QByteArrayView line)
{
    Words words;
    for (;;) {
        const qsizetype space = line.indexOf(' ');
        if (space < 0) {
            words.append(line);
            return words;
        }
        words.append(line.first(space));
        line = line.sliced(space + 1);
    }
}

QByteArray number(qint64 value)
{
    return QByteArray::number(value);
}

std::optional<qint64> parseNumber(QByteArrayView digits)
{
    if (digits.isEmpty() || digits.size() > 19 || (digits.size() > 1 && digits[0] == '0'))
        return std::nullopt;
    quint64 value = 0; // 19 digits fit
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + static_cast<quint64>(c - '0');
    }
    if (value > static_cast<quint64>(std::numeric_limits<qint64>::max()))
        return std::nullopt;
    return static_cast<qint64>(value);
}

std::optional<qint64> parseSize(QByteArrayView digits)
{
    const auto size = parseNumber(digits);
    return size && *size <= limits::maxFileBytes ? size : std::nullopt;
}

std::optional<qint64> parseSigned(QByteArrayView digits)
{
    if (!digits.startsWith('-'))
        return parseNumber(digits);
    const auto value = parseNumber(digits.sliced(1));
    return value ? std::optional(-*value) : std::nullopt;
}

bool isId(QByteArrayView id)
{
    return !id.isEmpty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool isSum(QByteArrayView sum)
{
    constexpr QByteArrayView prefix = sumName;
    if (!sum.startsWith(prefix) || sum.size() != prefix.size() + 32)
        return false;
    return std::all_of(sum.begin() + prefix.size(), sum.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace ferry::extended
