// SPDX-License-Identifier: MIT
// Ends of sessions that nobody planned, at the encrypted door: each ends that session alone. And
// one that somebody did: it loses no receipt.
#include "client/client.h"
#include "net/base/checksum.h"
#include "server/limits.h"
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "support/tlspeer.h"

#include <QCoreApplication>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <vector>

#include <unistd.h>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype bigSize = 32 * 1024 * 1024;
const QByteArray password = "rigid-juicy-temple-cow-bison-exam";

/// What follows #FILE, to the end of the answer.
QByteArray body(TlsPeer &peer, qint64 size)
{
    QByteArray bytes;
    while (bytes.size() < size) {
        const QByteArray chunk = peer.line();
        if (!chunk.startsWith("#DATA "))
            return {};
        bytes += peer.read(chunk.sliced(6).toLongLong());
    }
    return peer.line().startsWith("#DONE ") ? bytes : QByteArray();
}

} // namespace

class ExtendedEnding : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aPeerThatNeverReadsAFileIsTimedOut();
    void aPeerThatNeverReadsRepliesIsTimedOut();
    void aHandshakeThatTricklesIsTimedOut();
    void aResetInMidFileEndsOnlyThatSession();
    void aHalfClosedPeerGetsAllItsReplies();
    void drainingIsSaidToThoseWhoWait();
    void drainingFinishesAFileThatGoesOutInParts();
    void drainingWaitsForReceipts_data();
    void drainingWaitsForReceipts();
    void drainingTakesReceiptsBehindItsWord();
    void drainingEndsWithoutReceipts();
    void drainingWaitsForNoOneWhoLeftAPart();
    void drainingEndsWhenPartsComeTwice();
    void drainingWaitsForNoChecksum();
    void cancelIsSeenWhileTheServerDrains();
    void aPeerThatKnowsNoReasonsIsToldNone();
    void aFullServerSaysSo();
    void whoNeverShakesHandsHoldsNoRefusalUp();
    void aClientThatLeavesAtTheEndOfItsQueueHasSentAllReceipts();

private:
    quint16 start()
    {
        m_host->config.tlsEnabled = true;
        m_host->config.password = password;
        const bool started = m_host->start().ok();
        return started ? m_host->call([](Server &server) { return server.tlsEndpoint().port; }) : 0;
    }
    bool servesSomebodyNew(quint16 port)
    {
        return TlsPeer(port, password).ask("GET /pub/hello.txt").startsWith("#FILE size=6 ");
    }
    bool isStopped()
    {
        return m_host->call([](Server &server) { return server.state(); }) == ServerState::Stopped;
    }
    std::unique_ptr<ServerHost> m_host;
};

void ExtendedEnding::init()
{
    m_host = std::make_unique<ServerHost>();
    QVERIFY(m_host->write(QStringLiteral("big"), noise(bigSize)));
}

void ExtendedEnding::aPeerThatNeverReadsAFileIsTimedOut()
{
    m_host->config.noProgressTime = 500ms;
    const quint16 port = start();
    TlsPeer peer(port, password);
    QVERIFY(peer.ready());
    QVERIFY(peer.ask("GET /pub/big").startsWith("#FILE size=33554432 "));
    const SessionInfo ended = m_host->waitForEnded();
    QVERIFY2(ended.outcome.endsWith(QStringLiteral("timed out")), qPrintable(ended.outcome));
    QVERIFY(ended.failed);
    QVERIFY(servesSomebodyNew(port));
}

void ExtendedEnding::aPeerThatNeverReadsRepliesIsTimedOut()
{
    m_host->config.noProgressTime = 500ms;
    const quint16 port = start();
    TlsPeer peer(port, password);
    QVERIFY(peer.ready());
    // Each asks for more than all buffers on the way hold.
    peer.say(QByteArray("GET /pub/big\r\n").repeated(1000));
    const SessionInfo ended = m_host->waitForEnded();
    QVERIFY2(ended.outcome.endsWith(QStringLiteral("timed out")), qPrintable(ended.outcome));
    QVERIFY(servesSomebodyNew(port));
}

