// SPDX-License-Identifier: MIT
// The conversation with tutorial-like servers of every habit, over real sockets.
#include "support/clienthost.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;
using namespace std::chrono_literals;

namespace {

QByteArray everyByte()
{
    QByteArray bytes;
    for (int i = 0; i < 4 * 256; ++i)
        bytes.append(char(i));
    return bytes;
}

QByteArray trailer(const QByteArray &path, const QByteArray &lineEnd = "\r\n")
{
    return "#File " + path + " sent successfully." + lineEnd;
}

/// The greeting and any login.
bool welcome(TutorialPeer &peer)
{
    peer.write("#Server Ready.\r\n");
    const bool asked = peer.readLine().has_value();
    return asked && peer.write("#You are logged in.\r\n");
}

} // namespace

class ClientEngineTest : public QObject, private ClientHost
{
    Q_OBJECT
private Q_SLOTS:
    void init() { renew(); }
    void fetchesAnyContentAndGoesOn_data();
    void fetchesAnyContentAndGoesOn();
    void theTrailerIsFoundHoweverItIsCut();
    void aTrailerInTheMiddleIsContent();
    void aTrailerAsTheFilesOwnEndIsContent();
    void aServerThatTakesOneCommandPerReceiveIsServedWell();
    void aServerThatNeverAnswersTheProbeIsBelieved();
    void aServerThatClosesAfterEachFileIsBelieved();
    void aFileCutShortFailsAndLeavesNothing();
    void aFileThatStopsTimesOutAndTheNextIsFetched();
    void aDripIsGivenUp();
    void aServerThatKeepsToALowLimitIsWaitedFor();
    void aLowLimitOfTheClientIsNoFaultOfTheServer();
    void aPauseIsShownAsStalledAndEnds();
    void theSpeedLimitIsKept();
    void aLimitOfTheRowTakesEffectAtOnce();
};

void ClientEngineTest::fetchesAnyContentAndGoesOn_data()
{
    QTest::addColumn<QByteArray>("lineEnd");
    QTest::addColumn<bool>("byteByByte");
    QTest::newRow("CR LF") << QByteArray("\r\n") << false;
    QTest::newRow("LF") << QByteArray("\n") << false;
    QTest::newRow("CR LF, one byte at a time") << QByteArray("\r\n") << true;
    QTest::newRow("LF, one byte at a time") << QByteArray("\n") << true;
}

