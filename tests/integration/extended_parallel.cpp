// SPDX-License-Identifier: MIT
// Several connections for large files, between the two engines. The server limits each session,
// so that a further connection always gains something.
#include "client/client.h"
#include "client/limits.h"
#include "support/partof.h"
#include "support/process.h"
#include "support/relay.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

namespace {

/// Bytes a second for each session. The slow one leaves a busy machine, too, something to gain by a
/// further connection, and time to do something to it.
constexpr qint64 sessionRate = 10'000'000;
constexpr qint64 slowSessionRate = 3'000'000;
const QByteArray password = "rigid-juicy-temple-cow-bison-exam";

} // namespace

Q_DECLARE_METATYPE(std::function<bool(const QString &)>)

class ExtendedParallel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void severalConnectionsShareALargeFile();
    void nobodyIsAskedForMoreThanTheCallerAllows();
    void smallFilesShareOneConnection();
    void largeAndSmallOnesMix();
    void aFullServerMeansOneConnection();
    void aBrokenExtraConnectionCostsNothing();
    void whoIsDisconnectedOnAnExtraConnectionIsDisconnected();
    void aBrokenMainConnectionKeepsWhatCame();
    void aCancelledFileEndsOnAllConnections();
    void aFileThatChangesIsNeverMixed();
    void aFileThatGrowsArrivesAsItWas();
    void aFileThatGrowsAndChangesIsNeverMixed();
    void aFileThatChangesInOneAnswer_data();
    void aFileThatChangesInOneAnswer();
    void aFileRemovedBetweenPartsIsContinuedWhenItIsBack();
    void aLimitedQueueNeedsOneConnection();
    void largeFilesTakeTurns();

private:
    void start(int maxSessions = 10, qint64 rate = sessionRate);
    void connectClient(bool resume = false, quint16 port = 0);
    quint64 add(const char *path);
    bool waitForQueue()
    {
        return QTest::qWaitFor([this] { return m_client->queue().finished(); }, patienceMs);
    }
    Download row(quint64 id) const
    {
        for (const Download &download : m_client->queue().all()) {
            if (download.id == id)
                return download;
        }
        return {};
    }
    bool waitForBytes(quint64 id, qint64 bytes)
    {
        return QTest::qWaitFor([&] { return row(id).received >= bytes; }, patienceMs);
    }
    QByteArray saved(const char *name) const
    {
        QFile file(m_target->filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
    }
    QStringList names() const { return QDir(m_target->path()).entryList(QDir::Files, QDir::Name); }
    /// Sessions that carried content, ended ones included.
    qsizetype busySessions()
    {
        const auto sessions = m_host->sessions();
        return std::count_if(sessions.begin(), sessions.end(),
                             [](const auto &session) { return session.sent > qint64(256) * 1024; });
    }
    quint64 youngestSession()
    {
        quint64 id = 0;
        for (const auto &session : m_host->sessions()) {
            if (session.state != server::SessionState::Ended)
                id = std::max(id, session.id);
        }
        return id;
    }

    std::unique_ptr<ServerHost> m_host;
    std::unique_ptr<QTemporaryDir> m_target;
    std::unique_ptr<Client> m_client;
    QByteArray m_content;
};

void ExtendedParallel::init()
{
    m_host = std::make_unique<ServerHost>();
    m_target = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<Client>();
    m_client->setClassic(false);
    m_content = noise(12'000'000);
    QVERIFY(QDir(m_host->folder()).mkpath(QStringLiteral("many")));
    QVERIFY(QDir(m_host->folder()).mkpath(QStringLiteral("mixed")));
    QVERIFY(m_host->write(QStringLiteral("large"), m_content));
}

void ExtendedParallel::cleanup()
{
    m_client.reset();
    m_host.reset();
}

void ExtendedParallel::start(int maxSessions, qint64 rate)
{
    m_host->config.tlsEnabled = true;
    m_host->config.password = password;
    m_host->config.maxSessions = maxSessions;
    m_host->config.sessionRateLimit = rate;
    QVERIFY(m_host->start().ok());
}

void ExtendedParallel::connectClient(bool resume, quint16 port)
{
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port =
        port != 0 ? port
                  : m_host->call([](server::Server &server) { return server.tlsEndpoint().port; });
    config.pin = m_host->call([](server::Server &server) { return server.fingerprint(); });
    config.password = password;
    config.resume = resume;
    QVERIFY(m_client->connectTo(config).ok());
}

quint64 ExtendedParallel::add(const char *path)
{
    return m_client->add({{path, m_target->path(), ExistingPolicy::Fail}}).first();
}

