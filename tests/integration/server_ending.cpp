// SPDX-License-Identifier: MIT
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTest>

#include <unistd.h>
#include <vector>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;

namespace {

constexpr qsizetype bigSize = 32 * 1024 * 1024;
const QByteArray stopping("!Server is stopping.\r\n");

} // namespace

/// Every way in which a session, a transfer or the server ends.
class ServerEnding : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void stoppingWithTwentyTransfersUnderWay();
    void stoppingWithStrangersAndIdleSessions();
    void stoppingAndStartingAgain();
    void drainingLetsFilesFinish();
    void drainingTakesNoMoreCommands();
    void drainingAnEmptyServerStopsIt();
    void disconnectingOneInMidTransfer();
    void disconnectingOneThatIsIdle();
    void aResetInMidFileEndsOnlyThatSession();
    void aHalfClosedPeerGetsAllItsReplies();
    void aFileThatShrinksIsNeverCalledComplete();
    void aFileThatGrowsIsSentAsItWas();
    void aFileThatIsReplacedIsSentAsItWas();
    void aFileThatIsRemovedIsSentAsItWas();
    void leavingWithoutQuitIsAnOrderlyEnd();
    void aTakenPortIsCannotBind();

private:
    /// A client that asked for the big file, got the first bytes and now reads nothing.
    std::unique_ptr<RawPeer> startBig();
    SessionInfo onlySession();
    QByteArray m_big;
    std::unique_ptr<ServerHost> m_host;
};

void ServerEnding::init()
{
    if (m_big.isEmpty())
        m_big = noise(bigSize);
    m_host = std::make_unique<ServerHost>();
    QVERIFY(m_host->write(QStringLiteral("big"), m_big));
    QVERIFY(m_host->start().ok());
}

std::unique_ptr<RawPeer> ServerEnding::startBig()
{
    auto peer = std::make_unique<RawPeer>(m_host->port(), nullptr, 4096);
    if (!peer->login("passwd") || !peer->send("FILE /pub/big\r\n") ||
        peer->read(1000) != m_big.first(1000))
        return {};
    return peer;
}

SessionInfo ServerEnding::onlySession()
{
    const auto sessions = m_host->sessions();
    return sessions.size() == 1 ? sessions.first() : SessionInfo();
}

void ServerEnding::stoppingWithTwentyTransfersUnderWay()
{
    const int descriptors = descriptorCount();
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < 20; ++i) {
        peers.push_back(startBig());
        QVERIFY(peers.back());
    }
    QCOMPARE(sessionThreadCount(), 20);
    m_host->stop();
    QCOMPARE(m_host->liveSessions(), 0);
    QCOMPARE(m_host->call([](Server &server) { return server.state(); }), ServerState::Stopped);
    for (const auto &peer : peers) {
        const QByteArray rest = peer->read(bigSize);
        QVERIFY(m_big.sliced(1000).startsWith(rest));
        QVERIFY(rest.size() < bigSize - 1000);
    }
    const auto sessions = m_host->sessions();
    QCOMPARE(sessions.size(), 20);
    for (const SessionInfo &info : sessions) {
        QVERIFY(info.failed);
        QVERIFY2(info.outcome.startsWith(QStringLiteral("aborted at ")), qPrintable(info.outcome));
        QVERIFY(info.outcome.endsWith(QStringLiteral("server stopped")));
    }
    peers.clear();
    QVERIFY(
        waitUntil([&] { return sessionThreadCount() == 0 && descriptorCount() < descriptors; }));
    QVERIFY(!RawPeer(m_host->port()).connected());
}

void ServerEnding::stoppingWithStrangersAndIdleSessions()
{
    RawPeer stranger(m_host->port()), idle(m_host->port());
    QVERIFY(idle.login("passwd"));
    QCOMPARE(stranger.readLine(), QByteArray("#Server Ready.\r\n"));
    m_host->stop();
    QVERIFY(stranger.ended());
    QVERIFY(idle.ended());
    QCOMPARE(m_host->liveSessions(), 0);
}

void ServerEnding::stoppingAndStartingAgain()
{
    for (int i = 0; i < 20; ++i) {
        const auto peer = startBig();
        QVERIFY(peer);
        m_host->stop();
        QVERIFY(m_host->start().ok());
        QVERIFY(m_host->servesSomebodyNew());
    }
}

