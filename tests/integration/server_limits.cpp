// SPDX-License-Identifier: MIT
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;
using namespace std::chrono_literals;

namespace {

const QByteArray full("!Server is full.\r\n");

/// Lowers the descriptor limit for as long as it lives.
class DescriptorLimit
{
public:
    explicit DescriptorLimit(rlim_t limit)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_old);
        const rlimit lower = {limit, m_old.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &lower);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_old); }

private:
    rlimit m_old = {};
};

/// Takes every descriptor but `left`.
std::vector<FileDescriptor> takeDescriptors(int left)
{
    std::vector<FileDescriptor> taken;
    for (;;) {
        FileDescriptor fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (!fd.valid())
            break;
        taken.push_back(std::move(fd));
    }
    taken.resize(taken.size() - size_t(left));
    return taken;
}

} // namespace

/// Caps, descriptors and deadlines.
class ServerLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_host = std::make_unique<ServerHost>(); }
    void theCapIsEnforcedBeforeAThreadExists();
    void aRefusedPeerThatSpeaksFirstStillSeesTheLine();
    void strangersAreCapped();
    void strangersWhoHoldThePlacesGiveWay();
    void theDescriptorLimitBoundsTheCap();
    void theListenerRecoversFromEmfile();
    void tooFewDescriptorsForASessionIsARefusal_data();
    void tooFewDescriptorsForASessionIsARefusal();
    void descriptorsThatGoMeanwhileEndNothing();
    void aStrangerIsTimedOut();
    void tricklingBytesDoesNotExtendTheLogin();
    void anIdleSessionIsTimedOut();
    void aPeerThatNeverReadsAFileIsTimedOut();
    void aPeerThatNeverReadsRepliesIsTimedOut();
    void threeWrongPasswordsEndTheConnection();
    void theDelayAfterAWrongPasswordEndsWithTheServer();
    void theDelayAfterAWrongPasswordEndsWithThePeer();
    void noPasswordIsInTheLog();

private:
    std::unique_ptr<ServerHost> m_host;
};

void ServerLimits::theCapIsEnforcedBeforeAThreadExists()
{
    m_host->config.maxSessions = 3;
    QVERIFY(m_host->start().ok());
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < 3; ++i) {
        peers.push_back(std::make_unique<RawPeer>(m_host->port()));
        QVERIFY(peers.back()->login("passwd"));
    }
    const int descriptors = descriptorCount();
    for (int i = 0; i < 50; ++i) {
        RawPeer refused(m_host->port());
        QVERIFY(refused.connected());
        QCOMPARE(refused.readToEnd(), full);
        QCOMPARE(sessionThreadCount(), 3);
    }
    QCOMPARE(m_host->liveSessions(), 3);
    QCOMPARE(m_host->sessions().size(), 3);
    // Those inside noticed nothing, and a place that becomes free is taken.
    for (const auto &peer : peers)
        QCOMPARE(peer->fetch("/pub/hello.txt", 6), QByteArray("hello\n"));
    // Each refused one that leaves something leaves one; a few may be Qt's or a library's.
    QVERIFY(waitUntil([&] { return descriptorCount() <= descriptors + 20; }));
    peers.pop_back();
    QVERIFY(waitUntil([&] { return m_host->liveSessions() == 2; }));
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerLimits::aRefusedPeerThatSpeaksFirstStillSeesTheLine()
{
    m_host->config.maxSessions = 1;
    QVERIFY(m_host->start().ok());
    RawPeer first(m_host->port());
    QVERIFY(first.login("passwd"));
    for (int i = 0; i < 20; ++i) {
        RawPeer refused(m_host->port());
        // Closing a socket with unread input would be a reset, which eats the line.
        refused.send("AUTH passwd\r\nFILE /pub/hello.txt\r\n");
        QCOMPARE(refused.readLine(), full);
        refused.send("AUTH passwd\r\n");
        QVERIFY(refused.ended());
        QCOMPARE(refused.lastError(), 0);
    }
}

void ServerLimits::strangersAreCapped()
{
    m_host->config.maxStrangers = 2;
    m_host->config.strangerGrace = 10h;
    QVERIFY(m_host->start().ok());
    RawPeer a(m_host->port()), b(m_host->port());
    QCOMPARE(a.readLine(), QByteArray("#Server Ready.\r\n"));
    QCOMPARE(b.readLine(), QByteArray("#Server Ready.\r\n"));
    QCOMPARE(RawPeer(m_host->port()).readToEnd(), full);
    QVERIFY(a.send("AUTH passwd\r\n"));
    QCOMPARE(a.readLine(), QByteArray("#You are logged in.\r\n"));
    QVERIFY(m_host->servesSomebodyNew());
}

