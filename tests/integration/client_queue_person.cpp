// SPDX-License-Identifier: MIT
// What a person does to a queue while it works, against a real server.
#include "client/client.h"
#include "support/partof.h"
#include "support/process.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QCoreApplication>
#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

class ClientQueuePerson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aPausedFileGoesOnWhereItWas();
    void aConflictIsAskedAboutOncePerBatch();
    void aRowsOwnLimitHoldsItBack();
    void theQueueSurvivesTheClient();
    void looksForALostServerUntilItIsBack();

private:
    bool wait(const std::function<bool()> &condition)
    {
        return waitUntil([&] {
            QCoreApplication::processEvents();
            return condition();
        });
    }
    Download row(quint64 id) const { return m_client->queue().find(id).value_or(Download()); }
    QList<quint64> add(const QByteArrayList &paths, ExistingPolicy existing = ExistingPolicy::Fail)
    {
        QList<Client::Request> requests;
        for (const QByteArray &path : paths)
            requests.append({path, m_pair->target(), existing});
        return m_client->add(requests);
    }
    bool connect()
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = m_pair->port();
        config.password = TransferPair::password();
        config.pin = m_pair->fingerprint();
        config.resume = true;
        config.reconnects = -1;
        return m_client->connectTo(config).ok();
    }
    void makeClient()
    {
        m_client.reset();
        m_client = std::make_unique<Client>();
        m_client->setClassic(false);
        QueueRules rules = QueueRules::unattended();
        rules.spaceReserve = 0; // this machine's disk is no matter of these tests
        m_client->queue().setRules(rules);
    }
    QByteArray saved(const QString &name) const { return readFile(m_pair->target() + u'/' + name); }

    std::unique_ptr<TransferPair> m_pair;
    std::unique_ptr<Client> m_client;
    const QByteArray m_large = QByteArray("0123456789abcdef").repeated(2'000'000);
};

void ClientQueuePerson::init()
{
    m_client.reset();
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/large"), m_large));
    for (const char *name : {"a", "b", "c"})
        QVERIFY(writeFile(m_pair->share() + u'/' + QLatin1StringView(name), "on the server"));
    QVERIFY(m_pair->startServer());
    makeClient();
}

void ClientQueuePerson::aPausedFileGoesOnWhereItWas()
{
    m_client->queue().setRateLimit(8'000'000);
    const quint64 id = add({"/pub/large"}).first();
    QVERIFY(connect());
    QVERIFY(wait([&] { return row(id).received > 3'000'000; }));
    m_client->queue().pause({id});
    QCOMPARE(row(id).state, DownloadState::Paused);
    const QString part = m_pair->target() + u'/' + partOf(QStringLiteral("large"));
    QVERIFY(QFile::exists(part));
    const quint64 other = add({"/pub/a"}).first();
    QVERIFY(wait([&] { return row(other).state == DownloadState::Done; }));
    QCOMPARE(row(id).state, DownloadState::Paused);
    m_client->queue().setRateLimit(0);
    m_client->queue().resume({id});
    QVERIFY(wait([&] { return row(id).state == DownloadState::Done; }));
    QVERIFY(row(id).verified);
    QVERIFY(saved(QStringLiteral("large")) == m_large);
    QVERIFY(!QFile::exists(part));
}

void ClientQueuePerson::aConflictIsAskedAboutOncePerBatch()
{
    QVERIFY(writeFile(m_pair->target() + QStringLiteral("/a"), "on the server"));
    for (const char *name : {"b", "c"})
        QVERIFY(writeFile(m_pair->target() + u'/' + QLatin1StringView(name), "mine"));
    const QList<quint64> ids = add({"/pub/a", "/pub/b", "/pub/c"}, ExistingPolicy::Ask);
    QVERIFY(connect());
    QVERIFY(wait([&] {
        return row(ids[1]).state == DownloadState::NeedsDecision &&
               row(ids[2]).state == DownloadState::NeedsDecision &&
               row(ids[0]).state == DownloadState::Skipped;
    }));
    QVERIFY(row(ids[0]).identical);
    QCOMPARE(row(ids[1]).remote.size, 13);
    QVERIFY(row(ids[1]).remote.modifiedNs > 0);
    QCOMPARE(saved(QStringLiteral("b")), QByteArray("mine"));
    QVERIFY(!m_client->queue().finished());
    m_client->queue().decide({ids[1]}, ExistingPolicy::Rename);
    QVERIFY(wait([&] { return row(ids[1]).state == DownloadState::Done; }));
    QCOMPARE(row(ids[1]).localName, QStringLiteral("b (1)"));
    QCOMPARE(row(ids[2]).state, DownloadState::NeedsDecision);
    m_client->queue().decideBatch(row(ids[2]).batch, ExistingPolicy::Overwrite);
    QVERIFY(wait([&] { return row(ids[2]).state == DownloadState::Done; }));
    QCOMPARE(saved(QStringLiteral("c")), QByteArray("on the server"));
    QCOMPARE(saved(QStringLiteral("b")), QByteArray("mine"));
}

void ClientQueuePerson::aRowsOwnLimitHoldsItBack()
{
    const quint64 id = add({"/pub/large"}).first();
    m_client->queue().setRowLimit({id}, 1'000'000);
    QVERIFY(connect());
    QVERIFY(wait([&] { return row(id).received > 0; }));
    QVERIFY(row(id).received < m_large.size());
    QCOMPARE(row(id).state, DownloadState::Downloading);
    m_client->queue().setRowLimit({id}, 0);
    QVERIFY(wait([&] { return row(id).state == DownloadState::Done; }));
    QVERIFY(saved(QStringLiteral("large")) == m_large);
}

void ClientQueuePerson::theQueueSurvivesTheClient()
{
    const QString file = m_pair->root() + QStringLiteral("/window.sqlite");
    QVERIFY(m_client->openQueue(file).ok());
    m_client->queue().setRateLimit(8'000'000);
    const QList<quint64> ids = add({"/pub/large", "/pub/a"});
    QVERIFY(connect());
    QVERIFY(wait([&] { return row(ids[0]).received > 2'000'000; }));
    makeClient();
    QVERIFY(m_client->openQueue(file).ok());
    QCOMPARE(row(ids[0]).state, DownloadState::Queued);
    QVERIFY(row(ids[0]).begun);
    QVERIFY(connect());
    QVERIFY(wait([&] { return m_client->queue().finished(); }));
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
    QVERIFY(saved(QStringLiteral("large")) == m_large);
}

void ClientQueuePerson::looksForALostServerUntilItIsBack()
{
    m_client->queue().setRateLimit(8'000'000);
    const quint64 id = add({"/pub/large"}).first();
    QVERIFY(connect());
    QVERIFY(wait([&] { return row(id).received > 2'000'000; }));
    m_pair->killServer();
    QVERIFY(wait([&] { return row(id).state == DownloadState::Retrying; }));
    QVERIFY(wait([&] { return m_client->connection().retryAt.has_value(); }));
    QVERIFY(m_pair->startServer());
    m_client->queue().setRateLimit(0);
    QVERIFY(wait([&] { return row(id).state == DownloadState::Done; }));
    QVERIFY(saved(QStringLiteral("large")) == m_large);
}

FERRY_TEST(ClientQueuePerson)
#include "client_queue_person.moc"
