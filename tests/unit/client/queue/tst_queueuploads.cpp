// SPDX-License-Identifier: MIT
// Rows that are sent and not fetched: their order, their file, and what is not done to them.
#include "client/client.h"
#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "client/queue/queuefile.h"
#include "client/upload/queueuploads.h"
#include "net/base/sqlitefile.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>

using namespace ferry;
using namespace ferry::client;

namespace {

using Take = DownloadQueue::Take;

QList<Download> uploads(int count, qint64 size = 5)
{
    QList<Download> list;
    for (int i = 0; i < count; ++i) {
        Download upload;
        upload.direction = Direction::Upload;
        upload.remotePath = "/in/file" + QByteArray::number(i);
        upload.localName = QStringLiteral("file%1").arg(i);
        upload.folder = QStringLiteral("/tmp/mine");
        upload.size = size;
        upload.modifiedNs = 7;
        upload.uploadId = QByteArray(32, 'a');
        list.append(upload);
    }
    return list;
}

Download download(qint64 size)
{
    Download row;
    row.remotePath = "/pub/file";
    row.localName = QStringLiteral("file");
    row.folder = QStringLiteral("/tmp/mine");
    row.size = size;
    return row;
}

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace

class QueueUploadsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachDirectionHasItsOwnTurns();
    void whatComesBeforeALargeOneTakesItsPlace();
    void whatIsSentAndLostIsNoProgress();
    void aFullDiskHoldsNoUpload();
    void theFolderOfAnUploadStays();
    void aRemovedUploadLeavesTheFilesHereAlone();
    void aRowIsKeptInTheFile();
    void anOlderFerryTakesNoneForADownload();
    void aRowSaysWhereItIsAndWhereItGoes_data();
    void aRowSaysWhereItIsAndWhereItGoes();
    void whatCannotBeSentHasFailed();
};

void QueueUploadsTest::eachDirectionHasItsOwnTurns()
{
    DownloadQueue queue;
    const quint64 down = queue.add({download(5)}).first();
    const QList<quint64> up = queue.add(uploads(2));
    QVERIFY(queue.hasQueued(Take::Upload));
    queue.setPriority({up[1]}, Priority::High);
    QCOMPARE(queue.takeNext(Take::Upload)->id, up[1]);
    QCOMPARE(queue.takeNext(Take::Upload)->id, up[0]);
    QVERIFY(!queue.hasQueued(Take::Upload));
    QCOMPARE(queue.takeNext(Take::Any)->id, down);
    QVERIFY(!queue.hasQueued());
    queue.finishUpload(up[0], "/in/file0 (1)", "abc");
    const Download done = *queue.find(up[0]);
    QCOMPARE(done.state, DownloadState::Done);
    QVERIFY(done.verified);
    QCOMPARE(done.remotePath, "/in/file0 (1)");
    QCOMPARE(done.checksum, "abc");
    QVERIFY(!queue.finished());
}

/// Uploads go one after the other: a small one, too, would wait for the large one.
void QueueUploadsTest::whatComesBeforeALargeOneTakesItsPlace()
{
    DownloadQueue queue;
    const quint64 large = queue.add(uploads(1, limits::largeFile + 1)).first();
    const quint64 fetched = queue.add({download(limits::largeFile + 1)}).first();
    QCOMPARE(queue.takeNext(Take::Upload)->id, large);
    QCOMPARE(queue.takeNext()->id, fetched);
    queue.setState(large, DownloadState::Downloading);
    queue.setState(fetched, DownloadState::Downloading);
    const QList<quint64> small = queue.add(uploads(2));
    QVERIFY(queue.isWanted(large));
    queue.moveToTop({small[0]});
    QVERIFY(!queue.isWanted(large));
    QVERIFY(queue.isWanted(fetched));
    QCOMPARE(queue.takeNext(Take::Upload)->id, small[0]);
    QCOMPARE(queue.takeNext(Take::Upload)->id, large); // it was under way
    queue.forceStart({small[1]});
    QVERIFY(!queue.isWanted(large));
    QCOMPARE(queue.takeNext(Take::Upload)->id, small[1]);
}

