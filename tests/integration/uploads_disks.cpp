// SPDX-License-Identifier: MIT
// Files that are put in on other disks than one is used to, in the places of Ferry's own files, and
// checksums of large parts.
#include "integration/uploads_fixture.h"
#include "server/server.h"
#include "server/uploads/stagedfile.h"
#include "support/mounteddisk.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QCryptographicHash>
#include <QTest>

#include <chrono>
#include <memory>

#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;
using namespace std::chrono_literals;

class UploadsDisks : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void filesKeepTheirTimes_data();
    void filesKeepTheirTimes();
    void aNameThatTheDiskDoesNotTakeIsSaid();
    void ownFilesHaveTheirPlacesWhileTheyAreAway();
    void drainingWaitsForNoChecksumOfAPart();
    void whoComparesALargePartMayBeSilent();

private:
    /// A part of so many zeros, which take no room, and the line that continues it. Empty: this
    /// disk has no such files.
    QByteArray beginPart(qint64 size)
    {
        const QByteArray path = "/add/huge";
        QCryptographicHash key(QCryptographicHash::Sha256); // as docs/PROTOCOL.md has it in "PUT"
        for (const QByteArray &part :
             {QByteArray("ferry"), path, QByteArray::number(size + 1), QByteArray("1")}) {
            key.addData(part);
            key.addData(QByteArrayView("\0", 1));
        }
        const QByteArray folder =
            QFile::encodeName(m_host->path(QStringLiteral("add/.ferry-uploads")));
        const QByteArray name =
            folder + '/' + server::accountMark("ferry") + '-' + key.result().toHex().first(32);
        const bool made = ::mkdir(folder.constData(), 0700) == 0 &&
                          QFile(QFile::decodeName(name)).open(QIODevice::WriteOnly) &&
                          ::truncate(name.constData(), size) == 0;
        return made ? putLine(path, size + 1, "1") : QByteArray();
    }
};

void UploadsDisks::init()
{
    m_host = std::make_unique<UploadHost>();
}

/// No server while a disk is mounted: TSan loses sight of the locks of a program with threads that
/// starts another.
void UploadsDisks::filesKeepTheirTimes_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("exFAT") << QStringLiteral("exfat");
    QTest::newRow("NTFS") << QStringLiteral("ntfs");
}

void UploadsDisks::filesKeepTheirTimes()
{
    QFETCH(QString, kind);
    m_host.reset();
    const MountedDisk disk(kind);
    if (!disk.error().isEmpty())
        QSKIP(qPrintable(disk.error()));
    m_host = std::make_unique<UploadHost>();
    m_host->config.shares.append({"disk", QFile::encodeName(disk.path()), extended::Access::Add});
    start();
    {
        const auto client = peer();
        client->say(putLine("/disk/a", 5, "1", " mtime=981173106000000000"));
        QCOMPARE(client->line(), "#SEND offset=0");
        client->say(dataOf("hello") + endOf("hello"));
        QVERIFY(client->line().startsWith("#STORED path=/disk/a "));
    }
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(disk.path() + QStringLiteral("/a")).constData(), &status), 0);
    QCOMPARE(qint64(status.st_mtim.tv_sec), 981173106);
    m_host.reset();
}

/// Large ones before anything of them is sent, small ones, and folders; and no part is left.
void UploadsDisks::aNameThatTheDiskDoesNotTakeIsSaid()
{
    m_host.reset();
    const MountedDisk disk(QStringLiteral("exfat"));
    if (!disk.error().isEmpty())
        QSKIP(qPrintable(disk.error()));
    m_host = std::make_unique<UploadHost>();
    m_host->config.shares.append({"disk", QFile::encodeName(disk.path()), extended::Access::Inbox});
    start();
    {
        const auto client = peer();
        QCOMPARE(client->ask(putLine("/disk/a:b", 5, "1").trimmed()), "!NAME");
        QCOMPARE(client->ask(putLine("/disk/q%3F/x", 5, "2").trimmed()), "!NAME");
        QCOMPARE(client->ask("PUT /disk/q%3F kind=d"), "!NAME");
        client->say(putLine("/disk/a:b", 5, "3", " follows=yes") + dataOf("hello") +
                    endOf("hello"));
        QCOMPARE(client->line(), "!NAME");
        QVERIFY(upload(*client, "/disk/ab", "hello", "4").startsWith("#STORED "));
    }
    QVERIFY(QDir(disk.path() + QStringLiteral("/.ferry-uploads"))
                .entryList(QDir::Files | QDir::Hidden)
                .isEmpty());
    m_host.reset();
}