/// However many bytes come, the time for them is one.
void ExtendedEnding::aHandshakeThatTricklesIsTimedOut()
{
    m_host->config.loginTime = 300ms;
    const quint16 port = start();
    const QDeadlineTimer patience(patienceMs);
    const auto socket = socketops::connectTo(QStringLiteral("127.0.0.1"), port, patience).take();
    QVERIFY(waitUntil([&] { return m_host->sessions().size() == 1; }));
    const QByteArray hello =
        QByteArray::fromHex("1603013e8001003e7c0303") + QByteArray(16'000, 'x');
    qsizetype sent = 0;
    QVERIFY(waitUntil([&] {
        if (sent < hello.size())
            sent += qMax<qint64>(0, socketops::send(socket.get(), hello.constData() + sent, 1));
        return m_host->sessions().constFirst().state == SessionState::Ended;
    }));
    QVERIFY(sent < hello.size());
    const QString outcome = m_host->waitForEnded().outcome;
    QVERIFY2(outcome.contains(QStringLiteral("did not answer in time")), qPrintable(outcome));
}

void ExtendedEnding::aResetInMidFileEndsOnlyThatSession()
{
    const quint16 port = start();
    TlsPeer other(port, password);
    QVERIFY(other.ready());
    for (int i = 0; i < 5; ++i) {
        TlsPeer peer(port, password);
        QVERIFY(peer.ready());
        QVERIFY(peer.ask("GET /pub/big").startsWith("#FILE size=33554432 "));
        QCOMPARE(peer.read(1000).size(), 1000);
        peer.reset();
        const SessionInfo ended = m_host->waitForEnded(i);
        QVERIFY(ended.failed);
        QVERIFY2(ended.outcome.endsWith(QStringLiteral("connection lost")),
                 qPrintable(ended.outcome));
    }
    QCOMPARE(other.ask("PING still"), "#PONG still");
}

void ExtendedEnding::aHalfClosedPeerGetsAllItsReplies()
{
    const quint16 port = start();
    TlsPeer peer(port, password);
    QVERIFY(peer.ready());
    peer.say("GET /pub/hello.txt\r\nGET /pub/missing\r\nPING last\r\n");
    peer.finishWriting();
    QVERIFY(peer.line().startsWith("#FILE size=6 "));
    QCOMPARE(peer.line(), "#DATA 6");
    QCOMPARE(peer.line(), "hello");
    QVERIFY(peer.line().startsWith("#DONE bytes=6 "));
    QCOMPARE(peer.line(), "!NOTFOUND");
    QCOMPARE(peer.line(), "#PONG last");
    QCOMPARE(peer.line(), QByteArray());
    QVERIFY(!m_host->waitForEnded().failed);
}

void ExtendedEnding::drainingIsSaidToThoseWhoWait()
{
    const quint16 port = start();
    TlsPeer idle(port, password), busy(port, password);
    QVERIFY(busy.ready() && idle.ready());
    QVERIFY(busy.ask("GET /pub/big").startsWith("#FILE size=33554432 "));
    m_host->call([](Server &server) { server.drain(); });
    QCOMPARE(idle.line(), "!STOPPING");
    QCOMPARE(idle.line(), QByteArray());
    SessionInfo ended = m_host->waitForEnded();
    QCOMPARE(ended.outcome, QStringLiteral("server is stopping"));
    QVERIFY(!ended.failed);
    for (qint64 left = bigSize; left > 0;) {
        const QByteArray chunk = busy.line();
        QVERIFY2(chunk.startsWith("#DATA "), chunk.constData());
        const qsizetype size = chunk.sliced(6).toLongLong();
        QCOMPARE(busy.read(size).size(), size);
        left -= size;
    }
    QVERIFY(busy.line().startsWith("#DONE bytes=33554432 "));
    QCOMPARE(busy.line(), "!STOPPING");
    ended = m_host->waitForEnded(1);
    QCOMPARE(ended.outcome, QStringLiteral("1 file delivered (unverified)"));
}

void ExtendedEnding::drainingFinishesAFileThatGoesOutInParts()
{
    const quint16 port = start();
    TlsPeer peer(port, password);
    QVERIFY(peer.ready());
    const QByteArray first = peer.ask("GET /pub/big length=1048576");
    const QByteArray id = first.sliced(first.indexOf(" id=") + 4).split(' ').first();
    QByteArray got = body(peer, 1'048'576);
    m_host->call([](Server &server) { server.drain(); });
    constexpr int parts = 4;
    constexpr qint64 rest = bigSize - 1'048'576;
    for (int i = 0; i < parts; ++i) {
        const qint64 size = rest / parts;
        QVERIFY(peer.ask("GET /pub/big offset=" + QByteArray::number(got.size()) +
                         " length=" + QByteArray::number(size) + " id=" + id)
                    .startsWith("#FILE "));
        got += body(peer, size);
    }
    QVERIFY(got == noise(bigSize));
    QCOMPARE(peer.ask("RECEIPT /pub/big id=" + id + " sum=xxh3:" + QByteArray(32, '0')),
             "#RECEIPT");
    QCOMPARE(peer.line(), "!STOPPING");
    const QString outcome = m_host->waitForEnded().outcome;
    QVERIFY2(outcome.startsWith(QStringLiteral("1 file delivered, verified ")),
             qPrintable(outcome));
    QVERIFY(waitUntil([this] { return isStopped(); }));
}

/// They come once the file is on the client's disk.
void ExtendedEnding::drainingWaitsForReceipts_data()
{
    QTest::addColumn<QByteArray>("receipt");
    QTest::newRow("of one") << QByteArray("RECEIPT /pub/hello.txt id=%id sum=xxh3:%sum");
    QTest::newRow("of a run") << QByteArray("RECEIPTS first=1 count=1 sum=xxh3:%run");
}

void ExtendedEnding::drainingWaitsForReceipts()
{
    QFETCH(QByteArray, receipt);
    const quint16 port = start();
    TlsPeer peer(port, password);
    QVERIFY(peer.ready());
    const QByteArray facts = peer.ask("GET /pub/hello.txt");
    const QByteArray id = facts.sliced(facts.indexOf(" id=") + 4).split(' ').first();
    QCOMPARE(body(peer, 6).size(), 6);
    m_host->call([](Server &server) { server.drain(); });
    Checksum sum, run;
    sum.add(QByteArray("hello\n"));
    const QByteArray hex = sum.hex();
    run.add(hex);
    receipt.replace("%id", id).replace("%sum", hex).replace("%run", run.hex());
    QVERIFY(peer.ask(receipt).startsWith("#RECEIPT"));
    QCOMPARE(peer.line(), "!STOPPING");
    const QString outcome = m_host->waitForEnded().outcome;
    QVERIFY2(outcome.startsWith(QStringLiteral("1 file delivered, verified")), qPrintable(outcome));
    QVERIFY(waitUntil([this] { return isStopped(); }));
}

/// A client that had asked for more is told so, and says its receipts behind that.
void ExtendedEnding::drainingTakesReceiptsBehindItsWord()
{
    const quint16 port = start();
    TlsPeer peer(port, password);
    const QByteArray facts = peer.ask("GET /pub/hello.txt");
    const QByteArray id = facts.sliced(facts.indexOf(" id=") + 4).split(' ').first();
    QCOMPARE(body(peer, 6).size(), 6);
    m_host->call([](Server &server) { server.drain(); });
    QCOMPARE(
        peer.ask("GET /pub/big\r\nLIST /pub\r\nPUT /pub/new size=1 upload=" + QByteArray(32, 'a')),
        "!STOPPING");
    peer.say("RECEIPT /pub/hello.txt id=" + id + " sum=xxh3:" + QByteArray(32, '0') + "\r\n");
    QCOMPARE(peer.line(), QByteArray()); // without an answer
    const QString outcome = m_host->waitForEnded().outcome;
    QVERIFY2(outcome.startsWith(QStringLiteral("1 file delivered, verified")), qPrintable(outcome));
    QVERIFY(waitUntil([this] { return isStopped(); }));
}

/// A client that says none, or is gone, does not hold it up.
void ExtendedEnding::drainingEndsWithoutReceipts()
{
    const quint16 port = start();
    TlsPeer silent(port, password), gone(port, password), busy(port, password);
    for (TlsPeer *peer : {&silent, &gone, &busy}) {
        QVERIFY(peer->ask("GET /pub/hello.txt").startsWith("#FILE "));
        QCOMPARE(body(*peer, 6).size(), 6);
    }
    m_host->call([](Server &server) { server.drain(); });
    gone.finishWriting();
    QCOMPARE(busy.ask("GET /pub/big"), "!STOPPING");
    QCOMPARE(silent.line(), "!STOPPING");
    QVERIFY(waitUntil([this] { return isStopped(); }));
}

/// Another file, and a client that is gone, end it.
void ExtendedEnding::drainingWaitsForNoOneWhoLeftAPart()
{
    const quint16 port = start();
    TlsPeer other(port, password), gone(port, password);
    for (TlsPeer *peer : {&other, &gone}) {
        QVERIFY(peer->ask("GET /pub/big length=1048576").startsWith("#FILE "));
        QCOMPARE(body(*peer, 1'048'576).size(), 1'048'576);
    }
    m_host->call([](Server &server) { server.drain(); });
    gone.finishWriting();
    QCOMPARE(gone.line(), QByteArray());
    QCOMPARE(other.ask("GET /pub/hello.txt"), "!STOPPING");
    QVERIFY(waitUntil([this] { return isStopped(); }));
}

/// More than a file's worth is not what a file needs.
void ExtendedEnding::drainingEndsWhenPartsComeTwice()
{
    const quint16 port = start();
    TlsPeer peer(port, password);
    const QByteArray first = peer.ask("GET /pub/big length=1");
    const QByteArray id = first.sliced(first.indexOf(" id=") + 4).split(' ').first();
    QCOMPARE(body(peer, 1).size(), 1);
    m_host->call([](Server &server) { server.drain(); });
    int answered = 0;
    while (answered < 1000 && peer.ask("GET /pub/big length=1 id=" + id).startsWith("#FILE ")) {
        QCOMPARE(body(peer, 1).size(), 1);
        ++answered;
    }
    QCOMPARE(answered, int(bigSize / limits::leastPart));
    QVERIFY(waitUntil([this] { return isStopped(); }));
}

void ExtendedEnding::drainingWaitsForNoChecksum()
{
    QVERIFY(m_host->write(QStringLiteral("huge"), {}));
    if (::truncate(QFile::encodeName(m_host->folder() + QStringLiteral("/huge")).constData(),
                   qint64(1) << 40) != 0)
        QSKIP("no sparse file of 1 TB here");
    const quint16 port = start();
    TlsPeer peer(port, password);
    QVERIFY(peer.ready());
    peer.say("SUM /pub/huge\r\n");
    QVERIFY(QTest::qWaitFor(
        [this] {
            const auto log = m_host->call([](Server &server) { return server.takeLog(); });
            return std::any_of(log.begin(), log.end(), [](const LogRecord &record) {
                return record.message == QStringLiteral("SUM /pub/huge");
            });
        },
        patienceMs));
    m_host->call([](Server &server) { server.drain(); });
    QCOMPARE(peer.line(), "!STOPPING");
    QCOMPARE(peer.line(), QByteArray());
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("server is stopping"));
}

