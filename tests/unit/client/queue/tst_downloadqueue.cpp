// SPDX-License-Identifier: MIT
#include "client/queue/downloadqueue.h"
#include "support/testprogram.h"

#include <QSemaphore>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace ferry;
using namespace ferry::client;

namespace {

QList<Download> files(int count)
{
    QList<Download> list;
    for (int i = 0; i < count; ++i) {
        Download download;
        download.remotePath = "file" + QByteArray::number(i);
        download.localName = QString::fromLatin1(download.remotePath);
        list.append(download);
    }
    return list;
}

Download row(const DownloadQueue &queue, quint64 id)
{
    const QList<Download> all = queue.all();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [id](const Download &download) { return download.id == id; });
    return found == all.end() ? Download() : *found;
}

QList<quint64> ids(const QList<Download> &rows)
{
    QList<quint64> list;
    for (const Download &download : rows)
        list.append(download.id);
    return list;
}

} // namespace

class DownloadQueueTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesFilesInTheOrderOfAdding();
    void isFinishedWhenNothingWaitsOrIsUnderWay();
    void countsWhatIsReceived();
    void aFileThatGoesBackComesFirst();
    void aFailureLeavesTheRestAlone();
    void failsAllThatWait();
    void reportsAboutACancelledFileAreDropped();
    void aSavedFileIsDoneWhateverHappenedMeanwhile();
    void aRemovedFileIsCancelledForItsConnection();
    void onlyEndedFilesAreRetried();
    void refusedFilesEnterAsFailed();
    void changesAreOnlyWhatChanged();
    void changesComeInQueueOrder();
    void removedRowsAreToldOnce();
    void changesTogetherGiveTheWholeQueue();
    void aLookCostsWhatChangedHoweverLongTheQueueIs();
    void wakesAWaiterForNewWork();
    void wakesAWaiterWhenAsked();
    void manyThreadsShareTheWorkWithoutLossOrDoubles();
};

void DownloadQueueTest::givesFilesInTheOrderOfAdding()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(3));
    QCOMPARE(queue.takeNext()->id, added[0]);
    QCOMPARE(row(queue, added[0]).state, DownloadState::Connecting);
    QCOMPARE(queue.takeNext()->id, added[1]);
    QCOMPARE(queue.takeNext()->id, added[2]);
    QVERIFY(!queue.takeNext());
}

void DownloadQueueTest::isFinishedWhenNothingWaitsOrIsUnderWay()
{
    DownloadQueue queue;
    QVERIFY(queue.finished());
    const QList<quint64> added = queue.add(files(2));
    QVERIFY(!queue.finished());
    queue.takeNext();
    queue.finish(added[0], false);
    QVERIFY(!queue.finished());
    queue.takeNext();
    QVERIFY(!queue.finished());
    queue.setState(added[1], DownloadState::Downloading);
    queue.setState(added[1], DownloadState::Stalled);
    QVERIFY(!queue.finished());
    queue.fail(added[1], {ErrorCode::CutShort, {}});
    QVERIFY(queue.finished());
    queue.retry(added[1]);
    QVERIFY(!queue.finished());
    queue.remove(added[1]);
    QVERIFY(queue.finished());
}

void DownloadQueueTest::countsWhatIsReceived()
{
    DownloadQueue queue;
    const quint64 id = queue.add(files(1)).first();
    queue.takeNext();
    queue.addReceived(id, 100);
    QCOMPARE(row(queue, id).state, DownloadState::Downloading);
    queue.setState(id, DownloadState::Stalled);
    QCOMPARE(row(queue, id).bytesPerSecond, 0);
    queue.addReceived(id, 11);
    QCOMPARE(row(queue, id).state, DownloadState::Downloading);
    QCOMPARE(row(queue, id).received, 111);
    queue.setLocalName(id, QStringLiteral("file0 (1)"));
    queue.finish(id, true);
    QCOMPARE(row(queue, id).state, DownloadState::Done);
    QCOMPARE(row(queue, id).size, 111);
    QCOMPARE(row(queue, id).localName, QStringLiteral("file0 (1)"));
    QVERIFY(row(queue, id).verified);
}

