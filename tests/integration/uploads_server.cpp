// SPDX-License-Identifier: MIT
// What a server promises about files that are put in (docs/PROTOCOL.md, "PUT"): complete or not
// there, never in the place of another, continued where they stopped.
#include "integration/uploads_fixture.h"
#include "server/server.h"
#include "server/uploads/uploadreply.h"
#include "support/rawpeer.h"
#include "support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <sys/stat.h>

using namespace ferry;
using namespace ferry::test;

class UploadsServer : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aFileArrives();
    void aFileOfSeveralPiecesArrives();
    void onlyServersThatTakeFilesSaySo();
    void aConnectionCutAnywhereLeavesNoName();
    void aSecondConnectionTakesOverAtOnce();
    void tenConnectionsWithOneIdMakeOneFile();
    void aPartIsContinuedAfterARestart();
    void anotherPrefixBeginsAgain();
    void anotherAccountHasAnotherUpload();
    void aLostAnswerIsGivenAgain();
    void takenNamesGetANumber();
    void namesDifferInMoreThanCase();
    void noModeIsTakenOver();
    void foldersAreMadeAndEmptyOnesToo();
    void manySmallFilesFollowAtOnce();
    void aServerThatDrainsFinishesTheFile();
    void aServerThatDrainsWaitsForNobodyWhoLeft();
    void aPausedSessionTakesNothing();
    void anEndedSessionKeepsThePart();
    void theLogAndTheSessionTell();
};

void UploadsServer::init()
{
    m_host = std::make_unique<UploadHost>();
}

void UploadsServer::aFileArrives()
{
    start();
    const auto client = peer();
    QVERIFY(client->ready());
    client->say(putLine("/add/trip/a%20b.raw", 5, "1", " mtime=1600000000123456789"));
    QCOMPARE(client->line(), "#SEND offset=0");
    client->say(dataOf("hello") + endOf("hello"));
    const QByteArray stored = client->line();
    QVERIFY2(stored.startsWith("#STORED path=/add/trip/a%20b.raw size=5 sum=" + sumOf("hello") +
                               " id=i"),
             stored.constData());
    QCOMPARE(m_host->content(QStringLiteral("add/trip/a b.raw")), "hello");
    QCOMPARE(m_host->parts(QStringLiteral("add")), QStringList());
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(m_host->path(QStringLiteral("add/trip/a b.raw"))).constData(),
                    &status),
             0);
    QCOMPARE(qint64(status.st_mtim.tv_sec), 1600000000);
    // It is read as any other, under the token that was told.
    const QByteArray id = stored.sliced(stored.indexOf("id=") + 3);
    QVERIFY(client->ask("GET /add/trip/a%20b.raw id=" + id).startsWith("#FILE size=5 "));
}

void UploadsServer::aFileOfSeveralPiecesArrives()
{
    start();
    const QByteArray bytes = noise(5'000'001);
    const auto client = peer();
    QVERIFY(upload(*client, "/in/large", bytes, "1").startsWith("#STORED "));
    QVERIFY(m_host->content(QStringLiteral("in/large")) == bytes);
}

void UploadsServer::onlyServersThatTakeFilesSaySo()
{
    start();
    QVERIFY(peer()->ask("HELLO ferry/1").contains(",PUT,"));
    m_host->stop();
    m_host->config.shares = {m_host->config.shares.first()};
    start();
    const auto client = peer();
    QVERIFY(!client->ask("HELLO ferry/1").contains(",PUT"));
    QCOMPARE(client->ask("PUT /pub/x size=1 upload=1"), "!READONLY");
}

