// SPDX-License-Identifier: MIT
#include "client-cli/jsonline.h"

#include <QJsonDocument>

namespace ferry::client {

void addBytes(QJsonObject &fields, const QString &key, const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    fields.insert(key, text);
    if (text.toUtf8() != bytes)
        fields.insert(key + QStringLiteral("Base64"), QString::fromLatin1(bytes.toBase64()));
}

QByteArray jsonLine(const QString &event, QJsonObject fields)
{
    fields.insert(QStringLiteral("event"), event);
    return QJsonDocument(fields).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace ferry::client
