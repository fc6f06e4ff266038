// SPDX-License-Identifier: MIT
#include "net/base/bytesize.h"

#include <QRegularExpression>

#include <limits>

namespace ferry {

std::optional<qint64> parseByteSize(QByteArrayView text)
{
    static const QRegularExpression form(
        QStringLiteral(R"(\A([0-9]+)(\.[0-9]+)?(?:([kmgt])(i)?)?b?\z)"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(QString::fromLatin1(text));
    if (!match.hasMatch())
        return std::nullopt;
    qint64 unit = 1;
    const QString letter = match.captured(3).toLower();
    const qint64 step = match.captured(4).isEmpty() ? 1000 : 1024;
    for (qsizetype left = letter.isEmpty() ? 0 : QStringLiteral("kmgt").indexOf(letter) + 1;
         left > 0; --left)
        unit *= step;
    bool isNumber = false;
    const qint64 whole = match.captured(1).toLongLong(&isNumber);
    const auto part = qint64(QString(u'0' + match.captured(2)).toDouble() * double(unit));
    if (!isNumber || whole > (std::numeric_limits<qint64>::max() - part) / unit ||
        whole * unit + part < 1)
        return std::nullopt;
    return whole * unit + part;
}

} // namespace ferry
