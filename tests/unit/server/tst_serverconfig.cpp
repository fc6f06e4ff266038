// SPDX-License-Identifier: MIT
#include "server/serverconfig.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::server;

class TestServerConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSoundConfigurationPasses();
    void unsoundOnesAreRefused_data();
    void unsoundOnesAreRefused();
    void theWholeFileSystemIsRefusedInEveryForm();
    void aShareInTheDataFolderIsRefused();
    void aShareIsNamedAfterTheLastPart();
    void aShareMayBeNamed();
    void wrongSharesAreRefused_data();
    void wrongSharesAreRefused();

private:
    ServerConfig sound() const;
    QTemporaryDir m_dir;
};

ServerConfig TestServerConfig::sound() const
{
    ServerConfig config;
    config.shares = {{"pub", QFile::encodeName(m_dir.path())}};
    config.password = "secret";
    return config;
}

void TestServerConfig::aSoundConfigurationPasses()
{
    QVERIFY(check(sound()).ok());
    ServerConfig empty = sound();
    empty.shares.clear();
    QVERIFY(check(empty).ok());
    ServerConfig tutorial = sound();
    tutorial.shares[0].name = "c:";
    QVERIFY(check(tutorial).ok());
    tutorial.shares[0].name = "anna@home";
    QVERIFY(check(tutorial).ok());
}

void TestServerConfig::unsoundOnesAreRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("folder");
    QTest::addColumn<QByteArray>("password");
    const QByteArray folder = QFile::encodeName(m_dir.path());
    QTest::newRow("no name") << QByteArray() << folder << QByteArray("p");
    QTest::newRow("slash in the name") << QByteArray("a/b") << folder << QByteArray("p");
    QTest::newRow("leading slash") << QByteArray("/a") << folder << QByteArray("p");
    QTest::newRow("dot dot") << QByteArray("..") << folder << QByteArray("p");
    QTest::newRow("a person's place") << QByteArray("@12") << folder << QByteArray("p");
    QTest::newRow("dot") << QByteArray(".") << folder << QByteArray("p");
    QTest::newRow("nul") << QByteArray("a\0b", 3) << folder << QByteArray("p");
    QTest::newRow("no folder") << QByteArray("a") << QByteArray() << QByteArray("p");
    QTest::newRow("missing folder") << QByteArray("a") << folder + "/missing" << QByteArray("p");
    QTest::newRow("a file") << QByteArray("a") << QByteArray("/dev/null") << QByteArray("p");
    QTest::newRow("empty password") << QByteArray("a") << folder << QByteArray();
    QTest::newRow("newline") << QByteArray("a") << folder << QByteArray("a\nb");
    QTest::newRow("endless password") << QByteArray("a") << folder << QByteArray(5000, 'x');
}

void TestServerConfig::unsoundOnesAreRefused()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, folder);
    QFETCH(QByteArray, password);
    ServerConfig config;
    config.shares = {{name, folder}};
    config.password = password;
    const auto result = check(config);
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::Invalid);
    QVERIFY(!result.error().text.isEmpty());

    config = sound();
    config.shares.append(config.shares.constFirst());
    QVERIFY(!check(config).ok());
    config = sound();
    config.maxSessions = 0;
    QVERIFY(!check(config).ok());
}

void TestServerConfig::theWholeFileSystemIsRefusedInEveryForm()
{
    const QString link = m_dir.filePath(QStringLiteral("link"));
    QVERIFY(QFile::link(QStringLiteral("/"), link));
    for (const QByteArray &root :
         {QByteArray("/"), QByteArray("//"), QByteArray("/."), QByteArray("/usr/.."),
          QFile::encodeName(link), QFile::encodeName(link) + "/"}) {
        ServerConfig config = sound();
        config.shares[0].folder = root;
        QVERIFY2(!check(config).ok(), root.constData());
        QVERIFY2(!parseShare(root).ok(), root.constData());
        QVERIFY2(!parseShare("name=" + root).ok(), root.constData());
    }
}

void TestServerConfig::aShareInTheDataFolderIsRefused()
{
    QDir folder(m_dir.path());
    QVERIFY(folder.mkpath(QStringLiteral("data/below")));
    QVERIFY(folder.mkpath(QStringLiteral("database")));
    QVERIFY(QFile::link(folder.filePath(QStringLiteral("data")),
                        folder.filePath(QStringLiteral("datalink"))));
    ServerConfig config = sound();
    config.dataFolder = folder.filePath(QStringLiteral("data"));
    QVERIFY(check(config).ok());
    for (const char *name : {"data", "data/below", "datalink", "datalink/below"}) {
        config.shares.first().folder = QFile::encodeName(folder.filePath(QLatin1StringView(name)));
        QVERIFY2(!check(config).ok(), name);
    }
    config.shares.first().folder = QFile::encodeName(folder.filePath(QStringLiteral("database")));
    QVERIFY(check(config).ok());
}

void TestServerConfig::aShareIsNamedAfterTheLastPart()
{
    QVERIFY(QDir(m_dir.path()).mkpath(QStringLiteral("some/folder=x")));
    const QByteArray path = QFile::encodeName(m_dir.path()) + "/some/folder=x";
    for (const QByteArray &text : {path, path + "/", path + "/.", path + "/../folder=x"}) {
        const auto share = parseShare(text);
        QVERIFY2(share.ok(), text.constData());
        QCOMPARE(share.value().name, QByteArray("folder=x"));
        QCOMPARE(share.value().folder, text);
    }
}

void TestServerConfig::aShareMayBeNamed()
{
    const QByteArray path = QFile::encodeName(m_dir.path());
    const auto share = parseShare("c:=" + path);
    QVERIFY(share.ok());
    QCOMPARE(share.value().name, QByteArray("c:"));
    QCOMPARE(share.value().folder, path);
}

void TestServerConfig::wrongSharesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no folder") << QByteArray("name=");
    QTest::newRow("no name") << QByteArray("=/tmp");
    QTest::newRow("missing") << QByteArray("/no/such/folder");
    QTest::newRow("named, missing") << QByteArray("x=/no/such/folder");
    QTest::newRow("dot dot") << QByteArray("..=/tmp");
}

void TestServerConfig::wrongSharesAreRefused()
{
    QFETCH(QByteArray, text);
    const auto share = parseShare(text);
    QVERIFY(!share.ok());
    QCOMPARE(share.error().code, ErrorCode::Invalid);
}

FERRY_TEST(TestServerConfig)
#include "tst_serverconfig.moc"
