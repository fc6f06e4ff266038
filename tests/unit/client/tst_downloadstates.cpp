// SPDX-License-Identifier: MIT
// Every transition of a download, driven through a real queue.
#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "client/queue/retryplan.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;

namespace {

using State = DownloadState;
using Event = DownloadEvent;

const Error temporary{ErrorCode::CutShort, QStringLiteral("lost")};
const Error permanent{ErrorCode::NotFound, QStringLiteral("gone")};

/// A queue with one row and a clock that stands still until it is told.
struct Bench
{
    DownloadQueue::Clock::time_point now{std::chrono::hours(1)};
    qint64 freeBytes = 1'000'000'000;
    DownloadQueue queue{[this] { return now; },
                        [this](const QString &) { return DiskSpace{freeBytes}; }};
    quint64 id = 0;

    Bench()
    {
        queue.setRules(QueueRules::unattended());
        Download download;
        download.remotePath = "/pub/a";
        download.localName = QStringLiteral("a");
        download.existing = ExistingPolicy::Ask;
        id = queue.add({download}).first();
    }

    Download row() const { return queue.find(id).value(); }

    void reach(State state)
    {
        switch (state) {
        case State::Queued:
            return;
        case State::Connecting:
            queue.takeNext();
            return;
        case State::Checking:
        case State::Downloading:
        case State::Stalled:
        case State::Verifying:
            queue.takeNext();
            return queue.setState(id, state);
        case State::NeedsDecision:
            queue.takeNext();
            return queue.needDecision(id, {7, 8});
        case State::Retrying:
            queue.takeNext();
            return queue.fail(id, temporary);
        case State::Paused:
            return queue.pause({id});
        case State::Done:
            queue.takeNext();
            return queue.finish(id, true, "abc");
        case State::Skipped:
            queue.takeNext();
            return queue.skip(id, true);
        case State::Failed:
            queue.takeNext();
            return queue.fail(id, permanent);
        case State::Cancelled:
            return queue.cancel(id);
        }
    }

    void send(Event event)
    {
        switch (event) {
        case Event::Taken:
            queue.takeNext();
            return;
        case Event::Conflict:
            return queue.needDecision(id, {1, 2});
        case Event::Decided:
            return queue.decide({id}, ExistingPolicy::Overwrite);
        case Event::Bytes:
            return queue.addReceived(id, 1);
        case Event::Stall:
            return queue.setState(id, State::Stalled);
        case Event::Complete:
            return queue.setState(id, State::Verifying);
        case Event::Saved:
            return queue.finish(id, true);
        case Event::LeftAlone:
            return queue.skip(id);
        case Event::Requeued:
            return queue.requeue(id);
        case Event::Temporary:
            return queue.fail(id, temporary);
        case Event::Permanent: {
            queue.fail(id, permanent);
            QueueRules rules;
            queue.setRules(rules);
            queue.failQueued(permanent);
            return;
        }
        case Event::Due:
            now += std::chrono::seconds(1);
            queue.hasQueued();
            return;
        case Event::Pause:
            return queue.pause({id});
        case Event::Resume:
            return queue.resume({id});
        case Event::Cancel:
            return queue.cancel(id);
        case Event::Retry:
            return queue.retry(id);
        case Event::Check:
            return queue.setState(id, State::Checking);
        }
    }
};

} // namespace

class DownloadStates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyEventInEveryStateDoesWhatTheTableSays();
    void everyStateIsReached();
    void triesAgainAfterOneTwoFourEightAndSixteenSeconds();
    void progressResetsTheCountOfTries();
    void aSecondWrongChecksumIsForGood();
    void permanentErrorsAreNotTriedAgain();
    void aServerThatAPersonWaitsForIsLookedForOften();
    void withoutRetriesEveryErrorIsForGood();
    void aFullDiskHoldsTheQueueUntilThereIsSpace();
    void theReserveIsLeftFree();
    void withoutPatienceAFullDiskFailsTheFile();
    void oneAnswerCoversTheBatchAndThoseThatComeLater();
    void anAnswerThatCameWhileItWasAskedIsTaken();
};

