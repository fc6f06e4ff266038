// SPDX-License-Identifier: MIT
#include "server/doors/addressblock.h"

#include "net/base/displaytext.h"
#include "net/base/ipaddresstext.h"
#include "net/base/ipv4.h"
#include "net/base/translate.h"

#include <algorithm>

namespace ferry::server {

namespace {

/// The first network of IPv6 is nobody's: `::1` and other addresses of special use are in it.
bool isSpecial(const Q_IPV6ADDR &ipv6)
{
    return std::all_of(ipv6.c, ipv6.c + 8, [](quint8 byte) { return byte == 0; });
}

} // namespace

QHostAddress blockOf(const QHostAddress &address)
{
    if (const auto ipv4 = ipv4In(address))
        return *ipv4;
    Q_IPV6ADDR ipv6 = address.toIPv6Address();
    if (!isSpecial(ipv6))
        std::fill(ipv6.c + 8, ipv6.c + 16, quint8(0));
    return QHostAddress(ipv6);
}

int prefixOf(const QHostAddress &block)
{
    if (block.protocol() == QAbstractSocket::IPv4Protocol)
        return 32;
    return isSpecial(block.toIPv6Address()) ? 128 : 64;
}

bool isLocalHost(const QHostAddress &address)
{
    const QHostAddress block = blockOf(address);
    return block == QHostAddress(QHostAddress::LocalHost) ||
           block == QHostAddress(QHostAddress::LocalHostIPv6);
}

QString blockText(const QHostAddress &block)
{
    return prefixOf(block) == 64 ? block.toString() + QStringLiteral("/64") : block.toString();
}

Result<QHostAddress> parseBlock(const QString &text)
{
    const qsizetype slash = text.indexOf(u'/');
    const auto address =
        parseIpAddress(text.first(slash < 0 ? text.size() : slash), Scope::Refused);
    if (!address)
        return address.error();
    const QHostAddress block = blockOf(address.value());
    if (slash >= 0 && text.sliced(slash + 1) != QString::number(prefixOf(block)))
        return Error{ErrorCode::Invalid,
                     tr("“%1” is too many or too few addresses: one IPv4 address is banned, or an "
                        "IPv6 network of 64 bits (/64). Write %2.")
                         .arg(displayText(text), blockText(block))};
    return block;
}

} // namespace ferry::server
