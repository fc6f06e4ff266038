// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "unit/net/tlsfixture.h"

#include <QCryptographicHash>
#include <QTemporaryFile>

#include <csignal>
#include <optional>

using namespace ferry;
using namespace ferry::test;

class TestTlsChannel : public QObject, TlsFixture
{
    Q_OBJECT
private Q_SLOTS:
    void bytesArriveInBothDirections();
    void anOrderlyEndIsReadAsTheEnd();
    void anEndWithoutCloseNotifyIsCutShort();
    void aConnectionThatIsResetIsCutShort();
    void afterAnOrderlyEndTheOtherDirectionGoesOn();
    void finishedReadingStillWrites();
    void aReadTimesOutAndTheStreamIsIntact();
    void aWriteThatTimesOutInTheMiddleLosesNothing();
    void shutdownWakesACallUnderWay_data();
    void shutdownWakesACallUnderWay();
    void afterShutdownEveryCallIsCancelled();
    void sendFileSendsTheFileToASlowReader();
    void sendFileEndsWhereTheFileEnds();
    void writeSomeShowsTheProgressOfASlowReader();
    void waitForBytesKnowsDecryptedOnes();
    void whatIsLeftIsSentByTheNextRead();
    void bitsFlippedOnTheWayAreNoticed();
    void recordsWithoutContentAreNoWayToHoldTheOtherSide_data();
    void recordsWithoutContentAreNoWayToHoldTheOtherSide();
    void twoThreadsOfBothEndsAndAStrangerGetAlong();
};

void TestTlsChannel::bytesArriveInBothDirections()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    QVERIFY(pair.server->description().startsWith(QStringLiteral("TLS 1.3, TLS_")));
    QCOMPARE(pair.client->description(), pair.server->description());
    const QByteArray up = pattern(3'000'004);
    const QByteArray down = pattern(5'000'000);
    // At once: reading goes on while the other direction is full.
    auto served = std::async(std::launch::async, [&]() -> Result<QByteArray> {
        for (qsizetype at = 0; at < down.size(); at += 100'000) {
            if (const Result<> sent =
                    pair.server->write(QByteArrayView(down).sliced(at, 100'000), soon());
                !sent)
                return sent.error();
        }
        pair.server->finishWriting();
        return readAll(*pair.server);
    });
    const Result<QByteArray> got = readAll(*pair.client);
    VERIFY_OK(got);
    QVERIFY(got.value() == down);
    VERIFY_OK(pair.client->write(up, soon()));
    pair.client->finishWriting();
    const Result<QByteArray> received = served.get();
    VERIFY_OK(received);
    QVERIFY(received.value() == up);
}

void TestTlsChannel::anOrderlyEndIsReadAsTheEnd()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    VERIFY_OK(pair.server->write("last words", soon()));
    pair.server->finishWriting();
    const Result<QByteArray> all = readAll(*pair.client);
    VERIFY_OK(all);
    QCOMPARE(all.value(), QByteArray("last words"));
    char byte;
    QCOMPARE(pair.client->read(&byte, 1, soon()).value(), 0);
    VERIFY_ERROR(pair.server->write("more", soon()), ErrorCode::CutShort);
}

void TestTlsChannel::anEndWithoutCloseNotifyIsCutShort()
{
    Pair pair = connected();
    QVERIFY(pair.client);
    VERIFY_OK(pair.server->write("half a fi", soon()));
    pair.server.reset(); // closes the socket, and says nothing
    char bytes[100];
    QCOMPARE(pair.client->read(bytes, sizeof bytes, soon()).value(), 9);
    VERIFY_ERROR(pair.client->read(bytes, sizeof bytes, soon()), ErrorCode::CutShort);
    VERIFY_ERROR(pair.client->read(bytes, sizeof bytes, soon()), ErrorCode::CutShort);
    VERIFY_ERROR(pair.client->waitForBytes(soon()), ErrorCode::CutShort);
}

void TestTlsChannel::aConnectionThatIsResetIsCutShort()
{
    Pair pair = connected();
    QVERIFY(pair.client);
    FileDescriptor socket = pair.server->takeSocket();
    const linger hard{1, 0};
    QCOMPARE(::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
    socket.reset();
    char bytes[100];
    VERIFY_ERROR(pair.client->read(bytes, sizeof bytes, soon()), ErrorCode::CutShort);
    VERIFY_ERROR(pair.client->write("x", soon()), ErrorCode::CutShort);
    pair.client->finishWriting();
}

void TestTlsChannel::afterAnOrderlyEndTheOtherDirectionGoesOn()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    pair.client->finishWriting();
    QCOMPARE(readAll(*pair.server).value(), QByteArray());
    VERIFY_OK(pair.server->write("still here", soon()));
    pair.server->finishWriting();
    QCOMPARE(readAll(*pair.client).value(), QByteArray("still here"));
}

