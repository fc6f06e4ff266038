// SPDX-License-Identifier: MIT
// The client's queue sends as it fetches: both engines over a real port.
#include "client/client.h"
#include "integration/uploads_fixture.h"
#include "support/process.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

class UploadsQueue : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void aFolderIsSentWithAllThatIsInIt();
    void bothDirectionsGoAtOnce();
    void aTakenNameGetsANumber();
    void aPausedUploadGoesOnWhereItWas();
    void aLostServerIsWaitedFor();
    void aQueueGoesOnInTheNextProgram();
    void aChangedFileBeginsAnew();
    void whatIsCancelledLeavesNothingBehind();
    void whatIsMovedToTheTopGoesFirst();
    void aLimitOfItsOwnHolds();
    void refusalsAreFinal_data();
    void refusalsAreFinal();
    void aFullServerIsAskedAgain();
    void aServerThatTakesNothingIsNotAsked();
    void theClassicProtocolSendsNothing();
    void aPauseByTheOperatorIsSaid();
    void whoIsSentAwayWaitsForAPerson();

private:
    ClientConfig config() const
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = m_host->tlsPort();
        config.password = "passwd";
        config.trustNew = true;
        config.reconnects = -1;
        config.stayConnected = true;
        config.resume = true;
        return config;
    }
    void newClient()
    {
        m_client = std::make_unique<Client>();
        m_client->setClassic(false);
        m_client->queue().setRules(QueueRules::unattended());
    }
    void connectClient() { QVERIFY(m_client->connectTo(config()).ok()); }
    QByteArray mine(const QString &name) const { return QFile::encodeName(m_mine->filePath(name)); }
    bool writeMine(const QString &name, const QByteArray &content) const
    {
        QFile file(m_mine->filePath(name));
        return QDir().mkpath(QFileInfo(file).path()) && file.open(QIODevice::WriteOnly) &&
               file.write(content) == content.size();
    }
    quint64 add(const QString &name, const QByteArray &folder = "/in")
    {
        return m_client->addUploads({{mine(name), folder}}).first();
    }
    quint64 fetchTheirs()
    {
        const QString here = m_mine->filePath(QStringLiteral("here"));
        QDir().mkpath(here);
        return m_client->add({{"/pub/theirs", here, ExistingPolicy::Fail}}).first();
    }
    Download row(quint64 id) const { return m_client->queue().find(id).value_or(Download()); }
    bool waitFor(const std::function<bool()> &condition)
    {
        return QTest::qWaitFor([&] { return condition(); }, patienceMs);
    }
    bool waitForState(quint64 id, DownloadState state)
    {
        return waitFor([&] { return row(id).state == state; });
    }
    bool waitForQueue()
    {
        return waitFor([&] { return m_client->queue().finished(); });
    }
    bool waitForBytes(quint64 id, qint64 bytes)
    {
        return waitFor([&] { return row(id).received >= bytes; });
    }
    bool wasSaid(const QString &text)
    {
        m_said += m_client->takeConversation();
        return std::any_of(m_said.cbegin(), m_said.cend(),
                           [&](const LogRecord &record) { return record.message.contains(text); });
    }
    qint64 partBytes() { return bytesIn(m_host->path(QStringLiteral("in/.ferry-uploads"))); }
    /// A large file `file`, slowly, until some of it is sent: its row. 0: it is not.
    quint64 beginSending()
    {
        if (!writeMine(QStringLiteral("file"), noise(6'000'000)))
            return 0;
        const quint64 id = add(QStringLiteral("file"));
        m_client->queue().setRateLimit(2'000'000);
        connectClient();
        return waitForBytes(id, 1'000'000) ? id : 0;
    }

    std::unique_ptr<QTemporaryDir> m_mine;
    std::unique_ptr<Client> m_client;
    QList<LogRecord> m_said;
};

void UploadsQueue::init()
{
    m_host = std::make_unique<UploadHost>();
    m_mine = std::make_unique<QTemporaryDir>();
    m_said.clear();
    newClient();
}

void UploadsQueue::cleanup()
{
    m_client.reset();
    m_host.reset();
}

