// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace ferry::client {

/// JSON holds text, paths are bytes: what is no UTF-8 has a replacement at `key`, and its bytes at
/// `key` with `Base64` behind it.
void addBytes(QJsonObject &fields, const QString &key, const QByteArray &bytes);

/// One object that names its `event`, with the line end.
QByteArray jsonLine(const QString &event, QJsonObject fields);

} // namespace ferry::client
