// SPDX-License-Identifier: MIT
#include "client/connect/clientconfig.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;

class ClientConfigTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsEveryFormOfAnAddress_data();
    void readsEveryFormOfAnAddress();
    void aPathIsAWordOfItsOwn();
    void refusesWhatIsNoAddress_data();
    void refusesWhatIsNoAddress();
    void knowsThisComputer_data();
    void knowsThisComputer();
};

void ClientConfigTest::readsEveryFormOfAnAddress_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    const auto row = [](const char *text, const char *user, const char *host, int port) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(user)
                            << QString::fromUtf8(host) << port;
    };
    row("studio-pc", "", "studio-pc", 0);
    row("studio-pc.local:7421", "", "studio-pc.local", 7421);
    row("192.168.1.20", "", "192.168.1.20", 0);
    row("192.168.1.20:1", "", "192.168.1.20", 1);
    row("192.168.1.20:65535", "", "192.168.1.20", 65535);
    row("[::1]", "", "::1", 0);
    row("[::1]:7421", "", "::1", 7421);
    row("::1", "", "::1", 0);
    row("fe80::1%eth0", "", "fe80::1%eth0", 0);
    row("[fe80::1%eth0]:80", "", "fe80::1%eth0", 80);
    row("anna@studio-pc", "anna", "studio-pc", 0);
    row("anna@studio-pc:80", "anna", "studio-pc", 80);
    row("anna@[::1]:80", "anna", "::1", 80);
    row("anna@::1", "anna", "::1", 0);
    row("anna@home@studio-pc", "anna@home", "studio-pc", 0);
    row("  studio-pc  ", "", "studio-pc", 0);
    row("büro", "", "büro", 0);
    row("studio2", "", "studio2", 0);
    row("10.1.example", "", "10.1.example", 0);
}

void ClientConfigTest::readsEveryFormOfAnAddress()
{
    QFETCH(QString, text);
    const Result<ClientConfig> config = parseAddress(text);
    QVERIFY(config.ok());
    QTEST(config.value().user, "user");
    QTEST(config.value().host, "host");
    QTEST(int(config.value().port), "port");
}

void ClientConfigTest::aPathIsAWordOfItsOwn()
{
    for (const char *text : {"host:/film", "anna@host:/a@b", "host/film", "[::1]:/film",
                             "::1:/film", "host:7420/film", "host:/"}) {
        const Result<ClientConfig> config = parseAddress(QString::fromUtf8(text));
        QVERIFY2(!config.ok(), text);
        QVERIFY2(config.error().text.contains(QStringLiteral("path")), text);
    }
}

void ClientConfigTest::refusesWhatIsNoAddress_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"",
                             " ",
                             ":80",
                             "@host",
                             "anna@",
                             "host:",
                             "host:0",
                             "host:65536",
                             "host:+5",
                             "host:-1",
                             "host:0x10",
                             "host: 80",
                             "host:1e3",
                             "host:999999999999",
                             "a b",
                             "a/b",
                             "http://host",
                             "[::1",
                             "[::1]80",
                             "[]",
                             "[host]",
                             "[127.0.0.1]",
                             "::1::2",
                             "a:b:c",
                             "host\\x",
                             "a<b>",
                             "an na@host",
                             "ho\tst",
                             "host?x",
                             "host#x",
                             "010.1.1.1",
                             "10.1",
                             "anna@10.1.1.256:80",
                             "0x7f.1:7420",
                             "2130706433",
                             "127.0.0.1.",
                             "[::ffff:010.1.1.1]",
                             "2001:db8::7%eth0",
                             "[::1%lo]:80"}) {
        const QString shown = QString::fromUtf8(text);
        QTest::newRow(qPrintable(QStringLiteral("\"%1\"").arg(shown))) << shown;
    }
    QTest::newRow("control character") << QStringLiteral("ho\x1Bst");
    QTest::newRow("right-to-left mark") << QStringLiteral("ho\u202Est");
    QTest::newRow("NUL") << QString(QChar(u'\0'));
    QTest::newRow("Arabic digits") << QStringLiteral("host:\u0661\u0662");
}

void ClientConfigTest::refusesWhatIsNoAddress()
{
    QFETCH(QString, text);
    const Result<ClientConfig> config = parseAddress(text);
    QVERIFY(!config.ok());
    QCOMPARE(config.error().code, ErrorCode::Invalid);
    QVERIFY(!config.error().text.isEmpty());
}

void ClientConfigTest::knowsThisComputer_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("loopback");
    const auto row = [](const char *host, bool loopback) {
        QTest::newRow(host) << QString::fromUtf8(host) << loopback;
    };
    row("localhost", true);
    row("LocalHost", true);
    row("127.0.0.1", true);
    row("127.255.255.254", true);
    row("::1", true);
    row("::ffff:127.0.0.1", true);
    row("128.0.0.1", false);
    row("192.168.1.20", false);
    row("0.0.0.0", false);
    row("::", false);
    row("::ffff:192.168.1.20", false);
    row("fe80::1", false);
    row("localhost.example.org", false);
    row("notlocalhost", false);
    row("127.0.0.1.example.org", false);
    row("", false);
    // A resolver would take them for it, or for another one.
    row("127.1", false);
    row("0177.0.0.1", false);
    row("2130706433", false);
}

void ClientConfigTest::knowsThisComputer()
{
    QFETCH(QString, host);
    QTEST(isLoopbackHost(host), "loopback");
}

FERRY_TEST(ClientConfigTest)
#include "tst_clientconfig.moc"