void ServerEnding::drainingLetsFilesFinish()
{
    const auto busy = startBig();
    QVERIFY(busy);
    RawPeer idle(m_host->port()), stranger(m_host->port());
    QVERIFY(idle.login("passwd"));
    QCOMPARE(stranger.readLine(), QByteArray("#Server Ready.\r\n"));
    m_host->call([](Server &server) { server.drain(); });
    QCOMPARE(m_host->call([](Server &server) { return server.state(); }), ServerState::Draining);
    QVERIFY(!RawPeer(m_host->port()).connected());
    QCOMPARE(idle.readToEnd(), stopping);
    QCOMPARE(stranger.readToEnd(), stopping);
    // Still draining: the file is under way.
    QVERIFY(waitUntil([&] { return m_host->liveSessions() == 1; }));
    QCOMPARE(m_host->call([](Server &server) { return server.state(); }), ServerState::Draining);
    QVERIFY(busy->read(bigSize - 1000) == m_big.sliced(1000));
    QCOMPARE(busy->readToEnd(), "#File /pub/big sent successfully.\r\n" + stopping);
    QVERIFY(waitUntil([&] {
        return m_host->call([](Server &server) { return server.state(); }) == ServerState::Stopped;
    }));
    QCOMPARE(m_host->liveSessions(), 0);
    QStringList outcomes;
    for (const SessionInfo &session : m_host->sessions()) {
        QVERIFY2(!session.failed, qPrintable(session.outcome));
        outcomes.append(session.outcome);
    }
    outcomes.sort();
    QCOMPARE(outcomes, QStringList({QStringLiteral("1 file delivered (unverified)"),
                                    QStringLiteral("server is stopping"),
                                    QStringLiteral("server is stopping")}));
    QVERIFY(m_host->start().ok());
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerEnding::drainingTakesNoMoreCommands()
{
    const auto busy = startBig();
    QVERIFY(busy);
    QVERIFY(busy->send("FILE /pub/hello.txt\r\nFILE /pub/hello.txt\r\n"));
    m_host->call([](Server &server) { server.drain(); });
    QVERIFY(busy->read(bigSize - 1000) == m_big.sliced(1000));
    QCOMPARE(busy->readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
    QCOMPARE(busy->readLine(), stopping);
    QVERIFY(busy->ended());
    QCOMPARE(busy->readLine(), QByteArray());
}

void ServerEnding::drainingAnEmptyServerStopsIt()
{
    m_host->call([](Server &server) { server.drain(); });
    QCOMPARE(m_host->call([](Server &server) { return server.state(); }), ServerState::Stopped);
}

void ServerEnding::disconnectingOneInMidTransfer()
{
    const auto first = startBig();
    const auto second = startBig();
    QVERIFY(first && second);
    const quint64 id = m_host->sessions().constFirst().id;
    m_host->call([id](Server &server) { server.disconnectSession(id); });
    QVERIFY(first->ended());
    const SessionInfo ended = m_host->waitForEnded();
    QCOMPARE(ended.id, id);
    QVERIFY(ended.failed);
    QVERIFY2(ended.outcome.startsWith(QStringLiteral("aborted at ")), qPrintable(ended.outcome));
    QVERIFY(ended.outcome.endsWith(QStringLiteral("disconnected by you")));
    QVERIFY(second->read(bigSize - 1000) == m_big.sliced(1000));
    QCOMPARE(second->readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
}

void ServerEnding::disconnectingOneThatIsIdle()
{
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    m_host->call([](Server &server) {
        server.disconnectSession(4711);
        server.disconnectSession(server.sessions().constFirst().id);
    });
    QVERIFY(peer.ended());
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("disconnected by you"));
}

void ServerEnding::aResetInMidFileEndsOnlyThatSession()
{
    const auto other = startBig();
    QVERIFY(other);
    for (int i = 0; i < 10; ++i) {
        const auto peer = startBig();
        QVERIFY(peer);
        peer->reset();
        const SessionInfo ended = m_host->waitForEnded(i);
        QVERIFY(ended.failed);
        QVERIFY2(ended.outcome.endsWith(QStringLiteral("connection lost")),
                 qPrintable(ended.outcome));
    }
    QVERIFY(other->read(bigSize - 1000) == m_big.sliced(1000));
}

void ServerEnding::aHalfClosedPeerGetsAllItsReplies()
{
    RawPeer peer(m_host->port());
    QVERIFY(peer.send("AUTH wrong\nAUTH passwd\nFILE /pub/big\nFILE /pub/missing\n"
                      "FILE /pub/hello.txt\n"));
    peer.finishWriting();
    const auto heard = peer.readToEnd();
    QVERIFY(heard.has_value());
    QVERIFY(*heard == "#Server Ready.\r\n!Bad password.\r\n#You are logged in.\r\n" + m_big +
                          "#File /pub/big sent successfully.\r\n"
                          "!File /pub/missing could not be opened.\r\n"
                          "hello\n#File /pub/hello.txt sent successfully.\r\n");
    const SessionInfo ended = m_host->waitForEnded();
    QCOMPARE(ended.outcome, QStringLiteral("2 files delivered (unverified)"));
    QVERIFY(!ended.failed);
}

void ServerEnding::aFileThatShrinksIsNeverCalledComplete()
{
    const auto peer = startBig();
    QVERIFY(peer);
    QVERIFY(waitUntil([&] { return onlySession().fileSent > 0; }));
    QCOMPARE(
        ::truncate(QFile::encodeName(m_host->folder() + QStringLiteral("/big")).constData(), 5000),
        0);
    const auto rest = peer->readToEnd();
    QVERIFY(rest.has_value());
    QVERIFY(rest->size() < bigSize - 1000);
    QVERIFY(!rest->contains("sent successfully"));
    const SessionInfo ended = m_host->waitForEnded();
    QVERIFY(ended.failed);
    QVERIFY2(ended.outcome.endsWith(QStringLiteral("the file became shorter")),
             qPrintable(ended.outcome));
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerEnding::aFileThatGrowsIsSentAsItWas()
{
    const auto peer = startBig();
    QVERIFY(peer);
    QFile file(m_host->folder() + QStringLiteral("/big"));
    QVERIFY(file.open(QIODevice::Append));
    QCOMPARE(file.write("and more"), 8);
    file.close();
    QVERIFY(peer->read(bigSize - 1000) == m_big.sliced(1000));
    QCOMPARE(peer->readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
    QVERIFY(peer->fetch("/pub/big", bigSize + 8) == m_big + "and more");
}

void ServerEnding::aFileThatIsReplacedIsSentAsItWas()
{
    const auto peer = startBig();
    QVERIFY(peer);
    QVERIFY(QFile::remove(m_host->folder() + QStringLiteral("/big")));
    QVERIFY(m_host->write(QStringLiteral("big"), "new"));
    QVERIFY(peer->read(bigSize - 1000) == m_big.sliced(1000));
    QCOMPARE(peer->readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
    QCOMPARE(peer->fetch("/pub/big", 3), QByteArray("new"));
}

void ServerEnding::aFileThatIsRemovedIsSentAsItWas()
{
    const auto peer = startBig();
    QVERIFY(peer);
    QVERIFY(QFile::remove(m_host->folder() + QStringLiteral("/big")));
    QVERIFY(peer->read(bigSize - 1000) == m_big.sliced(1000));
    QCOMPARE(peer->readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
    QVERIFY(peer->send("FILE /pub/big\r\n"));
    QCOMPARE(peer->readLine(), QByteArray("!File /pub/big could not be opened.\r\n"));
    QCOMPARE(peer->fetch("/pub/hello.txt", 6), QByteArray("hello\n"));
}

void ServerEnding::leavingWithoutQuitIsAnOrderlyEnd()
{
    {
        RawPeer peer(m_host->port());
        QVERIFY(peer.login("passwd"));
    }
    SessionInfo ended = m_host->waitForEnded();
    QCOMPARE(ended.outcome, QStringLiteral("left"));
    QVERIFY(!ended.failed);
    QVERIFY(m_host->servesSomebodyNew());
    ended = m_host->waitForEnded(1);
    QCOMPARE(ended.outcome, QStringLiteral("1 file delivered (unverified)"));
}

void ServerEnding::aTakenPortIsCannotBind()
{
    ServerHost other;
    other.config.classicPort = m_host->port();
    const auto started = other.start();
    QVERIFY(!started.ok());
    QCOMPARE(started.error().code, ErrorCode::CannotBind);
    QVERIFY(!started.error().text.isEmpty());
    QCOMPARE(other.call([](Server &server) { return server.state(); }), ServerState::Error);
    QCOMPARE(other.call([](Server &server) { return server.errorText(); }), started.error().text);
    // It can be tried again.
    other.config.classicPort = 0;
    QVERIFY(other.start().ok());
    QVERIFY(other.servesSomebodyNew());
}

FERRY_TEST(ServerEnding)
#include "server_ending.moc"
