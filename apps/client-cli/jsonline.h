// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace ferry::client {

/// JSON holds text, paths are bytes: what is no UTF-8 has a replacement at `key`, and its bytes at
/// `key` with `Base64` behind it.
void addBytes(QJsonObject &fields, const QString &key, const QByteArray &bytes);

/// What "interrupted" says: how many files are in the saved queue, or why they are not.
QJsonObject interruptedFields(const Result<qsizetype> &saved);

/// What "failed" says of an upload, and "sent", or "folder", of one that is stored.
QJsonObject failedUploadFields(const QByteArray &name, const Error &error);
QJsonObject sentFields(const QByteArray &name, const QByteArray &path, qint64 bytes);
QJsonObject sentFolderFields(const QByteArray &name, const QByteArray &path);

/// One object that names its `event`, with the line end.
QByteArray jsonLine(const QString &event, QJsonObject fields);

} // namespace ferry::client