/// Cut behind each byte of the conversation, with and without a word: there is a final name only
/// where the END was whole.
void UploadsServer::aConnectionCutAnywhereLeavesNoName()
{
    start();
    // Each cut has an upload of its own.
    const auto saidAs = [](qsizetype id) {
        return putLine("/add/cut", 9, QByteArray::number(1000 + id)) + dataOf("0123") +
               dataOf("45678") + endOf("012345678");
    };
    const qsizetype size = saidAs(0).size();
    for (qsizetype cut = 0; cut < size; ++cut) {
        const QByteArray said = saidAs(cut);
        RawPeer client(m_host->port());
        QVERIFY(client.login("passwd"));
        QVERIFY(client.send("HELLO ferry/1\r\n" + said.first(cut)));
        if (cut % 2 == 0) {
            client.finishWriting();
            QVERIFY2(client.readToEnd(), qPrintable(QString::number(cut)));
        } else {
            QVERIFY(client.readLine().startsWith("#HELLO"));
            client.reset();
        }
        client.close();
        QVERIFY(waitUntil([this] { return m_host->liveSessions() == 0; }));
        QCOMPARE(m_host->names(QStringLiteral("add")), QStringList());
    }
    // The last but one lacked two bytes of its END, and nothing of the content.
    const qsizetype last = (size - 1) / 2 * 2;
    const auto client = peer();
    const QByteArray begin =
        client->ask(putLine("/add/cut", 9, QByteArray::number(1000 + last)).trimmed());
    QVERIFY2(begin.startsWith("#SEND offset=9 "), begin.constData());
    client->say(endOf("012345678"));
    QVERIFY(client->line().startsWith("#STORED path=/add/cut "));
    QCOMPARE(m_host->names(QStringLiteral("add")), QStringList{QStringLiteral("cut")});
}

