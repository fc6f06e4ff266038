// SPDX-License-Identifier: MIT
// No thread and no memory for a worker: that piece of work fails in words, and the program goes on.
#include "client/browse/remotebrowser.h"
#include "client/client.h"
#include "client/transfer/connectionthread.h"
#include "net/base/workerthread.h"
#include "server/doors/admission.h"
#include "server/limits.h"
#include "server/login/loginthrottle.h"
#include "server/records/deliveryledger.h"
#include "server/records/history.h"
#include "support/scarcity.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "support/tlspeer.h"
#include "support/transferpair.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>

#include <sys/resource.h>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

namespace {

/// The points: each of the first, then ever wider steps.
qint64 after(qint64 when)
{
    return when + std::max<qint64>(1, when / 8);
}

} // namespace

class ScarcityWorkers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aBrowserWithoutAThreadSaysSoAndTriesAgain();
    void aClientWithoutAThreadSaysSo();
    void aClientWithoutDescriptorsSaysSo();
    void aFailedAllocationEndsNoClient();
    void aFailedAllocationEndsNoBrowser();
    void aFailedAllocationEndsNoServer();
    void aFailedAllocationInAnAnswerEndsNoServer();
    void aFailedAllocationLosesNoPlace();
    void aFailedAllocationEndsNoRecords();
    void aFailedAllocationStopsNoHistory();
    void aBrowserTellsOnceThereIsMemory();
    void aConnectionTellsOnceThereIsMemory();

private:
    ClientConfig config() const
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = m_pair.port();
        config.password = TransferPair::password();
        config.pin = m_pair.fingerprint();
        config.resume = true;
        return config;
    }
    bool complete(const QString &folder) const
    {
        for (const QString &name : m_names) {
            if (readFile(folder + u'/' + name) != readFile(m_pair.share() + u'/' + name))
                return false;
        }
        return true;
    }
    /// Nothing under a final name that is not complete.
    bool nothingWrong(const QString &folder) const
    {
        for (const QString &name : m_names) {
            const QByteArray got = readFile(folder + u'/' + name);
            if (got != "(not there)" && got != readFile(m_pair.share() + u'/' + name))
                return false;
        }
        return true;
    }

    TransferPair m_pair;
    const QStringList m_names{QStringLiteral("large"), QStringLiteral("a"), QStringLiteral("b")};
};

