// SPDX-License-Identifier: MIT
#include "client/browse/remoteentry.h"

#include <QString>

#include <algorithm>

namespace ferry::client {

namespace {

bool isAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return uchar(c) < 0x80; });
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Letters without their accents, in lower case.
QByteArray folded(QByteArrayView name)
{
    if (isAscii(name))
        return name.toByteArray().toLower();
    QString text = QString::fromUtf8(name).normalized(QString::NormalizationForm_KD);
    text.removeIf([](QChar c) { return c.isMark(); });
    return text.toCaseFolded().toUtf8();
}

} // namespace

QByteArray naturalKey(QByteArrayView name)
{
    const QByteArray text = folded(name);
    QByteArray key;
    key.reserve(text.size() + 4);
    for (qsizetype at = 0; at < text.size();) {
        if (!isDigit(text[at])) {
            key.append(text[at++]);
            continue;
        }
        qsizetype end = at;
        while (end < text.size() && isDigit(text[end]))
            ++end;
        while (at < end - 1 && text[at] == '0')
            ++at;
        // A digit keeps the number's place among letters; its length comes before its digits.
        key.append('0');
        key.append(char(std::min<qsizetype>(end - at, 255)));
        key.append(text.constData() + at, end - at);
        at = end;
    }
    return key;
}

bool naturallyBefore(const RemoteEntry &a, const RemoteEntry &b)
{
    if (a.folder != b.folder)
        return a.folder;
    const int order = a.key.compare(b.key);
    return order != 0 ? order < 0 : a.name < b.name;
}

} // namespace ferry::client
