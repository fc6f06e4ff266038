// SPDX-License-Identifier: MIT
#include "net/channel/socketops.h"
#include "support/testprogram.h"

#include <QTcpServer>
#include <QTest>

using namespace ferry;
using namespace std::chrono_literals;

class TestConnectTo : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectsToAnAddress();
    void connectsToAName();
    void nobodyThereIsCannotConnect();
    void noSuchHostIsHostNotFound();
    void cancelledBeforehandConnectsNobody();
    void thePeerIsNamed();
};

void TestConnectTo::connectsToAnAddress()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto socket =
        socketops::connectTo(QStringLiteral("127.0.0.1"), server.serverPort(), QDeadlineTimer(60s));
    QVERIFY(socket.ok());
    QVERIFY(server.waitForNewConnection(60000));
}

void TestConnectTo::connectsToAName()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    // Where the name stands for ::1 first, that one refuses and the next address answers.
    const auto socket =
        socketops::connectTo(QStringLiteral("localhost"), server.serverPort(), QDeadlineTimer(60s));
    QVERIFY2(socket.ok(), socket.ok() ? "" : qPrintable(socket.error().text));
}

void TestConnectTo::nobodyThereIsCannotConnect()
{
    quint16 port = 0;
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        port = server.serverPort();
    }
    const auto socket =
        socketops::connectTo(QStringLiteral("127.0.0.1"), port, QDeadlineTimer(60s));
    QVERIFY(!socket.ok());
    QCOMPARE(socket.error().code, ErrorCode::CannotConnect);
}

void TestConnectTo::noSuchHostIsHostNotFound()
{
    // No valid name, so no resolver is asked about it over the network.
    const auto socket =
        socketops::connectTo(QStringLiteral("no..such..host"), 1, QDeadlineTimer(60s));
    QVERIFY(!socket.ok());
    QCOMPARE(socket.error().code, ErrorCode::HostNotFound);
}

void TestConnectTo::cancelledBeforehandConnectsNobody()
{
    const std::atomic_bool cancelled = true;
    const auto socket = socketops::connectTo(QStringLiteral("no..such..host"), 1,
                                             QDeadlineTimer(QDeadlineTimer::Forever), &cancelled);
    QVERIFY(!socket.ok());
    QVERIFY(socket.error().code == ErrorCode::Cancelled ||
            socket.error().code == ErrorCode::HostNotFound);
}

void TestConnectTo::thePeerIsNamed()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto socket =
        socketops::connectTo(QStringLiteral("127.0.0.1"), server.serverPort(), QDeadlineTimer(60s));
    QVERIFY(socket.ok());
    const socketops::Peer peer = socketops::peerOf(socket.value().get());
    QCOMPARE(peer.address, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(peer.port, server.serverPort());
}

FERRY_TEST(TestConnectTo)
#include "tst_connectto.moc"
