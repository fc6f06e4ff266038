// SPDX-License-Identifier: MIT
// The connection of a client to a server, between the two engines: whom it trusts, how it ends and
// how it comes back.
#include "client/client.h"
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QTemporaryDir>
#include <QTest>

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
    return config;
}

/// A short password is sent to no stranger; to whom a person agreed to, it is just a wrong one.
void ExtendedConnection::anAcceptedServerIsKnownWhileTheClientLives()
{
    start();
    ClientConfig wrong = config();
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

FERRY_TEST(ExtendedConnection)
#include "extended_connection.moc"