/// However many hold a place and never log in, there is one for who comes to log in.
void ServerLimits::strangersWhoHoldThePlacesGiveWay()
{
    m_host->config.maxStrangers = 4;
    m_host->config.strangerGrace = 0ms;
    QVERIFY(m_host->start().ok());
    std::vector<std::unique_ptr<RawPeer>> holders;
    for (int i = 0; i < 20; ++i) {
        holders.push_back(std::make_unique<RawPeer>(m_host->port()));
        QCOMPARE(holders.back()->readLine(), QByteArray("#Server Ready.\r\n"));
    }
    QVERIFY(m_host->servesSomebodyNew());
    QVERIFY(holders.front()->ended());
    const auto sessions = m_host->sessions();
    QVERIFY(std::any_of(sessions.begin(), sessions.end(), [](const SessionInfo &session) {
        return session.outcome == QStringLiteral("gave way to another");
    }));
}

void ServerLimits::theDescriptorLimitBoundsTheCap()
{
    const DescriptorLimit limit(100);
    m_host->config.maxSessions = 1000;
    QVERIFY(m_host->start().ok());
    QCOMPARE(m_host->call([](Server &server) { return server.sessionCap(); }), (100 - 64) / 3);
    m_host->stop();
    m_host->config.maxSessions = 5;
    QVERIFY(m_host->start().ok());
    QCOMPARE(m_host->call([](Server &server) { return server.sessionCap(); }), 5);
}

void ServerLimits::theListenerRecoversFromEmfile()
{
    QVERIFY(m_host->start().ok());
    for (int round = 0; round < 3; ++round) {
        // A session of the last round that ends late would give descriptors back in between.
        QVERIFY(waitUntil([this] { return m_host->liveSessions() == 0; }));
        std::optional<DescriptorLimit> limit(std::in_place, rlim_t(descriptorCount()) + 100);
        std::vector<FileDescriptor> taken = takeDescriptors(1);
        RawPeer peer(m_host->port()); // the last descriptor: none is left to accept with
        QVERIFY(peer.connected());
        QVERIFY(waitUntil([&] {
            const auto log = m_host->call([](Server &server) { return server.takeLog(); });
            return std::any_of(log.begin(), log.end(), [](const LogRecord &record) {
                return record.kind == LogKind::Warning &&
                       record.message.contains(QStringLiteral("let in"));
            });
        }));
        // All at once: with a few free ones the waiting peer would be let in only to be refused.
        limit.reset();
        QVERIFY(peer.login("passwd"));
        taken.clear();
        QVERIFY(m_host->servesSomebodyNew());
    }
}

void ServerLimits::tooFewDescriptorsForASessionIsARefusal_data()
{
    QTest::addColumn<int>("left");
    for (const int left : {2, 3, 4, 6})
        QTest::addRow("%d left", left) << left;
}

/// One can be accepted, but its session could open no file.
void ServerLimits::tooFewDescriptorsForASessionIsARefusal()
{
    QFETCH(int, left);
    QVERIFY(m_host->start().ok());
    const DescriptorLimit limit(rlim_t(descriptorCount()) + 100);
    {
        const std::vector<FileDescriptor> taken = takeDescriptors(left);
        RawPeer peer(m_host->port());
        QVERIFY(peer.connected());
        QCOMPARE(peer.readToEnd(), full);
    }
    QVERIFY(m_host->servesSomebodyNew());
}

/// Others take the last descriptors and return them, at any moment of an admission: each peer is
/// served or refused.
void ServerLimits::descriptorsThatGoMeanwhileEndNothing()
{
    QVERIFY(m_host->start().ok());
    std::vector<std::unique_ptr<RawPeer>> peers;
    std::optional<DescriptorLimit> limit;
    std::atomic_bool answered = false;
    std::thread others;
    // On the façade's thread, so that nobody is accepted before.
    m_host->call([&](Server &) {
        for (int i = 0; i < 100; ++i)
            peers.push_back(std::make_unique<RawPeer>(m_host->port()));
        limit.emplace(rlim_t(descriptorCount()) + 60);
        others = std::thread([&answered] {
            while (!answered)
                takeDescriptors(0);
        });
    });
    bool allAnswered = true;
    for (const auto &peer : peers) {
        const QByteArray line = peer->readLine();
        allAnswered = allAnswered && (line == "#Server Ready.\r\n" || line == full);
    }
    answered = true;
    others.join();
    limit.reset();
    QVERIFY(allAnswered);
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerLimits::aStrangerIsTimedOut()
{
    m_host->config.loginTime = 50ms;
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    QCOMPARE(peer.readToEnd(), QByteArray("#Server Ready.\r\n!Timed out.\r\n"));
    const SessionInfo ended = m_host->waitForEnded();
    QCOMPARE(ended.outcome, QStringLiteral("timed out"));
    QVERIFY(ended.failed);
}

void ServerLimits::tricklingBytesDoesNotExtendTheLogin()
{
    m_host->config.loginTime = 200ms;
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    QVERIFY(waitUntil([&] { return m_host->sessions().size() == 1; }));
    QVERIFY(waitUntil([&] {
        peer.send("\r\n");
        return m_host->sessions()[0].state == SessionState::Ended;
    }));
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("timed out"));
}