void DownloadQueueTest::aFileThatGoesBackComesFirst()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(3));
    queue.takeNext();
    queue.finish(added[0], false);
    queue.takeNext();
    queue.addReceived(added[1], 5);
    queue.requeue(added[1]);
    QCOMPARE(row(queue, added[1]).state, DownloadState::Queued);
    QCOMPARE(row(queue, added[1]).received, 0);
    QCOMPARE(queue.takeNext()->id, added[1]);
}

void DownloadQueueTest::aFailureLeavesTheRestAlone()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(2));
    queue.takeNext();
    queue.fail(added[0], {ErrorCode::NotFound, QStringLiteral("no")});
    QCOMPARE(row(queue, added[0]).state, DownloadState::Failed);
    QCOMPARE(row(queue, added[0]).error.code, ErrorCode::NotFound);
    QCOMPARE(row(queue, added[1]).state, DownloadState::Queued);
    QCOMPARE(queue.takeNext()->id, added[1]);
}

void DownloadQueueTest::failsAllThatWait()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(3));
    queue.takeNext();
    QCOMPARE(queue.failQueued({ErrorCode::CannotConnect, {}}), 2);
    QCOMPARE(row(queue, added[0]).state, DownloadState::Connecting);
    QCOMPARE(row(queue, added[1]).error.code, ErrorCode::CannotConnect);
    QCOMPARE(row(queue, added[2]).state, DownloadState::Failed);
    QVERIFY(!queue.takeNext());
}

void DownloadQueueTest::reportsAboutACancelledFileAreDropped()
{
    DownloadQueue queue;
    const quint64 id = queue.add(files(1)).first();
    queue.takeNext();
    QVERIFY(queue.canBeSaved(id));
    queue.cancel(id);
    QVERIFY(!queue.canBeSaved(id));
    QVERIFY(queue.finished());
    queue.addReceived(id, 5);
    queue.setState(id, DownloadState::Stalled);
    queue.fail(id, {ErrorCode::CutShort, {}});
    queue.requeue(id);
    queue.skip(id);
    QCOMPARE(row(queue, id).state, DownloadState::Cancelled);
    QCOMPARE(row(queue, id).received, 0);
    QVERIFY(!queue.takeNext());
}

void DownloadQueueTest::aSavedFileIsDoneWhateverHappenedMeanwhile()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(2));
    queue.takeNext();
    queue.takeNext();
    queue.cancel(added[0]);
    queue.finish(added[0], false);
    QCOMPARE(row(queue, added[0]).state, DownloadState::Done);
    queue.cancel(added[1]);
    queue.retry(added[1]);
    queue.finish(added[1], false);
    QCOMPARE(row(queue, added[1]).state, DownloadState::Done);
    QVERIFY(!queue.takeNext());
    QVERIFY(queue.finished());
}

void DownloadQueueTest::aRemovedFileIsCancelledForItsConnection()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(2));
    queue.takeNext();
    queue.remove(added[0]);
    QVERIFY(!queue.canBeSaved(added[0]));
    queue.addReceived(added[0], 1);
    queue.finish(added[0], false);
    QCOMPARE(ids(queue.all()), QList<quint64>{added[1]});
    QVERIFY(!queue.finished());
    queue.remove(added[1]);
    QVERIFY(!queue.takeNext());
    QVERIFY(queue.finished());
}