void ExtendedParallel::severalConnectionsShareALargeFile()
{
    // Large enough that another connection is worth its login on a slow machine, too.
    m_content = noise(40'000'000);
    QVERIFY(m_host->write(QStringLiteral("large"), m_content));
    start();
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).error.text, QString());
    QVERIFY(row(id).verified);
    QVERIFY(saved("large") == m_content);
    QVERIFY(busySessions() > 1);
    QCOMPARE(names(), QStringList{QStringLiteral("large")});

    // None of them looks to the operator like one that broke.
    m_client.reset();
    QVERIFY(QTest::qWaitFor([this] { return m_host->liveSessions() == 0; }, patienceMs));
    for (const auto &session : m_host->sessions())
        QVERIFY2(!session.failed, qPrintable(session.outcome));
}

void ExtendedParallel::nobodyIsAskedForMoreThanTheCallerAllows()
{
    start();
    m_client->queue().setFilesAtOnce(1);
    add("/pub/large");
    connectClient();
    QVERIFY(waitForQueue());
    QVERIFY(saved("large") == m_content);
    QCOMPARE(m_host->sessions().size(), 1);
}

void ExtendedParallel::smallFilesShareOneConnection()
{
    for (int i = 0; i < 300; ++i)
        QVERIFY(m_host->write(QStringLiteral("many/small%1").arg(i), noise(40'000, quint32(i))));
    start();
    add("/pub/many");
    connectClient();
    QVERIFY(waitForQueue());
    QCOMPARE(m_client->queue().all().size(), 301);
    for (const Download &download : m_client->queue().all())
        QVERIFY2(download.verified, qPrintable(download.error.text));
    QCOMPARE(m_host->sessions().size(), 1);
}

void ExtendedParallel::largeAndSmallOnesMix()
{
    for (int i = 0; i < 100; ++i)
        QVERIFY(m_host->write(QStringLiteral("mixed/small%1").arg(i), noise(10'000, quint32(i))));
    QVERIFY(m_host->write(QStringLiteral("mixed/large"), m_content));
    QVERIFY(m_host->write(QStringLiteral("mixed/large2"), noise(9'000'000, 2)));
    start();
    add("/pub/mixed");
    connectClient();
    // The small ones do not wait for the large ones to end.
    const auto done = [this](qint64 least, qint64 most) {
        const auto rows = m_client->queue().all();
        return std::count_if(rows.begin(), rows.end(), [&](const Download &download) {
            return download.kind == DownloadKind::File && download.size >= least &&
                   download.size <= most && download.state == DownloadState::Done;
        });
    };
    QVERIFY(QTest::qWaitFor([&] { return done(0, limits::largeFile) == 100; }, patienceMs));
    QVERIFY(done(limits::largeFile, m_content.size()) < 2);
    QVERIFY(waitForQueue());
    const QDir folder(m_target->filePath(QStringLiteral("mixed")));
    QFile first(folder.filePath(QStringLiteral("large")));
    QVERIFY(first.open(QIODevice::ReadOnly));
    QVERIFY(first.readAll() == m_content);
    QFile second(folder.filePath(QStringLiteral("large2")));
    QVERIFY(second.open(QIODevice::ReadOnly));
    QVERIFY(second.readAll() == noise(9'000'000, 2));
    QCOMPARE(folder.entryList(QDir::Files).size(), 102);
}

void ExtendedParallel::aFullServerMeansOneConnection()
{
    start(1);
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).error.text, QString());
    QVERIFY(row(id).verified);
    QVERIFY(saved("large") == m_content);
}

void ExtendedParallel::aBrokenExtraConnectionCostsNothing()
{
    start(10, slowSessionRate);
    const quint64 id = add("/pub/large");
    Relay relay(m_host->call([](server::Server &server) { return server.tlsEndpoint().port; }),
                1'000'000'000);
    connectClient(false, relay.port());
    QVERIFY(QTest::qWaitFor([this] { return busySessions() > 1; }, patienceMs));
    relay.cutLast();
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).error.text, QString());
    QVERIFY(row(id).verified);
    QCOMPARE(row(id).received, m_content.size());
    QVERIFY(saved("large") == m_content);
}

/// The operator sees one row with the file's name in it, and means the person.
void ExtendedParallel::whoIsDisconnectedOnAnExtraConnectionIsDisconnected()
{
    start(10, slowSessionRate);
    m_client->queue().setRules(QueueRules::unattended());
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(QTest::qWaitFor([this] { return busySessions() > 1; }, patienceMs));
    QVERIFY(waitForBytes(id, 500'000)); // a part without any would not be kept
    const quint64 extra = youngestSession();
    m_host->call([extra](server::Server &server) { server.disconnectSession(extra); });
    QVERIFY(QTest::qWaitFor(
        [this] { return m_client->connection().state == ConnectionState::Failed; }, patienceMs));
    QCOMPARE(m_client->connection().error.code, ErrorCode::Dismissed);
    QCOMPARE(row(id).state, DownloadState::Queued);
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("large"))});
}

void ExtendedParallel::aBrokenMainConnectionKeepsWhatCame()
{
    start(10, slowSessionRate);
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(QTest::qWaitFor([this] { return busySessions() > 1; }, patienceMs));
    QVERIFY(waitForBytes(id, 500'000)); // a part without any would not be kept
    m_host->call([](server::Server &server) {
        for (const auto &session : server.sessions())
            server.disconnectSession(session.id);
    });
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).state, DownloadState::Failed);
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("large"))});
    m_client->disconnectAndWait();
    connectClient(true);
    m_client->queue().retry(id);
    QVERIFY(waitForQueue());
    QVERIFY2(row(id).verified, qPrintable(row(id).error.text));
    QVERIFY(saved("large") == m_content);
    QCOMPARE(names(), QStringList{QStringLiteral("large")});
}