void UploadsQueue::aFolderIsSentWithAllThatIsInIt()
{
    start();
    const QByteArray large = noise(3'000'000);
    QVERIFY(writeMine(QStringLiteral("trip/a.txt"), "hello"));
    QVERIFY(writeMine(QStringLiteral("trip/deep/large"), large));
    QVERIFY(writeMine(QStringLiteral("trip/deep/none"), ""));
    QVERIFY(QDir(m_mine->path()).mkpath(QStringLiteral("trip/empty/er")));
    QVERIFY(QFile::link(QStringLiteral("/nowhere"), m_mine->filePath(QStringLiteral("trip/gone"))));
    const quint64 id = add(QStringLiteral("trip"));
    connectClient();
    QVERIFY(waitForQueue());
    QCOMPARE(m_host->content(QStringLiteral("in/trip/a.txt")), "hello");
    QVERIFY(m_host->content(QStringLiteral("in/trip/deep/large")) == large);
    QCOMPARE(m_host->content(QStringLiteral("in/trip/deep/none")), "");
    QVERIFY(QDir(m_host->path(QStringLiteral("in/trip/empty/er"))).exists());
    QCOMPARE(row(id).kind, DownloadKind::Folder);
    QCOMPARE(row(id).state, DownloadState::Done);
    int done = 0;
    const auto rows = m_client->queue().all();
    for (const Download &each : rows) {
        QVERIFY(each.isUpload());
        if (each.id == id)
            continue;
        QCOMPARE(each.parent, id);
        if (each.localName == QStringLiteral("gone")) {
            QCOMPARE(each.state, DownloadState::Failed);
            QCOMPARE(each.error.code, ErrorCode::LocalFile);
            continue;
        }
        QCOMPARE(each.state, DownloadState::Done);
        QVERIFY(each.verified);
        QCOMPARE(each.received, each.size);
        QCOMPARE(each.remotePath, "/in/" + each.target().toUtf8());
        ++done;
    }
    QCOMPARE(done, 3);
}

