// SPDX-License-Identifier: MIT
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <sys/resource.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;

namespace {

constexpr qsizetype bigSize = 32 * 1024 * 1024;

} // namespace

/// What the operator can do to sessions under way.
class ServerControls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aPausedTransferStandsStillAndGoesOn();
    void aPausedTransferIsNeverTooSlow();
    void aPausedSessionIsEndedAtOnce();
    void aPausedServerStopsAtOnce();
    void aDrainLetsPausedFilesFinish();
    void aLimitHoldsForOneSessionAndCanBeLifted();
    void aLimitHoldsForAllTogether();
    void aBanEndsAllSessionsOfTheAddress();
    void aBanForAWhileEndsThemAndKeepsTheAddressOut();
    void aBanSurvivesARestart();
    void anotherProgramsBanIsObeyed();
    void bansThatCannotBeReadAreReportedOnce();
    void whatIsDeliveredIsTold();
    void newSettingsApplyWhileSessionsRun();
    void newSettingsThatCannotBeChangeNothing();
    void sessionsStepBackBesideAWindow_data();
    void sessionsStepBackBesideAWindow();

private:
    std::unique_ptr<RawPeer> startBig(const char *from = nullptr);
    SessionInfo firstSession() { return m_host->sessions().value(0); }
    void setRateLimit(qint64 bytesPerSecond)
    {
        m_host->config.rateLimit = bytesPerSecond;
        QVERIFY(m_host->call([this](Server &server) { return server.reconfigure(m_host->config); })
                    .ok());
    }
    QByteArray m_big;
    std::unique_ptr<ServerHost> m_host;
};

void ServerControls::init()
{
    if (m_big.isEmpty())
        m_big = noise(bigSize);
    m_host = std::make_unique<ServerHost>();
    QVERIFY(m_host->write(QStringLiteral("big"), m_big));
    m_host->config.dataFolder = m_host->outside() + QStringLiteral("/data");
    QVERIFY(m_host->start().ok());
}

std::unique_ptr<RawPeer> ServerControls::startBig(const char *from)
{
    auto peer = std::make_unique<RawPeer>(m_host->port(), from, 4096);
    if (!peer->login("passwd") || !peer->send("FILE /pub/big\r\n") ||
        peer->read(1000) != m_big.first(1000))
        return {};
    return peer;
}

