// SPDX-License-Identifier: MIT
// Rows that a person removes, moves to another folder, or that are checked before they go on.
#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;

namespace {

Download file(const char *name, qint64 size = -1)
{
    Download download;
    download.remotePath = name;
    download.localName = QString::fromLatin1(name);
    download.folder = QStringLiteral("/here");
    download.size = size;
    return download;
}

struct Bench
{
    DownloadQueue::Clock::time_point now{std::chrono::hours(1)};
    DownloadQueue queue{[this] { return now; }};
    const QList<quint64> ids = queue.add({file("a", 5'000'000), file("b"), file("c")});

    DownloadState state(int row) const { return queue.find(ids[row])->state; }
};

} // namespace

class QueueRemoval : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void removedRowsCanComeBackForTenSeconds();
    void whatIsRemovedAndBackIsNoRemovedRow();
    void theLastRemovalComesBackFirst();
    void aPartStaysAsLongAsItsRowCanComeBack();
    void aPartStaysUnlessAPersonGaveItUp();
    void clearedRowsComeBackToo();
    void aQueuedFileGetsAnotherFolder();
    void whatIsCheckedIsNeitherProgressNorSpeed();
};

void QueueRemoval::removedRowsCanComeBackForTenSeconds()
{
    Bench bench;
    bench.queue.takeNext();
    bench.queue.addReceived(bench.ids[0], 1'000'000);
    bench.queue.pause({bench.ids[1]});
    bench.queue.remove({bench.ids[0], bench.ids[1]});
    QCOMPARE(bench.queue.all().size(), 1);
    QVERIFY(bench.queue.hasRemoved());
    bench.now += limits::undoTime - std::chrono::milliseconds(1);
    QVERIFY(bench.queue.takeRemoved().isEmpty());
    QCOMPARE(bench.queue.undoRemove(), 2);
    QVERIFY(!bench.queue.hasRemoved());
    QCOMPARE(bench.state(0), DownloadState::Queued); // and goes on first
    QCOMPARE(bench.queue.find(bench.ids[0])->received, 1'000'000);
    QCOMPARE(bench.state(1), DownloadState::Paused);
    QCOMPARE(bench.queue.takeNext()->id, bench.ids[0]);

    bench.queue.remove(bench.ids[0]);
    bench.now += limits::undoTime;
    QCOMPARE(bench.queue.undoRemove(), 0);
    const QList<Download> gone = bench.queue.takeRemoved();
    QCOMPARE(gone.size(), 1);
    QCOMPARE(gone.first().id, bench.ids[0]);
    QVERIFY(bench.queue.takeRemoved(true).isEmpty());
}

void QueueRemoval::whatIsRemovedAndBackIsNoRemovedRow()
{
    Bench bench;
    const quint64 before = bench.queue.changesSince(0).revision;
    bench.queue.remove(bench.ids[1]);
    bench.queue.undoRemove();
    const auto changes = bench.queue.changesSince(before);
    QVERIFY(changes.removed.isEmpty());
    QCOMPARE(changes.rows.size(), 1);
    QCOMPARE(changes.rows.first().position, 1);
}

void QueueRemoval::theLastRemovalComesBackFirst()
{
    Bench bench;
    bench.queue.remove(bench.ids[0]);
    bench.queue.remove(bench.ids[2]);
    QCOMPARE(bench.queue.undoRemove(), 1);
    QVERIFY(bench.queue.find(bench.ids[2]));
    QVERIFY(!bench.queue.find(bench.ids[0]));
    QCOMPARE(bench.queue.undoRemove(), 1);
    QCOMPARE(bench.queue.undoRemove(), 0);
    QCOMPARE(bench.queue.takeNext()->id, bench.ids[0]);
}

