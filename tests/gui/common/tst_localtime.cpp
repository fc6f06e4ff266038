// SPDX-License-Identifier: MIT
#include "gui-common/look/localtime.h"
#include "support/testprogram.h"

#include <QDateTime>
#include <QTest>

#include <chrono>

using namespace ferry::gui;

namespace {

constexpr qint64 hourMs = 3600 * 1000;

/// Counts how often it is asked; the clocks are put back at `change`.
struct Zone
{
    qint64 change = 400'000 * hourMs;
    int summer = 7200;
    int asked = 0;
    LocalTimes::Clock::time_point now = LocalTimes::Clock::now();
    LocalTimes times{[this](qint64 ms) {
                         ++asked;
                         return ms < change ? summer : summer - 3600;
                     },
                     [this] { return now; }};

    QTime at(qint64 epochMs) { return times.at(epochMs).time(); }
};

} // namespace

class LocalTimeTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aListAsksOncePerQuarterOfAnHour();
    void clocksMayBePutBack();
    void anotherZoneIsNoticed();
    void itIsTheTimeOfTheSystem();
};

void LocalTimeTest::aListAsksOncePerQuarterOfAnHour()
{
    Zone zone;
    const qint64 begin = 100 * hourMs;
    for (int look = 0; look < 10; ++look) {
        for (int row = 0; row < 1000; ++row)
            zone.at(begin + row);
    }
    QCOMPARE(zone.asked, 1);
    QCOMPARE(zone.at(begin), QTime(6, 0)); // 4:00 and two hours
    zone.at(begin + hourMs);
    QCOMPARE(zone.asked, 2);
}

void LocalTimeTest::clocksMayBePutBack()
{
    Zone zone;
    const QTime before = zone.at(zone.change - 60'000);
    const QTime after = zone.at(zone.change);
    QCOMPARE(before.secsTo(after), 60 - 3600);
    Zone past;
    past.change = 0; // on both sides of the epoch
    QCOMPARE(past.at(-1000), QTime(1, 59, 59));
    QCOMPARE(past.at(0), QTime(1, 0));
}

void LocalTimeTest::anotherZoneIsNoticed()
{
    Zone zone;
    QCOMPARE(zone.at(0), QTime(2, 0));
    zone.summer = 0;
    QCOMPARE(zone.at(0), QTime(2, 0));
    zone.now += std::chrono::minutes(1);
    QCOMPARE(zone.at(0), QTime(0, 0));
}

void LocalTimeTest::itIsTheTimeOfTheSystem()
{
    for (const qint64 ms : {qint64(0), 400'000 * hourMs, 494'300 * hourMs + 1234}) {
        const QDateTime expected = QDateTime::fromMSecsSinceEpoch(ms);
        QCOMPARE(localTime(ms).date(), expected.date());
        QCOMPARE(localTime(ms).time(), expected.time());
        QCOMPARE(localTime(ms).toMSecsSinceEpoch(), ms);
    }
}

FERRY_TEST(LocalTimeTest)
#include "tst_localtime.moc"
