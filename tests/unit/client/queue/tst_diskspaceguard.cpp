// SPDX-License-Identifier: MIT
// A disk that is far away may take minutes to say how much room it has.
#include "client/queue/downloadqueue.h"
#include "client/transfer/transferscheduler.h"
#include "support/testprogram.h"

#include <QTest>

#include <future>
#include <memory>
#include <utility>

using namespace ferry;
using namespace ferry::client;
using namespace std::chrono_literals;

namespace {

/// A queue that is held because its only file found no room.
class Held
{
public:
    Held()
    {
        queue->setRules(QueueRules::unattended());
        Download large;
        large.size = 300'000'000;
        large.localName = QStringLiteral("large");
        id = queue->add({large}).first();
        queue->takeNext();
        queue->fail(id, {ErrorCode::DiskFull, QStringLiteral("full")});
        now += 1s;
        asked = 0;
    }

    DownloadQueue::Clock::time_point now;
    std::function<void()> whileAsked; ///< the disk is being asked
    qint64 free = 0;
    qint64 total = -1;
    int asked = 0;
    const std::shared_ptr<DownloadQueue> queue = std::make_shared<DownloadQueue>(
        [this] { return now; },
        [this](const QString &) {
            ++asked;
            if (const auto meanwhile = std::exchange(whileAsked, {}))
                meanwhile();
            return DiskSpace{free, total};
        });
    TransferScheduler scheduler{queue};
    quint64 id = 0;
};

Download in(const char *folder)
{
    Download download;
    download.folder = QString::fromLatin1(folder);
    return download;
}

} // namespace

class DiskSpaceGuardTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nobodyWaitsForADiskThatIsAsked_data();
    void nobodyWaitsForADiskThatIsAsked();
    void goesOnWhenThereIsSpace();
    void aSmallDiskHasASmallReserve();
    void goesOnWithoutTheRowThatFoundNoRoom_data();
    void goesOnWithoutTheRowThatFoundNoRoom();
    void anotherFolderGoesOn();
    void connectingTriesAgain();
    void aRowThatIsStartedNowIsTried();
    void aRowThatIsStartedNowMayUseTheReserve();
};

void DiskSpaceGuardTest::nobodyWaitsForADiskThatIsAsked_data()
{
    QTest::addColumn<int>("who");
    QTest::newRow("a connection that looks for work") << 0;
    QTest::newRow("a connection that takes work") << 1;
    QTest::newRow("a connection that begins a file") << 2;
    QTest::newRow("a connection whose file finds no room") << 3;
}

void DiskSpaceGuardTest::nobodyWaitsForADiskThatIsAsked()
{
    QFETCH(int, who);
    Held held;
    bool answered = false;
    std::future<void> window;
    held.whileAsked = [&] {
        window = std::async(std::launch::async, [&] {
            held.queue->spaceHolds();
            held.queue->changesSince(0);
            held.queue->hasQueued();
            held.scheduler.empty();
        });
        answered = window.wait_for(20s) == std::future_status::ready;
    };
    if (who == 0)
        held.queue->hasQueued();
    else if (who == 1)
        held.scheduler.next(TransferScheduler::Role::Main, 1);
    else if (who == 2)
        QVERIFY(!held.queue->checkSpace(in("/somewhere"), 1));
    else
        held.queue->fail(held.queue->add({Download()}).first(), {ErrorCode::DiskFull, {}});
    QVERIFY(held.asked > 0);
    QVERIFY(answered);
}

void DiskSpaceGuardTest::aSmallDiskHasASmallReserve()
{
    Held held;
    held.free = 199'000'000;
    held.total = 200'000'000;
    QVERIFY(held.queue->checkSpace(Download(), 1000));
    QVERIFY(!held.queue->checkSpace(Download(), 190'000'000));
    held.total = 100'000'000'000;
    QVERIFY(!held.queue->checkSpace(in("/large"), 1000));
}

void DiskSpaceGuardTest::goesOnWhenThereIsSpace()
{
    Held held;
    held.free = 550'000'000 - 1; // one byte less than the file and the reserve need
    QVERIFY(!held.queue->hasQueued());
    held.free = 550'000'000;
    QVERIFY(!held.queue->hasQueued()); // not asked again yet
    QCOMPARE(held.asked, 1);
    held.now += 1s;
    QVERIFY(held.queue->hasQueued());
    QVERIFY(held.queue->spaceHolds().isEmpty());
}

void DiskSpaceGuardTest::goesOnWithoutTheRowThatFoundNoRoom_data()
{
    QTest::addColumn<int>("way");
    QTest::newRow("removed") << 0;
    QTest::newRow("cancelled") << 1;
    QTest::newRow("paused") << 2;
    QTest::newRow("saved after all") << 3;
}

/// A small file may fit where a large one does not.
void DiskSpaceGuardTest::goesOnWithoutTheRowThatFoundNoRoom()
{
    QFETCH(int, way);
    Held held;
    const quint64 small = held.queue->add({Download()}).first();
    QVERIFY(!held.queue->hasQueued());
    if (way == 0)
        held.queue->remove(held.id);
    else if (way == 1)
        held.queue->cancel(held.id);
    else if (way == 2)
        held.queue->pause({held.id});
    else
        held.queue->finish(held.id, true);
    QCOMPARE(held.queue->spaceHolds().isEmpty(), way < 3); // at once, if a person did it
    QVERIFY(held.queue->hasQueued());
    QVERIFY(held.queue->spaceHolds().isEmpty());
    QCOMPARE(held.queue->takeNext()->id, small);
}

void DiskSpaceGuardTest::anotherFolderGoesOn()
{
    Held held;
    Download small;
    small.localName = QStringLiteral("small");
    held.queue->add({small});
    QVERIFY(!held.queue->hasQueued());
    small.folder = QStringLiteral("/roomy");
    const quint64 elsewhere = held.queue->add({small}).first();
    QVERIFY(held.queue->hasQueued());
    QCOMPARE(held.queue->takeNext()->id, elsewhere);
    QVERIFY(!held.queue->takeNext());
    QVERIFY(!held.queue->finished());
}

void DiskSpaceGuardTest::connectingTriesAgain()
{
    Held held;
    held.queue->setServer(QStringLiteral("ferry@host:1"));
    QVERIFY(held.queue->spaceHolds().isEmpty());
    QCOMPARE(held.queue->takeNext()->id, held.id);
    QCOMPARE(held.asked, 0);
}

void DiskSpaceGuardTest::aRowThatIsStartedNowIsTried()
{
    Held held;
    held.queue->add({Download()});
    held.queue->forceStart({held.id});
    QVERIFY(held.queue->hasQueued());
    QCOMPARE(held.queue->takeNext()->id, held.id);
    // Still no room: it waits like any other, and is not tried for ever.
    held.queue->fail(held.id, {ErrorCode::DiskFull, QStringLiteral("full")});
    QVERIFY(!held.queue->hasQueued());
    QVERIFY(!held.queue->takeNext());
}

void DiskSpaceGuardTest::aRowThatIsStartedNowMayUseTheReserve()
{
    Held held;
    held.free = 400'000'000;
    held.queue->forceStart({held.id});
    const auto taken = held.queue->takeNext();
    QVERIFY(taken);
    QVERIFY(held.queue->checkSpace(*taken, taken->size));
    Download other = *taken;
    other.forced = false;
    QVERIFY(!held.queue->checkSpace(other, other.size));
}

FERRY_TEST(DiskSpaceGuardTest)
#include "tst_diskspaceguard.moc"
