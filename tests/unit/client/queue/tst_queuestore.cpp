// SPDX-License-Identifier: MIT
// The queue in its file: what is written is read again, whatever happens in between.
#include "client/queue/downloadqueue.h"
#include "client/queue/queuefile.h"
#include "client/queue/queuestore.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <cstdio>

using namespace ferry;
using namespace ferry::client;

namespace {

QList<Download> files(int count)
{
    QList<Download> list;
    for (int i = 0; i < count; ++i) {
        Download download;
        download.remotePath = "/pub/file" + QByteArray::number(i);
        download.localName = QStringLiteral("file%1").arg(i);
        download.folder = QStringLiteral("/tmp/target");
        download.server = QStringLiteral("127.0.0.1:7420");
        list.append(download);
    }
    return list;
}

/// Adds and finishes rows for ever, and says after each step how many are surely in the file.
int writeForEver(const QString &path)
{
    const auto queue = std::make_shared<DownloadQueue>();
    const auto store = QueueStore::open(path, queue);
    if (!store)
        return 1;
    for (;;) {
        queue->add(files(20));
        for (int i = 0; i < 10; ++i) {
            if (const auto download = queue->takeNext())
                queue->finish(download->id, true, "abc");
        }
        store.value()->flush();
        std::printf("%lld\n", qlonglong(queue->counts().all()));
        std::fflush(stdout);
    }
}

} // namespace

class QueueStoreTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void givesBackEveryField();
    void writesWhatHappensAndForgetsWhatIsRemoved();
    void whatWasUnderWayComesFirst();
    void anAnswerForTheBatchIsForALaterProgramToo();
    void anOpenQuestionIsAskedAnew();
    void aSecondProgramIsTold();
    void aLaterVersionIsLeftAlone();
    void rowsThatMakeNoSenseAreLeftOut();
    void onlyTheOwnerMayReadIt();
    void oldHistoryGoes();
    void aProgramThatIsKilledLosesNothingThatWasWritten();
    void holdsAHundredThousandRows();

