// SPDX-License-Identifier: MIT
#include "wire/names.h"

#include "wire/limits.h"

#include <algorithm>

namespace ferry {

namespace {
constexpr char hexDigits[] = "0123456789ABCDEF";

bool isPlain(char c)
{
    return c >= 0x21 && c <= 0x7e && c != '%';
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}
} // namespace

bool isName(QByteArrayView name)
{
    return !name.isEmpty() && name.size() <= limits::nameBytes && name != "." && name != ".." &&
           !name.contains('/') && !name.contains('\0');
}

QByteArray percentEncode(QByteArrayView bytes)
{
    if (std::all_of(bytes.begin(), bytes.end(), isPlain))
        return bytes.toByteArray();
    QByteArray text;
    text.reserve(bytes.size() + 16);
    for (const char c : bytes) {
        if (isPlain(c)) {
            text += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            text += '%';
            text += hexDigits[byte >> 4];
            text += hexDigits[byte & 15];
        }
    }
    return text;
}

std::optional<QByteArray> percentDecode(QByteArrayView text)
{
    if (!text.contains('%'))
        return text.toByteArray();
    QByteArray bytes;
    bytes.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            bytes += text[i];
            continue;
        }
        if (text.size() - i < 3)
            return std::nullopt;
        const int high = hexValue(text[i + 1]);
        const int low = hexValue(text[i + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return bytes;
}

std::optional<QByteArrayList> decodeNames(QByteArrayView text)
{
    QByteArrayList names;
    for (;;) {
        const qsizetype slash = text.indexOf('/');
        const auto name = percentDecode(slash < 0 ? text : text.first(slash));
        if (!name || !isName(*name))
            return std::nullopt;
        names.append(*name);
        if (slash < 0)
            return names;
        text = text.sliced(slash + 1);
    }
}

} // namespace ferry
