// SPDX-License-Identifier: MIT
#include "net/base/ipaddresstext.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"

#include <QByteArray>
#include <QtEndian>

#include <algorithm>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace ferry {

namespace {

/// Of IFNAMSIZ, without the NUL at its end.
constexpr qsizetype maxInterfaceName = 15;

Error notAnAddress(const QString &text)
{
    return {ErrorCode::Invalid,
            tr("“%1” is not an IP address. Write an IPv4 address as four numbers from 0 to 255 "
               "without zeros in front, such as 192.168.1.44, or an IPv6 address such as "
               "2001:db8::7.")
                .arg(displayText(text))};
}

/// inet_pton() knows the one notation only, unlike inet_aton(), getaddrinfo() and QHostAddress.
std::optional<QHostAddress> numeric(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    if (bytes.contains('\0'))
        return std::nullopt;
    in_addr ipv4 = {};
    if (::inet_pton(AF_INET, bytes.constData(), &ipv4) == 1)
        return QHostAddress(qFromBigEndian(quint32(ipv4.s_addr)));
    in6_addr ipv6 = {};
    if (::inet_pton(AF_INET6, bytes.constData(), &ipv6) == 1)
        return QHostAddress(ipv6.s6_addr);
    return std::nullopt;
}

bool isInterface(const QString &name)
{
    return !name.isEmpty() && name.size() <= maxInterfaceName &&
           std::all_of(name.begin(), name.end(), [](QChar c) {
               return c.isPrint() && !c.isSpace() && c != u'/' && c != u'%';
           });
}

} // namespace

Result<QHostAddress> parseIpAddress(const QString &text, Scope scope)
{
    const qsizetype percent = text.indexOf(u'%');
    std::optional<QHostAddress> address = numeric(text.first(percent < 0 ? text.size() : percent));
    if (!address)
        return notAnAddress(text);
    if (percent < 0)
        return *address;
    const QString zone = text.sliced(percent + 1);
    if (address->protocol() != QAbstractSocket::IPv6Protocol || !isInterface(zone))
        return notAnAddress(text);
    if (!address->isLinkLocal())
        return Error{ErrorCode::Invalid,
                     tr("Only an address that begins with fe80: takes a %interface. Write %1.")
                         .arg(address->toString())};
    if (scope == Scope::Refused)
        return Error{
            ErrorCode::Invalid,
            tr("Leave out the interface behind the %. Write %1.").arg(address->toString())};
    address->setScopeId(zone);
    return *address;
}

bool isMeantAsIpv4(const QString &host)
{
    const QString name = host.endsWith(u'.') ? host.chopped(1) : host;
    const QString last = name.sliced(name.lastIndexOf(u'.') + 1);
    const bool isHex = last.startsWith(QStringLiteral("0x"), Qt::CaseInsensitive);
    const QString digits = isHex ? last.sliced(2) : last;
    return (isHex || !digits.isEmpty()) && std::all_of(digits.begin(), digits.end(), [&](QChar c) {
               return (c >= u'0' && c <= u'9') ||
                      (isHex && ((c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F')));
           });
}

} // namespace ferry
