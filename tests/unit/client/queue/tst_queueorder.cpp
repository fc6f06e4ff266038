// SPDX-License-Identifier: MIT
// What is next in the queue, and what a person does to many rows at once.
#include "client/disk/conflict.h"
#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>

using namespace ferry;
using namespace ferry::client;

namespace {

QList<Download> files(int count, qint64 size = -1)
{
    QList<Download> list;
    for (int i = 0; i < count; ++i) {
        Download download;
        download.remotePath = "/pub/file" + QByteArray::number(i);
        download.localName = QStringLiteral("file%1").arg(i);
        download.size = size;
        list.append(download);
    }
    return list;
}

using Take = DownloadQueue::Take;

QList<quint64> takeAll(DownloadQueue &queue, Take what = Take::Any)
{
    QList<quint64> ids;
    while (const auto download = queue.takeNext(what))
        ids.append(download->id);
    return ids;
}

} // namespace

class QueueOrder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesByPriorityAndThenByPosition();
    void takesForcedRowsFirst();
    void takesResumedRowsFirst();
    void rowsTakeEachOthersPlaces();
    void movesToTheTopAndTheBottom();
    void takesLargeOnesWhenAsked();
    void keepsToTheNumberOfLargeFilesAtOnce();
    void aLoweredNumberLetsTheLastOnesWait();
    void whatIsMovedBeforeALargeFileTakesItsPlace();
    void filesOfUnknownSizeAreTakenAsTheyTurnOutToBeSmall();
    void sumsOfSizesDoNotOverflow();
    void aRowThatIsSavedWhileItWaitsLosesItsTurn();
    void fetchesOnlyFromTheConnectedServer();
    void aServerThatMovedHasItsRowsElsewhere();
    void removedRowsAreNotListedForEver();
    void pausesAndResumesAll();
    void limitsARow();
    void retriesAllThatFailed();
    void clearsWhatIsDone();
    void restoresRowsWithTheirIdsAndWhatWasUnderWayInFront();
    void appendsRowsOfAnotherQueue();
    void holdsAHundredThousandRows();
    void decidesConflicts_data();
    void decidesConflicts();
};

void QueueOrder::takesByPriorityAndThenByPosition()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(4));
    queue.setPriority({ids[3]}, Priority::High);
    queue.setPriority({ids[0]}, Priority::Low);
    QCOMPARE(takeAll(queue), (QList<quint64>{ids[3], ids[1], ids[2], ids[0]}));
}

void QueueOrder::takesForcedRowsFirst()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(3));
    queue.setPriority({ids[1]}, Priority::High);
    queue.pause({ids[2]});
    queue.forceStart({ids[2]});
    QCOMPARE(takeAll(queue), (QList<quint64>{ids[2], ids[1], ids[0]}));
}

void QueueOrder::takesResumedRowsFirst()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(3));
    queue.pause({ids[2], ids[1]});
    QCOMPARE(queue.takeNext()->id, ids[0]);
    QVERIFY(!queue.takeNext());
    queue.requeue(ids[0]);
    queue.takeNext();
    queue.cancel(ids[0]);
    queue.retry(ids[0]);
    queue.resume({ids[1], ids[2]});
    QCOMPARE(takeAll(queue), (QList<quint64>{ids[1], ids[2], ids[0]}));
}

void QueueOrder::rowsTakeEachOthersPlaces()
{
    DownloadQueue queue;
    const QList<quint64> i = queue.add(files(5));
    queue.arrange({i[4], i[1], 12345});
    QCOMPARE(takeAll(queue), (QList<quint64>{i[0], i[4], i[2], i[3], i[1]}));
}

void QueueOrder::movesToTheTopAndTheBottom()
{
    DownloadQueue queue;
    const QList<quint64> i = queue.add(files(4));
    queue.takeNext();
    queue.requeue(i[0]);
    queue.moveToTop({i[3], i[2]});
    queue.moveToBottom({i[0]});
    QCOMPARE(takeAll(queue), (QList<quint64>{i[2], i[3], i[1], i[0]}));
}