void TestTlsChannel::finishedReadingStillWrites()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    auto reading = std::async(std::launch::async, [&] {
        char byte;
        return pair.server->read(&byte, 1, soon());
    });
    pair.server->finishReading();
    const Result<qsizetype> got = reading.get();
    VERIFY_OK(got);
    QCOMPARE(got.value(), 0);
    VERIFY_OK(pair.server->waitForBytes(soon()));
    VERIFY_OK(pair.server->write("the file goes on", soon()));
    pair.server->finishWriting();
    QCOMPARE(readAll(*pair.client).value(), QByteArray("the file goes on"));
}

void TestTlsChannel::aReadTimesOutAndTheStreamIsIntact()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    char bytes[100];
    VERIFY_ERROR(pair.client->read(bytes, sizeof bytes, QDeadlineTimer(20ms)), ErrorCode::TimedOut);
    QCOMPARE(pair.client->waitForBytes(QDeadlineTimer(20ms)).value(), false);
    VERIFY_OK(pair.client->pause(QDeadlineTimer(20ms)));
    VERIFY_OK(pair.server->write("hello", soon()));
    QCOMPARE(pair.client->read(bytes, sizeof bytes, soon()).value(), 5);
}

void TestTlsChannel::aWriteThatTimesOutInTheMiddleLosesNothing()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    const QByteArray bytes = pattern(30'000'000);
    // The reader sleeps until the writer has timed out, and then takes all.
    qsizetype accepted = 0;
    bool timedOut = false;
    while (!timedOut) {
        const Result<qsizetype> some = pair.server->writeSome(
            QByteArrayView(bytes).sliced(accepted, 200'000), QDeadlineTimer(50ms));
        if (some)
            accepted += some.value();
        else
            timedOut = some.error().code == ErrorCode::TimedOut;
    }
    auto reading = std::async(std::launch::async, [&] { return readAll(*pair.client); });
    VERIFY_OK(pair.server->write("and then other bytes", soon()));
    pair.server->finishWriting();
    const Result<QByteArray> got = reading.get();
    VERIFY_OK(got);
    QVERIFY(got.value() == bytes.first(accepted) + "and then other bytes");
}

void TestTlsChannel::shutdownWakesACallUnderWay_data()
{
    QTest::addColumn<int>("call");
    QTest::newRow("read") << 0;
    QTest::newRow("write") << 1;
    QTest::newRow("waitForBytes") << 2;
    QTest::newRow("pause") << 3;
    QTest::newRow("handshake") << 4;
}

void TestTlsChannel::shutdownWakesACallUnderWay()
{
    QFETCH(int, call);
    Pair pair = connected();
    QVERIFY(pair.client);
    auto [a, b] = tcpPair();
    TlsChannel fresh(std::move(a), m_server);
    TlsChannel &channel = call == 4 ? fresh : *pair.server;

    std::atomic_bool entered = false;
    auto blocked = std::async(std::launch::async, [&]() -> ErrorCode {
        const QDeadlineTimer never(QDeadlineTimer::Forever);
        char byte;
        const QByteArray much(50'000'000, 'x');
        entered = true;
        const auto code = [](const auto &result) {
            return result ? ErrorCode::Invalid : result.error().code;
        };
        switch (call) {
        case 0:
            return code(channel.read(&byte, 1, never));
        case 1:
            return code(channel.write(much, never));
        case 2:
            return code(channel.waitForBytes(never));
        case 3:
            return code(channel.pause(never));
        default:
            return code(channel.handshake(never));
        }
    });
    QTRY_VERIFY(entered);
    // Whether the call waits already or is just about to, it must end.
    channel.shutdown();
    QCOMPARE(int(blocked.get()), int(ErrorCode::Cancelled));
}

void TestTlsChannel::afterShutdownEveryCallIsCancelled()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    VERIFY_OK(pair.client->write("unread", soon()));
    pair.server->shutdown();
    char byte;
    QTemporaryFile file;
    QVERIFY(file.open() && file.resize(100));
    VERIFY_ERROR(pair.server->read(&byte, 1, soon()), ErrorCode::Cancelled);
    VERIFY_ERROR(pair.server->write("x", soon()), ErrorCode::Cancelled);
    VERIFY_ERROR(pair.server->writeSome("x", soon()), ErrorCode::Cancelled);
    VERIFY_ERROR(pair.server->sendFile(file.handle(), 0, 100, soon()), ErrorCode::Cancelled);
    VERIFY_ERROR(pair.server->waitForBytes(soon()), ErrorCode::Cancelled);
    VERIFY_ERROR(pair.server->pause(soon()), ErrorCode::Cancelled);
    pair.server->finishWriting();
    pair.server->finishReading();
}