private:
    QString path() const { return m_dir->filePath(QStringLiteral("queue.sqlite")); }
    QList<Download> stored()
    {
        QueueFile file(path());
        return file.openToRead() ? file.rows().value() : QList<Download>();
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void QueueStoreTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

void QueueStoreTest::givesBackEveryField()
{
    Download a = files(1).first();
    a.id = 7;
    a.kind = DownloadKind::Any;
    a.subfolder = QStringLiteral("b/c");
    a.existing = ExistingPolicy::OverwriteIfNewer;
    a.state = DownloadState::Failed;
    a.size = 1LL << 40;
    a.received = 12;
    a.bytesPerSecond = 13;
    a.checksum = "00ff";
    a.identical = true;
    a.verified = true;
    a.grown = true;
    a.folderModifiedNs = -5;
    a.error = {ErrorCode::LocalFile, QStringLiteral("zu spät"), EROFS};
    a.batch = 8;
    a.parent = 3;
    a.position = -5;
    a.priority = Priority::High;
    a.forced = true;
    a.front = true;
    a.begun = true;
    a.tries = 4;
    a.rateLimit = 1000;
    a.endedMs = 123456789;
    {
        QueueFile file(path());
        QVERIFY(file.open());
        QVERIFY(file.write({a}, {}));
    }
    const QList<Download> rows = stored();
    QCOMPARE(rows.size(), 1);
    const Download &b = rows.first();
    QCOMPARE(b.id, a.id);
    QCOMPARE(b.kind, a.kind);
    QCOMPARE(b.folder, a.folder);
    QCOMPARE(b.subfolder, a.subfolder);
    QCOMPARE(b.localName, a.localName);
    QCOMPARE(b.remotePath, a.remotePath);
    QCOMPARE(b.existing, a.existing);
    QCOMPARE(b.state, a.state);
    QCOMPARE(b.size, a.size);
    QCOMPARE(b.received, a.received);
    QCOMPARE(b.bytesPerSecond, a.bytesPerSecond);
    QCOMPARE(b.checksum, a.checksum);
    QCOMPARE(b.identical, a.identical);
    QCOMPARE(b.verified, a.verified);
    QCOMPARE(b.grown, a.grown);
    QCOMPARE(b.folderModifiedNs, a.folderModifiedNs);
    QCOMPARE(b.error.code, a.error.code);
    QCOMPARE(b.error.text, a.error.text);
    QCOMPARE(b.error.systemError, a.error.systemError);
    QCOMPARE(b.server, a.server);
    QCOMPARE(b.batch, a.batch);
    QCOMPARE(b.parent, a.parent);
    QCOMPARE(b.position, a.position);
    QCOMPARE(b.priority, a.priority);
    QCOMPARE(b.forced, a.forced);
    QCOMPARE(b.front, a.front);
    QCOMPARE(b.begun, a.begun);
    QCOMPARE(b.tries, a.tries);
    QCOMPARE(b.rateLimit, a.rateLimit);
    QCOMPARE(b.endedMs, a.endedMs);
}

void QueueStoreTest::writesWhatHappensAndForgetsWhatIsRemoved()
{
    const auto queue = std::make_shared<DownloadQueue>();
    auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    const QList<quint64> ids = queue->add(files(3));
    queue->takeNext();
    queue->finish(ids[0], true, "abc");
    queue->remove(ids[1]);
    // By itself, without being asked.
    QVERIFY(test::waitUntil([this] { return stored().size() == 2; }));
    queue->pause({ids[2]});
    store.value()->flush();
    QList<Download> rows = stored();
    QCOMPARE(rows[0].state, DownloadState::Done);
    QCOMPARE(rows[0].checksum, QByteArray("abc"));
    QCOMPARE(rows[1].state, DownloadState::Paused);
    queue->cancel(ids[2]);
    store.value().reset();
    QCOMPARE(stored()[1].state, DownloadState::Cancelled);
}

void QueueStoreTest::whatWasUnderWayComesFirst()
{
    QList<quint64> ids;
    {
        const auto queue = std::make_shared<DownloadQueue>();
        const auto store = QueueStore::open(path(), queue);
        QVERIFY(store);
        ids = queue->add(files(3));
        queue->takeNext();
        queue->pause({ids[0]});
        queue->takeNext();
        queue->setSize(ids[1], 5'000'000, 0);
        queue->addReceived(ids[1], 1000);
    }
    const auto queue = std::make_shared<DownloadQueue>();
    const auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    QCOMPARE(queue->find(ids[0])->state, DownloadState::Paused);
    QVERIFY(queue->find(ids[1])->begun);
    QCOMPARE(queue->takeNext()->id, ids[1]);
    QCOMPARE(queue->takeNext()->id, ids[2]);
}

void QueueStoreTest::anAnswerForTheBatchIsForALaterProgramToo()
{
    QList<quint64> ids;
    quint64 other = 0;
    {
        const auto queue = std::make_shared<DownloadQueue>();
        const auto store = QueueStore::open(path(), queue);
        QVERIFY(store);
        QList<Download> asking = files(4);
        for (Download &download : asking)
            download.existing = ExistingPolicy::Ask;
        asking[0].kind = DownloadKind::Folder;
        ids = queue->add(asking);
        other = queue->add({asking[1]}).first();
        queue->cancel(ids[2]);
        queue->pause({ids[0], ids[1]});
        QCOMPARE(queue->takeNext()->id, ids[3]);
        queue->needDecision(ids[3], {5, 6});
        queue->decideBatch(queue->find(ids[3])->batch, ExistingPolicy::Rename);
    }
    DownloadQueue queue;
    {
        QueueFile file(path());
        QVERIFY(file.open());
        queue.restore(file.rows().value());
    }
    queue.retry(ids[2]); // what had ended without the file, too
    for (const quint64 id : ids)
        QCOMPARE(queue.find(id)->existing, ExistingPolicy::Rename);
    QCOMPARE(queue.find(other)->existing, ExistingPolicy::Ask);
    queue.addFound(ids[0], files(1)); // and what the folder turns out to hold
    QCOMPARE(queue.all().last().existing, ExistingPolicy::Rename);
    // A later batch is asked about, whatever became of the rows of this one.
    queue.remove(ids);
    Download later = files(1).first();
    later.existing = ExistingPolicy::Ask;
    QCOMPARE(queue.find(queue.add({later}).first())->existing, ExistingPolicy::Ask);
}

void QueueStoreTest::anOpenQuestionIsAskedAnew()
{
    quint64 id = 0;
    {
        const auto queue = std::make_shared<DownloadQueue>();
        const auto store = QueueStore::open(path(), queue);
        QVERIFY(store);
        Download asking = files(1).first();
        asking.existing = ExistingPolicy::Ask;
        id = queue->add({asking}).first();
        queue->takeNext();
        queue->needDecision(id, {5, 6});
        QCOMPARE(queue->find(id)->state, DownloadState::NeedsDecision);
    }
    DownloadQueue queue;
    queue.restore(stored());
    QCOMPARE(queue.find(id)->state, DownloadState::Queued);
    QCOMPARE(queue.takeNext()->id, id);
    queue.needDecision(id, {7, 8});
    QCOMPARE(queue.find(id)->remote.size, 7);
    QCOMPARE(queue.find(id)->state, DownloadState::NeedsDecision);
}

void QueueStoreTest::aSecondProgramIsTold()
{
    const auto first = std::make_shared<DownloadQueue>();
    auto store = QueueStore::open(path(), first);
    QVERIFY(store);
    const auto second = std::make_shared<DownloadQueue>();
    QCOMPARE(QueueStore::open(path(), second).error().code, ErrorCode::InUse);
    store.value().reset();
    QVERIFY(QueueStore::open(path(), second));
}

void QueueStoreTest::aLaterVersionIsLeftAlone()
{
    QFile file(path());
    {
        QueueFile made(path());
        QVERIFY(made.open());
    }
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(60)); // the user version in SQLite's header
    file.write(QByteArray::fromHex("000003e7"));
    file.close();
    QueueFile later(path());
    QCOMPARE(later.open().error().code, ErrorCode::Invalid);
    QCOMPARE(QDir(m_dir->path()).entryList({QStringLiteral("*damaged*")}).size(), 0);
}