/// Neither waits for the other's end.
void UploadsQueue::bothDirectionsGoAtOnce()
{
    QVERIFY(m_host->write(QStringLiteral("theirs"), noise(3'000'000)));
    start();
    const QByteArray content = noise(3'000'000, 2);
    QVERIFY(writeMine(QStringLiteral("ours"), content));
    const quint64 up = add(QStringLiteral("ours"));
    const quint64 down = fetchTheirs();
    // Slow until both were seen under way.
    m_client->queue().setRateLimit(500'000);
    connectClient();
    QVERIFY(waitFor([&] {
        return row(up).state == DownloadState::Downloading && row(up).received > 0 &&
               row(down).state == DownloadState::Downloading && row(down).received > 0;
    }));
    m_client->queue().setRateLimit(0);
    QVERIFY(waitForQueue());
    QCOMPARE(row(up).state, DownloadState::Done);
    QCOMPARE(row(down).state, DownloadState::Done);
    QVERIFY(m_host->content(QStringLiteral("in/ours")) == content);
}

void UploadsQueue::aTakenNameGetsANumber()
{
    start();
    QFile there(m_host->path(QStringLiteral("add/a.txt")));
    QVERIFY(there.open(QIODevice::WriteOnly));
    QVERIFY(writeMine(QStringLiteral("a.txt"), "new"));
    const quint64 id = add(QStringLiteral("a.txt"), "/add");
    connectClient();
    QVERIFY(waitForState(id, DownloadState::Done));
    QCOMPARE(row(id).remotePath, "/add/a (1).txt");
    QCOMPARE(row(id).localName, QStringLiteral("a.txt"));
    QCOMPARE(row(id).checksum, sumOf("new").mid(5));
    QCOMPARE(m_host->content(QStringLiteral("add/a (1).txt")), "new");
}

void UploadsQueue::aPausedUploadGoesOnWhereItWas()
{
    start();
    const QByteArray content = noise(6'000'000);
    QVERIFY(writeMine(QStringLiteral("large"), content));
    QVERIFY(writeMine(QStringLiteral("small"), "small"));
    const quint64 id = add(QStringLiteral("large"));
    const quint64 small = add(QStringLiteral("small"));
    m_client->queue().setRateLimit(2'000'000);
    connectClient();
    QVERIFY(waitForBytes(id, 1'000'000));
    m_client->queue().pause({id});
    QVERIFY(waitForState(small, DownloadState::Done)); // the others go on
    QCOMPARE(row(id).state, DownloadState::Paused);
    QVERIFY(partBytes() >= 500'000);
    const qint64 part = partBytes();
    m_client->queue().resume({id});
    m_client->queue().setRateLimit(0);
    QVERIFY(waitForState(id, DownloadState::Done));
    QVERIFY(m_host->content(QStringLiteral("in/large")) == content);
    QVERIFY(wasSaid(QStringLiteral("upload=") + QString::fromLatin1(row(id).uploadId)));
    QVERIFY(part > 0);
    // It was not sent twice: what went over the wire says so.
    qint64 received = 0;
    const auto sessions = m_host->sessions();
    for (const auto &session : sessions)
        received += session.received;
    QVERIFY2(received < content.size() + 2'000'000, qPrintable(QString::number(received)));
}

void UploadsQueue::aLostServerIsWaitedFor()
{
    m_host->config.dataFolder = m_mine->filePath(QStringLiteral("server")); // keeps its identity
    start();
    const QByteArray content = noise(6'000'000);
    QVERIFY(writeMine(QStringLiteral("trip/large"), content));
    QVERIFY(writeMine(QStringLiteral("trip/small"), "small"));
    add(QStringLiteral("trip"));
    m_client->queue().setRateLimit(2'000'000);
    connectClient();
    QVERIFY(waitFor([&] { return partBytes() > 1'000'000; }));
    const quint16 port = m_host->tlsPort();
    m_host->stop();
    const qint64 part = partBytes();
    QVERIFY(part > 0);
    QVERIFY(waitFor([&] { return m_client->connection().retryAt.has_value(); }));
    m_host->config.tlsPort = port;
    start();
    m_client->queue().setRateLimit(0);
    QVERIFY(waitForQueue());
    QVERIFY(m_host->content(QStringLiteral("in/trip/large")) == content);
    QCOMPARE(m_host->content(QStringLiteral("in/trip/small")), "small");
    QCOMPARE(QDir(m_host->path(QStringLiteral("in/trip"))).entryList(QDir::Files).size(), 2);
    const auto counts = m_client->queue().counts();
    QCOMPARE(counts.done(), 3);
    QCOMPARE(counts.all(), 3);
}

void UploadsQueue::aQueueGoesOnInTheNextProgram()
{
    start();
    const QString file = m_mine->filePath(QStringLiteral("data/queue"));
    const QByteArray content = noise(6'000'000);
    QVERIFY(writeMine(QStringLiteral("large"), content));
    QVERIFY(m_client->openQueue(file).ok());
    quint64 id = add(QStringLiteral("large"));
    m_client->queue().setRateLimit(2'000'000);
    connectClient();
    QVERIFY(waitForBytes(id, 1'000'000));
    const QByteArray uploadId = row(id).uploadId;
    QCOMPARE(uploadId.size(), 32);
    newClient();
    QVERIFY(m_client->openQueue(file).ok());
    QCOMPARE(row(id).state, DownloadState::Queued);
    QVERIFY(row(id).isUpload());
    QVERIFY(row(id).received > 0);
    QCOMPARE(row(id).uploadId, uploadId);
    connectClient();
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).state, DownloadState::Done);
    QVERIFY(m_host->content(QStringLiteral("in/large")) == content);
    QCOMPARE(partBytes(), 0);
}

void UploadsQueue::aChangedFileBeginsAnew()
{
    start();
    const quint64 id = beginSending();
    QVERIFY(id != 0);
    m_client->queue().pause({id});
    const QByteArray before = row(id).uploadId;
    const QByteArray content = noise(3'000'000, 5);
    QVERIFY(writeMine(QStringLiteral("file"), content));
    m_client->queue().setRateLimit(0);
    m_client->queue().resume({id});
    QVERIFY(waitForState(id, DownloadState::Done));
    QVERIFY(m_host->content(QStringLiteral("in/file")) == content);
    QVERIFY(row(id).uploadId != before);
    QCOMPARE(row(id).size, content.size());
}

