// SPDX-License-Identifier: MIT
// What a server keeps for itself when files are put in: its room, its quotas, what is in an inbox,
// its own files.
#include "integration/uploads_fixture.h"
#include "server/server.h"
#include "server/uploads/uploadreply.h"
#include "support/rawpeer.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::test;

class UploadsLimits : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_host = std::make_unique<UploadHost>(); }
    void quotasAreNotResetByContinuing();
    void filesStopAtTheirQuota();
    void theReserveOfTheDiskStays();
    void anInboxTellsNothing();
    void partsAreShownToNobody();
    void ferrysOwnFilesAreNoPlace();
    void oldPartsAreRemoved();
};

void UploadsLimits::quotasAreNotResetByContinuing()
{
    m_host->config.uploads.accountBytes = 100;
    m_host->config.uploads.fileBytes = 80;
    start();
    const auto client = peer();
    QCOMPARE(client->ask(putLine("/add/x", 81, "1").trimmed()), "!TOOLARGE");
    QVERIFY(upload(*client, "/add/x", QByteArray(60, 'x'), "1").startsWith("#STORED "));
    QCOMPARE(client->ask(putLine("/add/y", 41, "2").trimmed()), "!QUOTA");
    for (int i = 0; i < 3; ++i) {
        client->say(putLine("/add/y", 40, "3") + dataOf("0123456789") + "ABORT\r\n");
        QVERIFY(client->line().startsWith("#SEND offset="));
        QCOMPARE(client->line(), "#ABORTED");
    }
    // 30 bytes of it are there, and count.
    QCOMPARE(client->ask(putLine("/add/z", 11, "4").trimmed()), "!QUOTA");
    QCOMPARE(client->ask(putLine("/add/y", 41, "3").trimmed()), "!QUOTA");
    QVERIFY(client->ask(putLine("/add/y", 40, "3").trimmed()).startsWith("#SEND offset=30 "));
    client->say(dataOf("0123456789") + endOf(QByteArray("0123456789").repeated(4)));
    QVERIFY(client->line().startsWith("#STORED "));
    QCOMPARE(client->ask(putLine("/add/z", 1, "5").trimmed()), "!QUOTA");
    const auto again = peer(); // nor does another connection help
    QCOMPARE(again->ask(putLine("/add/z", 1, "5").trimmed()), "!QUOTA");
}

void UploadsLimits::filesStopAtTheirQuota()
{
    m_host->config.uploads.accountFiles = 50;
    start();
    const auto client = peer();
    int stored = 0;
    for (int i = 0; i < 60; ++i)
        stored +=
            upload(*client, "/in/f", "x", QByteArray::number(i)).startsWith("#STORED ") ? 1 : 0;
    QCOMPARE(stored, 50);
    QCOMPARE(client->ask("PUT /in/folder kind=d"), "!QUOTA");
    QCOMPARE(m_host->names(QStringLiteral("in")).size(), 50);
}

void UploadsLimits::theReserveOfTheDiskStays()
{
    m_host->config.uploads.diskReserve = qint64(1) << 60;
    start();
    const auto client = peer();
    QCOMPARE(client->ask(putLine("/add/x", 1, "1").trimmed()), "!NOROOM");
    QCOMPARE(client->ask("PING"), "#PONG");
    m_host->config.uploads.diskReserve = 0;
    QVERIFY(
        m_host->call([this](server::Server &server) { return server.reconfigure(m_host->config); })
            .ok());
    QVERIFY(upload(*client, "/add/x", "1", "1").startsWith("#STORED "));
}