void ServerControls::aPausedTransferStandsStillAndGoesOn()
{
    const auto peer = startBig();
    QVERIFY(peer);
    const quint64 id = firstSession().id;
    m_host->call([&](Server &server) { server.pauseSession(id, true); });
    QCOMPARE(firstSession().state, SessionState::Paused);
    // What was on its way arrives; then nothing more is sent.
    QByteArray got;
    qint64 before = -1;
    QVERIFY(waitUntil([&] {
        const qint64 sent = firstSession().sent;
        if (sent > got.size() + 1000)
            got += peer->read(qMin<qsizetype>(sent - got.size() - 1000, 65536));
        return std::exchange(before, sent) == sent && sent == got.size() + 1000;
    }));
    QVERIFY(got.size() < bigSize - 1000);
    m_host->call([&](Server &server) { server.pauseSession(id, false); });
    got += peer->read(bigSize - 1000 - got.size());
    QVERIFY(got == m_big.sliced(1000));
    QCOMPARE(peer->readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
}

void ServerControls::aPausedTransferIsNeverTooSlow()
{
    m_host->stop();
    // Short for a pause, long for a busy machine.
    m_host->config.noProgressTime = std::chrono::seconds(2);
    m_host->config.minimumRate = 10'000;
    m_host->config.minimumRateWindow = std::chrono::seconds(2);
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    const quint64 id = m_host->sessions().first().id;
    m_host->call([&](Server &server) { server.pauseSession(id, true); });
    QVERIFY(peer.send("FILE /pub/big\r\n"));
    QVERIFY(waitUntil([&] {
        const SessionInfo info = m_host->sessions().first();
        return info.file == QStringLiteral("/pub/big") && info.idleMs > 3000;
    }));
    m_host->call([&](Server &server) { server.pauseSession(id, false); });
    QVERIFY(peer.read(bigSize) == m_big);
}

void ServerControls::aPausedSessionIsEndedAtOnce()
{
    const auto peer = startBig();
    QVERIFY(peer);
    const quint64 id = firstSession().id;
    m_host->call([&](Server &server) {
        server.pauseSession(id, true);
        server.disconnectSession(id);
    });
    QVERIFY(peer->ended());
    const SessionInfo info = m_host->waitForEnded();
    QVERIFY2(info.outcome.endsWith(QStringLiteral("disconnected by you")),
             qPrintable(info.outcome));
}

void ServerControls::aPausedServerStopsAtOnce()
{
    const auto paused = startBig();
    const auto limited = startBig();
    QVERIFY(paused && limited);
    const auto sessions = m_host->sessions();
    m_host->call([&](Server &server) {
        server.pauseSession(sessions.at(0).id, true);
        server.limitSession(sessions.at(1).id, 1);
    });
    m_host->stop();
    QCOMPARE(m_host->liveSessions(), 0);
    QVERIFY(paused->ended() && limited->ended());
}

void ServerControls::aDrainLetsPausedFilesFinish()
{
    const auto peer = startBig();
    QVERIFY(peer);
    const quint64 id = firstSession().id;
    m_host->call([&](Server &server) {
        server.pauseSession(id, true);
        server.drain();
    });
    QVERIFY(peer->read(bigSize - 1000) == m_big.sliced(1000));
    QVERIFY(waitUntil([&] {
        return m_host->call([](Server &server) { return server.state(); }) == ServerState::Stopped;
    }));
}

void ServerControls::aLimitHoldsForOneSessionAndCanBeLifted()
{
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    const quint64 id = m_host->sessions().first().id;
    m_host->call([&](Server &server) { server.limitSession(id, 2'000'000); });
    QCOMPARE(m_host->sessions().first().rateLimit, 2'000'000);
    QElapsedTimer time;
    time.start();
    QVERIFY(peer.send("FILE /pub/big\r\n"));
    QVERIFY(peer.read(1'500'000) == m_big.first(1'500'000));
    // Faster than that, less the limiter's credit, is not possible.
    QVERIFY2(time.elapsed() >= 600, qPrintable(QString::number(time.elapsed())));
    QCOMPARE(m_host->sessions().first().state, SessionState::Sending);
    m_host->call([&](Server &server) { server.limitSession(id, 0); });
    QVERIFY(peer.read(bigSize - 1'500'000) == m_big.sliced(1'500'000));
}

void ServerControls::aLimitHoldsForAllTogether()
{
    setRateLimit(2'000'000);
    RawPeer first(m_host->port()), second(m_host->port());
    QVERIFY(first.login("passwd") && second.login("passwd"));
    QElapsedTimer time;
    time.start();
    QVERIFY(first.send("FILE /pub/big\r\n") && second.send("FILE /pub/big\r\n"));
    for (RawPeer *peer : {&first, &second})
        QVERIFY(peer->read(750'000) == m_big.first(750'000));
    QVERIFY2(time.elapsed() >= 600, qPrintable(QString::number(time.elapsed())));
    setRateLimit(0);
    for (RawPeer *peer : {&first, &second})
        QVERIFY(peer->read(bigSize - 750'000) == m_big.sliced(750'000));
}

void ServerControls::aBanEndsAllSessionsOfTheAddress()
{
    const auto banned = startBig("127.0.0.7");
    RawPeer idle(m_host->port(), "127.0.0.7");
    const auto other = startBig("127.0.0.8");
    QVERIFY(banned && other && idle.login("passwd"));
    const QHostAddress address(QStringLiteral("127.0.0.7"));
    QVERIFY(m_host->call([&](Server &server) { return server.ban(address).ok(); }));
    QVERIFY(banned->ended() && idle.ended());
    QVERIFY(waitUntil([&] { return m_host->liveSessions() == 1; }));
    RawPeer again(m_host->port(), "127.0.0.7");
    QCOMPARE(again.readToEnd().value_or("?"), QByteArray());
    QVERIFY(other->read(bigSize - 1000) == m_big.sliced(1000));
    const auto bans = m_host->call([](Server &server) { return server.bans(); });
    QCOMPARE(bans.size(), 1);
    QCOMPARE(bans.first().block, address);
    QVERIFY(m_host->call([&](Server &server) { return server.liftBan(address).ok(); }));
    RawPeer forgiven(m_host->port(), "127.0.0.7");
    QVERIFY(forgiven.login("passwd"));
}

void ServerControls::aBanForAWhileEndsThemAndKeepsTheAddressOut()
{
    const auto sent = startBig("127.0.0.7");
    RawPeer idle(m_host->port(), "127.0.0.7");
    RawPeer other(m_host->port(), "127.0.0.8");
    QVERIFY(sent && idle.login("passwd") && other.login("passwd"));
    const QHostAddress address(QStringLiteral("127.0.0.7"));
    const auto banFor = [&](std::chrono::minutes time) {
        return m_host->call([&](Server &server) { return server.banFor(address, time).ok(); });
    };
    QVERIFY(banFor(std::chrono::minutes(10)));
    QVERIFY(sent->ended() && idle.ended());
    QVERIFY(waitUntil([&] { return m_host->liveSessions() == 1; }));
    QVERIFY(m_host->waitForEnded().outcome.endsWith(QStringLiteral("disconnected by you")));
    RawPeer again(m_host->port(), "127.0.0.7");
    QCOMPARE(again.readToEnd().value_or("?"), QByteArray());
    QCOMPARE(m_host->call([](Server &server) { return server.bans(); }).size(), 1);
    QVERIFY(banFor(std::chrono::minutes(0))); // its time is over
    RawPeer later(m_host->port(), "127.0.0.7");
    QVERIFY(later.login("passwd"));
}

void ServerControls::aBanSurvivesARestart()
{
    const QHostAddress address(QStringLiteral("127.0.0.7"));
    QVERIFY(m_host->call([&](Server &server) { return server.ban(address).ok(); }));
    const QString folder = m_host->config.dataFolder;
    const auto before = std::move(m_host);
    m_host = std::make_unique<ServerHost>();
    m_host->config.dataFolder = folder;
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port(), "127.0.0.7");
    QCOMPARE(peer.readToEnd().value_or("?"), QByteArray());
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerControls::anotherProgramsBanIsObeyed()
{
    RawPeer peer(m_host->port(), "127.0.0.7");
    QVERIFY(peer.login("passwd"));
    BanList theirs(m_host->config.dataFolder);
    QVERIFY(theirs.ban(QHostAddress(QStringLiteral("127.0.0.7"))).ok());
    QVERIFY(peer.ended());
}

void ServerControls::bansThatCannotBeReadAreReportedOnce()
{
    const QString path = m_host->config.dataFolder + QStringLiteral("/bans");
    RawPeer peer(m_host->port(), "127.0.0.7");
    QVERIFY(peer.login("passwd"));
    m_host->call([](Server &server) { server.takeLog(); });
    QVERIFY(QDir().mkpath(path));
    QStringList warnings;
    const auto look = [&] {
        const auto batch = m_host->call([](Server &server) { return server.takeLog(); });
        for (const LogRecord &record : batch) {
            if (record.kind == LogKind::Warning && record.session == 0)
                warnings.append(record.message);
        }
        return !warnings.isEmpty();
    };
    QVERIFY(waitUntil(look));
    QVERIFY(QDir().rmdir(path));
    QVERIFY(BanList(m_host->config.dataFolder).ban(QHostAddress(QStringLiteral("127.0.0.7"))));
    QVERIFY(peer.ended());
    look();
    QCOMPARE(warnings.size(), 1);
}

void ServerControls::whatIsDeliveredIsTold()
{
    QVERIFY(m_host->write(QStringLiteral("small"), "content"));
    m_host->call([](Server &server) { server.recordDeliveries(true); });
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    QVERIFY(peer.send("FILE /pub/small\r\n"));
    QCOMPARE(peer.read(7), QByteArray("content"));
    QCOMPARE(peer.readLine(), QByteArray("#File /pub/small sent successfully.\r\n"));
    QList<DeliveryEvent> events;
    QVERIFY(waitUntil([&] {
        events += m_host->call([](Server &server) { return server.takeDeliveries(); }).events;
        return !events.isEmpty();
    }));
    QCOMPARE(events.first().kind, DeliveryEvent::Kind::Sent);
    QCOMPARE(events.first().file, QStringLiteral("/pub/small"));
    QCOMPARE(events.first().size, 7);
    QVERIFY(events.first().last);
    QCOMPARE(events.first().to->address, QStringLiteral("127.0.0.1"));
    QCOMPARE(events.first().to->account, QStringLiteral("ferry"));
    QVERIFY(!events.first().to->encrypted);
    events.clear();
    peer.close();
    QVERIFY(waitUntil([&] {
        events += m_host->call([](Server &server) { return server.takeDeliveries(); }).events;
        return !events.isEmpty() && events.last().kind == DeliveryEvent::Kind::SessionEnded;
    }));
}

void ServerControls::newSettingsApplyWhileSessionsRun()
{
    const QString other = m_host->outside() + QStringLiteral("/other");
    QVERIFY(QDir().mkpath(other));
    QFile file(other + QStringLiteral("/new"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("content") == 7);
    file.close();
    const auto busy = startBig();
    QVERIFY(busy);
    RawPeer idle(m_host->port());
    QVERIFY(idle.login("passwd"));

    ServerConfig config = m_host->config;
    config.shares = {{"other", QFile::encodeName(other)}};
    config.password = "another password";
    config.maxSessions = 3;
    config.sessionRateLimit = 100'000'000;
    QVERIFY(m_host->call([&](Server &server) { return server.reconfigure(config); }).ok());

    QCOMPARE(idle.fetch("/other/new", 7).value_or(QByteArray()), QByteArray("content"));
    QVERIFY(idle.send("FILE /pub/big\r\n"));
    QCOMPARE(idle.readLine(), QByteArray("!File /pub/big could not be opened.\r\n"));
    QVERIFY(busy->read(bigSize - 1000) ==
            m_big.sliced(1000)); // the share is gone, the file goes on
    QCOMPARE(busy->readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
    QCOMPARE(firstSession().rateLimit, 100'000'000);
    {
        RawPeer wrong(m_host->port());
        QVERIFY(!wrong.login("passwd"));
    }
    QVERIFY(waitUntil([&] { return m_host->liveSessions() == 2; }));
    RawPeer third(m_host->port());
    QVERIFY(third.login("another password"));
    RawPeer fourth(m_host->port());
    QCOMPARE(fourth.readLine(), QByteArray("!Server is full.\r\n"));
}

void ServerControls::newSettingsThatCannotBeChangeNothing()
{
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    ServerConfig config = m_host->config;
    config.shares = {{"none", "/does/not/exist"}};
    config.password = "another password";
    QVERIFY(!m_host->call([&](Server &server) { return server.reconfigure(config); }).ok());
    QVERIFY(peer.send("FILE /pub/none\r\n"));
    QCOMPARE(peer.readLine(), QByteArray("!File /pub/none could not be opened.\r\n"));
    RawPeer again(m_host->port());
    QVERIFY(again.login("passwd"));
    m_host->call([](Server &server) { server.stop(); });
    QVERIFY(!m_host->call([&](Server &server) { return server.reconfigure(m_host->config); }).ok());
}

void ServerControls::sessionsStepBackBesideAWindow_data()
{
    QTest::addColumn<bool>("window");
    QTest::newRow("window") << true;
    QTest::newRow("none") << false;
}

void ServerControls::sessionsStepBackBesideAWindow()
{
    QFETCH(bool, window);
    m_host->config.besideWindow = window;
    m_host->stop();
    QVERIFY(m_host->start().ok());
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    const QString threads = QStringLiteral("/proc/self/task/");
    int sessions = 0;
    for (const QString &thread : QDir(threads).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile name(threads + thread + QStringLiteral("/comm"));
        if (!name.open(QIODevice::ReadOnly) || !name.readAll().startsWith("session"))
            continue;
        ++sessions;
        QCOMPARE(::getpriority(PRIO_PROCESS, thread.toUInt()),
                 ::getpriority(PRIO_PROCESS, id_t(::getpid())) + (window ? 5 : 0));
    }
    QCOMPARE(sessions, 1);
}

FERRY_TEST(ServerControls)
#include "server_controls.moc"