void ServerLimits::anIdleSessionIsTimedOut()
{
    m_host->config.idleTime = 100ms;
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    QCOMPARE(peer.readToEnd(), QByteArray("!Timed out.\r\n"));
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("timed out"));
}

void ServerLimits::aPeerThatNeverReadsAFileIsTimedOut()
{
    m_host->config.noProgressTime = 100ms;
    QVERIFY(m_host->write(QStringLiteral("big"), noise(32 * 1024 * 1024)));
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port(), nullptr, 4096);
    QVERIFY(peer.login("passwd"));
    QVERIFY(peer.send("FILE /pub/big\r\n"));
    const SessionInfo ended = m_host->waitForEnded();
    QVERIFY2(ended.outcome.startsWith(QStringLiteral("aborted at ")), qPrintable(ended.outcome));
    QVERIFY(ended.outcome.endsWith(QStringLiteral("timed out")));
    QVERIFY(ended.failed);
    QVERIFY(m_host->servesSomebodyNew());
    // What arrived holds no line of the server's that could be taken for content.
    QByteArray rest = peer.read(64 * 1024 * 1024);
    QVERIFY(noise(32 * 1024 * 1024).startsWith(rest));
}

void ServerLimits::aPeerThatNeverReadsRepliesIsTimedOut()
{
    m_host->config.noProgressTime = 100ms;
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port(), nullptr, 4096);
    QVERIFY(peer.login("passwd"));
    const QByteArray commands = QByteArray("x\n").repeated(10'000);
    while (peer.send(commands)) {
    }
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("timed out"));
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerLimits::threeWrongPasswordsEndTheConnection()
{
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    peer.send("AUTH a\r\nAUTH b\r\nAUTH c\r\nAUTH passwd\r\nFILE /pub/hello.txt\r\n");
    QCOMPARE(
        peer.readToEnd(),
        QByteArray("#Server Ready.\r\n!Bad password.\r\n!Bad password.\r\n!Bad password.\r\n"));
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("wrong password"));
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerLimits::theDelayAfterAWrongPasswordEndsWithTheServer()
{
    m_host->config.loginFailureDelay = 10h;
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    QVERIFY(peer.send("AUTH wrong\r\nAUTH passwd\r\n"));
    QVERIFY(waitUntil([&] {
        const auto log = m_host->call([](Server &server) { return server.takeLog(); });
        return std::any_of(log.begin(), log.end(), [](const LogRecord &record) {
            return record.message == QStringLiteral("AUTH ***");
        });
    }));
    m_host->stop();
    QVERIFY(peer.ended());
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("server stopped"));
}

void ServerLimits::theDelayAfterAWrongPasswordEndsWithThePeer()
{
    m_host->config.loginFailureDelay = 10h;
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    QCOMPARE(peer.readLine(), QByteArray("#Server Ready.\r\n"));
    QVERIFY(peer.send("AUTH wrong\r\n"));
    QVERIFY(waitUntil([&] { return m_host->liveSessions() == 1; }));
    peer.reset();
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("connection lost"));
}

void ServerLimits::noPasswordIsInTheLog()
{
    m_host->config.password = "Tr4mpoline";
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    // Mistyped verbs too: the line may be a password.
    peer.send("AUTH Gu3ss\r\nAUTHH Tr4mpoline\r\nauth Tr4mpoline\r\nTr4mpoline\r\nAUTH again\r\n"
              "QUIT\r\n");
    QVERIFY(peer.readToEnd().has_value());
    m_host->waitForEnded();
    const auto log = m_host->call([](Server &server) { return server.takeLog(); });
    int masked = 0;
    for (const LogRecord &record : log) {
        QVERIFY(!record.message.contains(QStringLiteral("Tr4mp")));
        QVERIFY(!record.message.contains(QStringLiteral("Gu3ss")));
        QVERIFY(!record.message.contains(QStringLiteral("again")));
        masked += record.message == QStringLiteral("AUTH ***");
    }
    QCOMPARE(masked, 3);
}

FERRY_TEST(ServerLimits)
#include "server_limits.moc"