/// Whoever puts in settings or a password while ours is away would be obeyed at the next start.
void UploadsDisks::ownFilesHaveTheirPlacesWhileTheyAreAway()
{
    for (const char *own :
         {"add/ferryd.conf", "add/secret/password", "add/later/on/key", "add/link"})
        m_host->config.ownFiles.append(QFile::encodeName(m_host->path(QLatin1StringView(own))));
    QVERIFY(QDir(m_host->path(QStringLiteral("add"))).mkdir(QStringLiteral("secret")));
    QVERIFY(
        QFile::link(m_host->path(QStringLiteral("in")), m_host->path(QStringLiteral("add/link"))));
    start();
    const auto client = peer();
    QVERIFY(upload(*client, "/add/ferryd.conf", "x", "1")
                .startsWith("#STORED path=/add/ferryd%20(1).conf "));
    QVERIFY(upload(*client, "/add/FERRYD.CONF", "x", "2")
                .startsWith("#STORED path=/add/FERRYD%20(2).CONF "));
    QVERIFY(upload(*client, "/add/secret/password", "x", "3")
                .startsWith("#STORED path=/add/secret/password%20(1) "));
    QCOMPARE(client->ask("PUT /add/ferryd.conf kind=d"), "!EXISTS");
    QVERIFY(upload(*client, "/add/later/on/key", "x", "4")
                .startsWith("#STORED path=/add/later/on/key%20(1) "));
    QVERIFY(QFile::remove(m_host->path(QStringLiteral("add/link"))));
    QVERIFY(upload(*client, "/add/link", "x", "5").startsWith("#STORED path=/add/link%20(1) "));
    QVERIFY(!QFile::exists(m_host->path(QStringLiteral("add/ferryd.conf"))));
    QVERIFY(!QFile::exists(m_host->path(QStringLiteral("add/FERRYD.CONF"))));
    QVERIFY(!QFile::exists(m_host->path(QStringLiteral("add/secret/password"))));
}

void UploadsDisks::drainingWaitsForNoChecksumOfAPart()
{
    start();
    const auto client = frankPeer();
    const QByteArray line = beginPart(qint64(1) << 40);
    if (line.isEmpty())
        QSKIP("no sparse file of 1 TB here");
    client->say(line);
    QVERIFY(waitUntil([this] {
        const auto sessions = m_host->sessions();
        return !sessions.isEmpty() && sessions.first().fileSent > 1;
    }));
    m_host->call([](server::Server &server) { server.drain(); });
    QCOMPARE(client->line(), "!STOPPING");
    QCOMPARE(client->line(), QByteArray());
}

/// It has to read as much as the server just did, and no line of the protocol is for that.
void UploadsDisks::whoComparesALargePartMayBeSilent()
{
    m_host->config.noProgressTime = 300ms;
    m_host->config.minimumRateWindow = 300ms;
    start();
    const auto client = frankPeer();
    const QByteArray line = beginPart(300'000'000); // half a minute
    QVERIFY(!line.isEmpty());
    client->say(line);
    QByteArray said;
    do {
        said = client->line();
    } while (said.startsWith("#BUSY"));
    QVERIFY2(said.startsWith("#SEND offset=300000000 "), said.constData());
    QTest::qWait(1'000);
    client->say("ABORT\r\n");
    QCOMPARE(client->line(), "#ABORTED");
    // After that it is as everywhere.
    QVERIFY(waitUntil([this] { return m_host->liveSessions() == 1; }));
    client->say(putLine("/add/y", 10, "2"));
    QCOMPARE(client->line(), "#SEND offset=0");
    QCOMPARE(client->line(), "!TIMEOUT");
}

FERRY_TEST(UploadsDisks)
#include "uploads_disks.moc"
