// SPDX-License-Identifier: MIT
#include "server-cli/options.h"
#include "server-cli/passwordsource.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "net/base/endpointtext.h"
#include "net/base/privatefile.h"
#include "net/login/passphrase.h"
#include "support/testprogram.h"

using namespace ferry;
using namespace ferry::servercli;

/// ferryd's command line and where its password comes from.
class TestServerOptions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void limitsAndRecords();
    void limitsOfWhatIsPutIn();
    void theDefaultsAreTheProducts();
    void everyOptionIsTaken();
    void whatIsWrongIsRefused_data();
    void whatIsWrongIsRefused();
    void endpointsGoBothWays_data();
    void endpointsGoBothWays();
    void anAddressMayBeLeftOut();
    void wrongEndpointsAreRefused_data();
    void wrongEndpointsAreRefused();
    void lineEndsAreNoPartOfAPasswordFile_data();
    void lineEndsAreNoPartOfAPasswordFile();
    void theFileComesBeforeTheEnvironment();
    void lineEndsAreNoPartOfTheEnvironment();
    void anEmptyPasswordIsRefused();
    void aGeneratedPasswordIsKept();
    void aPasswordFileThatOthersCanReadIsTold();

private:
    QByteArray folder() const { return QFile::encodeName(m_dir.path()); }
    QTemporaryDir m_dir;
};

void TestServerOptions::theDefaultsAreTheProducts()
{
    const auto options = parseOptions({"--share", folder()});
    QVERIFY(options.ok());
    QVERIFY(options.value().classic);
    QCOMPARE(options.value().classicAddress, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(options.value().classicPort, quint16(7421));
    QCOMPARE(options.value().tlsPort, quint16(7420));
    QCOMPARE(options.value().tlsAddress, QHostAddress(QHostAddress::Any));
    QVERIFY(!options.value().maxSessions);
}

void TestServerOptions::everyOptionIsTaken()
{
    const auto options =
        parseOptions({"--share", "a=" + folder(), "--share=b=" + folder(), "--classic", "[::1]:0",
                      "--password-file", "p", "--data-dir=d", "--max-sessions", "7"});
    QVERIFY2(options.ok(), options.ok() ? "" : qPrintable(options.error().text));
    QCOMPARE(options.value().shares.size(), 2);
    QCOMPARE(options.value().shares[1].name, QByteArray("b"));
    QCOMPARE(options.value().classicAddress, QHostAddress(QHostAddress::LocalHostIPv6));
    QCOMPARE(options.value().classicPort, quint16(0));
    QCOMPARE(options.value().passwordFile, QByteArray("p"));
    QCOMPARE(options.value().dataFolder, QByteArray("d"));
    QCOMPARE(options.value().maxSessions, std::optional(7));
    const auto one = parseOptions({"--share", folder(), "--classic", "off", "--listen", "[::]:1"});
    QVERIFY(!one.value().classic);
    QCOMPARE(one.value().tlsAddress, QHostAddress(QHostAddress::AnyIPv6));
    QCOMPARE(one.value().tlsPort, quint16(1));
    QVERIFY(parseOptions({"--help"}).value().help);
    QVERIFY(parseOptions({"-v"}).value().version);
}

void TestServerOptions::whatIsWrongIsRefused_data()
{
    QTest::addColumn<QByteArrayList>("arguments");
    QTest::newRow("nothing") << QByteArrayList{};
    QTest::newRow("unknown option") << QByteArrayList{"--share", folder(), "--frobnicate"};
    QTest::newRow("no option") << QByteArrayList{"--share", folder(), "stray"};
    QTest::newRow("no value") << QByteArrayList{"--share"};
    QTest::newRow("empty value") << QByteArrayList{"--share="};
    QTest::newRow("missing folder") << QByteArrayList{"--share", "/no/such/folder"};
    QTest::newRow("root") << QByteArrayList{"--share", "/"};
    QTest::newRow("no port") << QByteArrayList{"--share", folder(), "--classic", "127.0.0.1"};
    QTest::newRow("no sessions") << QByteArrayList{"--share", folder(), "--max-sessions", "0"};
    QTest::newRow("no number") << QByteArrayList{"--share", folder(), "--max-sessions", "9x"};
    QTest::newRow("no tls port") << QByteArrayList{"--share", folder(), "--listen", "127.0.0.1"};
}

void TestServerOptions::whatIsWrongIsRefused()
{
    QFETCH(QByteArrayList, arguments);
    const auto options = parseOptions(arguments);
    QVERIFY(!options.ok());
    QVERIFY(!options.error().text.isEmpty());
}

void TestServerOptions::endpointsGoBothWays_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"127.0.0.1:7421", "0.0.0.0:0", "[::1]:65535", "[::]:80", "[fe80::1%lo]:80"})
        QTest::newRow(text) << QByteArray(text);
}