void ScarcityWorkers::initTestCase()
{
    spareThisThread();
    QVERIFY(writeFile(m_pair.share() + QStringLiteral("/large"), noise(1'600'000)));
    QVERIFY(writeFile(m_pair.share() + QStringLiteral("/a"), noise(5000, 2)));
    QVERIFY(writeFile(m_pair.share() + QStringLiteral("/b"), noise(70'000, 3)));
    QVERIFY(m_pair.startServer());
}

void ScarcityWorkers::aBrowserWithoutAThreadSaysSoAndTriesAgain()
{
    std::atomic_int told = 0;
    RemoteBrowser browser(config(), std::make_shared<LogQueue>(),
                          std::make_shared<sasl::SaltedPasswords>(), [&told] { ++told; });
    {
        const NoThreads scarce;
        const quint64 request = browser.list("/", RemoteBrowser::What::Everything);
        QCOMPARE(told.load(), 1);
        const RemoteBrowser::Batch batch = browser.take();
        QCOMPARE(batch.request, request);
        QVERIFY(batch.ended);
        QVERIFY(batch.failed());
    }
    const quint64 request = browser.list("/", RemoteBrowser::What::Everything);
    RemoteBrowser::Batch batch;
    QVERIFY(waitUntil([&] {
        batch = browser.take();
        return batch.request == request;
    }));
    QCOMPARE(batch.entries.size(), 1);
    QCOMPARE(batch.entries.first().name, QByteArray("pub"));
}

void ScarcityWorkers::aClientWithoutAThreadSaysSo()
{
    Client client;
    {
        const NoThreads scarce;
        const auto begun = client.connectTo(config());
        QVERIFY(!begun);
        QVERIFY(!begun.error().text.isEmpty());
    }
    QVERIFY(client.connectTo(config()));
    QTRY_COMPARE(client.connection().state, ConnectionState::Online);
}

/// Qt ends the program when a thread finds no descriptor for its event dispatcher.
void ScarcityWorkers::aClientWithoutDescriptorsSaysSo()
{
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    for (rlim_t spare = 0; spare < 12; ++spare) {
        Client client;
        const rlimit scarce = {rlim_t(descriptorCount()) + spare, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &scarce), 0);
        const auto begun = client.connectTo(config());
        if (!begun)
            QVERIFY(!begun.error().text.isEmpty());
        const bool settled = QTest::qWaitFor(
            [&] {
                const ConnectionState state = client.connection().state;
                return !begun || state == ConnectionState::Online ||
                       state == ConnectionState::Failed;
            },
            20'000);
        ::setrlimit(RLIMIT_NOFILE, &before);
        QVERIFY(settled);
        QVERIFY(client.connectTo(config()));
        QTRY_COMPARE(client.connection().state, ConnectionState::Online);
    }
}

void ScarcityWorkers::aFailedAllocationEndsNoClient()
{
    int happened = 0;
    for (qint64 when = 1;; when = after(when)) {
        const QTemporaryDir target;
        Client client;
        client.queue().setRules(QueueRules::unattended());
        client.setClassic(false);
        QList<Client::Request> requests;
        for (const QString &name : m_names)
            requests.append({"/pub/" + name.toUtf8(), target.path(), ExistingPolicy::Rename});
        client.add(requests);
        bool met = false;
        {
            const FailingAllocation scarce(when);
            QVERIFY(client.connectTo(config()));
            QVERIFY(QTest::qWaitFor(
                [&] {
                    return scarce.happened() || client.queue().finished() ||
                           client.connection().state == ConnectionState::Failed;
                },
                20'000));
            met = scarce.happened();
        }
        if (!met)
            break;
        ++happened;
        // Whatever came of it: the person connects again, and tries again what failed. A file that
        // failed after it got its name is found to be here already.
        const bool all = QTest::qWaitFor(
            [&] {
                const ConnectionStatus status = client.connection();
                if (status.state == ConnectionState::Failed || status.retryAt)
                    static_cast<void>(client.connectTo(config()));
                client.queue().retryAllFailed();
                return client.queue().counts().done() == m_names.size();
            },
            20'000);
        if (!all) {
            for (const Download &row : client.queue().all())
                qWarning("%lld: %s is %d: %s", qlonglong(when), qPrintable(row.localName),
                         int(row.state), qPrintable(row.error.text));
        }
        QVERIFY(all);
        QVERIFY(complete(target.path()));
    }
    qInfo("%d failed allocations", happened);
    QVERIFY(happened > 10);
}

void ScarcityWorkers::aFailedAllocationEndsNoBrowser()
{
    int happened = 0;
    for (qint64 when = 1;; when = after(when)) {
        RemoteBrowser browser(config(), std::make_shared<LogQueue>(),
                              std::make_shared<sasl::SaltedPasswords>(), [] {});
        const auto answered = [&browser](quint64 request, bool &failed) {
            return QTest::qWaitFor(
                [&] {
                    const RemoteBrowser::Batch batch = browser.take();
                    failed = batch.failed();
                    return batch.request == request && batch.ended;
                },
                20'000);
        };
        bool met = false;
        bool failed = false;
        {
            const FailingAllocation scarce(when);
            QVERIFY(answered(browser.list("/pub", RemoteBrowser::What::Everything), failed));
            met = scarce.happened();
        }
        if (!met)
            break;
        ++happened;
        QVERIFY(answered(browser.list("/pub", RemoteBrowser::What::Everything), failed));
        QVERIFY(!failed);
    }
    qInfo("%d failed allocations", happened);
    QVERIFY(happened > 5);
}

void ScarcityWorkers::aFailedAllocationEndsNoServer()
{
    ServerHost host;
    QTemporaryDir data;
    host.config.password = TransferPair::password();
    host.config.dataFolder = data.path();
    host.config.tlsEnabled = true;
    host.config.loginFailureDelay = std::chrono::milliseconds(1);
    QVERIFY(host.start());
    host.call([](server::Server &) { spareThisThread(); });
    for (const QString &name : m_names)
        QVERIFY(host.write(name, readFile(m_pair.share() + u'/' + name)));
    const auto [port, fingerprint] = host.call([](server::Server &server) {
        return std::pair(server.tlsEndpoint().port, server.fingerprint());
    });
    int happened = 0;
    for (qint64 when = 1;; when = after(when)) {
        const QTemporaryDir target;
        const QStringList arguments{QStringLiteral("get"),
                                    QStringLiteral("--quiet"),
                                    QStringLiteral("--pin"),
                                    QString::fromLatin1(fingerprint),
                                    QStringLiteral("--data-dir"),
                                    target.filePath(QStringLiteral("data")),
                                    QStringLiteral("-d"),
                                    target.path(),
                                    QStringLiteral("127.0.0.1:%1").arg(port),
                                    QStringLiteral("/pub/large"),
                                    QStringLiteral("/pub/a"),
                                    QStringLiteral("/pub/b")};
        bool met = false;
        {
            const FailingAllocation scarce(when);
            static_cast<void>(m_pair.run(arguments, TransferPair::password()));
            met = scarce.happened();
        }
        QVERIFY(nothingWrong(target.path()));
        if (!met) {
            QVERIFY(complete(target.path()));
            break;
        }
        ++happened;
        QVERIFY(waitUntil([&] { return host.liveSessions() == 0; }));
        when = std::max(when, when * 3 / 2); // each one starts a program
    }
    qInfo("%d failed allocations", happened);
    QVERIFY(happened > 5);
}

/// Each allocation of a session that gives out a file.
void ScarcityWorkers::aFailedAllocationInAnAnswerEndsNoServer()
{
    ServerHost host;
    host.config.password = TransferPair::password();
    host.config.tlsEnabled = true;
    QVERIFY(host.start());
    host.call([](server::Server &) { spareThisThread(); });
    QVERIFY(host.write(QStringLiteral("a"), "hello"));
    const quint16 port =
        host.call([](server::Server &server) { return server.tlsEndpoint().port; });
    int happened = 0;
    for (qint64 when = 1;; ++when) {
        TlsPeer peer(port, TransferPair::password());
        QVERIFY(peer.ready());
        bool met = false;
        {
            const FailingAllocation scarce(when);
            peer.say("GET /pub/a\r\nPING end\r\n");
            QByteArray line;
            do {
                line = peer.line();
            } while (!line.isEmpty() && !line.endsWith("#PONG end"));
            met = scarce.happened();
        }
        if (!met)
            break;
        ++happened;
    }
    qInfo("%d failed allocations", happened);
    QVERIFY(happened > 0);
}

/// A place is given back by a destructor, which nothing may leave.
void ScarcityWorkers::aFailedAllocationLosesNoPlace()
{
    using server::Admission;
    const QHostAddress address(QStringLiteral("192.0.2.1"));
    int happened = 0;
    for (qint64 when = 1;; ++when) {
        Admission admission({1, 1, 1, 1});
        bool met = false;
        {
            WorkerThread visitor("visitor", [&] {
                Admission::Place place;
                if (admission.admit(address, place) == Admission::Decision::Admitted)
                    Admission::Place moved = std::move(place);
            });
            const FailingAllocation scarce(when);
            QVERIFY(visitor.start());
            QVERIFY(visitor.wait());
            met = scarce.happened();
        }
        Admission::Place place;
        QCOMPARE(admission.admit(address, place), Admission::Decision::Admitted);
        if (!met)
            break;
        ++happened;
    }
    qInfo("%d failed allocations", happened);
    QVERIFY(happened >= 3);
}

/// What sessions and the history's thread keep of others.
void ScarcityWorkers::aFailedAllocationEndsNoRecords()
{
    server::DeliveryEvent sent;
    sent.to = std::make_shared<server::DeliveredTo>();
    sent.file = QStringLiteral("/pub/a");
    int happened = 0;
    for (qint64 when = 1;; ++when) {
        server::LoginThrottle throttle;
        server::DeliveryLedger ledger;
        WorkerThread failure("session", [&] {
            throttle.decide(QHostAddress(QStringLiteral("192.0.2.1")), "somebody", false);
        });
        WorkerThread record("records", [&] { ledger.take({sent}); });
        const FailingAllocation scarce(when);
        QVERIFY(failure.start());
        QVERIFY(failure.wait());
        QVERIFY(record.start());
        QVERIFY(record.wait());
        if (!scarce.happened())
            break;
        ++happened;
    }
    qInfo("%d failed allocations", happened);
    QVERIFY(happened > 3);
}

/// As many events as may wait, so that the next are refused if these count for ever.
void ScarcityWorkers::aFailedAllocationStopsNoHistory()
{
    const QTemporaryDir folder;
    server::History history(folder.path());
    server::DeliveryEvent event;
    event.to = std::make_shared<server::DeliveredTo>();
    int happened = 0;
    for (bool met = true; met; happened += int(met)) {
        event.file = QString::number(happened);
        history.flush();
        const FailingAllocation scarce(happened + 1);
        history.add({QList<server::DeliveryEvent>(limits::deliveryEvents, event), 0});
        history.flush();
        met = scarce.happened();
    }
    history.add({}); // says what was refused
    history.flush();
    QCOMPARE(history.takeNews(), QStringList());
    QVERIFY(happened >= 2);
}

void ScarcityWorkers::aBrowserTellsOnceThereIsMemory()
{
    std::atomic_int told = 0;
    std::atomic_int lacking = 3;
    RemoteBrowser browser(config(), std::make_shared<LogQueue>(),
                          std::make_shared<sasl::SaltedPasswords>(), [&] {
                              if (lacking > 0 && lacking-- > 0)
                                  throw std::bad_alloc();
                              ++told;
                          });
    const quint64 request = browser.list("/pub", RemoteBrowser::What::Everything);
    QVERIFY(waitUntil([&] { return told > 0; }));
    RemoteBrowser::Batch batch;
    QVERIFY(waitUntil([&] {
        batch = browser.take();
        return batch.request == request && batch.ended;
    }));
    QCOMPARE(lacking.load(), 0);
}

void ScarcityWorkers::aConnectionTellsOnceThereIsMemory()
{
    std::atomic_int told = 0;
    std::atomic_bool lacking = true;
    ClientConfig nobody = config();
    nobody.host = QStringLiteral("127.0.0.1");
    nobody.port = 0; // no connection can be made
    ConnectionThread connection(nobody, std::make_shared<DownloadQueue>(),
                                std::make_shared<LogQueue>(),
                                std::make_shared<sasl::SaltedPasswords>(), [&] {
                                    if (lacking)
                                        throw std::bad_alloc();
                                    ++told;
                                });
    QVERIFY(connection.start());
    QVERIFY(waitUntil([&] { return connection.leaving(); }));
    QCOMPARE(told.load(), 0);
    lacking = false;
    QVERIFY(waitUntil([&] { return told > 0; }));
    QCOMPARE(connection.status().state, ConnectionState::Failed);
}

FERRY_TEST(ScarcityWorkers)
#include "scarcity_workers.moc"