/// A server that takes it all and loses it each time is not given it for ever.
void QueueUploadsTest::whatIsSentAndLostIsNoProgress()
{
    DownloadQueue::Clock::time_point now = DownloadQueue::Clock::now();
    DownloadQueue queue([&now] { return now; });
    queue.setRules(QueueRules::unattended());
    const quint64 id = queue.add(uploads(1, 10'000'000)).first();
    const auto tryOnce = [&](qint64 there) {
        now += std::chrono::hours(1);
        if (!queue.takeNext(Take::Upload))
            return;
        queue.beginUpload(id, there);
        queue.addReceived(id, 5'000'000);
        queue.fail(id, {ErrorCode::CutShort, {}});
    };
    for (int tries = 1; tries <= limits::retries; ++tries) {
        tryOnce(0);
        QCOMPARE(queue.find(id)->state, DownloadState::Retrying);
        QCOMPARE(queue.find(id)->tries, tries);
    }
    tryOnce(5'000'000); // what it has of it is
    QCOMPARE(queue.find(id)->tries, 1);
    for (int tries = 2; tries <= limits::retries + 1; ++tries)
        tryOnce(5'000'000); // the same again is not
    QCOMPARE(queue.find(id)->state, DownloadState::Failed);
}

void QueueUploadsTest::aFullDiskHoldsNoUpload()
{
    DownloadQueue queue(&DownloadQueue::Clock::now, [](const QString &) {
        return DiskSpace{1, 1000};
    });
    QueueRules rules = QueueRules::unattended();
    rules.spaceReserve = 500;
    queue.setRules(rules);
    const quint64 fetched = queue.add({download(100)}).first();
    const quint64 sent = queue.add(uploads(1)).first();
    QCOMPARE(queue.takeNext()->id, fetched);
    queue.fail(fetched, {ErrorCode::DiskFull, QStringLiteral("full")});
    QCOMPARE(queue.spaceHolds().size(), 1);
    QVERIFY(queue.spaceHolds().first().holds(*queue.find(fetched)));
    QVERIFY(!queue.spaceHolds().first().holds(*queue.find(sent)));
    QCOMPARE(queue.takeNext(Take::Upload)->id, sent);
}

void QueueUploadsTest::theFolderOfAnUploadStays()
{
    DownloadQueue queue;
    const quint64 id = queue.add(uploads(1)).first();
    QVERIFY(queue.setFolder({id}, QStringLiteral("/elsewhere")).isEmpty());
    QCOMPARE(queue.find(id)->folder, QStringLiteral("/tmp/mine"));
}

void QueueUploadsTest::aRemovedUploadLeavesTheFilesHereAlone()
{
    const QTemporaryDir dir;
    QVERIFY(write(dir.filePath(QStringLiteral("file0")), "mine"));
    {
        Client client;
        QList<Download> rows = uploads(1);
        rows[0].folder = dir.path();
        rows[0].begun = true;
        const QList<quint64> ids = client.queue().add(rows);
        client.queue().remove(ids);
    } // here, at the latest, the parts of what was removed are removed
    QVERIFY(QFile::exists(dir.filePath(QStringLiteral("file0"))));
}

void QueueUploadsTest::aRowIsKeptInTheFile()
{
    const QTemporaryDir dir;
    QueueFile file(dir.filePath(QStringLiteral("queue")));
    QVERIFY(file.open());
    QList<Download> rows = uploads(2);
    rows[0].id = 1;
    rows[1].id = 2;
    rows[1].kind = DownloadKind::Folder;
    rows[1].error = {ErrorCode::NoRoom, QStringLiteral("full"), 0};
    Download fetched = download(5);
    fetched.id = 3;
    QVERIFY(file.write(rows + QList<Download>{fetched}, {}));
    const auto read = file.rows();
    QCOMPARE(read.value().size(), 3);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(read.value()[i].isUpload());
        QCOMPARE(read.value()[i].kind, rows[i].kind);
        QCOMPARE(read.value()[i].uploadId, rows[i].uploadId);
        QCOMPARE(read.value()[i].modifiedNs, 7);
        QCOMPARE(read.value()[i].error.code, rows[i].error.code);
    }
    QVERIFY(!read.value()[2].isUpload());
    QVERIFY(read.value()[2].uploadId.isEmpty());
}