void ExtendedEnding::cancelIsSeenWhileTheServerDrains()
{
    const quint16 port = start();
    TlsPeer peer(port, password);
    QVERIFY(peer.ready());
    QVERIFY(peer.ask("GET /pub/big").startsWith("#FILE size=33554432 "));
    m_host->call([](Server &server) { server.drain(); });
    peer.say("CANCEL\r\n");
    QByteArray line = peer.line();
    for (; line.startsWith("#DATA "); line = peer.line())
        peer.read(line.sliced(6).toLongLong());
    QCOMPARE(line, "!CANCELLED");
    QCOMPARE(peer.line(), "#CANCELLED");
    QCOMPARE(peer.line(), "!STOPPING");
}

/// Clients before 0.2 take a line that they do not know for a breach of the rules.
void ExtendedEnding::aPeerThatKnowsNoReasonsIsToldNone()
{
    const quint16 port = start();
    for (const bool knows : {false, true}) {
        TlsPeer peer(port, password);
        if (knows)
            QVERIFY(peer.ask("HELLO ferry/1 can=NEW,REASONS").startsWith("#HELLO "));
        QCOMPARE(peer.ask("PING a"), "#PONG a");
        m_host->call([](Server &server) {
            for (const SessionInfo &session : server.sessions())
                server.disconnectSession(session.id);
        });
        QCOMPARE(peer.line(), QByteArray(knows ? "!DISCONNECTED" : ""));
        QCOMPARE(peer.line(), "");
    }
}

