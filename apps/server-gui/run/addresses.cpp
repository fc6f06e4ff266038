// SPDX-License-Identifier: MIT
#include "server-gui/run/addresses.h"

#include "net/base/displaytext.h"
#include "net/base/endpointtext.h"

#include <QFile>
#include <QNetworkInterface>
#include <QTcpServer>

#include <algorithm>
#include <tuple>

namespace ferry::gui {

namespace {
constexpr int portsTried = 200;
}

QList<OwnAddress> ownAddresses()
{
    QList<OwnAddress> found;
    const auto interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces) {
        const auto flags = interface.flags();
        if (!flags.testFlag(QNetworkInterface::IsUp) ||
            !flags.testFlag(QNetworkInterface::IsRunning) ||
            flags.testFlag(QNetworkInterface::IsLoopBack))
            continue;
        const auto entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            if (entry.ip().isLoopback() || entry.ip().isLinkLocal())
                continue;
            found.append({entry.ip(), interface.name()});
        }
    }
    QFile table(QStringLiteral("/proc/net/route"));
    sortAddresses(found, table.open(QIODevice::ReadOnly) ? defaultRouteInterface(table.readAll())
                                                         : QString());
    return found;
}

QString defaultRouteInterface(const QByteArray &table)
{
    QString best;
    uint bestMetric = ~0U;
    const auto lines = table.split('\n').mid(1);
    for (const QByteArray &line : lines) {
        // Iface Destination Gateway Flags RefCnt Use Metric Mask …
        const auto fields = line.simplified().split(' ');
        if (fields.size() < 8 || fields[1] != "00000000" || fields[7] != "00000000")
            continue;
        const uint metric = fields[6].toUInt();
        if (best.isEmpty() || metric < bestMetric) {
            best = QString::fromLocal8Bit(fields[0]);
            bestMetric = metric;
        }
    }
    return best;
}

void sortAddresses(QList<OwnAddress> &addresses, const QString &defaultInterface)
{
    const auto rank = [&](const OwnAddress &a) {
        return std::tuple(a.interface != defaultInterface,
                          a.address.protocol() != QAbstractSocket::IPv4Protocol);
    };
    std::stable_sort(addresses.begin(), addresses.end(),
                     [&](const OwnAddress &a, const OwnAddress &b) { return rank(a) < rank(b); });
}

QString telnetLine(const QString &host, quint16 port)
{
    return QStringLiteral("telnet %1 %2").arg(host).arg(port);
}

QString ferryGetLine(const QString &host, quint16 port, const QByteArray &share)
{
    QString path = QString::fromUtf8(share);
    const bool plain = std::all_of(share.begin(), share.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '.' || c == '_' || c == '-';
    });
    if (share.isEmpty() || share.startsWith('-') || path.toUtf8() != share ||
        displayText(share) != path)
        path = QStringLiteral("PATH");
    else if (!plain)
        path = u'\'' + path.replace(u'\'', QLatin1StringView("'\\''")) + u'\'';
    return QStringLiteral("ferry get %1 %2").arg(endpointText(host, port), path);
}

bool canListen(const QHostAddress &address, quint16 port)
{
    QTcpServer probe;
    return probe.listen(address, port);
}

quint16 nextFreePort(const QHostAddress &address, quint16 taken)
{
    for (int port = taken + 1; port <= std::min(taken + portsTried, 0xFFFF); ++port) {
        if (canListen(address, quint16(port)))
            return quint16(port);
    }
    return 0;
}

} // namespace ferry::gui
