// SPDX-License-Identifier: MIT
#include "net/base/rateguard.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace std::chrono_literals;

class TestRateGuard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tooLittleInTheWindowIsTooSlow();
    void onlyTheTimeOfWaitingCounts();
    void eachWindowCountsAlone();
};

void TestRateGuard::tooLittleInTheWindowIsTooSlow()
{
    RateGuard guard(1000, 10s);
    QVERIFY(guard.add(0, 9999ms));
    QVERIFY(!guard.add(9'999, 1ms));
    QVERIFY(guard.add(10'000, 10s));
}

void TestRateGuard::onlyTheTimeOfWaitingCounts()
{
    RateGuard guard(1000, 10s);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(guard.add(1, 0ms));
    QVERIFY(!guard.add(1, 10s));
}

void TestRateGuard::eachWindowCountsAlone()
{
    RateGuard guard(1000, 10s);
    QVERIFY(guard.add(1'000'000'000, 10s));
    QVERIFY(!guard.add(1, 10s));
    QVERIFY(guard.add(0, 9s));
    guard.restart();
    QVERIFY(guard.add(0, 9s));
}

FERRY_TEST(TestRateGuard)
#include "tst_rateguard.moc"
