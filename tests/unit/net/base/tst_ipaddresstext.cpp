// SPDX-License-Identifier: MIT
#include "net/base/ipaddresstext.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;

class TestIpAddressText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatPeopleTypeIsRead_data();
    void whatPeopleTypeIsRead();
    void anotherNotationIsRefusedAndTheRightOneTold_data();
    void anotherNotationIsRefusedAndTheRightOneTold();
    void anInterfaceStandsWhereItHasAMeaning();
    void aHostThatEndsInANumberIsNoName_data();
    void aHostThatEndsInANumberIsNoName();
};

void TestIpAddressText::whatPeopleTypeIsRead_data()
{
    QTest::addColumn<QString>("address");
    for (const char *text :
         {"0.0.0.0", "10.0.0.1", "127.0.0.1", "192.168.1.44", "255.255.255.255", "::", "::1",
          "2001:db8::7", "::ffff:10.1.2.3", "fe80::1", "2001:DB8:0:0:0:0:0:7", "fe80::1%eth0",
          "fe80::1%2", "fe80::1%wlx00c0ca123456"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestIpAddressText::whatPeopleTypeIsRead()
{
    QFETCH(QString, address);
    const auto read = parseIpAddress(address, Scope::Allowed);
    QVERIFY2(read.ok(), read ? "" : qPrintable(read.error().text));
    QCOMPARE(read.value(), QHostAddress(address));
}

void TestIpAddressText::anotherNotationIsRefusedAndTheRightOneTold_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"",
                             " ",
                             "010.1.1.1",
                             "10.01.1.1",
                             "10.1.1.00",
                             "00.0.0.0",
                             "10.1",
                             "10.1.1",
                             "10",
                             "167837953",
                             "0x0a010101",
                             "0xa.1.1.1",
                             "0377.1.1.1",
                             "10.1.1.256",
                             "10.1.1.-1",
                             "10.1.1.+1",
                             "10.1.1.1.",
                             ".10.1.1.1",
                             "10..1.1",
                             "10.1.1.1.1",
                             "10.1.1.1 ",
                             " 10.1.1.1",
                             "10.1.1.1/32",
                             "10.1.1.1:80",
                             "localhost",
                             "[::1]",
                             "::1/64",
                             "1::2::3",
                             ":::",
                             "12345::",
                             "fe80::1%",
                             "fe80::1%a%b",
                             "fe80::1%a b",
                             "fe80::1%a/",
                             "1.2.3.4%lo",
                             "::ffff:010.1.1.1",
                             "::1.2.3",
                             "fe80::1%0123456789abcdef",
                             "2001:db8::7%eth0",
                             "::1%lo"})
        QTest::newRow(text) << QString::fromLatin1(text);
    QTest::newRow("Arabic digits") << QStringLiteral("1.1.1.\u0661");
    QTest::newRow("wide dots") << QStringLiteral("1\uFF0E1\uFF0E1\uFF0E1");
    QTest::newRow("NUL behind it") << QStringLiteral("1.1.1.1") + QChar(u'\0') + u'x';
}

void TestIpAddressText::anotherNotationIsRefusedAndTheRightOneTold()
{
    QFETCH(QString, text);
    const auto read = parseIpAddress(text, Scope::Allowed);
    QVERIFY(!read.ok());
    QCOMPARE(int(read.error().code), int(ErrorCode::Invalid));
    QVERIFY2(read.error().text.contains(QStringLiteral("Write ")), qPrintable(read.error().text));
}

void TestIpAddressText::anInterfaceStandsWhereItHasAMeaning()
{
    const QString text = QStringLiteral("fe80::1%lo");
    QCOMPARE(parseIpAddress(text, Scope::Allowed).value().scopeId(), QStringLiteral("lo"));
    const auto refused = parseIpAddress(text, Scope::Refused);
    QVERIFY(!refused.ok());
    QVERIFY2(refused.error().text.contains(QStringLiteral("Write fe80::1.")),
             qPrintable(refused.error().text));
    QVERIFY(parseIpAddress(QStringLiteral("fe80::1"), Scope::Refused).ok());
}

void TestIpAddressText::aHostThatEndsInANumberIsNoName_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("ipv4");
    const auto row = [](const char *host, bool ipv4) {
        QTest::newRow(host) << QString::fromLatin1(host) << ipv4;
    };
    row("10.1.1.1", true);
    row("010.1", true);
    row("10", true);
    row("10.1.", true);
    row("0x7f.1", true);
    row("1.0x7F", true);
    row("0x", true);
    row("studio-pc", false);
    row("studio2", false);
    row("2studio", false);
    row("10.1.example", false);
    row("0xstudio", false);
    row("a.0xg", false);
    row("", false);
    row(".", false);
}

void TestIpAddressText::aHostThatEndsInANumberIsNoName()
{
    QFETCH(QString, host);
    QTEST(isMeantAsIpv4(host), "ipv4");
}

FERRY_TEST(TestIpAddressText)
#include "tst_ipaddresstext.moc"
