// SPDX-License-Identifier: MIT
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QSet>
#include <QTest>

#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;

/// Many clients at once, and many one after the other.
class ServerLoad : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void twentyClientsHaveAThreadEachAndIntactFiles();
    void oneSlowClientDisturbsNoOther();
    void fiveHundredConnectionsLeaveNothingBehind();
    void aThousandCommandsInOneSegmentAreAnswered();

private:
    std::unique_ptr<ServerHost> m_host;
};

void ServerLoad::init()
{
    m_host = std::make_unique<ServerHost>();
    QVERIFY(m_host->start().ok());
}

void ServerLoad::twentyClientsHaveAThreadEachAndIntactFiles()
{
    constexpr int clients = 20;
    constexpr qsizetype size = 3'000'017;
    for (int i = 0; i < clients; ++i)
        QVERIFY(m_host->write(QStringLiteral("file%1").arg(i), noise(size, quint32(i + 1))));

    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < clients; ++i) {
        peers.push_back(std::make_unique<RawPeer>(m_host->port()));
        QVERIFY(peers.back()->login("passwd"));
    }
    QCOMPARE(sessionThreadCount(), clients);
    const auto sessions = m_host->sessions();
    QCOMPARE(sessions.size(), clients);
    QSet<quint64> ids;
    QSet<quint16> ports;
    for (const SessionInfo &info : sessions) {
        ids.insert(info.id);
        ports.insert(info.port);
        QCOMPARE(info.address, QStringLiteral("127.0.0.1"));
        QCOMPARE(info.state, SessionState::Idle);
    }
    QCOMPARE(ids.size(), clients);
    QCOMPARE(ports.size(), clients);

    // All at once, each its own file and then one that all share.
    std::atomic_int intact = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i)
        threads.emplace_back([&, i] {
            RawPeer &peer = *peers[size_t(i)];
            const QByteArray own = "/pub/file" + QByteArray::number(i);
            if (peer.fetch(own, size) == noise(size, quint32(i + 1)) &&
                peer.fetch("/pub/file0", size) == noise(size, 1) && peer.send("QUIT\r\n") &&
                peer.readToEnd() == QByteArray())
                ++intact;
        });
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(intact, clients);
    peers.clear();
    QVERIFY(waitUntil([&] { return m_host->liveSessions() == 0; }));
    for (const SessionInfo &info : m_host->sessions()) {
        QCOMPARE(info.outcome, QStringLiteral("2 files delivered (unverified)"));
        QCOMPARE(info.sent, 2 * size);
        QVERIFY(!info.failed);
    }
    QCOMPARE(m_host->call([](Server &server) { return server.bytesSent(); }), clients * 2 * size);
    QVERIFY(waitUntil([&] { return sessionThreadCount() == 0; }));
}

void ServerLoad::oneSlowClientDisturbsNoOther()
{
    const QByteArray content = noise(32 * 1024 * 1024);
    QVERIFY(m_host->write(QStringLiteral("big"), content));
    RawPeer slow(m_host->port(), nullptr, 4096);
    QVERIFY(slow.login("passwd"));
    QVERIFY(slow.send("FILE /pub/big\r\n"));
    // It is in the middle of its file, and reads nothing.
    QVERIFY(waitUntil([&] {
        const auto sessions = m_host->sessions();
        return sessions.size() == 1 && sessions[0].fileSent > 0;
    }));
    for (int i = 0; i < 10; ++i) {
        RawPeer quick(m_host->port());
        QVERIFY(quick.login("passwd"));
        QVERIFY(quick.fetch("/pub/big", content.size()) == content);
    }
    QVERIFY(waitUntil([&] {
        const auto sessions = m_host->sessions();
        return sessions[0].state == SessionState::Stalled;
    }));
    QVERIFY(m_host->sessions()[0].fileSent < content.size());
    QVERIFY(slow.read(content.size()) == content);
    QCOMPARE(slow.readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
}

void ServerLoad::fiveHundredConnectionsLeaveNothingBehind()
{
    const auto visit = [this](int i) {
        RawPeer peer(m_host->port());
        if (!peer.login("passwd") || peer.fetch("/pub/hello.txt", 6) != "hello\n")
            return false;
        switch (i % 3) {
        case 0:
            return peer.send("QUIT\r\n") && peer.readToEnd() == QByteArray();
        case 1:
            peer.close();
            return true;
        default:
            peer.reset();
            return true;
        }
    };
    const auto settle = [this](int threads, int descriptors) {
        return waitUntil([&] {
            return m_host->liveSessions() == 0 && sessionThreadCount() == 0 &&
                   threadCount() <= threads && descriptorCount() <= descriptors;
        });
    };
    const auto forget = [this] {
        m_host->call([](Server &server) { server.clearEnded(); });
        static_cast<void>(m_host->call([](Server &server) { return server.takeLog(); }));
    };
    // A few are for what Qt or a library opens or starts for itself; a visit leaves one each.
    constexpr int few = 20;
    const int threads = threadCount() + few;
    const int descriptors = descriptorCount() + few;
    constexpr int visits = 500;
    // What is allocated once and kept, lists grown to their length among it, is no leak.
    for (int i = 0; i < visits; ++i)
        QVERIFY(visit(i));
    QVERIFY(settle(threads, descriptors));
    forget();
    const std::optional<qint64> before = heapBytes();

    for (int i = 0; i < visits; ++i)
        QVERIFY(visit(i));
    QVERIFY(settle(threads, descriptors));
    QCOMPARE(m_host->sessions().size(), visits);
    forget();
    QCOMPARE(m_host->sessions().size(), 0);
    if (before) {
        const qint64 each = (*heapBytes() - *before) / visits;
        QVERIFY2(each < 256, qPrintable(QString::number(each)));
    }
}

void ServerLoad::aThousandCommandsInOneSegmentAreAnswered()
{
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    QByteArray commands, replies;
    for (int i = 0; i < 1000; ++i) {
        commands += "FILE /pub/hello.txt\r\nNONSENSE\r\n";
        replies += "hello\n#File /pub/hello.txt sent successfully.\r\n!Invalid command.\r\n";
    }
    // Both directions at once: the replies are more than the sockets hold.
    std::thread sender([&] {
        peer.send(commands);
        peer.finishWriting();
    });
    const QByteArray heard = peer.read(replies.size());
    sender.join();
    QVERIFY(heard == replies);
    QCOMPARE(peer.readToEnd(), QByteArray());
}

FERRY_TEST(ServerLoad)
#include "server_load.moc"
