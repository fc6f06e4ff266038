// SPDX-License-Identifier: MIT
// The connection of a client to a server, between the two engines: whom it trusts, how it ends and
// how it comes back.
#include "client/client.h"
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QHostAddress>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

namespace {

const QByteArray password = "rigid-juicy-temple-cow-bison-exam";

} // namespace

class ExtendedConnection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void anAcceptedServerIsKnownWhileTheClientLives();
    void aLostServerIsLookedForUntilItIsBack_data();
    void aLostServerIsLookedForUntilItIsBack();
    void whoDoesNotStayConnectedLearnsWhyItEnded();
    void aPersonIsNotKeptWaitingForTheNextTry();
    void whoIsSentAwayWaitsForAPerson_data();
    void whoIsSentAwayWaitsForAPerson();
    void aPauseByTheOperatorIsSaid();
    void theServerKnowsWhoIsThere();
    void aWrongPasswordIsTheOutcome();

private:
    void start();
    ClientConfig config() const;
    bool waitFor(ConnectionState state)
    {
        return QTest::qWaitFor([&] { return m_client->connection().state == state; }, patienceMs);
    }

    std::unique_ptr<ServerHost> m_host;
    std::unique_ptr<QTemporaryDir> m_target;
    std::unique_ptr<Client> m_client;
};

void ExtendedConnection::init()
{
    m_host = std::make_unique<ServerHost>();
    m_host->config.tlsEnabled = true;
    m_host->config.password = password;
    m_target = std::make_unique<QTemporaryDir>();
    m_host->config.dataFolder = m_target->filePath(QStringLiteral("server")); // keeps its identity
    m_client = std::make_unique<Client>();
    m_client->setClassic(false);
}

void ExtendedConnection::cleanup()
{
    m_client.reset();
    m_host.reset();
}

void ExtendedConnection::start()
{
    QVERIFY(m_host->start().ok());
}

ClientConfig ExtendedConnection::config() const
{
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = m_host->call([](server::Server &server) { return server.tlsEndpoint().port; });
    config.password = password;
    config.trustNew = true;
    return config;
}

/// A short password is sent to no stranger; to whom a person agreed to, it is just a wrong one.
void ExtendedConnection::anAcceptedServerIsKnownWhileTheClientLives()
{
    start();
    ClientConfig wrong = config();
    wrong.trustNew = false;
    wrong.knownServersFile = m_target->filePath(QStringLiteral("known"));
    wrong.password = "abc";
    QVERIFY(m_client->connectTo(wrong).ok());
    QVERIFY(waitFor(ConnectionState::Failed));
    QCOMPARE(m_client->connection().error.code, ErrorCode::NotTrusted);
    ClientConfig accepted = wrong;
    accepted.accepted = m_client->connection().offered;
    QVERIFY(m_client->connectTo(accepted).ok());
    QVERIFY(waitFor(ConnectionState::Failed));
    QCOMPARE(m_client->connection().error.code, ErrorCode::WrongPassword);

    wrong.password = "abcd";
    QVERIFY(m_client->connectTo(wrong).ok());
    QVERIFY(waitFor(ConnectionState::Failed));
    QCOMPARE(m_client->connection().error.code, ErrorCode::WrongPassword);
    wrong.password = password;
    QVERIFY(m_client->connectTo(wrong).ok());
    QVERIFY(waitFor(ConnectionState::Online));
}

void ExtendedConnection::aLostServerIsLookedForUntilItIsBack_data()
{
    QTest::addColumn<bool>("transferring");
    QTest::newRow("in a file") << true;
    QTest::newRow("idle") << false;
}