void QueueStoreTest::rowsThatMakeNoSenseAreLeftOut()
{
    QList<Download> rows = files(4);
    for (int i = 0; i < 4; ++i)
        rows[i].id = quint64(i + 1);
    rows[0].localName = QStringLiteral("../../.bashrc");
    rows[1].subfolder = QStringLiteral("a/../../b");
    rows[2].size = -7;
    QueueFile file(path());
    QVERIFY(file.open());
    QVERIFY(file.write(rows, {}));
    QCOMPARE(file.rows().value().size(), 1);
    QCOMPARE(file.problems().size(), 1);
}

void QueueStoreTest::onlyTheOwnerMayReadIt()
{
    const auto queue = std::make_shared<DownloadQueue>();
    const auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    queue->add(files(1));
    store.value()->flush();
    for (const QString &name : {path(), path() + QStringLiteral("-wal")}) {
        const QFile::Permissions others =
            QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(QFile::exists(name));
        QVERIFY(!(QFile::permissions(name) & others));
    }
}

void QueueStoreTest::oldHistoryGoes()
{
    QList<Download> rows = files(10);
    for (int i = 0; i < 10; ++i) {
        rows[i].id = quint64(i + 1);
        rows[i].endedMs = i;
        rows[i].state = i < 8 ? DownloadState::Done : DownloadState::Failed;
    }
    QueueFile file(path());
    QVERIFY(file.open());
    QVERIFY(file.write(rows, {}));
    QVERIFY(file.trim(3));
    QCOMPARE(file.rows().value().size(), 5);
    QCOMPARE(file.rows().value().first().id, 6);
}

void QueueStoreTest::aProgramThatIsKilledLosesNothingThatWasWritten()
{
    const int kills = qEnvironmentVariableIsSet("FERRY_TEST_KILLS")
                          ? qEnvironmentVariableIntValue("FERRY_TEST_KILLS")
                          : 8;
    QRandomGenerator random(7);
    qlonglong said = 0;
    for (int i = 0; i < kills; ++i) {
        QProcess helper;
        helper.start(QCoreApplication::applicationFilePath(),
                     {QStringLiteral("--write-for-ever"), path()});
        QVERIFY(helper.waitForStarted());
        const int lines = 1 + int(random.bounded(6));
        for (int line = 0; line < lines; ++line) {
            QVERIFY(test::waitUntil([&] {
                return helper.canReadLine() || helper.waitForReadyRead(20) || helper.canReadLine();
            }));
            said = helper.readLine().trimmed().toLongLong();
        }
        // Somewhere in the next step, which takes about a millisecond.
        for (quint32 spin = random.bounded(200'000); spin > 0; --spin)
            asm volatile("");
        helper.kill();
        QVERIFY(helper.waitForFinished(test::patienceMs));
        QueueFile file(path());
        QVERIFY(file.open());
        QVERIFY2(file.problems().isEmpty(), qPrintable(file.problems().join(u' ')));
        QVERIFY(file.rows().value().size() >= said);
    }
}

void QueueStoreTest::holdsAHundredThousandRows()
{
    const auto queue = std::make_shared<DownloadQueue>();
    auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    QElapsedTimer timer;
    timer.start();
    queue->add(files(100'000));
    const qint64 added = timer.restart();
    store.value()->flush();
    const qint64 written = timer.restart();
    store.value().reset();
    const auto again = std::make_shared<DownloadQueue>();
    timer.restart();
    store = QueueStore::open(path(), again);
    QVERIFY(store);
    qInfo("100,000 rows: added in %lld ms, written in %lld ms, read in %lld ms, %lld bytes in the "
          "file per row",
          added, written, timer.elapsed(), QFileInfo(path()).size() / 100'000);
    QCOMPARE(again->counts().all(), 100'000);
}

static const test::RegisteredHelper writer("write-for-ever", [](const QStringList &arguments) {
    return arguments.size() == 1 ? writeForEver(arguments.first()) : 2;
});
FERRY_TEST(QueueStoreTest)
#include "tst_queuestore.moc"
