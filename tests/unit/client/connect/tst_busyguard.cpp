// SPDX-License-Identifier: MIT
#include "client/connect/busyguard.h"
#include "client/limits.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;
using namespace std::chrono_literals;

class TestBusyGuard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void beingBusyHasAnEnd();
    void whatComesBeginsAnew();
    void aChecksumOfMuchTakesLonger();
};

void TestBusyGuard::beingBusyHasAnEnd()
{
    BusyGuard none(0ms);
    QVERIFY(!none.busy());
    BusyGuard hour(1h);
    QVERIFY(hour.busy() && hour.busy());
}

void TestBusyGuard::whatComesBeginsAnew()
{
    BusyGuard guard(0ms);
    QVERIFY(!guard.busy());
    guard.add(1); // more than nothing in no time
    QVERIFY(guard.busy(3600 * limits::minimumChecksumRate));
    guard.add(3600 * limits::minimumRate - 1);
    QVERIFY(guard.busy());
    guard.add(1);
    QVERIFY(!guard.busy());
}

void TestBusyGuard::aChecksumOfMuchTakesLonger()
{
    BusyGuard guard(0ms);
    QVERIFY(guard.busy(3600 * limits::minimumChecksumRate));
    guard.restart();
    QVERIFY(!guard.busy());
}

FERRY_TEST(TestBusyGuard)
#include "tst_busyguard.moc"