void QueueOrder::takesLargeOnesWhenAsked()
{
    DownloadQueue queue;
    const QList<quint64> small = queue.add(files(1, 5));
    const QList<quint64> large = queue.add(files(1, limits::largeFile + 1));
    const QList<quint64> unknown = queue.add(files(1));
    QVERIFY(queue.hasQueued(DownloadQueue::Take::Large));
    QCOMPARE(queue.takeNext(DownloadQueue::Take::Large)->id, large[0]);
    QVERIFY(!queue.takeNext(DownloadQueue::Take::Large));
    QCOMPARE(queue.takeNext(DownloadQueue::Take::Next)->id, small[0]);
    QCOMPARE(queue.takeNext(DownloadQueue::Take::Any)->id, unknown[0]);
}

void QueueOrder::keepsToTheNumberOfLargeFilesAtOnce()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(5, limits::largeFile + 1));
    const QList<quint64> small = queue.add(files(2, 1));
    queue.setFilesAtOnce(2);
    QCOMPARE(takeAll(queue, Take::Next), (QList<quint64>{ids[0], ids[1], small[0], small[1]}));
    QVERIFY(!queue.takeNext(Take::Large));
    queue.setState(ids[0], DownloadState::Downloading);
    queue.setState(ids[0], DownloadState::Verifying); // nothing of it has to come any more
    QCOMPARE(takeAll(queue, Take::Large), QList<quint64>{ids[2]});
    queue.fail(ids[2], {ErrorCode::NotFound, {}});
    QCOMPARE(takeAll(queue, Take::Next), QList<quint64>{ids[3]});
    queue.forceStart({ids[4]});
    QCOMPARE(takeAll(queue, Take::Next), QList<quint64>{ids[4]});
}

void QueueOrder::aLoweredNumberLetsTheLastOnesWait()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(5, limits::largeFile + 1));
    queue.setPriority({ids[2]}, Priority::High);
    QCOMPARE(takeAll(queue, Take::Next), (QList<quint64>{ids[2], ids[0], ids[1]}));
    queue.forceStart({ids[4]});
    QCOMPARE(queue.takeNext(Take::Next)->id, ids[4]);
    queue.setFilesAtOnce(2);
    QVERIFY(queue.isWanted(ids[2]));
    QVERIFY(queue.isWanted(ids[4]));
    QCOMPARE(queue.find(ids[0])->state, DownloadState::Queued);
    QCOMPARE(queue.find(ids[1])->state, DownloadState::Queued);
    QVERIFY(!queue.takeNext(Take::Next));
    queue.setFilesAtOnce(9);
    // What was under way goes on before what was not.
    QCOMPARE(takeAll(queue, Take::Next), (QList<quint64>{ids[0], ids[1], ids[3]}));
}

void QueueOrder::whatIsMovedBeforeALargeFileTakesItsPlace()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(5, limits::largeFile + 1));
    queue.setFilesAtOnce(2);
    QCOMPARE(takeAll(queue, Take::Next), (QList<quint64>{ids[0], ids[1]}));
    queue.arrange({ids[4], ids[3]}); // which is no reason
    QVERIFY(queue.isWanted(ids[0]) && queue.isWanted(ids[1]));
    queue.moveToTop({ids[4]});
    QVERIFY(queue.isWanted(ids[0]));
    QCOMPARE(queue.find(ids[1])->state, DownloadState::Queued);
    QCOMPARE(takeAll(queue, Take::Next), QList<quint64>{ids[4]});
    queue.setPriority({ids[2], ids[3]}, Priority::High);
    QVERIFY(!queue.isWanted(ids[0]) && !queue.isWanted(ids[4]));
    QCOMPARE(takeAll(queue, Take::Next), (QList<quint64>{ids[2], ids[3]}));
    queue.finish(ids[2], true);
    queue.finish(ids[3], true);
    QCOMPARE(takeAll(queue, Take::Next), (QList<quint64>{ids[4], ids[0]}));
}