void TestServerOptions::endpointsGoBothWays()
{
    QFETCH(QByteArray, text);
    const auto endpoint = parseEndpoint(text, QHostAddress::Any);
    QVERIFY(endpoint.ok());
    QCOMPARE(endpointText(endpoint.value().address.toString(), endpoint.value().port).toUtf8(),
             text);
}

void TestServerOptions::anAddressMayBeLeftOut()
{
    const QHostAddress local(QHostAddress::LocalHost);
    QCOMPARE(addressToBind(local), local);
    for (const char *text : {"7421", ":7421"}) {
        const auto endpoint = parseEndpoint(text, local);
        QVERIFY2(endpoint.ok(), text);
        QCOMPARE(endpoint.value().address, local);
        QCOMPARE(endpoint.value().port, quint16(7421));
    }
    for (const char *text : {"*:7421", "[::]:7421"}) {
        const auto endpoint = parseEndpoint(text, local);
        QVERIFY2(endpoint.ok(), text);
        QCOMPARE(addressToBind(endpoint.value().address), QHostAddress(QHostAddress::Any));
        QCOMPARE(endpoint.value().port, quint16(7421));
    }
}

void TestServerOptions::wrongEndpointsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             ":",
                             " 80",
                             "+80",
                             "127.0.0.1: 80",
                             "127.0.0.1:+80",
                             "127.0.0.1:80 ",
                             "*",
                             "*:",
                             "::",
                             "**:80",
                             "65536",
                             "127.0.0.1",
                             "127.0.0.1:",
                             "127.0.0.1:65536",
                             "127.0.0.1:-1",
                             "127.0.0.1:x",
                             "::1:80",
                             "[127.0.0.1]:80",
                             "[::1]",
                             "[::1:80",
                             "localhost:80",
                             "127.0.0.1:80:80",
                             "127.1:80",
                             "0177.0.0.1:80",
                             "010.1.1.1:80",
                             "[::ffff:010.1.1.1]:80",
                             "[2001:db8::7%eth0]:80"})
        QTest::newRow(text) << QByteArray(text);
}

void TestServerOptions::wrongEndpointsAreRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseEndpoint(text, QHostAddress::Any).ok());
}

void TestServerOptions::lineEndsAreNoPartOfAPasswordFile_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("password");
    QTest::newRow("none") << QByteArray("secret") << QByteArray("secret");
    QTest::newRow("lf") << QByteArray("secret\n") << QByteArray("secret");
    QTest::newRow("cr lf") << QByteArray("secret\r\n") << QByteArray("secret");
    QTest::newRow("two") << QByteArray("secret\n\n") << QByteArray("secret");
    QTest::newRow("before") << QByteArray("\nsecret") << QByteArray("secret");
    QTest::newRow("spaces stay") << QByteArray(" se cret \n") << QByteArray(" se cret ");
}