void DownloadStates::everyEventInEveryStateDoesWhatTheTableSays()
{
    for (int from = 0; from < downloadStates; ++from) {
        for (int event = 0; event < downloadEvents; ++event) {
            Bench bench;
            bench.reach(State(from));
            QCOMPARE(int(bench.row().state), from);
            bench.send(Event(event));
            const auto next = nextState(State(from), Event(event));
            const QByteArray what = QByteArray::number(from) + " + " + QByteArray::number(event);
            QVERIFY2(bench.row().state == next.value_or(State(from)), what.constData());
            const DownloadQueue::Counts counts = bench.queue.counts();
            QCOMPARE(counts.all(), 1);
            QCOMPARE(counts.of[size_t(bench.row().state)], 1);
            QCOMPARE(counts.active(), qsizetype(!hasEnded(bench.row().state)));
            QCOMPARE(bench.queue.finished(), hasEnded(bench.row().state));
            QCOMPARE(bench.queue.isWanted(bench.id), isLive(bench.row().state));
        }
    }
}

void DownloadStates::everyStateIsReached()
{
    QSet<int> reached{int(State::Queued)};
    for (const DownloadTransition &transition : downloadTransitions())
        reached.insert(int(transition.to));
    QCOMPARE(reached.size(), downloadStates);
}

void DownloadStates::triesAgainAfterOneTwoFourEightAndSixteenSeconds()
{
    Bench bench;
    for (const int seconds : {1, 2, 4, 8, 16}) {
        QVERIFY(bench.queue.takeNext());
        bench.queue.fail(bench.id, temporary);
        QCOMPARE(bench.row().state, State::Retrying);
        QCOMPARE(bench.row().error.text, temporary.text);
        QVERIFY(bench.row().retryAt == bench.now + std::chrono::seconds(seconds));
        bench.now += std::chrono::seconds(seconds) - std::chrono::milliseconds(1);
        QVERIFY(!bench.queue.hasQueued());
        bench.now += std::chrono::milliseconds(1);
        QVERIFY(bench.queue.hasQueued());
    }
    bench.queue.takeNext();
    bench.queue.fail(bench.id, temporary);
    QCOMPARE(bench.row().state, State::Failed);
}

void DownloadStates::progressResetsTheCountOfTries()
{
    Bench bench;
    for (int i = 0; i < 20; ++i) {
        bench.queue.takeNext();
        bench.queue.addReceived(bench.id, limits::progressBytes);
        bench.queue.fail(bench.id, temporary);
        QVERIFY(bench.row().retryAt == bench.now + std::chrono::seconds(1));
        bench.now += std::chrono::seconds(1);
    }
    // A drip is no progress.
    for (int i = 0; i < 5; ++i) {
        bench.queue.takeNext();
        bench.queue.addReceived(bench.id, 1);
        bench.queue.fail(bench.id, temporary);
        bench.now += std::chrono::seconds(16);
    }
    QCOMPARE(bench.row().state, State::Failed);
}

void DownloadStates::aSecondWrongChecksumIsForGood()
{
    Bench bench;
    bench.queue.takeNext();
    bench.queue.addReceived(bench.id, limits::progressBytes);
    bench.queue.fail(bench.id, {ErrorCode::ChecksumMismatch, {}});
    QCOMPARE(bench.row().state, State::Retrying);
    bench.now += std::chrono::seconds(1);
    bench.queue.takeNext();
    bench.queue.addReceived(bench.id, limits::progressBytes);
    bench.queue.fail(bench.id, {ErrorCode::ChecksumMismatch, {}});
    QCOMPARE(bench.row().state, State::Failed);
}

void DownloadStates::permanentErrorsAreNotTriedAgain()
{
    for (const ErrorCode code :
         {ErrorCode::NotFound, ErrorCode::Protocol, ErrorCode::LocalFile, ErrorCode::NotTrusted,
          ErrorCode::WrongPassword, ErrorCode::Invalid, ErrorCode::Cancelled}) {
        Bench bench;
        bench.queue.takeNext();
        bench.queue.fail(bench.id, {code, {}});
        QCOMPARE(bench.row().state, State::Failed);
    }
    for (const ErrorCode code :
         {ErrorCode::HostNotFound, ErrorCode::CannotConnect, ErrorCode::Refused,
          ErrorCode::CutShort, ErrorCode::TimedOut, ErrorCode::RemoteChanged}) {
        Bench bench;
        bench.queue.takeNext();
        bench.queue.fail(bench.id, {code, {}});
        QCOMPARE(bench.row().state, State::Retrying);
    }
}

void DownloadStates::aServerThatAPersonWaitsForIsLookedForOften()
{
    using namespace std::chrono_literals;
    QCOMPARE(reconnectDelay(1, ErrorCode::CannotConnect, true), 1000ms);
    QCOMPARE(reconnectDelay(2, ErrorCode::CannotConnect, true), 1000ms);
    QCOMPARE(reconnectDelay(1000, ErrorCode::CannotConnect, true), 1000ms);
    QCOMPARE(reconnectDelay(1000, ErrorCode::Refused, true), 30000ms); // it is there, and full
    QCOMPARE(reconnectDelay(3, ErrorCode::CannotConnect, false), 4000ms);
    QCOMPARE(reconnectDelay(1000, ErrorCode::CannotConnect, false), 30000ms);
}