void ExtendedParallel::aCancelledFileEndsOnAllConnections()
{
    start(10, slowSessionRate);
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(QTest::qWaitFor([this] { return busySessions() > 1; }, patienceMs));
    m_client->queue().cancel(id);
    QVERIFY(QTest::qWaitFor([this] { return names().isEmpty(); }, patienceMs));
    // And the connection is good for the next one.
    QVERIFY(m_host->write(QStringLiteral("other"), "other"));
    const quint64 other = add("/pub/other");
    QVERIFY(QTest::qWaitFor([&] { return row(other).verified; }, patienceMs));
    QCOMPARE(row(id).state, DownloadState::Cancelled);
    QCOMPARE(names(), QStringList{QStringLiteral("other")});
}

void ExtendedParallel::aFileThatChangesIsNeverMixed()
{
    start();
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(waitForBytes(id, 2'000'000));
    QVERIFY(m_host->write(QStringLiteral("large"), noise(m_content.size(), 99)));
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).state, DownloadState::Failed);
    QCOMPARE(row(id).error.code, ErrorCode::RemoteChanged);
    QVERIFY(!names().contains(QStringLiteral("large")));
}

void ExtendedParallel::aFileThatGrowsArrivesAsItWas()
{
    start();
    const quint64 id = add("/pub/large");
    connectClient();
    QFile file(m_host->folder() + QStringLiteral("/large"));
    QVERIFY(file.open(QIODevice::Append | QIODevice::Unbuffered));
    for (qint64 bytes = 1'000'000; bytes <= 3'000'000; bytes += 1'000'000) {
        QVERIFY(waitForBytes(id, bytes));
        QCOMPARE(file.write("more"), 4);
    }
    QVERIFY(waitForQueue());
    QVERIFY2(row(id).verified, qPrintable(row(id).error.text));
    QVERIFY(row(id).grown);
    QCOMPARE(row(id).received, m_content.size());
    QVERIFY(saved("large") == m_content);
    QCOMPARE(names(), QStringList{QStringLiteral("large")});
}

void ExtendedParallel::aFileThatGrowsAndChangesIsNeverMixed()
{
    start();
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(waitForBytes(id, 2'000'000));
    QVERIFY(m_host->write(QStringLiteral("large"), noise(m_content.size() + 1'000'000, 99)));
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).state, DownloadState::Failed);
    QCOMPARE(row(id).error.code, ErrorCode::RemoteChanged);
    QVERIFY(!names().contains(QStringLiteral("large")));
}