void ClientEngineTest::fetchesAnyContentAndGoesOn()
{
    TutorialHabits habits;
    QFETCH(QByteArray, lineEnd);
    QFETCH(bool, byteByByte);
    habits.lineEnd = lineEnd;
    habits.byteByByte = byteByByte;
    habits.files = {
        {"c:\\text.txt", "one\r\ntwo\r\n"},
        {"/pub/bytes", everyByte()},
        {"empty", ""},
        {"cr", "\r"},
        {"not-found-line", "!File not-found-line could not be opened." + lineEnd},
        {"not-logged-in", "!You are not logged in." + lineEnd},
        {"half-trailer", "#File half-trailer sent succ"},
    };
    const TutorialServer server(tutorialScript(habits));
    const QList<quint64> ids = add({"c:\\text.txt", "/pub/bytes", "missing", "empty", "cr",
                                    "not-found-line", "not-logged-in", "half-trailer"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());

    QCOMPARE(saved(QStringLiteral("text.txt")), habits.files["c:\\text.txt"]);
    QCOMPARE(saved(QStringLiteral("bytes")), everyByte());
    for (const char *name : {"empty", "cr", "not-found-line", "not-logged-in", "half-trailer"})
        QCOMPARE(saved(QString::fromLatin1(name)), habits.files[name]);
    QCOMPARE(names().size(), 7);
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
    QCOMPARE(row(ids[1]).size, everyByte().size());
    QVERIFY(!row(ids[1]).verified);
    QCOMPARE(row(ids[2]).state, DownloadState::Failed);
    QCOMPARE(row(ids[2]).error.code, ErrorCode::NotFound);
    QCOMPARE(server.connections(), 1);
}

void ClientEngineTest::theTrailerIsFoundHoweverItIsCut()
{
    // One file per place to cut at; the path names the place.
    const QByteArray content = "some content\n";
    const TutorialServer server([&](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        while (const auto line = peer.readLine()) {
            const QByteArray path = line->mid(5);
            if (path.startsWith("ferry")) {
                peer.write("!File " + path + " could not be opened.\r\n");
                continue;
            }
            const QByteArray answer = content + trailer(path);
            peer.write(answer.first(path.toInt()));
            peer.write(answer.sliced(path.toInt()));
        }
    });
    QByteArrayList paths;
    for (qsizetype cut = 0; cut <= (content + trailer("10")).size(); ++cut)
        paths.append(QByteArray::number(cut));
    add(paths);
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    for (const QByteArray &path : paths)
        QCOMPARE(saved(QString::fromLatin1(path)), content);
    QCOMPARE(server.connections(), 1);
}

void ClientEngineTest::aTrailerInTheMiddleIsContent()
{
    // The rest comes only after the probe: later than any quiet time that could be guessed.
    const QByteArray before = "first half\n" + trailer("f");
    const QByteArray after = "second half\n" + everyByte();
    const TutorialServer server([&](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        peer.readLine();
        peer.write(before);
        const auto probe = peer.readLine();
        if (!probe)
            return;
        peer.write(after + trailer("f"));
        peer.write("!File " + probe->mid(5) + " could not be opened.\r\n");
        peer.readLine();
        peer.write(trailer("g"));
        if (const auto second = peer.readLine())
            peer.write("!File " + second->mid(5) + " could not be opened.\r\n");
        peer.readToEnd();
    });
    const QList<quint64> ids = add({"f", "g"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(saved(QStringLiteral("f")), before + after);
    QCOMPARE(saved(QStringLiteral("g")), QByteArray());
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(server.connections(), 1);
}

void ClientEngineTest::aTrailerAsTheFilesOwnEndIsContent()
{
    TutorialHabits habits;
    habits.files = {{"once", "x" + trailer("once")},
                    {"often", trailer("often") + trailer("often") + trailer("often")}};
    const TutorialServer server(tutorialScript(habits));
    add({"once", "often"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(saved(QStringLiteral("once")), habits.files["once"]);
    QCOMPARE(saved(QStringLiteral("often")), habits.files["often"]);
}

void ClientEngineTest::aServerThatTakesOneCommandPerReceiveIsServedWell()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        peer.write("#Server Ready.\r\n");
        for (;;) {
            const QByteArray command = peer.receiveOnce();
            if (command.isEmpty())
                return;
            // Two commands in one receive would be one wrong command here.
            const QByteArray line = command.chopped(2);
            if (line == "AUTH passwd")
                peer.write("#You are logged in.\r\n");
            else if (line == "FILE a" || line == "FILE b")
                peer.write("content of " + line.mid(5) + trailer(line.mid(5)));
            else
                peer.write("!File " + line.mid(5) + " could not be opened.\r\n");
        }
    });
    const QList<quint64> ids = add({"a", "none", "b"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(saved(QStringLiteral("a")), QByteArray("content of a"));
    QCOMPARE(saved(QStringLiteral("b")), QByteArray("content of b"));
    QCOMPARE(row(ids[1]).error.code, ErrorCode::NotFound);
}

void ClientEngineTest::aServerThatNeverAnswersTheProbeIsBelieved()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}, {"b", "content of b"}};
    habits.answersUnknownNames = false;
    const TutorialServer server(tutorialScript(habits));
    ClientConfig impatient = config(server);
    impatient.probeTime = 100ms;
    const QList<quint64> ids = add({"a", "b"});
    QVERIFY(m_client->connectTo(impatient).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(saved(QStringLiteral("a")), QByteArray("content of a"));
    QCOMPARE(saved(QStringLiteral("b")), QByteArray("content of b"));
    QVERIFY(!row(ids[0]).verified);
    // A late answer would be taken for the next file's, so each has a connection of its own.
    QCOMPARE(server.connections(), 2);
}

void ClientEngineTest::aServerThatClosesAfterEachFileIsBelieved()
{
    TutorialHabits habits;
    habits.files = {{"a", everyByte()}, {"b", ""}};
    habits.closesAfterFile = true;
    const TutorialServer server(tutorialScript(habits));
    const QList<quint64> ids = add({"a", "b"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(saved(QStringLiteral("a")), everyByte());
    QCOMPARE(saved(QStringLiteral("b")), QByteArray());
    QCOMPARE(server.connections(), 2);
}

void ClientEngineTest::aFileCutShortFailsAndLeavesNothing()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        const auto line = peer.readLine();
        if (line == "FILE whole") {
            peer.write("whole" + trailer("whole"));
            return;
        }
        peer.write(QByteArray(100'000, 'x') + "#File cut sent successf");
    });
    const QList<quint64> ids = add({"cut", "whole"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).state, DownloadState::Failed);
    QCOMPARE(row(ids[0]).error.code, ErrorCode::CutShort);
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(names(), QStringList{QStringLiteral("whole")});
}

void ClientEngineTest::aFileThatStopsTimesOutAndTheNextIsFetched()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        const auto line = peer.readLine();
        peer.write(line == "FILE next" ? "content" + trailer("next") : QByteArray(50'000, 'x'));
        if (line != "FILE next")
            peer.readToEnd();
    });
    ClientConfig impatient = config(server);
    impatient.replyTime = 300ms;
    const QList<quint64> ids = add({"stops", "next"});
    QVERIFY(m_client->connectTo(impatient).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).error.code, ErrorCode::TimedOut);
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(names(), QStringList{QStringLiteral("next")});
}

void ClientEngineTest::aDripIsGivenUp()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        peer.readLine();
        while (peer.write("x"))
            std::this_thread::sleep_for(100ms);
    });
    ClientConfig strict = config(server);
    strict.minimumRateWindow = 200ms;
    const QList<quint64> ids = add({"drip"});
    QVERIFY(m_client->connectTo(strict).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).error.code, ErrorCode::TimedOut);
    QCOMPARE(names(), QStringList());
}

