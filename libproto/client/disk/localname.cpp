// SPDX-License-Identifier: MIT
#include "client/disk/localname.h"

#include "wire/limits.h"

#include <QCoreApplication>

#include <algorithm>

namespace ferry::client {

namespace {

Error invalid(const char *text)
{
    return {ErrorCode::Invalid, QCoreApplication::translate("ferry", text)};
}

uchar at(QByteArrayView bytes, qsizetype i)
{
    return static_cast<uchar>(bytes[i]);
}

/// Bytes of the UTF-8 character that `bytes` starts with (RFC 3629: no overlong form, no
/// surrogate, nothing above U+10FFFF); 0 if there is none.
qsizetype characterBytes(QByteArrayView bytes)
{
    const uchar first = at(bytes, 0);
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    const qsizetype length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (bytes.size() < length)
        return 0;
    const uchar lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const uchar highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at(bytes, 1) < lowest || at(bytes, 1) > highest)
        return 0;
    for (qsizetype i = 2; i < length; ++i) {
        if ((at(bytes, i) & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

char32_t character(QByteArrayView bytes)
{
    if (bytes.size() == 1)
        return at(bytes, 0);
    char32_t result = at(bytes, 0) & (0xFF >> (bytes.size() + 1));
    for (qsizetype i = 1; i < bytes.size(); ++i)
        result = result << 6 | (at(bytes, i) & 0x3F);
    return result;
}

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
    const QByteArray bytes = localBytes(name);
    const qsizetype dot = bytes.lastIndexOf('.');
    const qsizetype split = dot > 0 ? dot : bytes.size();
    const QByteArray number = " (" + QByteArray::number(n) + ")";
    // An extension that leaves no room for the name is none.
    const QByteArrayView extension = bytes.size() - split + number.size() < limits::nameBytes / 2
                                         ? QByteArrayView(bytes).sliced(split)
                                         : QByteArrayView();
    const QByteArrayView base =
        extension.isEmpty() ? QByteArrayView(bytes) : QByteArrayView(bytes).first(split);
    const QByteArrayView kept = cutName(base, limits::nameBytes - number.size() - extension.size());
    return localText(kept.toByteArray() + number + extension.toByteArray());
}

QString localText(QByteArrayView bytes)
{
    QString text;
    text.reserve(bytes.size());
    while (!bytes.isEmpty()) {
        const qsizetype length = characterBytes(bytes);
        if (length == 0)
            text += QChar(char16_t(escapeBase + at(bytes, 0)));
        else
            text += QChar::fromUcs4(character(bytes.first(length)));
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
        else if (unit >= escapeBase + 0x80 && unit <= escapeBase + 0xFF)
            bytes += static_cast<char>(unit - escapeBase);
        else
            bytes += text.sliced(i, 1).toUtf8();
    }
    return bytes;
}

QByteArrayView cutName(QByteArrayView name, qsizetype most)
{
    if (name.size() <= most)
        return name;
    while (most > 0 && (at(name, most) & 0xC0) == 0x80)
        --most;
    return name.first(most);
}

} // namespace ferry::client