void TestTlsChannel::sendFileSendsTheFileToASlowReader()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    const QByteArray content = pattern(20'000'000);
    QTemporaryFile file;
    QVERIFY(file.open());
    QCOMPARE(file.write(content), content.size());
    QVERIFY(file.flush());

    auto reading = std::async(std::launch::async, [&]() -> Result<QByteArray> {
        QByteArray all;
        QByteArray piece(7'777, Qt::Uninitialized); // small bites
        for (;;) {
            const Result<qsizetype> got = pair.client->read(piece.data(), piece.size(), soon());
            if (!got)
                return got.error();
            if (got.value() == 0)
                return all;
            all.append(piece.constData(), got.value());
            std::this_thread::yield();
        }
    });
    qint64 at = 3;
    while (at < content.size()) {
        const Result<qint64> sent =
            pair.server->sendFile(file.handle(), at, content.size() - at, soon());
        VERIFY_OK(sent);
        QVERIFY(sent.value() > 0);
        at += sent.value();
    }
    pair.server->finishWriting();
    const Result<QByteArray> got = reading.get();
    VERIFY_OK(got);
    QVERIFY(got.value() == content.mid(3));
}

void TestTlsChannel::sendFileEndsWhereTheFileEnds()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    QTemporaryFile file;
    QVERIFY(file.open());
    QCOMPARE(file.write("abc"), 3);
    QVERIFY(file.flush());
    QCOMPARE(pair.server->sendFile(file.handle(), 1, 1000, soon()).value(), 2);
    QCOMPARE(pair.server->sendFile(file.handle(), 3, 1000, soon()).value(), 0);
    QCOMPARE(pair.server->sendFile(file.handle(), 9, 1000, soon()).value(), 0);
    VERIFY_ERROR(pair.server->sendFile(-1, 0, 10, soon()), ErrorCode::LocalFile);
    // The stream is intact.
    VERIFY_OK(pair.server->write("!", soon()));
    pair.server->finishWriting();
    QCOMPARE(readAll(*pair.client).value(), QByteArray("bc!"));
}

void TestTlsChannel::writeSomeShowsTheProgressOfASlowReader()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    const QByteArray bytes = pattern(40'000'000);
    // Nobody reads yet: what fits is taken, and the call returns.
    Result<qsizetype> some = pair.server->writeSome(bytes, soon());
    VERIFY_OK(some);
    QVERIFY2(some.value() < bytes.size(), "40 MB cannot fit into a socket's buffer at once");
    auto reading = std::async(std::launch::async, [&] { return readAll(*pair.client); });
    for (qsizetype at = some.value(); at < bytes.size(); at += some.value()) {
        some = pair.server->writeSome(QByteArrayView(bytes).sliced(at), soon());
        VERIFY_OK(some);
        QVERIFY(some.value() > 0);
    }
    pair.server->finishWriting();
    const Result<QByteArray> got = reading.get();
    VERIFY_OK(got);
    QVERIFY(got.value() == bytes);
}

void TestTlsChannel::waitForBytesKnowsDecryptedOnes()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    VERIFY_OK(pair.client->write("ab", soon()));
    QVERIFY(pair.server->waitForBytes(soon()).value());
    char byte;
    QCOMPARE(pair.server->read(&byte, 1, soon()).value(), 1);
    QCOMPARE(byte, 'a');
    // The second one is no longer in the socket.
    QVERIFY(pair.server->waitForBytes(QDeadlineTimer(0)).value());
    QCOMPARE(pair.server->read(&byte, 1, soon()).value(), 1);
    QCOMPARE(byte, 'b');
    QVERIFY(!pair.server->waitForBytes(QDeadlineTimer(0)).value());
    pair.client->finishWriting();
    QVERIFY(pair.server->waitForBytes(soon()).value());
    QCOMPARE(pair.server->read(&byte, 1, soon()).value(), 0);
}

void TestTlsChannel::whatIsLeftIsSentByTheNextRead()
{
    const Pair pair = connected();
    QVERIFY(pair.client);
    // Fill the way until the channel keeps some bytes to itself.
    const QByteArray bytes = pattern(1'000'000);
    qsizetype accepted = 0;
    for (bool full = false; !full;) {
        const Result<qsizetype> some = pair.server->writeSome(bytes, QDeadlineTimer(50ms));
        full = !some;
        if (some)
            accepted += some.value();
    }
    auto answering = std::async(std::launch::async, [&]() -> Result<qsizetype> {
        QByteArray got(accepted, Qt::Uninitialized);
        for (qsizetype at = 0; at < accepted;) {
            const Result<qsizetype> some =
                pair.client->read(got.data() + at, accepted - at, soon());
            if (!some)
                return some;
            at += some.value();
        }
        if (const Result<> said = pair.client->write("!", soon()); !said)
            return said.error();
        return accepted;
    });
    char byte = 0;
    const Result<qsizetype> answer = pair.server->read(&byte, 1, soon());
    VERIFY_OK(answer);
    QCOMPARE(byte, '!');
    VERIFY_OK(answering.get());
}

