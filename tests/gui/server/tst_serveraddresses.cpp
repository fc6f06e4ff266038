// SPDX-License-Identifier: MIT
#include "net/base/endpointtext.h"
#include "server-gui/run/addresses.h"
#include "support/testprogram.h"

#include <QTcpServer>
#include <QTest>

using namespace ferry::gui;

class AddressesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDefaultRouteIsTheOneWithTheLowestMetric()
    {
        const QByteArray head =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
        const QByteArray wlan = "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n";
        const QByteArray lan = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";
        const QByteArray half = "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0\n";
        const QByteArray local = "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
        QCOMPARE(defaultRouteInterface(head + local + wlan + half + lan), QStringLiteral("eth0"));
        QCOMPARE(defaultRouteInterface(head + local), QString());
        QCOMPARE(defaultRouteInterface({}), QString());
        QCOMPARE(defaultRouteInterface("rubbish\n\0\n\xff 0 0\n"), QString());
    }

    void theDefaultRouteComesFirstAndIpv4BeforeIpv6()
    {
        const OwnAddress bridge{QHostAddress(QStringLiteral("172.17.0.1")), QStringLiteral("br0")};
        const OwnAddress six{QHostAddress(QStringLiteral("2001:db8::1")), QStringLiteral("eth0")};
        const OwnAddress four{QHostAddress(QStringLiteral("192.168.1.20")), QStringLiteral("eth0")};
        QList<OwnAddress> addresses{bridge, six, four};
        sortAddresses(addresses, QStringLiteral("eth0"));
        QCOMPARE(addresses[0].address, four.address);
        QCOMPARE(addresses[1].address, six.address);
        QCOMPARE(addresses[2].address, bridge.address);
    }

    void noAddressIsOneThatOthersCannotUse()
    {
        const auto addresses = ownAddresses();
        for (const OwnAddress &own : addresses) {
            QVERIFY(!own.address.isLoopback());
            QVERIFY(!own.address.isLinkLocal());
        }
    }

    void ipv6StandsInBrackets()
    {
        QCOMPARE(ferry::endpointText(QStringLiteral("2001:db8::1"), 7421),
                 QStringLiteral("[2001:db8::1]:7421"));
        QCOMPARE(ferry::endpointText(QStringLiteral("fe80::1%2"), 7421), // with a scope
                 QStringLiteral("[fe80::1%2]:7421"));
        QCOMPARE(ferry::endpointText(QStringLiteral("studio-pc"), 7421),
                 QStringLiteral("studio-pc:7421"));
        QCOMPARE(telnetLine(QStringLiteral("2001:db8::1"), 7421),
                 QStringLiteral("telnet 2001:db8::1 7421"));
    }

    void theNextFreePortIsNotTheOneThatIsTaken()
    {
        const QHostAddress here(QHostAddress::LocalHost);
        QTcpServer taken;
        QVERIFY(taken.listen(here));
        const quint16 before = taken.serverPort() - 1;
        const quint16 free = nextFreePort(here, before);
        QVERIFY(free > taken.serverPort());
        QTcpServer other;
        QVERIFY(other.listen(here, free));
        QCOMPARE(nextFreePort(here, 0xFFFF), quint16(0));
        QCOMPARE(nextFreePort(QHostAddress(QStringLiteral("192.0.2.1")), 7421), quint16(0));
    }
};

FERRY_TEST(AddressesTest)
#include "tst_serveraddresses.moc"