void UploadsQueue::whatIsCancelledLeavesNothingBehind()
{
    start();
    const quint64 id = beginSending();
    QVERIFY(id != 0);
    QVERIFY(partBytes() > 0);
    m_client->queue().cancel(id);
    QVERIFY(waitFor([&] { return partBytes() == 0; }));
    QCOMPARE(row(id).state, DownloadState::Cancelled);
    QCOMPARE(m_host->names(QStringLiteral("in")), QStringList());
    QVERIFY(QFile::exists(m_mine->filePath(QStringLiteral("file"))));
}

void UploadsQueue::whatIsMovedToTheTopGoesFirst()
{
    start();
    QVERIFY(writeMine(QStringLiteral("large"), noise(20'000'000)));
    QVERIFY(writeMine(QStringLiteral("small"), "small"));
    const quint64 large = add(QStringLiteral("large"));
    const quint64 small = add(QStringLiteral("small"));
    m_client->queue().setRateLimit(2'000'000);
    connectClient();
    QVERIFY(waitForBytes(large, 500'000));
    m_client->queue().moveToTop({small});
    QVERIFY(waitForState(small, DownloadState::Done));
    QVERIFY(!hasEnded(row(large).state));
    m_client->queue().setRateLimit(0);
    QVERIFY(waitForState(large, DownloadState::Done));
}

/// While a larger file comes the other way, the limited one has not gone.
void UploadsQueue::aLimitOfItsOwnHolds()
{
    QVERIFY(m_host->write(QStringLiteral("theirs"), noise(30'000'000)));
    start();
    const QByteArray content = noise(3'000'000);
    QVERIFY(writeMine(QStringLiteral("slow"), content));
    const quint64 id = add(QStringLiteral("slow"));
    m_client->queue().setRowLimit({id}, 5'000);
    connectClient();
    QVERIFY(waitForBytes(id, 1));
    const quint64 down = fetchTheirs();
    QVERIFY(waitForState(down, DownloadState::Done));
    QVERIFY(!hasEnded(row(id).state));
    QVERIFY(row(id).received < content.size());
    m_client->queue().setRowLimit({id}, 0);
    QVERIFY(waitForState(id, DownloadState::Done));
    QVERIFY(m_host->content(QStringLiteral("in/slow")) == content);
}

void UploadsQueue::refusalsAreFinal_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("folder");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("a share to read") << "a.txt" << QByteArray("/pub") << ErrorCode::NotTaken;
    QTest::newRow("no share") << "a.txt" << QByteArray("/none") << ErrorCode::NotFound;
    QTest::newRow("a name") << "CON" << QByteArray("/in") << ErrorCode::NotTaken;
    QTest::newRow("too large") << "large" << QByteArray("/in") << ErrorCode::OverLimit;
    QTest::newRow("a quota") << "over" << QByteArray("/in") << ErrorCode::OverLimit;
    QTest::newRow("a folder is a file")
        << "a.txt" << QByteArray("/add/file/below") << ErrorCode::TargetExists;
}

void UploadsQueue::refusalsAreFinal()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, folder);
    m_host->config.uploads.fileBytes = 2'000'000;
    m_host->config.uploads.accountBytes = 1'000'000;
    start();
    QFile file(m_host->path(QStringLiteral("add/file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(writeMine(name, name == QStringLiteral("large")  ? noise(3'000'000)
                            : name == QStringLiteral("over") ? noise(1'500'000)
                                                             : "hello"));
    const quint64 id = add(name, folder);
    QVERIFY(writeMine(QStringLiteral("after"), "after"));
    const quint64 after = add(QStringLiteral("after"));
    connectClient();
    QVERIFY(waitForQueue());
    QCOMPARE(row(id).state, DownloadState::Failed);
    QTEST(row(id).error.code, "code");
    QVERIFY(!row(id).error.text.isEmpty());
    QCOMPARE(row(id).tries, 0);
    QCOMPARE(row(after).state, DownloadState::Done);
}

/// Room may come back; a quota does not.
void UploadsQueue::aFullServerIsAskedAgain()
{
    m_host->config.uploads.diskReserve = std::numeric_limits<qint64>::max() / 2;
    start();
    QVERIFY(writeMine(QStringLiteral("a.txt"), "hello"));
    const quint64 id = add(QStringLiteral("a.txt"));
    connectClient();
    QVERIFY(waitForState(id, DownloadState::Retrying));
    QCOMPARE(row(id).error.code, ErrorCode::NoRoom);
    QCOMPARE(row(id).tries, 1);
    QVERIFY(waitFor([&] { return row(id).tries == 2; }));
}

void UploadsQueue::aServerThatTakesNothingIsNotAsked()
{
    m_host->config.shares.resize(1);
    start();
    QVERIFY(writeMine(QStringLiteral("a.txt"), "hello"));
    const quint64 id = add(QStringLiteral("a.txt"), "/pub");
    connectClient();
    QVERIFY(waitForState(id, DownloadState::Failed));
    QCOMPARE(row(id).error.code, ErrorCode::NotTaken);
    QVERIFY(row(id).error.text.startsWith(QStringLiteral("This server takes no files")));
    QVERIFY(!wasSaid(QStringLiteral("PUT ")));
    QCOMPARE(m_client->connection().state, ConnectionState::Online);
}

void UploadsQueue::theClassicProtocolSendsNothing()
{
    start();
    QVERIFY(writeMine(QStringLiteral("a.txt"), "hello"));
    const quint64 id = add(QStringLiteral("a.txt"));
    ClientConfig classic = config();
    classic.classic = true;
    classic.resume = false;
    classic.port = m_host->port();
    QVERIFY(m_client->connectTo(classic).ok());
    QVERIFY(waitForState(id, DownloadState::Failed));
    QCOMPARE(row(id).error.code, ErrorCode::NotTaken);
    QVERIFY(row(id).error.text.contains(QStringLiteral("classic")));
}

void UploadsQueue::aPauseByTheOperatorIsSaid()
{
    start();
    QVERIFY(writeMine(QStringLiteral("large"), noise(30'000'000)));
    const quint64 id = add(QStringLiteral("large"));
    m_client->queue().setRateLimit(8'000'000);
    ClientConfig soon = config();
    soon.stalledTime = std::chrono::milliseconds(200);
    QVERIFY(m_client->connectTo(soon).ok());
    QVERIFY(waitForBytes(id, 1'000'000));
    const auto pause = [this](bool paused) {
        m_host->call([paused](server::Server &server) {
            for (const auto &session : server.sessions())
                server.pauseSession(session.id, paused);
        });
    };
    pause(true);
    QVERIFY(waitFor([&] {
        const Download now = row(id);
        return now.state == DownloadState::Stalled && now.heldThere;
    }));
    // A person need not wait for the operator.
    m_client->queue().pause({id});
    QCOMPARE(row(id).state, DownloadState::Paused);
    pause(false);
    m_client->queue().setRateLimit(0);
    m_client->queue().resume({id});
    QVERIFY(waitForState(id, DownloadState::Done));
}

void UploadsQueue::whoIsSentAwayWaitsForAPerson()
{
    start();
    QVERIFY(writeMine(QStringLiteral("large"), noise(6'000'000)));
    const quint64 id = add(QStringLiteral("large"));
    m_client->queue().setRateLimit(2'000'000);
    connectClient();
    QVERIFY(waitForBytes(id, 500'000));
    m_host->call([&](server::Server &server) {
        for (const auto &session : server.sessions()) {
            if (session.received > 0)
                server.disconnectSession(session.id);
        }
    });
    QVERIFY(waitFor([&] { return m_client->connection().state == ConnectionState::Failed; }));
    QCOMPARE(m_client->connection().error.code, ErrorCode::Dismissed);
    QCOMPARE(row(id).state, DownloadState::Queued);
    m_client->queue().setRateLimit(0);
    connectClient();
    QVERIFY(waitForState(id, DownloadState::Done));
}

FERRY_TEST(UploadsQueue)
#include "uploads_queue.moc"