/// In both cases the state says all the time that the connection was lost, and why.
void ExtendedConnection::aLostServerIsLookedForUntilItIsBack()
{
    QFETCH(const bool, transferring);
    start();
    const QByteArray content = noise(6'000'000);
    QVERIFY(m_host->write(QStringLiteral("file"), content));
    ClientConfig staying = config();
    staying.reconnects = -1;
    staying.stayConnected = true;
    staying.resume = true;
    m_client->queue().setRules(QueueRules::unattended());
    m_client->queue().setRateLimit(4'000'000);
    QVERIFY(m_client->connectTo(staying).ok());
    QVERIFY(waitFor(ConnectionState::Online));
    quint64 id = 0;
    if (transferring) {
        id = m_client->add({{"/pub/file", m_target->path(), ExistingPolicy::Fail}}).first();
        QVERIFY(QTest::qWaitFor([&] { return m_client->queue().find(id)->received > 1'000'000; },
                                patienceMs));
    }
    m_host->stop();
    QVERIFY(
        QTest::qWaitFor([&] { return m_client->connection().retryAt.has_value(); }, patienceMs));
    bool always = true;
    connect(m_client.get(), &Client::connectionChanged, this, [&] {
        const ConnectionStatus status = m_client->connection();
        always = always && (status.lost || status.state == ConnectionState::Online);
    });
    QVERIFY(m_client->connection().lost);
    QVERIFY(!m_client->connection().lost->text.isEmpty());
    m_host->config.tlsPort = staying.port;
    start();
    QVERIFY(waitFor(ConnectionState::Online));
    QVERIFY(always);
    QVERIFY(!m_client->connection().lost);
    if (transferring) {
        QVERIFY(QTest::qWaitFor([&] { return m_client->queue().finished(); }, patienceMs));
        QCOMPARE(m_client->queue().find(id)->state, DownloadState::Done);
    }
    m_client->disconnectAndWait();
    QVERIFY(!m_client->connection().lost);
}

void ExtendedConnection::whoDoesNotStayConnectedLearnsWhyItEnded()
{
    start();
    QVERIFY(m_client->connectTo(config()).ok());
    QVERIFY(waitFor(ConnectionState::Online));
    m_host->stop();
    QVERIFY(waitFor(ConnectionState::Offline));
    QVERIFY(!m_client->connection().lost);
    QVERIFY(!m_client->connection().error.text.isEmpty());
}

void ExtendedConnection::aPersonIsNotKeptWaitingForTheNextTry()
{
    start();
    ClientConfig staying = config();
    staying.reconnects = -1;
    staying.stayConnected = true;
    QVERIFY(m_client->connectTo(staying).ok());
    QVERIFY(waitFor(ConnectionState::Online));
    m_host->stop();
    QVERIFY(
        QTest::qWaitFor([&] { return m_client->connection().retryAt.has_value(); }, patienceMs));
    const auto retryAt = m_client->connection().retryAt;
    m_client->retryNow();
    QVERIFY(QTest::qWaitFor([&] { return m_client->connection().retryAt != retryAt; }, patienceMs));
    QVERIFY(std::chrono::steady_clock::now() < *retryAt);
}

void ExtendedConnection::whoIsSentAwayWaitsForAPerson_data()
{
    QTest::addColumn<bool>("transferring");
    QTest::addColumn<bool>("banned");
    QTest::newRow("disconnected in a file") << true << false;
    QTest::newRow("disconnected while idle") << false << false;
    QTest::newRow("banned in a file") << true << true;
    QTest::newRow("banned while idle") << false << true;
}

