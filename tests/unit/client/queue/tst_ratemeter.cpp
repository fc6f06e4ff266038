// SPDX-License-Identifier: MIT
#include "client/queue/ratemeter.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry::client;
using namespace std::chrono_literals;

class RateMeterTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysNothingBeforeTimeHasPassed();
    void aFirstPieceSaysNothingAboutTheSpeed();
    void measuresTheFirstSecondFromTheStart();
    void followsAChangeOfSpeedWithinASecond();
    void averagesOverTheWholeTime();
    void startsAnew();
};

void RateMeterTest::saysNothingBeforeTimeHasPassed()
{
    RateMeter meter;
    const RateMeter::Clock::time_point start;
    meter.start(start);
    meter.add(1'000'000, start);
    QCOMPARE(meter.lately(), 0);
    QCOMPARE(meter.average(start), 0);
}

void RateMeterTest::aFirstPieceSaysNothingAboutTheSpeed()
{
    RateMeter meter;
    const RateMeter::Clock::time_point start;
    meter.start(start);
    meter.add(1'000'000, start + 20ms);
    QCOMPARE(meter.lately(), 0);
    meter.add(1'000'000, start + 200ms);
    QCOMPARE(meter.lately(), 10'000'000);
}

void RateMeterTest::measuresTheFirstSecondFromTheStart()
{
    RateMeter meter;
    const RateMeter::Clock::time_point start;
    meter.start(start);
    meter.add(1000, start + 250ms);
    QCOMPARE(meter.lately(), 4000);
    meter.add(1000, start + 500ms);
    QCOMPARE(meter.lately(), 4000);
}

void RateMeterTest::followsAChangeOfSpeedWithinASecond()
{
    RateMeter meter;
    const RateMeter::Clock::time_point start;
    meter.start(start);
    for (int i = 1; i <= 40; ++i)
        meter.add(1000, start + i * 100ms);
    QCOMPARE(meter.lately(), 10'000);
    for (int i = 41; i <= 50; ++i)
        meter.add(100, start + i * 100ms);
    QCOMPARE(meter.lately(), 1000);
}

void RateMeterTest::averagesOverTheWholeTime()
{
    RateMeter meter;
    const RateMeter::Clock::time_point start;
    meter.start(start);
    meter.add(9000, start + 1s);
    meter.add(1000, start + 4s);
    QCOMPARE(meter.average(start + 5s), 2000);
}

void RateMeterTest::startsAnew()
{
    RateMeter meter;
    const RateMeter::Clock::time_point start;
    meter.start(start);
    meter.add(9000, start + 1s);
    meter.start(start + 2s);
    QCOMPARE(meter.lately(), 0);
    meter.add(100, start + 3s);
    QCOMPARE(meter.average(start + 3s), 100);
}

FERRY_TEST(RateMeterTest)
#include "tst_ratemeter.moc"
