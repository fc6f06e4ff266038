// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <algorithm>
#include <iterator>
#include <optional>

namespace ferry {

/// The IPv4 address that this is, or that came through an IPv6 socket (`::ffff:10.1.2.3`).
/// QHostAddress::toIPv4Address() also takes `::` for 0.0.0.0.
inline std::optional<QHostAddress> ipv4In(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return address;
    constexpr quint8 mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    const Q_IPV6ADDR ipv6 = address.toIPv6Address();
    if (address.protocol() != QAbstractSocket::IPv6Protocol ||
        !std::equal(std::begin(mapped), std::end(mapped), std::begin(ipv6.c)))
        return std::nullopt;
    return QHostAddress(address.toIPv4Address());
}

} // namespace ferry