/// It cannot say so in this dialect, so that only what hardly moves at all is given up.
void ClientEngineTest::aServerThatKeepsToALowLimitIsWaitedFor()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        peer.readLine();
        for (int i = 0; i < 20; ++i) {
            peer.write(QByteArray(10, 'x'));
            std::this_thread::sleep_for(50ms);
        }
        peer.write(trailer("slow"));
        peer.readLine();
    });
    ClientConfig strict = config(server);
    strict.minimumRateWindow = 500ms;
    const QList<quint64> ids = add({"slow"});
    QVERIFY(m_client->connectTo(strict).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
}

void ClientEngineTest::aLowLimitOfTheClientIsNoFaultOfTheServer()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        peer.readLine();
        peer.write(QByteArray(1'000'000, 'x') + trailer("f"));
        peer.readLine();
    });
    ClientConfig strict = config(server);
    strict.minimumRateWindow = 200ms;
    DownloadQueue &queue = m_client->queue();
    queue.setRateLimit(100'000);
    const QList<quint64> ids = add({"f"});
    QVERIFY(m_client->connectTo(strict).ok());
    QVERIFY(QTest::qWaitFor([&] { return row(ids[0]).received > 0; }, patienceMs));
    queue.setRateLimit(10);
    const qint64 before = row(ids[0]).received;
    QVERIFY(QTest::qWaitFor([&] { return row(ids[0]).received > before + 10 || queue.finished(); },
                            patienceMs));
    queue.setRateLimit(0);
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
}

void ClientEngineTest::aPauseIsShownAsStalledAndEnds()
{
    std::atomic_bool goOn = false;
    const TutorialServer server([&](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        peer.readLine();
        peer.write("first, ");
        if (waitUntil([&] { return bool(goOn); }))
            peer.write("second" + trailer("f"));
    });
    ClientConfig keen = config(server);
    keen.stalledTime = 50ms;
    const QList<quint64> ids = add({"f"});
    QVERIFY(m_client->connectTo(keen).ok());
    const bool stalled =
        QTest::qWaitFor([&] { return row(ids[0]).state == DownloadState::Stalled; }, patienceMs);
    goOn = true;
    QVERIFY(stalled);
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
    QCOMPARE(saved(QStringLiteral("f")), QByteArray("first, second"));
}

void ClientEngineTest::theSpeedLimitIsKept()
{
    const QByteArray content(1'000'000, 'x');
    const TutorialServer server([&](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        peer.readLine();
        peer.write(content + trailer("f"));
        peer.readLine();
    });
    constexpr qint64 rate = 1'000'000;
    m_client->queue().rateLimiter()->setRate(rate);
    const QList<quint64> ids = add({"f"});
    // However slow the machine, there is never more than the limit allows: what a pause earns,
    // and a piece that was received and not waited for yet.
    const auto began = std::chrono::steady_clock::now();
    QVERIFY(m_client->connectTo(config(server)).ok());
    bool tooFast = false;
    QVERIFY(QTest::qWaitFor(
        [&] {
            const qint64 received = row(ids[0]).received;
            const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began;
            tooFast = tooFast || double(received) > double(rate) * (passed.count() + 0.2);
            return received >= content.size() / 2;
        },
        patienceMs));
    QVERIFY(!tooFast);
    m_client->queue().rateLimiter()->setRate(0);
    QVERIFY(waitForQueue());
    QCOMPARE(saved(QStringLiteral("f")), content);
}

void ClientEngineTest::aLimitOfTheRowTakesEffectAtOnce()
{
    const QByteArray content(3'000'000, 'x');
    const TutorialServer server([&](TutorialPeer &peer, int) {
        if (!welcome(peer))
            return;
        peer.readLine();
        peer.write(content + trailer("f"));
        peer.readLine();
    });
    DownloadQueue &queue = m_client->queue();
    queue.setRateLimit(500'000);
    const QList<quint64> ids = add({"f"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(QTest::qWaitFor([&] { return row(ids[0]).received > 0; }, patienceMs));

    // The limit of all goes, that of the row comes, in the middle of the file.
    constexpr qint64 rate = 500'000;
    queue.setRowLimit(ids, rate);
    queue.setRateLimit(0);
    // The time from before the bytes: what comes in between is counted with its time.
    const auto began = std::chrono::steady_clock::now();
    const qint64 before = row(ids[0]).received;
    bool tooFast = false;
    QVERIFY(QTest::qWaitFor(
        [&] {
            const qint64 received = row(ids[0]).received - before;
            const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began;
            tooFast = tooFast || double(received) > double(rate) * (passed.count() + 0.3);
            return received >= 400'000;
        },
        patienceMs));
    QVERIFY(!tooFast);
    queue.setRowLimit(ids, 0);
    QVERIFY(waitForQueue());
    QCOMPARE(saved(QStringLiteral("f")), content);
}

FERRY_TEST(ClientEngineTest)
#include "client_engine.moc"
