// SPDX-License-Identifier: MIT
/// The addresses under which this computer can be reached, as a person types them.
#pragma once

#include <QHostAddress>
#include <QList>
#include <QString>

namespace ferry::gui {

struct OwnAddress
{
    QHostAddress address;
    QString interface; ///< the system's name for it, e.g. "eth0"
};

/// Of every interface that is up, without loopback and without IPv6 link-local ones (those mean
/// something else on every computer). The interface of the default route comes first, IPv4
/// before IPv6.
QList<OwnAddress> ownAddresses();

/// The interface of the default route in Linux's /proc/net/route; empty if there is none.
QString defaultRouteInterface(const QByteArray &table);

/// Brings `addresses` into the order that ownAddresses() promises.
void sortAddresses(QList<OwnAddress> &addresses, const QString &defaultInterface);

/// The line that a telnet user types.
QString telnetLine(const QString &host, quint16 port);

/// The line that fetches the share named `share` on the command line of another computer;
/// PATH in its place where nobody could type that name.
QString ferryGetLine(const QString &host, quint16 port, const QByteArray &share);

/// Is there nobody else who listens there, and may we?
bool canListen(const QHostAddress &address, quint16 port);

/// The first port above `taken` that can be listened on at `address`; 0 if none is near.
quint16 nextFreePort(const QHostAddress &address, quint16 taken);

} // namespace ferry::gui