void QueueOrder::filesOfUnknownSizeAreTakenAsTheyTurnOutToBeSmall()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(100));
    QCOMPARE(takeAll(queue, Take::Next).size(), 3);
    for (int i = 0; i < 3; ++i)
        queue.setSize(ids[i], 1, 0);
    QCOMPARE(takeAll(queue, Take::Next).size(), 6);
    queue.fail(ids[3], {ErrorCode::NotFound, {}});
    QCOMPARE(takeAll(queue, Take::Next).size(), 2);
    // Three large ones among them, and no more than those.
    for (int i = 4; i < 8; ++i)
        queue.setSize(ids[i], limits::largeFile + 1, 0);
    QCOMPARE(queue.find(ids[6])->state, DownloadState::Connecting);
    QCOMPARE(queue.find(ids[7])->state, DownloadState::Queued);
    QVERIFY(!queue.takeNext(Take::Next));
}

/// Whatever sizes a server claims, and in however many rows.
void QueueOrder::sumsOfSizesDoNotOverflow()
{
    DownloadQueue queue;
    const QList<quint64> real = queue.add(files(1, limits::largeFile + 1));
    const QList<quint64> ids = queue.add(files(1100, qint64(1) << 53));
    QCOMPARE(queue.largeBytesQueued(), qint64(1) << 53);
    queue.remove(ids);
    QCOMPARE(queue.largeBytesQueued(), limits::largeFile + 1);
    // Of a damaged file of a queue, or dropped by another program: it is not known.
    for (const qint64 size :
         {std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::min()})
        QCOMPARE(queue.find(queue.add(files(1, size)).first())->size, qint64(-1));
    QCOMPARE(queue.largeBytesQueued(), limits::largeFile + 1);
}

/// It was paused and resumed while it was saved.
void QueueOrder::aRowThatIsSavedWhileItWaitsLosesItsTurn()
{
    DownloadQueue queue;
    const quint64 id = queue.add(files(1, limits::largeFile + 1)).first();
    queue.takeNext();
    queue.requeue(id);
    queue.finish(id, true);
    QCOMPARE(queue.find(id)->state, DownloadState::Done);
    QVERIFY(!queue.takeNext());
    QCOMPARE(queue.find(id)->size, limits::largeFile + 1);
    QCOMPARE(queue.find(id)->received, limits::largeFile + 1);
    QVERIFY(!queue.takeNext());
    QCOMPARE(queue.largeBytesQueued(), 0);
}

/// Who looks rarely is told all rows instead.
void QueueOrder::aServerThatMovedHasItsRowsElsewhere()
{
    const QString before = QStringLiteral("ferry@old:7420");
    const QString after = QStringLiteral("ferry@new:7420");
    DownloadQueue queue;
    QList<Download> rows = files(6);
    for (Download &row : rows)
        row.server = before;
    rows[5].server = QStringLiteral("ferry@other:7420");
    const QList<quint64> ids = queue.add(rows);
    queue.setServer(after);
    QVERIFY(queue.finished());
    queue.setServer(before);
    queue.pause({ids[1]});
    QCOMPARE(queue.takeNext()->id, ids[0]);
    queue.finish(ids[0], true);
    QCOMPARE(queue.takeNext()->id, ids[2]);
    queue.fail(ids[2], {ErrorCode::NotFound, {}});
    QCOMPARE(queue.takeNext()->id, ids[3]); // under way
    QCOMPARE(queue.moveToServer(before, after), 3);
    QCOMPARE(queue.moveToServer(before, after), 0);
    queue.setState(ids[3], DownloadState::Downloading);
    QVERIFY(!queue.finished());
    queue.setServer(after);
    QVERIFY(!queue.finished());
    QCOMPARE(takeAll(queue), (QList<quint64>{ids[4]}));
    for (const qsizetype moved : {1, 2, 4})
        QCOMPARE(queue.find(ids[moved])->server, after);
    for (const qsizetype kept : {0, 3})
        QCOMPARE(queue.find(ids[kept])->server, before);
}

