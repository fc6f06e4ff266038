// SPDX-License-Identifier: MIT
// Speed limits, down to very low ones: whoever rests because of a limit is not taken for one that
// crawls.
#include "client/client.h"
#include "net/base/checksum.h"
#include "support/evilferry.h"
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::extended;
using namespace ferry::test;
using namespace std::chrono_literals;

namespace {

/// Says `last`, the end of a file with this content, and what else the client wants to know.
void finish(EvilPeer &peer, const QByteArray &content, const QByteArray &last = {})
{
    Checksum sum;
    sum.add(content);
    peer.say(last + done(content.size(), "xxh3:" + sum.hex()));
    while (const auto request = peer.next()) {
        if (request->verb == Verb::Tree)
            peer.say(refusal("NOTFOUND"));
        if (request->verb == Verb::Receipt)
            peer.say(success("RECEIPT"));
    }
}

} // namespace

class ExtendedLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aLowLimitOfTheClientIsNoFaultOfTheServer();
    void aLowLimitOfTheServerIsSaid_data();
    void aLowLimitOfTheServerIsSaid();
    void whoSaysThatItIsBusyDoesNotDrip();

private:
    void fetch(quint16 port, const QByteArray &pin, std::chrono::milliseconds window)
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = port;
        config.pin = pin;
        config.password = EvilFerry::password();
        config.minimumRateWindow = window;
        QVERIFY(m_client->connectTo(config).ok());
        m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail}});
    }
    Download row() const { return m_client->queue().all().first(); }
    /// True once so much came; false if the row ended before.
    bool waitForBytes(qint64 bytes) const
    {
        const auto over = [&] { return row().received >= bytes || m_client->queue().finished(); };
        return waitUntil(over) && row().received >= bytes;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Client> m_client;
};

void ExtendedLimits::init()
{
    m_client = std::make_unique<Client>();
    m_dir = std::make_unique<QTemporaryDir>();
}

void ExtendedLimits::aLowLimitOfTheClientIsNoFaultOfTheServer()
{
    const QByteArray content = noise(1'000'000);
    const EvilFerry server([&](EvilPeer &peer) {
        if (peer.logIn() && peer.waitFor(Verb::Get))
            finish(peer, content,
                   file({content.size(), 0, "i1", 0, content.size()}) + data(content.size()) +
                       content);
    });
    m_client->queue().setRateLimit(1'000'000);
    fetch(server.port(), server.fingerprint(), 100ms);
    // From here on the rest of the chunk is read as it is wanted.
    QVERIFY(waitForBytes(400'000));
    m_client->queue().setRateLimit(800);
    QVERIFY(waitForBytes(row().received + 500));
    m_client->queue().setRateLimit(0);
    QVERIFY(waitUntil([this] { return m_client->queue().finished(); }));
    m_client->disconnectAndWait();
    QCOMPARE(row().error.text, QString());
    QCOMPARE(row().state, DownloadState::Done);
}

void ExtendedLimits::aLowLimitOfTheServerIsSaid_data()
{
    QTest::addColumn<qint64>("session");
    QTest::addColumn<qint64>("all");
    QTest::newRow("of the session") << qint64(800) << qint64(0);
    QTest::newRow("of all together") << qint64(0) << qint64(800);
}

void ExtendedLimits::aLowLimitOfTheServerIsSaid()
{
    QFETCH(qint64, session);
    QFETCH(qint64, all);
    ServerHost host;
    host.config.tlsEnabled = true;
    host.config.password = EvilFerry::password();
    host.config.sessionRateLimit = session;
    host.config.rateLimit = all;
    QVERIFY(host.write(QStringLiteral("x"), noise(1'000'000)));
    QVERIFY(host.start().ok());
    const auto [port, pin] = host.call([](server::Server &server) {
        return std::pair(server.tlsEndpoint().port, server.fingerprint());
    });
    // A little longer than a resting server may be silent.
    fetch(port, pin, 7s);
    QVERIFY(waitForBytes(8000));
    host.config.rateLimit = 0;
    QVERIFY(host.call([&](server::Server &server) { return server.reconfigure(host.config); }));
    host.call([](server::Server &server) { server.limitSession(server.sessions().first().id, 0); });
    QVERIFY(waitUntil([this] { return m_client->queue().finished(); }));
    QCOMPARE(row().state, DownloadState::Done);
}

/// Slower than the least rate all the time, with chunks that come in two halves.
void ExtendedLimits::whoSaysThatItIsBusyDoesNotDrip()
{
    constexpr int chunks = 75;
    const QByteArray content(2 * chunks, 'x');
    const EvilFerry server([&](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        peer.say(file({content.size(), 0, "i1", 0, content.size()}));
        for (int i = 0; i < chunks; ++i) {
            peer.say(success("BUSY") + data(2) + "x");
            std::this_thread::sleep_for(40ms);
            peer.say("x");
        }
        finish(peer, content);
    });
    fetch(server.port(), server.fingerprint(), 1s);
    QVERIFY(waitUntil([this] { return m_client->queue().finished(); }));
    m_client->disconnectAndWait();
    QCOMPARE(row().error.text, QString());
    QCOMPARE(row().state, DownloadState::Done);
}

FERRY_TEST(ExtendedLimits)
#include "extended_limits.moc"