void UploadsLimits::anInboxTellsNothing()
{
    start();
    const auto client = peer();
    const QByteArray stored = "#STORED path=/in/x size=1 sum=";
    QCOMPARE(upload(*client, "/in/x", "1", "1"), stored + sumOf("1"));
    QCOMPARE(upload(*client, "/in/x", "2", "2"), stored + sumOf("2"));
    QCOMPARE(client->ask("PUT /in/folder kind=d"), "#STORED path=/in/folder");
    // A file where a folder is, a folder where a file is: as if nothing were there.
    QCOMPARE(upload(*client, "/in/folder", "3", "3"),
             "#STORED path=/in/folder size=1 sum=" + sumOf("3"));
    QCOMPARE(client->ask("PUT /in/x kind=d"), "#STORED path=/in/x");
    QCOMPARE(upload(*client, "/in/x/below", "4", "4"),
             "#STORED path=/in/x/below size=1 sum=" + sumOf("4"));
    QCOMPARE(m_host->content(QStringLiteral("in/x (1)")), "2");
    QCOMPARE(m_host->content(QStringLiteral("in/folder (1)")), "3");
    QCOMPARE(m_host->content(QStringLiteral("in/x (2)/below")), "4");
    for (const char *asked : {"LIST /in", "TREE /in", "GET /in/x", "SUM /in/x", "LIST /in/folder"})
        QCOMPARE(client->ask(asked), "!NOTFOUND");
    // Who knows inboxes sees that there is one; others see no folder that they could not open.
    QVERIFY(client->ask("LIST /").endsWith(" add access=add"));
    QVERIFY(client->line().endsWith(" pub"));
    QCOMPARE(client->line(), "#END entries=2 more=no");
    QVERIFY(client->ask("TREE /").endsWith(" add access=add"));
    while (!client->line().startsWith("#END")) {
    }
    const auto knowing = frankPeer();
    QVERIFY(knowing->ask("LIST /").endsWith(" add access=add"));
    QVERIFY(knowing->line().endsWith(" in access=inbox"));
    RawPeer classic(m_host->port());
    QVERIFY(classic.login("passwd"));
    QVERIFY(classic.send("FILE /in/x\r\n"));
    QCOMPARE(classic.readLine(), "!File /in/x could not be opened.\r\n");
}

void UploadsLimits::partsAreShownToNobody()
{
    start();
    const auto client = peer();
    client->say(putLine("/add/x", 10, "1") + dataOf("01234") + "ABORT\r\n");
    client->line();
    client->line();
    const QStringList parts = m_host->parts(QStringLiteral("add"));
    QCOMPARE(parts.size(), 1);
    QCOMPARE(client->ask("LIST /add skipped=yes"), "#END entries=0 more=no");
    QCOMPARE(client->ask("LIST /add limit=10"), "#END entries=0 more=no");
    QCOMPARE(client->ask("TREE /add"), "#END entries=0 bytes=0");
    QCOMPARE(client->ask("LIST /add/.ferry-uploads"), "!NOTFOUND");
    QCOMPARE(client->ask("GET /add/.ferry-uploads/" + parts.first().toLatin1()), "!NOTFOUND");
    QVERIFY(QFile::link(QStringLiteral(".ferry-uploads/") + parts.first(),
                        m_host->path(QStringLiteral("add/link"))));
    QCOMPARE(client->ask("GET /add/link"), "!NOTFOUND");
}

void UploadsLimits::ferrysOwnFilesAreNoPlace()
{
    QVERIFY(QDir(m_host->path(QStringLiteral("add"))).mkdir(QStringLiteral("data")));
    m_host->config.ownFiles = {QFile::encodeName(m_host->path(QStringLiteral("add/data")))};
    start();
    const auto client = peer();
    QCOMPARE(client->ask(putLine("/add/data/accounts", 1, "1").trimmed()), "!READONLY");
    QCOMPARE(client->ask("PUT /add/data/new kind=d"), "!READONLY");
    QVERIFY(QDir(m_host->path(QStringLiteral("add/data"))).isEmpty());
}

void UploadsLimits::oldPartsAreRemoved()
{
    start();
    const auto client = peer();
    client->say(putLine("/add/x", 10, "1") + dataOf("01234") + "ABORT\r\n");
    client->line();
    client->line();
    const auto shares = server::ShareSet::open(m_host->config.shares);
    QVERIFY(shares.ok());
    server::Uploads uploads;
    server::cleanParts(*shares.value(), uploads);
    QCOMPARE(m_host->parts(QStringLiteral("add")).size(), 1);
    server::cleanParts(*shares.value(), uploads, std::chrono::milliseconds(-1000));
    QCOMPARE(m_host->parts(QStringLiteral("add")), QStringList());
    QCOMPARE(client->ask(putLine("/add/x", 10, "1").trimmed()), "#SEND offset=0");
}

FERRY_TEST(UploadsLimits)
#include "uploads_limits.moc"
