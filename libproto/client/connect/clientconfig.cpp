// SPDX-License-Identifier: MIT
#include "client/connect/clientconfig.h"
#include "net/base/endpointtext.h"
#include "net/base/ipaddresstext.h"
#include "net/base/ipv4.h"
#include "net/base/translate.h"
#include "net/limits.h"

#include <QHostAddress>
#include <QRandomGenerator>
#include <QSysInfo>

#include <algorithm>

namespace ferry::client {

namespace {

Error invalid(const char *text)
{
    return {ErrorCode::Invalid, tr(text)};
}

bool isIpv6(const QString &text)
{
    const auto address = parseIpAddress(text, Scope::Allowed);
    return address && address.value().protocol() == QAbstractSocket::IPv6Protocol;
}

/// Nothing that a resolver, a log line or a person could take for something else.
bool isHostName(const QString &text)
{
    static constexpr QStringView forbidden = u":@/\\[]%?#\"'<>";
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
        return c.isPrint() && !c.isSpace() && !forbidden.contains(c);
    });
}

std::optional<quint16> portFrom(QStringView text)
{
    const bool digits =
        !text.isEmpty() && text.size() <= 5 &&
        std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    const uint port = digits ? text.toUInt() : 0;
    if (port < 1 || port > 65535)
        return std::nullopt;
    return static_cast<quint16>(port);
}

} // namespace

Result<ClientConfig> parseAddress(const QString &text)
{
    ClientConfig config;
    QString rest = text.trimmed();
    if (rest.contains(QStringLiteral("://")))
        return invalid(QT_TRANSLATE_NOOP(
            "ferry", "That is a link, not an address. Write host, host:port or [IPv6]:port."));
    if (rest.contains(QStringLiteral(":/")) || rest.mid(rest.lastIndexOf(u'@') + 1).contains(u'/'))
        return invalid(QT_TRANSLATE_NOOP(
            "ferry",
            "A path does not belong in the address: write it as a separate word after it."));
    if (const qsizetype at = rest.lastIndexOf(u'@'); at >= 0) {
        config.user = rest.first(at);
        rest = rest.sliced(at + 1);
        if (config.user.isEmpty())
            return invalid(QT_TRANSLATE_NOOP("ferry", "The name before the @ is missing."));
        if (!std::all_of(config.user.begin(), config.user.end(),
                         [](QChar c) { return c.isPrint() && !c.isSpace(); }))
            return invalid(QT_TRANSLATE_NOOP("ferry", "That is not a valid user name."));
    }

    QString port;
    bool hasPort = false;
    if (rest.startsWith(u'[')) {
        const qsizetype end = rest.indexOf(u']');
        if (end < 0)
            return invalid(QT_TRANSLATE_NOOP("ferry", "The ] after the address is missing."));
        config.host = rest.sliced(1, end - 1);
        rest = rest.sliced(end + 1);
        hasPort = rest.startsWith(u':');
        if (!rest.isEmpty() && !hasPort)
            return invalid(QT_TRANSLATE_NOOP("ferry", "After the ] belongs :port or nothing."));
        port = rest.mid(1);
        if (const auto address = parseIpAddress(config.host, Scope::Allowed);
            !address && config.host.contains(u'%'))
            return address.error();
        if (!isIpv6(config.host))
            return invalid(QT_TRANSLATE_NOOP("ferry", "There must be an IPv6 address in the [ ]."));
    } else if (rest.count(u':') > 1) {
        config.host = rest;
        if (!isIpv6(config.host))
            return invalid(QT_TRANSLATE_NOOP(
                "ferry", "That is not an address. Write host, host:port or [IPv6]:port."));
    } else {
        const qsizetype colon = rest.indexOf(u':');
        hasPort = colon >= 0;
        config.host = hasPort ? rest.first(colon) : rest;
        port = hasPort ? rest.sliced(colon + 1) : QString();
        if (config.host.isEmpty())
            return invalid(QT_TRANSLATE_NOOP("ferry", "The host is missing."));
        if (!isHostName(config.host))
            return invalid(QT_TRANSLATE_NOOP("ferry", "That is not a valid host name."));
        if (isMeantAsIpv4(config.host)) {
            if (const auto address = parseIpAddress(config.host, Scope::Refused); !address)
                return address.error();
        }
    }

    if (hasPort) {
        const std::optional<quint16> number = portFrom(port);
        if (!number)
            return invalid(QT_TRANSLATE_NOOP("ferry", "A port is a number from 1 to 65535."));
        config.port = *number;
    }
    return config;
}

bool isLoopbackHost(const QString &host)
{
    // Only this one name: others under .localhost may be asked of a name server elsewhere.
    if (host.compare(u"localhost", Qt::CaseInsensitive) == 0)
        return true;
    const auto address = parseIpAddress(host, Scope::Allowed);
    return address && ipv4In(address.value()).value_or(address.value()).isLoopback();
}

QByteArray accountOf(const ClientConfig &config)
{
    return config.user.isEmpty() ? QByteArray("ferry") : config.user.toUtf8();
}

QByteArray newBox()
{
    quint32 words[4];
    QRandomGenerator::system()->fillRange(words);
    return QByteArray(reinterpret_cast<const char *>(words), sizeof words).toHex();
}

QString ownName()
{
    static const QString name = [] {
        const QString user = qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME"));
        const QString host = QSysInfo::machineHostName();
        return user.isEmpty() ? host : user + u'@' + host;
    }();
    return name;
}

QString serverName(const ClientConfig &config)
{
    const quint16 port = config.port != 0 ? config.port
                         : config.classic ? limits::classicPort
                                          : limits::tlsPort;
    const QString user = config.user.isEmpty() || config.classic ? QString() : config.user + u'@';
    return (config.classic ? QStringLiteral("classic ") : QString()) + user +
           endpointText(config.host.toLower(), port);
}

Result<ClientConfig> parseServerName(const QString &name)
{
    const QString prefix = QStringLiteral("classic ");
    const bool classic = name.startsWith(prefix);
    auto config = parseAddress(classic ? name.sliced(prefix.size()) : name);
    if (config)
        config.value().classic = classic;
    return config;
}

} // namespace ferry::client