/// It would fetch what others put there over what a person wanted to send.
void QueueUploadsTest::anOlderFerryTakesNoneForADownload()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("queue"));
    QList<Download> rows = uploads(2);
    rows[0].id = 1;
    rows[1].id = 2;
    rows[1].kind = DownloadKind::Folder;
    {
        QueueFile file(path);
        QVERIFY(file.open());
        QVERIFY(file.write(rows, {}));
    }
    SqliteFile older(path, {QStringLiteral("The queue"), 1, {}, QStringLiteral("SELECT 1")});
    QVERIFY(older.open());
    int seen = 0;
    QVERIFY(older.rows(QStringLiteral("kind FROM downloads"), [&seen](const QSqlQuery &row, bool) {
        ++seen;
        QVERIFY(row.value(1).toInt() > int(DownloadKind::Folder));
    }));
    QCOMPARE(seen, 2);
}

void QueueUploadsTest::aRowSaysWhereItIsAndWhereItGoes_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("remotePath");
    QTest::addColumn<bool>("folder");
    QTest::newRow("file") << "trip/a b.txt" << QByteArray("/in") << QByteArray("/in/a b.txt")
                          << false;
    QTest::newRow("into a folder")
        << "trip/a b.txt" << QByteArray("/in/x/") << QByteArray("/in/x/a b.txt") << false;
    QTest::newRow("folder") << "trip" << QByteArray("/in") << QByteArray("/in/trip") << true;
    QTest::newRow("folder with a slash")
        << "trip//" << QByteArray("/in") << QByteArray("/in/trip") << true;
    QTest::newRow("a folder's own dot")
        << "trip/." << QByteArray("/in") << QByteArray("/in/trip") << true;
}

void QueueUploadsTest::aRowSaysWhereItIsAndWhereItGoes()
{
    QFETCH(const QString, path);
    QFETCH(const QByteArray, target);
    const QTemporaryDir dir;
    QVERIFY(QDir(dir.path()).mkdir(QStringLiteral("trip")));
    QVERIFY(write(dir.filePath(QStringLiteral("trip/a b.txt")), "hello"));
    const Download row = uploadRow(QFile::encodeName(dir.filePath(path)), target);
    QCOMPARE(row.state, DownloadState::Queued);
    QVERIFY(row.isUpload());
    QTEST(row.remotePath, "remotePath");
    QCOMPARE(QFileInfo(row.folder + u'/' + row.target()).canonicalFilePath(),
             QFileInfo(dir.filePath(path)).canonicalFilePath());
    const bool folder = row.kind == DownloadKind::Folder;
    QTEST(folder, "folder");
    QCOMPARE(row.uploadId.size(), folder ? 0 : 32);
    QCOMPARE(row.size, folder ? -1 : 5);
}

void QueueUploadsTest::whatCannotBeSentHasFailed()
{
    const QTemporaryDir dir;
    const QByteArray base = QFile::encodeName(dir.path());
    const Download missing = uploadRow(base + "/none", "/in");
    QCOMPARE(missing.state, DownloadState::Failed);
    QCOMPARE(missing.error.code, ErrorCode::LocalFile);
    QCOMPARE(missing.localName, QStringLiteral("none"));
    const Download root = uploadRow("/", "/in");
    QCOMPARE(root.state, DownloadState::Failed);
    QVERIFY(write(dir.filePath(QStringLiteral("a")), "1"));
    // The list of shares takes nothing.
    QCOMPARE(uploadRow(base + "/a", "/").error.code, ErrorCode::NotTaken);
}

FERRY_TEST(QueueUploadsTest)
#include "tst_queueuploads.moc"
