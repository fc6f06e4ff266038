// SPDX-License-Identifier: MIT
#include "client-cli/jsonline.h"

#include "client-cli/exitcodes.h"

#include <QJsonDocument>

namespace ferry::client {

void addBytes(QJsonObject &fields, const QString &key, const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    fields.insert(key, text);
    if (text.toUtf8() != bytes)
        fields.insert(key + QStringLiteral("Base64"), QString::fromLatin1(bytes.toBase64()));
}

QJsonObject interruptedFields(const Result<qsizetype> &saved)
{
    QJsonObject fields{{QStringLiteral("queueSaved"), saved.ok()}};
    if (saved)
        fields.insert(QStringLiteral("files"), saved.value());
    else
        fields.insert(QStringLiteral("error"), saved.error().text);
    return fields;
}

QJsonObject failedUploadFields(const QByteArray &name, const Error &error)
{
    QJsonObject fields{{QStringLiteral("error"), error.text},
                       {QStringLiteral("code"), exitCodeFor(error.code)}};
    addBytes(fields, QStringLiteral("name"), name);
    return fields;
}

QJsonObject sentFields(const QByteArray &name, const QByteArray &path, qint64 bytes)
{
    QJsonObject fields = sentFolderFields(name, path);
    fields.insert(QStringLiteral("bytes"), bytes);
    fields.insert(QStringLiteral("verified"), true);
    return fields;
}

QJsonObject sentFolderFields(const QByteArray &name, const QByteArray &path)
{
    QJsonObject fields;
    addBytes(fields, QStringLiteral("name"), name);
    addBytes(fields, QStringLiteral("path"), path);
    return fields;
}

QByteArray jsonLine(const QString &event, QJsonObject fields)
{
    fields.insert(QStringLiteral("event"), event);
    return QJsonDocument(fields).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace ferry::client
