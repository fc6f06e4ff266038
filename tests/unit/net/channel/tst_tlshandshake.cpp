// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "unit/net/tlsfixture.h"

#include <QCryptographicHash>
#include <QTemporaryFile>

#include <optional>

using namespace ferry;
using namespace ferry::test;

class TestTlsHandshake : public QObject, TlsFixture
{
    Q_OBJECT
private Q_SLOTS:
    void bothEndsExportTheSameAndEachConnectionAnother();
    void theClientSeesTheServersFingerprint();
    void noSessionIsKept();
    void textOnTheTlsDoorFailsAtOnce_data();
    void textOnTheTlsDoorFailsAtOnce();
    void aServerThatSpeaksTextIsNoTls();
    void aSilentPeerTimesOutTheHandshake();
    void aPeerThatLeavesEndsTheHandshake();
    void olderTlsIsRefused();
    void otherProtocolsAreRefusedWithTheAlert();
    void noAlpnIsServed();
};

void TestTlsHandshake::bothEndsExportTheSameAndEachConnectionAnother()
{
    const Pair one = connected();
    const Pair other = connected();
    QVERIFY(one.client && other.client);
    QCOMPARE(one.client->exporter().size(), 32);
    QCOMPARE(one.client->exporter(), one.server->exporter());
    QVERIFY(one.client->exporter() != other.client->exporter());
    auto [a, b] = tcpPair();
    QVERIFY(TlsChannel(std::move(a), m_server).exporter().isEmpty());
}

void TestTlsHandshake::theClientSeesTheServersFingerprint()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    QCOMPARE(pair.client->peerFingerprint(), m_identity->fingerprint());
    QVERIFY(pair.server->peerFingerprint().isEmpty());
}

void TestTlsHandshake::noSessionIsKept()
{
    // A client that would gladly resume gets nothing to resume with.
    auto [a, b] = tcpPair();
    TlsChannel server(std::move(a), m_server);
    auto served = std::async(std::launch::async, [&] {
        const Result<> done = server.handshake(soon());
        return done ? server.write("#", soon()) : done;
    });
    static int tickets;
    tickets = 0;
    const int reason = plainClient(b.get(), [&](SSL_CTX *context, SSL *) {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
        SSL_CTX_sess_set_new_cb(context, [](SSL *, SSL_SESSION *) -> int {
            ++tickets;
            return 0;
        });
    });
    VERIFY_OK(served.get());
    QCOMPARE(reason, 0); // and so everything before the `#` was read
    QCOMPARE(tickets, 0);
}

void TestTlsHandshake::textOnTheTlsDoorFailsAtOnce_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("a command") << QByteArray("AUTH passwd\r\n");
    QTest::newRow("a short one") << QByteArray("quit\r\n");
    QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    QTest::newRow("noise") << QByteArray(5000, '\xff');
    QTest::newRow("zeros") << QByteArray(5000, '\0');
    QTest::newRow("an alert") << QByteArray("\x15\x03\x01\x00\x02\x02\x28", 7);
    QTest::newRow("a record without end")
        << QByteArray("\x16\x03\x01\xff\xff", 5) + QByteArray(100, 'x');
}

void TestTlsHandshake::textOnTheTlsDoorFailsAtOnce()
{
    QFETCH(QByteArray, said);
    // The peer keeps its end open: the failure must come from what it said.
    const Result<> result =
        serve([&](int fd) { socketops::send(fd, said.constData(), said.size()); });
    VERIFY_ERROR(result, ErrorCode::Protocol);
    QVERIFY(!result.error().text.contains(QStringLiteral("unknown error")));
}

void TestTlsHandshake::aServerThatSpeaksTextIsNoTls()
{
    auto [a, b] = tcpPair();
    const QByteArray greeting("#Server Ready.\r\n");
    QCOMPARE(socketops::send(a.get(), greeting.constData(), greeting.size()), greeting.size());
    TlsChannel client(std::move(b), m_client);
    VERIFY_ERROR(client.handshake(soon()), ErrorCode::Protocol);
    char byte;
    QVERIFY(!client.read(&byte, 1, soon()).ok());
    QVERIFY(!client.write("x", soon()).ok());
}

void TestTlsHandshake::aSilentPeerTimesOutTheHandshake()
{
    VERIFY_ERROR(serve([](int) {}, QDeadlineTimer(50ms)), ErrorCode::TimedOut);
}

void TestTlsHandshake::aPeerThatLeavesEndsTheHandshake()
{
    VERIFY_ERROR(serve([](int fd) { ::shutdown(fd, SHUT_RDWR); }), ErrorCode::CutShort);
    VERIFY_ERROR(serve([](int fd) {
                     socketops::send(fd, "\x16\x03\x01", 3);
                     ::shutdown(fd, SHUT_WR);
                 }),
                 ErrorCode::CutShort);
}

void TestTlsHandshake::olderTlsIsRefused()
{
    int reason = 0;
    const Result<> served = serve([&](int fd) {
        reason = plainClient(
            fd, [](SSL_CTX *, SSL *ssl) { SSL_set_max_proto_version(ssl, TLS1_2_VERSION); });
    });
    VERIFY_ERROR(served, ErrorCode::Protocol);
    QCOMPARE(reason, int(SSL_R_TLSV1_ALERT_PROTOCOL_VERSION));
}

void TestTlsHandshake::otherProtocolsAreRefusedWithTheAlert()
{
    const auto offering = [&](const QByteArray &protocols) {
        int reason = -1;
        const Result<> served = serve([&](int fd) {
            reason = plainClient(fd, [&](SSL_CTX *, SSL *ssl) {
                SSL_set_alpn_protos(ssl,
                                    reinterpret_cast<const unsigned char *>(protocols.constData()),
                                    unsigned(protocols.size()));
            });
        });
        return std::pair(served.ok(), reason);
    };
    const auto refused = std::pair(false, int(SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL));
    QCOMPARE(offering("\x02h2\x08http/1.1"), refused);
    QCOMPARE(offering("\x07"
                      "ferry/2"),
             refused);
    QCOMPARE(offering("\x08"
                      "ferry/10"),
             refused);
    QCOMPARE(offering("\x06"
                      "ferry/"),
             refused);
    QVERIFY(offering("\x02h2\x07"
                     "ferry/1")
                .first);
}

void TestTlsHandshake::noAlpnIsServed()
{
    QVERIFY(serve([](int fd) { plainClient(fd, [](SSL_CTX *, SSL *) {}); }).ok());
}

FERRY_TEST(TestTlsHandshake)
#include "tst_tlshandshake.moc"