void DownloadQueueTest::onlyEndedFilesAreRetried()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(5));
    for (int i = 0; i < 4; ++i)
        queue.takeNext();
    queue.fail(added[0], {ErrorCode::TimedOut, QStringLiteral("late")});
    queue.cancel(added[1]);
    queue.skip(added[2]);
    queue.finish(added[3], false);
    for (const quint64 id : added)
        queue.retry(id);
    QCOMPARE(row(queue, added[0]).state, DownloadState::Queued);
    QVERIFY(row(queue, added[0]).error.text.isEmpty());
    QCOMPARE(row(queue, added[1]).state, DownloadState::Queued);
    QCOMPARE(row(queue, added[2]).state, DownloadState::Queued);
    QCOMPARE(row(queue, added[3]).state, DownloadState::Done);
    QCOMPARE(queue.takeNext()->id, added[0]);
    queue.retry(added[0]);
    QCOMPARE(row(queue, added[0]).state, DownloadState::Connecting);
}

void DownloadQueueTest::refusedFilesEnterAsFailed()
{
    DownloadQueue queue;
    QList<Download> list = files(2);
    list[0].state = DownloadState::Failed;
    list[0].error = {ErrorCode::Invalid, QStringLiteral("no name")};
    list[1].state = DownloadState::Downloading;
    const QList<quint64> added = queue.add(list);
    QCOMPARE(row(queue, added[0]).state, DownloadState::Failed);
    QCOMPARE(row(queue, added[1]).state, DownloadState::Queued);
    QCOMPARE(queue.takeNext()->id, added[1]);
    QVERIFY(!queue.takeNext());
}

void DownloadQueueTest::changesAreOnlyWhatChanged()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(100));
    const DownloadQueue::Changes first = queue.changesSince(0);
    QCOMPARE(ids(first.rows), added);
    QVERIFY(queue.changesSince(first.revision).rows.isEmpty());
    QCOMPARE(queue.changesSince(first.revision).revision, first.revision);
    queue.takeNext();
    for (int i = 0; i < 10; ++i)
        queue.addReceived(added[0], 1);
    const DownloadQueue::Changes second = queue.changesSince(first.revision);
    QCOMPARE(ids(second.rows), QList<quint64>{added[0]});
    QCOMPARE(second.rows.first().received, 10);
}

void DownloadQueueTest::changesComeInQueueOrder()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(4));
    const quint64 revision = queue.changesSince(0).revision;
    queue.cancel(added[3]);
    queue.cancel(added[1]);
    queue.cancel(added[2]);
    QCOMPARE(ids(queue.changesSince(revision).rows),
             (QList<quint64>{added[1], added[2], added[3]}));
}

void DownloadQueueTest::removedRowsAreToldOnce()
{
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(3));
    const quint64 revision = queue.changesSince(0).revision;
    queue.cancel(added[1]);
    queue.remove(added[1]);
    const DownloadQueue::Changes changes = queue.changesSince(revision);
    QVERIFY(changes.rows.isEmpty());
    QCOMPARE(changes.removed, QList<quint64>{added[1]});
    QVERIFY(queue.changesSince(changes.revision).removed.isEmpty());
    queue.remove(added[0]);
    QCOMPARE(queue.changesSince(changes.revision).removed, QList<quint64>{added[0]});
}