void QueueOrder::removedRowsAreNotListedForEver()
{
    DownloadQueue queue;
    const quint64 stays = queue.add(files(1)).first();
    const quint64 before = queue.changesSince(0).revision;
    quint64 lately = 0;
    for (int i = 0; i < 4; ++i) {
        lately = queue.changesSince(before).revision;
        queue.remove(queue.add(files(int(limits::removedRows))));
    }
    const auto recent = queue.changesSince(lately);
    QVERIFY(!recent.everything);
    QCOMPARE(recent.removed.size(), limits::removedRows);
    QVERIFY(recent.rows.isEmpty());
    const auto old = queue.changesSince(before);
    QVERIFY(old.everything);
    QVERIFY(old.removed.isEmpty());
    QCOMPARE(old.rows.size(), 1);
    QCOMPARE(old.rows.first().id, stays);
}

void QueueOrder::fetchesOnlyFromTheConnectedServer()
{
    DownloadQueue queue;
    QList<Download> list = files(3);
    list[0].server = QStringLiteral("a:1");
    list[1].server = QStringLiteral("b:1");
    const QList<quint64> ids = queue.add(list);
    queue.setServer(QStringLiteral("b:1"));
    QCOMPARE(queue.find(ids[2])->server, QStringLiteral("b:1"));
    QCOMPARE(takeAll(queue), (QList<quint64>{ids[1], ids[2]}));
    queue.finish(ids[1], true);
    queue.finish(ids[2], true);
    QVERIFY(queue.finished());
    queue.setServer(QStringLiteral("a:1"));
    QVERIFY(!queue.finished());
    QCOMPARE(takeAll(queue), QList<quint64>{ids[0]});
}

void QueueOrder::pausesAndResumesAll()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(3));
    queue.takeNext();
    queue.pauseAll();
    QCOMPARE(queue.counts().of[size_t(DownloadState::Paused)], 3);
    QVERIFY(!queue.takeNext());
    QVERIFY(!queue.isWanted(ids[0]));
    queue.resumeAll();
    QCOMPARE(takeAll(queue), ids);
}

void QueueOrder::limitsARow()
{
    DownloadQueue queue;
    const quint64 id = queue.add(files(1)).first();
    QVERIFY(!queue.limiterOf(id));
    queue.setRowLimit({id}, 1000);
    const auto limiter = queue.limiterOf(id);
    QCOMPARE(limiter->rate(), 1000);
    queue.setRowLimit({id}, 0);
    QCOMPARE(limiter->rate(), 0); // whoever has it in his hands
    QCOMPARE(queue.find(id)->rateLimit, 0);
}

void QueueOrder::retriesAllThatFailed()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(4));
    for (int i = 0; i < 3; ++i)
        queue.fail(queue.takeNext()->id, {ErrorCode::NotFound, {}});
    QCOMPARE(queue.counts().failed(), 3);
    QCOMPARE(queue.retryAllFailed(), 3);
    QCOMPARE(queue.counts().failed(), 0);
    QCOMPARE(takeAll(queue), ids);
}

void QueueOrder::clearsWhatIsDone()
{
    DownloadQueue queue;
    const QList<quint64> ids = queue.add(files(5));
    for (int i = 0; i < 4; ++i)
        queue.takeNext();
    queue.finish(ids[0], true);
    queue.skip(ids[1], true);
    queue.fail(ids[2], {ErrorCode::NotFound, {}});
    queue.cancel(ids[3]);
    QCOMPARE(queue.counts().done(), 2);
    QCOMPARE(queue.clearDone(), 3);
    QCOMPARE(queue.counts().all(), 2);
    QVERIFY(queue.find(ids[2]));
    QVERIFY(queue.find(ids[4]));
}

void QueueOrder::restoresRowsWithTheirIdsAndWhatWasUnderWayInFront()
{
    DownloadQueue queue;
    QList<Download> list = files(4);
    for (int i = 0; i < 4; ++i) {
        list[i].id = quint64(10 + i);
        list[i].batch = 3;
        list[i].position = i;
    }
    list[2].state = DownloadState::Downloading;
    list[1].state = DownloadState::Done;
    list[3].position = 0; // damaged
    queue.restore(list);
    QCOMPARE(queue.find(12)->state, DownloadState::Queued);
    QCOMPARE(takeAll(queue), (QList<quint64>{12, 10, 13}));
    QCOMPARE(queue.add(files(1)).first(), 14);
    QCOMPARE(queue.find(14)->batch, 4);
}

