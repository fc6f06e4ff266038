// SPDX-License-Identifier: MIT
// Small files that are put in one behind the other, without waiting for answers: they share syncs,
// and nobody notices, but for the time.
#include "integration/uploads_fixture.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::test;

class UploadsTogether : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_host = std::make_unique<UploadHost>();
        m_host->config.maxSessions = 8; // so that descriptors are left to hold uploads with
        start();
    }
    void answersKeepTheirOrder();
    void answersWaitForEachOther();
    void oneThatFailsFailsAlone();
    void nobodyWaitsForWhatDoesNotCome();
    void theSameUploadTwiceIsOneFile();
    void oneNameTwiceIsTwoFiles();
    void whatIsNotSaidIsDoneAllTheSame();
    void manyAreCountedOnceEach();
};

void UploadsTogether::answersKeepTheirOrder()
{
    const auto client = peer();
    QByteArray said;
    for (int round = 0; round < 30; ++round) {
        const QByteArray n = QByteArray::number(round);
        said += whole("/in/a" + n, "hello", "a" + n) + whole("/in/con", "hello", "n" + n) +
                putLine("/in/b" + n, 5, "b" + n, " follows=yes") + dataOf("hello") +
                endOf("other") + whole("/in/" + n + "/c", "", "c" + n) + "PING\r\n" +
                whole("/pub/x", "hello", "x" + n) + whole("/in/d" + n, "hello", "d" + n) +
                "PUT /in/folder" + n + " kind=d\r\n";
    }
    client->say(said);
    for (int round = 0; round < 30; ++round) {
        const QByteArray n = QByteArray::number(round);
        QCOMPARE(client->line(), "#SEND offset=0");
        QVERIFY(client->line().startsWith("#STORED path=/in/a" + n + ' '));
        QCOMPARE(client->line(), "!NAME");
        QCOMPARE(client->line(), "#SEND offset=0");
        QCOMPARE(client->line(), "!MISMATCH");
        QCOMPARE(client->line(), "#SEND offset=0");
        QVERIFY(client->line().startsWith("#STORED path=/in/" + n + "/c "));
        QCOMPARE(client->line(), "#PONG");
        QCOMPARE(client->line(), "!READONLY");
        QCOMPARE(client->line(), "#SEND offset=0");
        QVERIFY(client->line().startsWith("#STORED path=/in/d" + n + ' '));
        QVERIFY(client->line().startsWith("#STORED path=/in/folder" + n));
    }
    QCOMPARE(m_host->names(QStringLiteral("in")).size(), 30 * 4);
    QCOMPARE(m_host->content(QStringLiteral("in/d29")), "hello");
    QVERIFY(m_host->parts(QStringLiteral("in")).isEmpty());
}

/// What has come with the same read is published together.
void UploadsTogether::answersWaitForEachOther()
{
    const auto client = peer();
    QByteArray said;
    constexpr int files = 20;
    for (int i = 0; i < files; ++i) {
        const QByteArray n = QByteArray::number(i);
        said += whole("/add/" + n, n, n);
    }
    client->say(said);
    for (int i = 0; i < 2 * files; ++i)
        QVERIFY(client->line().startsWith(i % 2 == 0 ? "#SEND " : "#STORED "));
    int stored = 0;
    int together = 0;
    bool before = false; // with nothing asked since
    const auto log = m_host->call([](server::Server &server) { return server.takeLog(); });
    for (const LogRecord &record : log) {
        const bool isStored = record.kind == LogKind::Response &&
                              record.message.startsWith(QStringLiteral("#STORED "));
        stored += isStored ? 1 : 0;
        together += isStored && before ? 1 : 0;
        before = record.kind != LogKind::Command && (before || isStored);
    }
    QCOMPARE(stored, files);
    QVERIFY(together > 0);
}

/// A folder is in the way of the second, and where the third one's folder should be is a file.
void UploadsTogether::oneThatFailsFailsAlone()
{
    const auto client = peer();
    client->say(whole("/add/a", "hello", "1") + whole("/add/a/b", "hello", "2") +
                whole("/add/empty/x", "", "3") + whole("/add/empty/x/y", "", "4") +
                whole("/add/c", "world", "5"));
    for (const char *answer : {"#STORED path=/add/a ", "!EXISTS", "#STORED path=/add/empty/x ",
                               "!EXISTS", "#STORED path=/add/c "}) {
        QByteArray line = client->line();
        if (line == "#SEND offset=0") // always, but on a computer that stands still meanwhile
            line = client->line();
        QVERIFY2(line.startsWith(answer), line);
    }
    QCOMPARE(m_host->names(QStringLiteral("add")).size(), 3);
    // Of the one with content, a part is left; an empty part is no use to anybody.
    for (const QString &part : m_host->parts(QStringLiteral("add")))
        QVERIFY(!m_host->content(QStringLiteral("add/.ferry-uploads/") + part).isEmpty());
    QCOMPARE(client->ask("PING"), "#PONG");
    QVERIFY(waitUntil([this] { return m_host->sessions().first().filesReceived == 3; }));
}

