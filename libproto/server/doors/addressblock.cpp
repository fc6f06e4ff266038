// SPDX-License-Identifier: MIT
#include "server/doors/addressblock.h"

#include <algorithm>

namespace ferry::server {

QHostAddress blockOf(const QHostAddress &address)
{
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    if (isIpv4)
        return QHostAddress(ipv4);
    Q_IPV6ADDR ipv6 = address.toIPv6Address();
    std::fill(ipv6.c + 8, ipv6.c + 16, quint8(0));
    return QHostAddress(ipv6);
}

int prefixOf(const QHostAddress &block)
{
    return block.protocol() == QAbstractSocket::IPv4Protocol ? 32 : 64;
}

bool isLoopback(const QHostAddress &address)
{
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    return isIpv4 ? (ipv4 >> 24) == 127 : address.isLoopback();
}

QString blockText(const QHostAddress &block)
{
    return prefixOf(block) == 32 ? block.toString() : block.toString() + QStringLiteral("/64");
}

} // namespace ferry::server