void QueueOrder::appendsRowsOfAnotherQueue()
{
    DownloadQueue first;
    first.add(files(2));
    DownloadQueue second;
    Download folder;
    folder.kind = DownloadKind::Folder;
    const quint64 id = second.add({folder}).first();
    second.takeNext();
    second.addFound(id, files(1));
    first.append(second.all());
    const QList<Download> all = first.all();
    QCOMPARE(all.size(), 4);
    QCOMPARE(all[3].parent, all[2].id);
    QCOMPARE(all[3].batch, all[2].batch);
    QVERIFY(all[2].batch != all[0].batch);
}

void QueueOrder::holdsAHundredThousandRows()
{
    const QList<Download> list = files(100'000, 1000);
    const qint64 before = test::residentBytes();
    DownloadQueue queue;
    QElapsedTimer timer;
    timer.start();
    const QList<quint64> ids = queue.add(list);
    const qint64 added = timer.restart();
    queue.pauseAll();
    queue.resumeAll();
    const qint64 paused = timer.restart();
    queue.moveToBottom(ids.first(50'000));
    const qint64 moved = timer.restart();
    while (const auto download = queue.takeNext())
        queue.finish(download->id, true);
    const qint64 done = timer.restart();
    qInfo("100,000 rows: added in %lld ms, paused and resumed in %lld ms, half of them moved in "
          "%lld ms, taken and finished in %lld ms; resident %lld bytes per row",
          added, paused, moved, done, (test::residentBytes() - before) / 100'000);
    QCOMPARE(queue.counts().done(), 100'000);
    QVERIFY(queue.finished());
}

void QueueOrder::decidesConflicts_data()
{
    QTest::addColumn<int>("policy");
    QTest::addColumn<qint64>("hereSize");
    QTest::addColumn<qint64>("hereTime");
    QTest::addColumn<bool>("differs");
    QTest::addColumn<int>("result");
    using P = ExistingPolicy;
    const auto row = [](const char *name, P policy, qint64 size, qint64 time, bool differs,
                        Conflict result) {
        QTest::newRow(name) << int(policy) << size << time << differs << int(result);
    };
    // On the server: 100 bytes of the time 1000.
    row("the same size is compared first", P::Ask, 100, 1000, false, Conflict::Compare);
    row("ask", P::Ask, 99, 1000, false, Conflict::Ask);
    row("ask about the same size", P::Ask, 100, 1000, true, Conflict::Ask);
    row("fail", P::Fail, 99, 1000, false, Conflict::Refuse);
    row("overwrite", P::Overwrite, 99, 1000, false, Conflict::Fetch);
    row("rename", P::Rename, 99, 1000, false, Conflict::Fetch);
    row("skip", P::Skip, 99, 1000, false, Conflict::Skip);
    row("an older one is replaced", P::OverwriteIfNewer, 99, 999, false, Conflict::Fetch);
    row("one as old is not", P::OverwriteIfNewer, 99, 1000, false, Conflict::Skip);
    row("another size is replaced", P::OverwriteIfSizeDiffers, 99, 0, false, Conflict::Fetch);
    row("the same size is not", P::OverwriteIfSizeDiffers, 100, 0, true, Conflict::Skip);
    row("resume", P::Resume, 99, 0, false, Conflict::Continue);
}

void QueueOrder::decidesConflicts()
{
    QFETCH(int, policy);
    QFETCH(qint64, hereSize);
    QFETCH(qint64, hereTime);
    QFETCH(bool, differs);
    QFETCH(int, result);
    QCOMPARE(int(decide(ExistingPolicy(policy), {hereSize, hereTime}, {100, 1000}, differs)),
             result);
}

FERRY_TEST(QueueOrder)
#include "tst_queueorder.moc"
