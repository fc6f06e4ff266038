// SPDX-License-Identifier: MIT
// The client's engine against servers that keep it waiting. The limits are shorter here than they
// are for people, so that nobody waits for minutes.
#include "client/client.h"
#include "support/evilferry.h"
#include "support/process.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::extended;
using namespace ferry::test;
using namespace std::chrono_literals;

class ExtendedEvilEngine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aDripIsGivenUp();
    void aListingThatNeverEndsIsGivenUp();

private:
    ClientConfig config(const EvilFerry &server) const
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = server.port();
        config.pin = server.fingerprint();
        config.password = EvilFerry::password();
        return config;
    }
    /// How the one row ended.
    Download fetch(const ClientConfig &config)
    {
        if (!m_client->connectTo(config))
            return {};
        m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail}});
        const bool over =
            QTest::qWaitFor([this] { return m_client->queue().finished(); }, patienceMs);
        m_client->disconnectAndWait(); // or the server would wait for it
        return over ? m_client->queue().all().first() : Download();
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Client> m_client;
};

void ExtendedEvilEngine::init()
{
    m_client = std::make_unique<Client>();
    m_dir = std::make_unique<QTemporaryDir>();
}

void ExtendedEvilEngine::aDripIsGivenUp()
{
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        peer.say(file({1'000'000, 0, "i1", 0, 1'000'000}) + data(1'000'000));
        while (peer.say("x"))
            std::this_thread::sleep_for(5ms);
    });
    ClientConfig strict = config(server);
    strict.minimumRateWindow = 200ms;
    const Download ended = fetch(strict);
    QCOMPARE(ended.state, DownloadState::Failed);
    QCOMPARE(ended.error.code, ErrorCode::TimedOut);
    QVERIFY(!QFile::exists(m_dir->filePath(QStringLiteral("x"))));
}

/// Lines that say nothing new keep nobody waiting: what was listed is bounded.
void ExtendedEvilEngine::aListingThatNeverEndsIsGivenUp()
{
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        const QByteArray lines = QByteArray("#SKIPPED READ same\r\n").repeated(10'000);
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Get)
                peer.say(refusal("ISFOLDER"));
            while (request->verb == Verb::Tree && peer.say(lines)) {
            }
        }
    });
    const Download ended = fetch(config(server));
    QCOMPARE(ended.state, DownloadState::Failed);
    QVERIFY2(ended.error.code == ErrorCode::Protocol, qPrintable(ended.error.text));
}

QTEST_GUILESS_MAIN(ExtendedEvilEngine)
#include "extended_evilengine.moc"