void ExtendedEnding::aFullServerSaysSo()
{
    m_host->config.maxSessions = 1;
    const quint16 port = start();
    TlsPeer served(port, password);
    QVERIFY(served.ready());
    for (int i = 0; i < 20; ++i) {
        TlsPeer refused(port);
        QVERIFY(refused.ready());
        // As a client does, that does not wait for the greeting.
        refused.say("HELLO ferry/1\r\nPING\r\n");
        QCOMPARE(refused.line(), "!Server is full.");
        QCOMPARE(refused.line(), QByteArray());
    }
    QCOMPARE(m_host->sessions().size(), 1);
    QCOMPARE(served.ask("PING still"), "#PONG still");
}

/// A server that stops waits for none of them.
void ExtendedEnding::whoNeverShakesHandsHoldsNoRefusalUp()
{
    m_host->config.maxSessions = 1;
    const quint16 port = start();
    TlsPeer served(port, password);
    QVERIFY(served.ready());
    std::vector<FileDescriptor> silent;
    for (int i = 0; i < 40; ++i)
        silent.push_back(
            socketops::connectTo(QStringLiteral("127.0.0.1"), port, QDeadlineTimer(patienceMs))
                .take());
    QCOMPARE(served.ask("PING still"), "#PONG still");
    m_host->stop();
    for (const FileDescriptor &socket : silent)
        QVERIFY(waitUntil([&] { return !socketops::discardInput(socket.get()); }));
}

/// The signal of the queue's end can be a late answer to something earlier. It still comes after
/// the last receipt.
void ExtendedEnding::aClientThatLeavesAtTheEndOfItsQueueHasSentAllReceipts()
{
    const quint16 port = start();
    const QTemporaryDir folder;
    for (int i = 0; i < 40; ++i) {
        client::Client client;
        client::ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = port;
        config.password = password;
        config.trustNew = true;
        client.add({{"pub/hello.txt", folder.path(), client::ExistingPolicy::Overwrite}});
        QSignalSpy finished(&client, &client::Client::queueFinished);
        QVERIFY(client.connectTo(config));
        QVERIFY(waitUntil([&] {
            for (int call = 0; call < 1000 && finished.isEmpty(); ++call)
                QMetaObject::invokeMethod(&client, "lookAtThreads", Qt::DirectConnection);
            QCoreApplication::processEvents();
            return !finished.isEmpty();
        }));
        client.disconnectAndWait();
        const SessionInfo ended = m_host->waitForEnded(i);
        QVERIFY2(ended.filesVerified == 1 && !ended.failed, qPrintable(ended.outcome));
    }
}

FERRY_TEST(ExtendedEnding)
#include "extended_ending.moc"
