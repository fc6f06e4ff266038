// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace ferry::gui {

/// Who listens on a port of this computer: "nginx (process 812)", or empty where the system does
/// not tell, which is so for other people's programs. Linux only.
QString portHolder(quint16 port);

/// The inodes of the sockets that listen on `port`, out of the text of /proc/net/tcp or tcp6.
QList<quint64> listenersIn(const QByteArray &table, quint16 port);

} // namespace ferry::gui