void TestTlsChannel::bitsFlippedOnTheWayAreNoticed()
{
    // A relay that changes one bit after the handshake.
    auto [serverEnd, relayA] = tcpPair();
    auto [relayB, clientEnd] = tcpPair();
    TlsChannel server(std::move(serverEnd), m_server);
    TlsChannel client(std::move(clientEnd), m_client);
    std::atomic_bool flip = false;
    const auto relay = [&flip](int from, int to) {
        QByteArray bytes(65536, Qt::Uninitialized);
        for (;;) {
            const qint64 got = socketops::receive(from, bytes.data(), bytes.size());
            if (got <= 0)
                break;
            if (flip)
                bytes[got - 1] = char(bytes[got - 1] ^ 1);
            if (socketops::send(to, bytes.constData(), got) != got)
                break;
        }
        ::shutdown(to, SHUT_WR);
    };
    std::thread there(relay, relayA.get(), relayB.get());
    std::thread back(relay, relayB.get(), relayA.get());
    auto served = std::async(std::launch::async, [&] { return server.handshake(soon()); });
    const Result<> done = client.handshake(soon());
    const Result<> accepted = served.get();
    bool intact = false;
    std::optional<Result<qsizetype>> damaged;
    if (done && accepted) {
        char bytes[100];
        intact = server.write("good", soon()).ok() && client.read(bytes, sizeof bytes, soon()).ok();
        flip = true;
        if (server.write("bad", soon()))
            damaged.emplace(client.read(bytes, sizeof bytes, soon()));
    }
    server.shutdown();
    client.shutdown();
    there.join();
    back.join();
    VERIFY_OK(done);
    VERIFY_OK(accepted);
    QVERIFY(intact);
    QVERIFY(damaged.has_value());
    VERIFY_ERROR(*damaged, ErrorCode::Protocol);
}

void TestTlsChannel::twoThreadsOfBothEndsAndAStrangerGetAlong()
{
    // What a server does: sessions on their own threads, and somebody who ends them from outside
    // at any moment.
    std::vector<std::thread> threads;
    std::atomic_int ended = 0;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 5; ++round) {
                auto [a, b] = tcpPair();
                TlsChannel server(std::move(a), m_server);
                TlsChannel client(std::move(b), m_client);
                std::thread serving([&] {
                    const QByteArray bytes(300'000, 'x');
                    if (server.handshake(soon())) {
                        while (server.write(bytes, soon())) {
                        }
                    }
                });
                std::thread fetching([&] {
                    if (client.handshake(soon()))
                        static_cast<void>(readAll(client));
                });
                // A different moment each time.
                for (int spin = 0; spin < 40 * (i + 6 * round); ++spin)
                    std::this_thread::yield();
                server.shutdown();
                client.shutdown();
                serving.join();
                fetching.join();
                ++ended;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(ended.load(), 30);
}

void TestTlsChannel::recordsWithoutContentAreNoWayToHoldTheOtherSide_data()
{
    QTest::addColumn<bool>("reads");
    QTest::newRow("that reads") << true;
    QTest::newRow("that looks whether there is something to read") << false;
}

/// OpenSSL answers one KeyUpdate after the other inside a single call. The peer here sends more
/// than enough and takes no answer; then it leaves.
void TestTlsChannel::recordsWithoutContentAreNoWayToHoldTheOtherSide()
{
    QFETCH(bool, reads);
    std::signal(SIGPIPE, SIG_IGN); // the test library has its own handler by now
    auto [a, b] = tcpPair();
    TlsChannel server(std::move(a), m_server);
    std::thread peer([fd = b.get()] {
        plainClient(fd, [fd](SSL_CTX *, SSL *ssl) {
            SSL_set_fd(ssl, fd);
            for (int n = 0; n < 50'000 && (n > 0 || SSL_connect(ssl) == 1); ++n) {
                if (SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) != 1 ||
                    SSL_do_handshake(ssl) != 1)
                    break;
            }
            ::shutdown(fd, SHUT_WR);
        });
    });
    const Result<> shaken = server.handshake(soon());
    char byte;
    const int code = reads ? int(server.read(&byte, 1, soon()).error().code)
                           : int(server.waitForBytes(soon()).error().code);
    server.shutdown();
    peer.join();
    VERIFY_OK(shaken);
    QCOMPARE(code, int(ErrorCode::Protocol));
}

FERRY_TEST(TestTlsChannel)
#include "tst_tlschannel.moc"