void UploadsServer::aSecondConnectionTakesOverAtOnce()
{
    start();
    const QByteArray bytes = noise(300'000);
    const auto silent = peer();
    silent->say(putLine("/add/x", bytes.size(), "1") + dataOf(bytes.first(200'000)));
    QCOMPARE(silent->line(), "#SEND offset=0");
    QVERIFY(waitUntil([this] {
        const auto sessions = m_host->sessions();
        return !sessions.isEmpty() && sessions.first().fileSent == 200'000;
    }));
    const auto second = peer();
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(second->ask(putLine("/add/x", bytes.size(), "1").trimmed()),
             "#SEND offset=200000 sum=" + sumOf(bytes.first(200'000)));
    QCOMPARE(silent->line(), ""); // closed, not waited for
    second->say(dataOf(bytes.sliced(200'000)) + endOf(bytes));
    QVERIFY(second->line().startsWith("#STORED path=/add/x "));
    QVERIFY(m_host->content(QStringLiteral("add/x")) == bytes);
}

void UploadsServer::tenConnectionsWithOneIdMakeOneFile()
{
    start();
    const QByteArray bytes = noise(2'000'000);
    const quint16 port = m_host->tlsPort();
    std::atomic_int stored = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 10; ++i) {
        threads.emplace_back([&] {
            for (int attempt = 0; attempt < 50 && stored == 0; ++attempt) {
                TlsPeer client(port, "passwd");
                client.say(putLine("/add/x", bytes.size(), "1"));
                const QByteArray begin = client.line();
                if (begin.startsWith("#STORED"))
                    ++stored;
                if (!begin.startsWith("#SEND offset="))
                    continue;
                const qint64 there = begin.sliced(13).split(' ').first().toLongLong();
                client.say(dataOf(bytes.sliced(there)) + endOf(bytes));
                stored += client.line().startsWith("#STORED") ? 1 : 0;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY(stored >= 1);
    QCOMPARE(m_host->names(QStringLiteral("add")), QStringList{QStringLiteral("x")});
    QVERIFY(m_host->content(QStringLiteral("add/x")) == bytes);
}

void UploadsServer::aPartIsContinuedAfterARestart()
{
    start();
    const QByteArray bytes = noise(100'000);
    {
        const auto client = peer();
        client->say(putLine("/add/x", bytes.size(), "1") + dataOf(bytes.first(60'000)) +
                    "ABORT\r\n");
        QCOMPARE(client->line(), "#SEND offset=0");
        QCOMPARE(client->line(), "#ABORTED");
    }
    m_host->stop();
    start();
    const auto client = peer();
    QCOMPARE(client->ask(putLine("/add/x", bytes.size(), "1").trimmed()),
             "#SEND offset=60000 sum=" + sumOf(bytes.first(60'000)));
    client->say(dataOf(bytes.sliced(60'000)) + endOf(bytes));
    QVERIFY(client->line().startsWith("#STORED "));
    QVERIFY(m_host->content(QStringLiteral("add/x")) == bytes);
}

/// What a client has is not what is there: it drops that, and nothing of the two is mixed. One who
/// does not look gets no file.
void UploadsServer::anotherPrefixBeginsAgain()
{
    start();
    const auto client = peer();
    client->say(putLine("/add/x", 10, "1") + dataOf("01234") + "ABORT\r\n");
    QCOMPARE(client->line(), "#SEND offset=0");
    QCOMPARE(client->line(), "#ABORTED");
    client->say(putLine("/add/x", 10, "1") + dataOf("fghij") + endOf("abcdefghij"));
    QCOMPARE(client->line(), "#SEND offset=5 sum=" + sumOf("01234"));
    QCOMPARE(client->line(), "!MISMATCH");
    client->say(putLine("/add/x", 10, "1") + dataOf("01234") + "ABORT drop=yes\r\n");
    QCOMPARE(client->line(), "#SEND offset=0");
    QCOMPARE(client->line(), "#ABORTED");
    QCOMPARE(m_host->names(QStringLiteral("add")), QStringList());
    QVERIFY(upload(*client, "/add/x", "abcdefghij", "1").startsWith("#STORED "));
    QCOMPARE(m_host->content(QStringLiteral("add/x")), "abcdefghij");
}

/// Nor do path or size of one ID ever meet.
void UploadsServer::anotherAccountHasAnotherUpload()
{
    start();
    const auto client = peer();
    client->say(putLine("/add/x", 10, "1") + dataOf("01234") + "ABORT\r\n");
    client->line();
    client->line();
    for (const QByteArray &other : {putLine("/add/y", 10, "1"), putLine("/in/x", 10, "1"),
                                    putLine("/add/x", 11, "1"), putLine("/add/x", 10, "2")}) {
        client->say(other + "ABORT\r\n");
        QCOMPARE(client->line(), "#SEND offset=0");
        QCOMPARE(client->line(), "#ABORTED");
    }
    QVERIFY(server::accountMark("anna") != server::accountMark("bert"));
}

void UploadsServer::aLostAnswerIsGivenAgain()
{
    start();
    const QByteArray answer = upload(*peer(), "/add/x", "hello", "1");
    QVERIFY(answer.startsWith("#STORED "));
    const auto client = peer();
    QCOMPARE(client->ask(putLine("/add/x", 5, "1").trimmed()), answer);
    client->say(putLine("/add/x", 5, "1", " follows=yes") + dataOf("hello") + endOf("hello"));
    QCOMPARE(client->line(), answer);
    QCOMPARE(m_host->names(QStringLiteral("add")), QStringList{QStringLiteral("x")});
    QVERIFY(upload(*client, "/add/x", "hello", "2").startsWith("#STORED path=/add/x%20(1) "));
}

void UploadsServer::takenNamesGetANumber()
{
    start();
    QFile mine(m_host->path(QStringLiteral("add/a.txt")));
    QVERIFY(mine.open(QIODevice::WriteOnly) && mine.write("mine") == 4);
    mine.close();
    const auto client = peer();
    const auto other = peer();
    client->say(putLine("/add/a.txt", 3, "1") + dataOf("one"));
    other->say(putLine("/add/a.txt", 3, "2") + dataOf("two"));
    QCOMPARE(client->line(), "#SEND offset=0");
    QCOMPARE(other->line(), "#SEND offset=0");
    client->say(endOf("one"));
    QVERIFY(client->line().startsWith("#STORED path=/add/a%20(1).txt "));
    other->say(endOf("two"));
    QVERIFY(other->line().startsWith("#STORED path=/add/a%20(2).txt "));
    QCOMPARE(m_host->content(QStringLiteral("add/a.txt")), "mine");
    QCOMPARE(m_host->content(QStringLiteral("add/a (1).txt")), "one");
    QCOMPARE(m_host->content(QStringLiteral("add/a (2).txt")), "two");
}

void UploadsServer::namesDifferInMoreThanCase()
{
    start();
    const auto client = peer();
    QVERIFY(upload(*client, "/add/README", "1", "1").startsWith("#STORED path=/add/README "));
    QVERIFY(upload(*client, "/add/readme", "2", "2").startsWith("#STORED path=/add/readme%20(1) "));
    QVERIFY(upload(*client, "/add/%C3%84", "3", "3").startsWith("#STORED path=/add/%C3%84 "));
    QVERIFY(upload(*client, "/add/%C3%A4", "4", "4").startsWith("#STORED path=/add/%C3%A4%20(1) "));
    // What somebody else puts there counts as well.
    QVERIFY(QFile(m_host->path(QStringLiteral("add/Note"))).open(QIODevice::WriteOnly));
    QVERIFY(upload(*client, "/add/NOTE", "5", "5").startsWith("#STORED path=/add/NOTE%20(1) "));
    QCOMPARE(client->ask("PUT /add/Trip kind=d"), "#STORED path=/add/Trip");
    QCOMPARE(client->ask("PUT /add/trip kind=d"), "#STORED path=/add/Trip");
    QVERIFY(upload(*client, "/add/TRIP/x", "6", "6").startsWith("#STORED path=/add/Trip/x "));
}

void UploadsServer::noModeIsTakenOver()
{
    start();
    const auto client = peer();
    client->say(putLine("/add/run.sh", 10, "1", " mode=4777 exec=yes"));
    QCOMPARE(client->line(), "#SEND offset=0");
    client->say(dataOf("#!/bin/sh\n") + endOf("#!/bin/sh\n"));
    QVERIFY(client->line().startsWith("#STORED "));
    QCOMPARE(client->ask("PUT /add/folder kind=d mode=7777"), "#STORED path=/add/folder");
    struct stat status = {};
    const auto mode = [&](const char *name) {
        const QByteArray path = QFile::encodeName(m_host->path(QStringLiteral("add/"))) + name;
        return ::stat(path.constData(), &status) == 0 ? status.st_mode & 07777 : 0;
    };
    QCOMPARE(mode("run.sh") & ~0640U, 0U);
    QVERIFY(mode("run.sh") & 0400);
    QCOMPARE(mode("folder") & ~0750U, 0U);
}

void UploadsServer::foldersAreMadeAndEmptyOnesToo()
{
    start();
    const auto client = peer();
    QCOMPARE(client->ask("PUT /add/trip/empty/deep kind=d"), "#STORED path=/add/trip/empty/deep");
    QCOMPARE(client->ask("PUT /add/trip kind=d"), "#STORED path=/add/trip");
    QCOMPARE(client->ask("PUT /in/trip kind=d"), "#STORED path=/in/trip");
    QVERIFY(upload(*client, "/in/other/x", "1", "1").startsWith("#STORED path=/in/other/x "));
    QVERIFY(QDir(m_host->path(QStringLiteral("add/trip/empty/deep"))).exists());
    QVERIFY(QDir(m_host->path(QStringLiteral("in/trip"))).exists());
    QCOMPARE(m_host->content(QStringLiteral("in/other/x")), "1");
}

void UploadsServer::manySmallFilesFollowAtOnce()
{
    start();
    const auto client = peer();
    constexpr int count = 300;
    QByteArray all;
    for (int i = 0; i < count; ++i) {
        const QByteArray bytes = "file " + QByteArray::number(i);
        all += putLine("/in/f" + QByteArray::number(i), bytes.size(), "u" + QByteArray::number(i),
                       " follows=yes") +
               dataOf(bytes) + endOf(bytes);
    }
    client->say(all);
    for (int i = 0; i < count; ++i) {
        QCOMPARE(client->line(), "#SEND offset=0");
        QVERIFY(client->line().startsWith("#STORED path=/in/f" + QByteArray::number(i) + ' '));
    }
    QCOMPARE(m_host->names(QStringLiteral("in")).size(), count);
    QCOMPARE(m_host->content(QStringLiteral("in/f299")), "file 299");
}

void UploadsServer::aServerThatDrainsFinishesTheFile()
{
    start();
    const auto client = peer();
    client->say(putLine("/add/x", 10, "1") + dataOf("01234"));
    QCOMPARE(client->line(), "#SEND offset=0");
    m_host->call([](server::Server &server) { server.drain(); });
    client->say(dataOf("56789") + endOf("0123456789"));
    QVERIFY(client->line().startsWith("#STORED path=/add/x "));
    QCOMPARE(client->line(), "!STOPPING");
    QVERIFY(waitUntil([this] {
        return m_host->call([](server::Server &server) { return server.state(); }) ==
               server::ServerState::Stopped;
    }));
    QCOMPARE(m_host->content(QStringLiteral("add/x")), "0123456789");
}

void UploadsServer::aServerThatDrainsWaitsForNobodyWhoLeft()
{
    start();
    const auto client = peer();
    client->say(putLine("/add/x", 10, "1") + dataOf("01234"));
    QCOMPARE(client->line(), "#SEND offset=0");
    m_host->call([](server::Server &server) { server.drain(); });
    client->finishWriting();
    QVERIFY(waitUntil([this] {
        return m_host->call([](server::Server &server) { return server.state(); }) ==
               server::ServerState::Stopped;
    }));
}

void UploadsServer::aPausedSessionTakesNothing()
{
    start();
    const auto client = frankPeer();
    client->say(putLine("/add/x", 10, "1"));
    QCOMPARE(client->line(), "#SEND offset=0");
    const quint64 id = m_host->sessions().first().id;
    m_host->call([id](server::Server &server) { server.pauseSession(id, true); });
    client->say(dataOf("0123456789") + endOf("0123456789"));
    QCOMPARE(client->line(), "#BUSY why=paused");
    QCOMPARE(m_host->names(QStringLiteral("add")), QStringList());
    m_host->call([id](server::Server &server) { server.pauseSession(id, false); });
    QByteArray answer;
    do {
        answer = client->line();
    } while (answer.startsWith("#BUSY"));
    QVERIFY(answer.startsWith("#STORED path=/add/x "));
}

void UploadsServer::anEndedSessionKeepsThePart()
{
    start();
    const auto client = frankPeer();
    client->say(putLine("/add/x", 10, "1") + dataOf("01234"));
    QCOMPARE(client->line(), "#SEND offset=0");
    QVERIFY(waitUntil([this] { return m_host->sessions().first().fileSent == 5; }));
    const quint64 id = m_host->sessions().first().id;
    m_host->call([id](server::Server &server) { server.disconnectSession(id); });
    QCOMPARE(client->line(), "!DISCONNECTED");
    QVERIFY(waitUntil([this] { return m_host->liveSessions() == 0; }));
    QVERIFY(peer()->ask(putLine("/add/x", 10, "1").trimmed()).startsWith("#SEND offset=5 "));
}

void UploadsServer::theLogAndTheSessionTell()
{
    start();
    const auto client = peer();
    QVERIFY(upload(*client, "/add/x", "hello", "1").startsWith("#STORED "));
    QCOMPARE(m_host->sessions().first().filesReceived, 1);
    QCOMPARE(m_host->sessions().first().received, 5);
    client->say("QUIT\r\n");
    QVERIFY(waitUntil([this] { return m_host->liveSessions() == 0; }));
    QVERIFY(m_host->sessions().first().outcome.startsWith(
        QStringLiteral("1 file received, verified ")));
    QStringList texts;
    for (const LogRecord &record :
         m_host->call([](server::Server &server) { return server.takeLog(); }))
        texts.append(record.message);
    QVERIFY(texts.contains(QStringLiteral("Received /add/x, 5 bytes, verified")));
    QVERIFY(texts.filter(QStringLiteral("END sum=")).size() == 1);
}

FERRY_TEST(UploadsServer)
#include "uploads_server.moc"