void DownloadStates::withoutRetriesEveryErrorIsForGood()
{
    Bench bench;
    bench.queue.setRules({});
    bench.queue.takeNext();
    bench.queue.fail(bench.id, temporary);
    QCOMPARE(bench.row().state, State::Failed);
}

void DownloadStates::aFullDiskHoldsTheQueueUntilThereIsSpace()
{
    Bench bench;
    bench.queue.add({Download()});
    bench.queue.takeNext();
    bench.queue.setSize(bench.id, 300'000'000, 0);
    bench.freeBytes = 0;
    bench.queue.fail(bench.id, {ErrorCode::DiskFull, QStringLiteral("full")});
    QCOMPARE(bench.row().state, State::Queued);
    QCOMPARE(bench.queue.spaceHolds().first().needed, 300'000'000);
    QCOMPARE(bench.queue.spaceHolds().first().free, 0);
    QVERIFY(!bench.queue.hasQueued());
    QVERIFY(!bench.queue.takeNext());
    bench.freeBytes = 549'999'999; // the file, and one byte less than the reserve
    bench.now += std::chrono::seconds(1);
    QVERIFY(!bench.queue.hasQueued());
    bench.freeBytes = 550'000'000;
    QVERIFY(!bench.queue.hasQueued()); // not looked at yet
    bench.now += std::chrono::seconds(1);
    QVERIFY(!bench.queue.finished());
    QVERIFY(bench.queue.hasQueued());
    QCOMPARE(bench.queue.takeNext()->id, bench.id);
    QVERIFY(bench.queue.spaceHolds().isEmpty());
}

void DownloadStates::theReserveIsLeftFree()
{
    Bench bench;
    const Download somewhere;
    bench.freeBytes = 350'000'000;
    QVERIFY(bench.queue.checkSpace(somewhere, 60'000'000));
    // The disk is not asked again at once, but what was promised counts.
    QVERIFY(bench.queue.checkSpace(somewhere, 40'000'000));
    bench.freeBytes = 250'000'000;
    QCOMPARE(bench.queue.checkSpace(somewhere, 1).error().code, ErrorCode::DiskFull);
    bench.queue.setRules({});
    QVERIFY(bench.queue.checkSpace(somewhere, 1));
}

void DownloadStates::withoutPatienceAFullDiskFailsTheFile()
{
    Bench bench;
    bench.queue.setRules({});
    bench.queue.takeNext();
    bench.queue.fail(bench.id, {ErrorCode::DiskFull, {}});
    QCOMPARE(bench.row().state, State::Failed);
    QVERIFY(bench.queue.spaceHolds().isEmpty());
}

void DownloadStates::oneAnswerCoversTheBatchAndThoseThatComeLater()
{
    DownloadQueue queue;
    Download asking;
    asking.kind = DownloadKind::Folder;
    asking.existing = ExistingPolicy::Ask;
    const QList<quint64> ids = queue.add({asking, asking});
    const quint64 other = queue.add({asking}).first();
    queue.takeNext();
    queue.needDecision(ids[0], {5, 6});
    QCOMPARE(queue.find(ids[0])->remote.size, 5);
    queue.decideBatch(queue.find(ids[0])->batch, ExistingPolicy::Rename);
    QCOMPARE(queue.find(ids[0])->state, State::Queued);
    QCOMPARE(queue.find(ids[0])->existing, ExistingPolicy::Rename);
    QCOMPARE(queue.find(ids[1])->existing, ExistingPolicy::Rename);
    QCOMPARE(queue.find(other)->existing, ExistingPolicy::Ask);
    queue.addFound(ids[1], {asking});
    QCOMPARE(queue.all().last().existing, ExistingPolicy::Rename);
}

void DownloadStates::anAnswerThatCameWhileItWasAskedIsTaken()
{
    Bench bench;
    bench.queue.takeNext();
    bench.queue.decideBatch(bench.row().batch, ExistingPolicy::Overwrite);
    QCOMPARE(bench.row().state, State::Connecting);
    bench.queue.needDecision(bench.id, {5, 6});
    QCOMPARE(bench.row().state, State::Queued);
    QCOMPARE(bench.queue.takeNext()->existing, ExistingPolicy::Overwrite);
}

FERRY_TEST(DownloadStates)
#include "tst_downloadstates.moc"
