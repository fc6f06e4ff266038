// SPDX-License-Identifier: MIT
#include "client/disk/localname.h"

#include "net/base/checksum.h"
#include "net/base/filename.h"
#include "net/base/translate.h"
#include "net/base/utf8.h"
#include "wire/limits.h"

#include <QSysInfo>

#include <algorithm>

namespace ferry::client {

namespace {

Error invalid(const char *text)
{
    return {ErrorCode::Invalid, tr(text)};
}

constexpr qsizetype partNameBytes = 143; ///< the most; eCryptfs
constexpr qsizetype partDigits = 8;

constexpr char16_t escapeBase = 0xDC00; ///< U+DC80…U+DCFF stand for the bytes 0x80…0xFF

} // namespace

Result<QString> localName(QByteArrayView remotePath, bool classic)
{
    qsizetype start = remotePath.lastIndexOf('/') + 1;
    if (classic)
        start = std::max(start, remotePath.lastIndexOf('\\') + 1);
    const QByteArrayView name = remotePath.sliced(start);
    if (name.isEmpty())
        return invalid(QT_TRANSLATE_NOOP("ferry", "The path does not end in a file name."));
    if (name == "." || name == "..")
        return invalid(QT_TRANSLATE_NOOP("ferry", "The path ends in a folder."));
    if (name.contains('\0'))
        return invalid(QT_TRANSLATE_NOOP("ferry", "The file name has a NUL in it."));
    if (name.size() > limits::nameBytes)
        return invalid(QT_TRANSLATE_NOOP("ferry", "The file name is too long."));
    return localText(name);
}

Result<QString> targetName(QByteArrayView remotePath)
{
    if (remotePath == "/")
        return QString();
    while (remotePath.endsWith('/'))
        remotePath.chop(1);
    return localName(remotePath, false);
}

QString numberedName(const QString &name, int n)
{
    return localText(numberedFileName(localBytes(name), n));
}

QByteArray partName(const QString &name, int n)
{
    static const QByteArray salt = '\0' + QSysInfo::machineUniqueId();
    const QByteArray bytes = localBytes(name);
    Checksum sum;
    sum.add(bytes);
    sum.add(salt);
    QByteArray suffix = '.' + sum.hex().first(partDigits);
    if (n > 0)
        suffix += '-' + QByteArray::number(n);
    suffix += ".part";
    return cutName(bytes, partNameBytes - suffix.size()).toByteArray() + suffix;
}

bool isPartName(const QString &name)
{
    const QByteArray end(".part");
    const QByteArray bytes = localBytes(name);
    if (!bytes.endsWith(end))
        return false;
    const QByteArray stem = bytes.chopped(end.size());
    const qsizetype dot = stem.lastIndexOf('.');
    if (dot < 0)
        return false;
    if (partName(localText(stem.first(dot)), stem.mid(dot + partDigits + 2).toInt()) == bytes)
        return true;
    // The digits of a name that was cut cannot be checked; cutName() cuts no character.
    const QByteArray digits = stem.sliced(dot + 1).split('-').first();
    return bytes.size() > partNameBytes - 4 && bytes.size() <= partNameBytes &&
           digits.size() == partDigits && QByteArray::fromHex(digits).toHex() == digits;
}

QString localText(QByteArrayView bytes)
{
    QString text;
    text.reserve(bytes.size());
    while (!bytes.isEmpty()) {
        char32_t character = 0;
        const qsizetype length = decodeUtf8(bytes, character);
        if (length == 0)
            text += QChar(char16_t(escapeBase + uchar(bytes.front())));
        else
            text += QChar::fromUcs4(character);
        bytes = bytes.sliced(std::max<qsizetype>(length, 1));
    }
    return text;
}

QByteArray localBytes(QStringView text)
{
    QByteArray bytes;
    bytes.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i].unicode();
        if (QChar::isHighSurrogate(unit) && i + 1 < text.size() && text[i + 1].isLowSurrogate())
            bytes += text.sliced(i++, 2).toUtf8();
        else if (unit < 0x80)
            bytes += static_cast<char>(unit); // nearly all of them
        else if (unit >= escapeBase + 0x80 && unit <= escapeBase + 0xFF)
            bytes += static_cast<char>(unit - escapeBase);
        else
            bytes += text.sliced(i, 1).toUtf8();
    }
    return bytes;
}

} // namespace ferry::client