void DownloadQueueTest::changesTogetherGiveTheWholeQueue()
{
    DownloadQueue queue;
    std::map<quint64, Download> copy;
    quint64 revision = 0;
    quint32 random = 12345;
    for (int step = 0; step < 2000; ++step) {
        random = random * 1664525u + 1013904223u;
        const QList<Download> all = queue.all();
        const quint64 id = all.isEmpty() ? 0 : all[qsizetype(random >> 8) % all.size()].id;
        switch (random >> 28) {
        case 0:
        case 1:
        case 2:
            queue.add(files(3));
            break;
        case 3:
        case 4:
            queue.takeNext();
            break;
        case 5:
            queue.addReceived(id, 7);
            break;
        case 6:
            queue.finish(id, false);
            break;
        case 7:
            queue.fail(id, {ErrorCode::TimedOut, {}});
            break;
        case 8:
            queue.requeue(id);
            break;
        case 9:
            queue.cancel(id);
            break;
        case 10:
        case 11:
            queue.remove(id);
            break;
        case 12:
            queue.retry(id);
            break;
        default: {
            const DownloadQueue::Changes changes = queue.changesSince(revision);
            revision = changes.revision;
            for (const Download &download : changes.rows)
                copy[download.id] = download;
            for (const quint64 gone : changes.removed)
                copy.erase(gone);
            const QList<Download> now = queue.all();
            QCOMPARE(qsizetype(copy.size()), now.size());
            for (const Download &download : now) {
                QCOMPARE(copy[download.id].state, download.state);
                QCOMPARE(copy[download.id].received, download.received);
            }
            const bool busy = std::any_of(now.begin(), now.end(), [](const Download &download) {
                return download.state == DownloadState::Queued ||
                       download.state == DownloadState::Connecting ||
                       download.state == DownloadState::Downloading;
            });
            QCOMPARE(queue.finished(), !busy);
        }
        }
    }
}

void DownloadQueueTest::aLookCostsWhatChangedHoweverLongTheQueueIs()
{
    // Were each look to walk the queue, this would be 10^10 steps and the test's own time limit
    // would end it.
    DownloadQueue queue;
    const QList<quint64> added = queue.add(files(100'000));
    quint64 revision = queue.changesSince(0).revision;
    queue.takeNext();
    for (int i = 0; i < 100'000; ++i) {
        queue.addReceived(added[0], 1);
        const DownloadQueue::Changes changes = queue.changesSince(revision);
        QCOMPARE(changes.rows.size(), 1);
        revision = changes.revision;
    }
    queue.requeue(added[0]);
    int taken = 0;
    while (const std::optional<Download> download = queue.takeNext()) {
        queue.finish(download->id, false);
        ++taken;
    }
    QCOMPARE(taken, 100'000);
    QVERIFY(queue.finished());
}

void DownloadQueueTest::wakesAWaiterForNewWork()
{
    DownloadQueue queue;
    std::optional<Download> got;
    std::thread waiter([&] {
        while (!got) {
            queue.waitForWork(60'000);
            got = queue.takeNext();
        }
    });
    queue.add(files(1));
    waiter.join();
    QCOMPARE(got->remotePath, QByteArray("file0"));
}

void DownloadQueueTest::wakesAWaiterWhenAsked()
{
    DownloadQueue queue;
    std::atomic_bool stop = false;
    std::atomic_bool stopped = false;
    std::thread waiter([&] {
        while (!stop)
            queue.waitForWork(600'000);
        stopped = true;
    });
    stop = true;
    // A wake-up before the wait began is not kept, so it is repeated.
    while (!stopped) {
        queue.wakeAll();
        std::this_thread::yield();
    }
    waiter.join();
    QVERIFY(stopped);
}

void DownloadQueueTest::manyThreadsShareTheWorkWithoutLossOrDoubles()
{
    DownloadQueue queue;
    constexpr int count = 2000;
    queue.add(files(count));
    std::atomic_int taken = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < 4; ++i) {
        workers.emplace_back([&queue, &taken, i] {
            int turn = 0;
            while (const std::optional<Download> download = queue.takeNext()) {
                queue.addReceived(download->id, 1);
                if (++turn % 5 == i) {
                    queue.requeue(download->id);
                    continue;
                }
                queue.finish(download->id, false);
                ++taken;
            }
        });
    }
    quint64 revision = 0;
    while (!queue.finished())
        revision = queue.changesSince(revision).revision;
    for (std::thread &worker : workers)
        worker.join();
    QCOMPARE(int(taken), count);
    const QList<Download> all = queue.all();
    QVERIFY(std::all_of(all.begin(), all.end(), [](const Download &download) {
        return download.state == DownloadState::Done && download.received == 1;
    }));
}

FERRY_TEST(DownloadQueueTest)
#include "tst_downloadqueue.moc"