void ExtendedConnection::whoIsSentAwayWaitsForAPerson()
{
    QFETCH(const bool, transferring);
    QFETCH(const bool, banned);
    start();
    const QByteArray content = noise(6'000'000);
    QVERIFY(m_host->write(QStringLiteral("file"), content));
    ClientConfig staying = config();
    staying.reconnects = -1;
    staying.stayConnected = true;
    m_client->queue().setRules(QueueRules::unattended());
    m_client->queue().setRateLimit(4'000'000);
    QVERIFY(m_client->connectTo(staying).ok());
    QVERIFY(waitFor(ConnectionState::Online));
    quint64 id = 0;
    if (transferring) {
        id = m_client->add({{"/pub/file", m_target->path(), ExistingPolicy::Fail}}).first();
        QVERIFY(QTest::qWaitFor([&] { return m_client->queue().find(id)->received > 1'000'000; },
                                patienceMs));
    }
    const QHostAddress here(QHostAddress::LocalHost);
    m_host->call([&](server::Server &server) {
        if (banned)
            static_cast<void>(server.ban(here));
        else
            server.disconnectSession(server.sessions().first().id);
    });
    QVERIFY(waitFor(ConnectionState::Failed));
    QCOMPARE(m_client->connection().error.code, ErrorCode::Dismissed);
    QCOMPARE(m_client->connection().error.text.contains(QStringLiteral("blocked")), banned);
    QVERIFY(!m_client->connection().lost);
    const auto ended = m_host->waitForEnded();
    QVERIFY2(ended.outcome.endsWith(banned ? QStringLiteral("banned by you")
                                           : QStringLiteral("disconnected by you")),
             qPrintable(ended.outcome));
    if (!transferring)
        return;
    QCOMPARE(m_client->queue().find(id)->state, DownloadState::Queued);
    m_host->call([&](server::Server &server) { static_cast<void>(server.liftBan(here)); });
    QVERIFY(m_client->connectTo(staying).ok());
    QVERIFY(QTest::qWaitFor([&] { return m_client->queue().finished(); }, patienceMs));
    QCOMPARE(m_client->queue().find(id)->state, DownloadState::Done);
}

void ExtendedConnection::aPauseByTheOperatorIsSaid()
{
    start();
    QVERIFY(m_host->write(QStringLiteral("file"), noise(6'000'000)));
    m_client->queue().setRateLimit(4'000'000);
    const quint64 id =
        m_client->add({{"/pub/file", m_target->path(), ExistingPolicy::Fail}}).first();
    QVERIFY(m_client->connectTo(config()).ok());
    QVERIFY(QTest::qWaitFor([&] { return m_client->queue().find(id)->received > 1'000'000; },
                            patienceMs));
    const auto pause = [this](bool paused) {
        m_host->call([paused](server::Server &server) {
            for (const auto &session : server.sessions())
                server.pauseSession(session.id, paused);
        });
    };
    pause(true);
    QVERIFY(QTest::qWaitFor(
        [&] {
            const Download row = *m_client->queue().find(id);
            return row.state == DownloadState::Stalled && row.heldThere;
        },
        patienceMs));
    pause(false);
    QVERIFY(QTest::qWaitFor([&] { return m_client->queue().finished(); }, patienceMs));
    QCOMPARE(m_client->queue().find(id)->state, DownloadState::Done);
}

void ExtendedConnection::theServerKnowsWhoIsThere()
{
    start();
    const auto nameOf = [this](const QString &name) {
        ClientConfig named = config();
        named.name = name;
        const qsizetype before = m_host->sessions().size();
        if (!m_client->connectTo(named) || !waitFor(ConnectionState::Online))
            return QStringLiteral("(not online)");
        const QString shown = m_host->sessions().first().name;
        m_client->disconnectAndWait();
        m_host->waitForEnded(before);
        return shown;
    };
    QCOMPARE(nameOf(QStringLiteral("Anna, studio laptop")), QStringLiteral("Anna, studio laptop"));
    QCOMPARE(nameOf({}), ownName());
    QCOMPARE(nameOf(QStringLiteral("Operator")), QString());
    QVERIFY(!nameOf(QStringLiteral("a\nb\x1b[31m")).contains(QChar(0x1b)));
    QCOMPARE(nameOf(QString(1000, u'x')), QString(64, u'x'));
}

void ExtendedConnection::aWrongPasswordIsTheOutcome()
{
    start();
    ClientConfig wrong = config();
    wrong.pin = m_host->call([](server::Server &server) { return server.fingerprint(); });
    wrong.password = "another one";
    QVERIFY(m_client->connectTo(wrong).ok());
    QVERIFY(waitFor(ConnectionState::Failed));
    const auto ended = m_host->waitForEnded();
    QCOMPARE(ended.outcome, QStringLiteral("wrong password"));
    QVERIFY(ended.failed);
}

FERRY_TEST(ExtendedConnection)
#include "extended_connection.moc"