/// An answer is held only while more comes.
void UploadsTogether::nobodyWaitsForWhatDoesNotCome()
{
    const auto client = peer();
    client->say(whole("/add/a", "hello", "1"));
    QCOMPARE(client->line(), "#SEND offset=0");
    QVERIFY(client->line().startsWith("#STORED path=/add/a "));
    client->say(whole("/add/b", "hello", "2") + putLine("/add/c", 10, "3", " follows=yes"));
    QCOMPARE(client->line(), "#SEND offset=0");
    QVERIFY(client->line().startsWith("#STORED path=/add/b "));
    QCOMPARE(client->line(), "#SEND offset=0");
    client->say("DATA 10\r\nhello");
    client->say("worldEND sum=" + sumOf("helloworld") + "\r\n" +
                putLine("/add/d", 10, "4", " follows=yes") + "DATA 10\r\nhello");
    QVERIFY(client->line().startsWith("#STORED path=/add/c "));
    QCOMPARE(client->line(), "#SEND offset=0");
    client->say("worldEND sum=" + sumOf("helloworld") + "\r\n");
    QVERIFY(client->line().startsWith("#STORED path=/add/d "));
}

void UploadsTogether::theSameUploadTwiceIsOneFile()
{
    const auto client = peer();
    client->say(whole("/add/a", "hello", "1") + whole("/add/a", "hello", "1") +
                whole("/add/a", "hello", "1"));
    QCOMPARE(client->line(), "#SEND offset=0");
    for (int i = 0; i < 3; ++i)
        QVERIFY(client->line().startsWith("#STORED path=/add/a "));
    QCOMPARE(client->ask("PING"), "#PONG");
    QCOMPARE(m_host->names(QStringLiteral("add")), QStringList{QStringLiteral("a")});
}

void UploadsTogether::oneNameTwiceIsTwoFiles()
{
    const auto client = peer();
    client->say(whole("/add/a/x", "1", "1") + whole("/add/a/X", "22", "2") +
                whole("/add/a/x", "333", "3") + whole("/add/b/x", "4", "4"));
    for (const char *path : {"/add/a/x", "/add/a/X%20(1)", "/add/a/x%20(2)", "/add/b/x"}) {
        QCOMPARE(client->line(), "#SEND offset=0");
        const QByteArray stored = client->line();
        QVERIFY2(stored.startsWith("#STORED path=" + QByteArray(path) + ' '), stored);
    }
    QCOMPARE(m_host->content(QStringLiteral("add/a/X (1)")), "22");
    QCOMPARE(m_host->content(QStringLiteral("add/a/x (2)")), "333");
}

/// The connection breaks before the answers can go out.
void UploadsTogether::whatIsNotSaidIsDoneAllTheSame()
{
    {
        const auto client = peer();
        client->say(whole("/add/a", "hello", "1") + whole("/add/b", "world", "2") +
                    putLine("/add/c", 1'000'000, "3", " follows=yes") + "DATA 1000000\r\nhello");
        QVERIFY(waitUntil([this] { return m_host->sessions().first().received == 15; }));
        client->reset();
    }
    QVERIFY(waitUntil([this] { return m_host->liveSessions() == 0; }));
    QCOMPARE(m_host->content(QStringLiteral("add/a")), "hello");
    QCOMPARE(m_host->content(QStringLiteral("add/b")), "world");
    QVERIFY(!m_host->names(QStringLiteral("add")).contains(QStringLiteral("c")));
    const auto again = peer();
    again->say(whole("/add/a", "hello", "1"));
    QVERIFY(again->line().startsWith("#STORED path=/add/a "));
}

void UploadsTogether::manyAreCountedOnceEach()
{
    const auto client = peer();
    QByteArray said;
    for (int i = 0; i < 500; ++i) {
        const QByteArray n = QByteArray::number(i);
        said += whole("/in/" + QByteArray::number(i % 7) + '/' + n, n, n);
    }
    client->say(said + "QUIT\r\n");
    for (int i = 0; i < 500; ++i) {
        QCOMPARE(client->line(), "#SEND offset=0");
        QVERIFY(client->line().startsWith("#STORED "));
    }
    QVERIFY(waitUntil([this] { return m_host->liveSessions() == 0; }));
    QCOMPARE(m_host->sessions().first().filesReceived, 500);
    QVERIFY(m_host->sessions().first().outcome.startsWith(
        QStringLiteral("500 files received, verified ")));
    QCOMPARE(m_host->content(QStringLiteral("in/2/499")), "499");
}

FERRY_TEST(UploadsTogether)
#include "uploads_together.moc"