void QueueRemoval::aPartStaysAsLongAsItsRowCanComeBack()
{
    Bench bench;
    const Error cancelled{ErrorCode::Cancelled, {}};
    bench.queue.takeNext();
    bench.queue.remove(bench.ids[0]);
    QVERIFY(!bench.queue.isWanted(bench.ids[0]));
    QVERIFY(bench.queue.keepsPart(bench.ids[0], cancelled, false));
    bench.now += limits::undoTime;
    bench.queue.takeRemoved();
    QVERIFY(!bench.queue.keepsPart(bench.ids[0], cancelled, false));
}

void QueueRemoval::aPartStaysUnlessAPersonGaveItUp()
{
    Bench bench;
    const Error stopped{ErrorCode::Cancelled, {}};
    bench.queue.takeNext();
    QVERIFY(bench.queue.keepsPart(bench.ids[0], stopped, false));
    bench.queue.pause({bench.ids[0]});
    QVERIFY(bench.queue.keepsPart(bench.ids[0], stopped, false));
    bench.queue.resume({bench.ids[0]}); // it is wanted again before its thread has looked
    QVERIFY(bench.queue.keepsPart(bench.ids[0], stopped, false));
    bench.queue.takeNext();
    QVERIFY(bench.queue.keepsPart(bench.ids[0], stopped, false));
    bench.queue.cancel(bench.ids[0]);
    QVERIFY(!bench.queue.keepsPart(bench.ids[0], stopped, false));
}

void QueueRemoval::clearedRowsComeBackToo()
{
    Bench bench;
    bench.queue.takeNext();
    bench.queue.finish(bench.ids[0], true, "abc");
    QCOMPARE(bench.queue.clearDone(), 1);
    QCOMPARE(bench.queue.undoRemove(), 1);
    QCOMPARE(bench.state(0), DownloadState::Done);
    QVERIFY(bench.queue.find(bench.ids[0])->verified);
}

void QueueRemoval::aQueuedFileGetsAnotherFolder()
{
    Bench bench;
    const QString there = QStringLiteral("/there");
    bench.queue.takeNext();
    bench.queue.cancel(bench.ids[2]);
    const QList<Download> moved = bench.queue.setFolder(bench.ids, there);
    QCOMPARE(moved.size(), 1); // one is in transfer, one has ended
    QCOMPARE(moved.first().id, bench.ids[1]);
    QCOMPARE(moved.first().folder, QStringLiteral("/here"));
    QCOMPARE(bench.queue.takeNext()->folder, there);
}

void QueueRemoval::whatIsCheckedIsNeitherProgressNorSpeed()
{
    Bench bench;
    const quint64 id = bench.ids[0];
    bench.queue.takeNext();
    bench.queue.addReceived(id, 4'800'000);
    bench.queue.requeue(id);
    bench.queue.takeNext();
    bench.queue.setSize(id, 5'000'000, 4'800'000);
    bench.queue.requeue(id); // large, and begun from now on
    bench.queue.takeNext();
    QCOMPARE(bench.queue.find(id)->received, 4'800'000);
    bench.queue.beginCheck(id, 5'000'000);
    QCOMPARE(bench.state(0), DownloadState::Checking);
    bench.now += std::chrono::seconds(2);
    bench.queue.adjustReceived(id, 4'000'000);
    QCOMPARE(bench.queue.find(id)->received, 4'800'000);
    QCOMPARE(bench.queue.find(id)->checked, 4'000'000);
    QCOMPARE(bench.queue.find(id)->bytesPerSecond, 0);
    bench.queue.addReceived(id, 1'000);
    QCOMPARE(bench.state(0), DownloadState::Downloading);
    QCOMPARE(bench.queue.find(id)->received, 4'001'000);
    QCOMPARE(bench.queue.find(id)->bytesPerSecond, 0); // too soon to say
    bench.queue.adjustReceived(id, 500'000);
    QCOMPARE(bench.queue.find(id)->received, 4'501'000);
}

FERRY_TEST(QueueRemoval)
#include "tst_queueremoval.moc"