void TestServerOptions::lineEndsAreNoPartOfAPasswordFile()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, password);
    QFile file(m_dir.filePath(QStringLiteral("password-file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const auto found = findPassword(QFile::encodeName(file.fileName()), {}, {});
    QVERIFY(found.ok());
    QCOMPARE(found.value().bytes, password);
    QVERIFY(!found.value().isNew);
}

void TestServerOptions::theFileComesBeforeTheEnvironment()
{
    QFile file(m_dir.filePath(QStringLiteral("password-file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("of the file\n");
    file.close();
    const QByteArray path = QFile::encodeName(file.fileName());
    QCOMPARE(findPassword(path, "of the environment", m_dir.path()).value().bytes,
             QByteArray("of the file"));
    QCOMPARE(findPassword({}, "of the environment", m_dir.path()).value().bytes,
             QByteArray("of the environment"));
    QVERIFY(!findPassword("/no/such/file", "of the environment", m_dir.path()).ok());
}

void TestServerOptions::lineEndsAreNoPartOfTheEnvironment()
{
    const auto found = findPassword({}, "secret\r\n", {});
    QVERIFY(found.ok());
    QCOMPARE(found.value().bytes, QByteArray("secret"));
}

void TestServerOptions::anEmptyPasswordIsRefused()
{
    QFile file(m_dir.filePath(QStringLiteral("empty")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\n");
    file.close();
    QVERIFY(!findPassword(QFile::encodeName(file.fileName()), {}, {}).ok());
    QVERIFY(!findPassword({}, QByteArray(""), {}).ok());
}

void TestServerOptions::aGeneratedPasswordIsKept()
{
    const QString folder = m_dir.filePath(QStringLiteral("new/data"));
    const auto first = findPassword({}, {}, folder);
    QVERIFY(first.ok());
    QVERIFY(first.value().isNew);
    QVERIFY(isGeneratedPassword(QString::fromUtf8(first.value().bytes)));
    QVERIFY(!privatefile::isExposed(folder + QStringLiteral("/password")));
    const auto second = findPassword({}, {}, folder);
    QVERIFY(second.ok());
    QVERIFY(!second.value().isNew);
    QCOMPARE(second.value().bytes, first.value().bytes);
    QVERIFY(QFile::setPermissions(folder + QStringLiteral("/password"),
                                  QFile::ReadOwner | QFile::WriteOther));
    QVERIFY(!findPassword({}, {}, folder).ok());
}

/// It is the operator's own, and some can only be read by all.
void TestServerOptions::aPasswordFileThatOthersCanReadIsTold()
{
    QFile file(m_dir.filePath(QStringLiteral("exposed")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("trampoline\n");
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner));
    QVERIFY(!findPassword(QFile::encodeName(file.fileName()), {}, {}).value().exposed);
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ReadOther));
    QVERIFY(findPassword(QFile::encodeName(file.fileName()), {}, {}).value().exposed);
}

void TestServerOptions::limitsAndRecords()
{
    const auto parsed =
        parseOptions({"--share", "pub=/tmp", "--limit-rate", "500k", "--log-file", "log",
                      "--log-rotate=2M:3", "--history", "on", "--members", "on"});
    QVERIFY(parsed.ok());
    QVERIFY(parsed.value().members);
    QVERIFY(!parseOptions({"--share", "pub=/tmp"}).value().members);
    QVERIFY(!parseOptions({"--share", "pub=/tmp", "--members", "off"}).value().members);
    QCOMPARE(parsed.value().rateLimit, 500'000);
    QCOMPARE(parsed.value().logFile, QByteArray("log"));
    QCOMPARE(parsed.value().logFileBytes, 2'000'000);
    QCOMPARE(parsed.value().logFiles, 3);
    QVERIFY(parsed.value().history);
    for (const QByteArrayList &wrong :
         {QByteArrayList{"--limit-rate", "fast"}, QByteArrayList{"--log-rotate", "10M"},
          QByteArrayList{"--log-rotate", "10M:0"}, QByteArrayList{"--history", "maybe"},
          QByteArrayList{"--members", "maybe"}})
        QVERIFY(!parseOptions(QByteArrayList{"--share", "pub=/tmp"} + wrong).ok());
}

void TestServerOptions::limitsOfWhatIsPutIn()
{
    const auto usual = parseOptions({"--inbox", "in=/tmp"});
    QVERIFY(usual.ok());
    QCOMPARE(usual.value().uploads.fileBytes, 0);
    QCOMPARE(usual.value().uploads.accountBytes, 0);
    QCOMPARE(usual.value().uploads.accountFiles, 100'000);
    QCOMPARE(usual.value().uploads.stagedBytes, 0);
    QVERIFY(!usual.value().uploads.diskReserve);
    const auto parsed =
        parseOptions({"--inbox", "in=/tmp", "--max-file-size", "2G", "--quota=10G", "--quota-files",
                      "500", "--max-incomplete", "3G", "--keep-free", "0"});
    QVERIFY2(parsed.ok(), parsed.ok() ? "" : qPrintable(parsed.error().text));
    QCOMPARE(parsed.value().uploads.fileBytes, 2'000'000'000);
    QCOMPARE(parsed.value().uploads.accountBytes, 10'000'000'000);
    QCOMPARE(parsed.value().uploads.accountFiles, 500);
    QCOMPARE(parsed.value().uploads.stagedBytes, 3'000'000'000);
    QCOMPARE(parsed.value().uploads.diskReserve, 0);
    for (const char *name :
         {"--max-file-size", "--quota", "--quota-files", "--max-incomplete", "--keep-free"}) {
        for (const char *wrong : {"much", "-1", "1.5"}) {
            if (qstrcmp(wrong, "1.5") == 0 && qstrcmp(name, "--quota-files") != 0)
                continue; // of a byte, it is one
            const auto refused = parseOptions({"--inbox", "in=/tmp", name, wrong});
            QVERIFY2(!refused.ok(), name);
            QVERIFY(refused.error().text.startsWith(QLatin1StringView(name)));
        }
    }
}

FERRY_TEST(TestServerOptions)
#include "tst_serveroptions.moc"