void ExtendedParallel::aFileThatChangesInOneAnswer_data()
{
    using Change = std::function<bool(const QString &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<bool>("arrives");
    const auto row = [](const char *name, bool arrives, const Change &change) {
        QTest::newRow(name) << change << arrives;
    };
    // The answer holds the file open, so that it comes as it was.
    row("removed", true, [](const QString &path) { return QFile::remove(path); });
    row("replaced", true, [](const QString &path) {
        QFile other(path + u'2');
        return other.open(QIODevice::WriteOnly) && other.write("other") == 5 && other.flush() &&
               ::rename(QFile::encodeName(other.fileName()).constData(),
                        QFile::encodeName(path).constData()) == 0;
    });
    row("shrinks", false, [](const QString &path) { return QFile::resize(path, 5); });
    row("grows", true, [](const QString &path) {
        QFile file(path);
        return file.open(QIODevice::Append) && file.write("more") == 4;
    });
    row("grows and is written over", false, [](const QString &path) {
        QFile file(path);
        return file.open(QIODevice::ReadWrite) && file.putChar('x') &&
               file.seek(limits::largeFile) && file.write("more") == 4;
    });
    row("is written over", false, [](const QString &path) {
        QFile file(path);
        return file.open(QIODevice::ReadWrite) && file.seek(limits::largeFile - 1) &&
               file.putChar('x');
    });
}

void ExtendedParallel::aFileThatChangesInOneAnswer()
{
    QFETCH(std::function<bool(const QString &)>, change);
    QFETCH(bool, arrives);
    // Not larger than what is asked for at once.
    m_content = noise(limits::largeFile, 7);
    QVERIFY(m_host->write(QStringLiteral("large"), m_content));
    start(10, 300'000);
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(waitForBytes(id, 1));
    QVERIFY(change(m_host->folder() + QStringLiteral("/large")));
    m_host->call([this](server::Server &server) {
        QVERIFY(server.bytesSent() < m_content.size());
        server.limitSession(server.sessions().constFirst().id, 0);
    });
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).verified, arrives);
    QCOMPARE(row(id).grown, arrives && QByteArray(QTest::currentDataTag()) == "grows");
    if (arrives) {
        QVERIFY(saved("large") == m_content);
        QCOMPARE(names(), QStringList{QStringLiteral("large")});
    } else {
        QCOMPARE(row(id).error.code, ErrorCode::RemoteChanged);
        QCOMPARE(names(), QStringList());
    }
}

/// Parts that are under way arrive, the next one finds nothing: a clear end on all connections,
/// and what came is not fetched again.
void ExtendedParallel::aFileRemovedBetweenPartsIsContinuedWhenItIsBack()
{
    m_content = noise(40'000'000);
    QVERIFY(m_host->write(QStringLiteral("large"), m_content));
    start();
    const quint64 id = add("/pub/large");
    connectClient();
    QVERIFY(QTest::qWaitFor([this] { return busySessions() > 1; }, patienceMs));
    const QString here = m_host->folder() + QStringLiteral("/large");
    // It stays elsewhere, to come back as the same file.
    const QString elsewhere = m_host->outside() + QStringLiteral("/large");
    QVERIFY(QFile::rename(here, elsewhere));
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).state, DownloadState::Failed);
    QCOMPARE(row(id).error.code, ErrorCode::RemoteChanged);
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("large"))});
    for (const auto &session : m_host->sessions())
        QVERIFY2(!session.failed, qPrintable(session.outcome));

    // While it is not there it is missing, and what came of it stays.
    m_client->disconnectAndWait();
    connectClient(true);
    m_client->queue().retry(id);
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).error.code, ErrorCode::NotFound);
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("large"))});

    QVERIFY(QFile::rename(elsewhere, here));
    const qint64 before = m_host->call([](server::Server &server) { return server.bytesSent(); });
    m_client->queue().retry(id);
    QVERIFY(waitForQueue());
    QVERIFY2(row(id).verified, qPrintable(row(id).error.text));
    QVERIFY(saved("large") == m_content);
    QCOMPARE(names(), QStringList{QStringLiteral("large")});
    QVERIFY(m_host->call([](server::Server &server) { return server.bytesSent(); }) - before <
            m_content.size());
}

void ExtendedParallel::aLimitedQueueNeedsOneConnection()
{
    start();
    m_client->queue().rateLimiter()->setRate(9'000'000);
    add("/pub/large");
    connectClient();
    QVERIFY(waitForQueue());
    QVERIFY(saved("large") == m_content);
    QCOMPARE(m_host->sessions().size(), 1);
}

void ExtendedParallel::largeFilesTakeTurns()
{
    QVERIFY(m_host->write(QStringLiteral("short"), m_content.first(3'000'000)));
    start();
    m_client->queue().rateLimiter()->setRate(4'000'000);
    const quint64 longer = add("/pub/large");
    const quint64 shorter = add("/pub/short");
    connectClient();
    QVERIFY(QTest::qWaitFor([&] { return row(shorter).state == DownloadState::Done; }, patienceMs));
    QVERIFY(row(longer).received > 0);
    QCOMPARE(row(longer).state, DownloadState::Downloading);
    m_client->queue().rateLimiter()->setRate(0);
    QVERIFY(waitForQueue());
    QVERIFY(saved("large") == m_content);
    QVERIFY(saved("short") == m_content.first(3'000'000));
}

FERRY_TEST(ExtendedParallel)
#include "extended_parallel.moc"
