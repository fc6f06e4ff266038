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
};

void DiskSpaceGuardTest::nobodyWaitsForADiskThatIsAsked_data()
{
    QTest::addColumn<int>("who");
    QTest::newRow("a connection that looks for work") << 0;
    QTest::newRow("a connection that takes work") << 1;
    QTest::newRow("a connection that begins a file") << 2;
}

void DiskSpaceGuardTest::nobodyWaitsForADiskThatIsAsked()
{
    QFETCH(int, who);
    Held held;
    bool answered = false;
    std::future<void> window;
    held.whileAsked = [&] {
        window = std::async(std::launch::async, [&] {
            held.queue->held();
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
    else
        QVERIFY(!held.queue->checkSpace(QStringLiteral("/somewhere"), 1));
    QVERIFY(held.asked > 0);
    QVERIFY(answered);
}

void DiskSpaceGuardTest::aSmallDiskHasASmallReserve()
{
    Held held;
    held.free = 199'000'000;
    held.total = 200'000'000;
    QVERIFY(held.queue->checkSpace(QString(), 1000));
    QVERIFY(!held.queue->checkSpace(QString(), 190'000'000));
    held.total = 100'000'000'000;
    QVERIFY(!held.queue->checkSpace(QStringLiteral("large"), 1000));
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
    QVERIFY(!held.queue->held());
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
    QVERIFY(held.queue->hasQueued());
    QCOMPARE(held.queue->takeNext()->id, small);
}

FERRY_TEST(DiskSpaceGuardTest)
#include "tst_diskspaceguard.moc"
