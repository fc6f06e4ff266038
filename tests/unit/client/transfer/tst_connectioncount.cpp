// SPDX-License-Identifier: MIT
#include "client/transfer/connectioncount.h"
#include "support/testprogram.h"

#include <QTest>

#include <functional>

using namespace ferry;
using namespace ferry::client;
using namespace std::chrono_literals;

namespace {

/// A transfer of `left` bytes over a line that carries rate(n) bytes per second with n
/// connections, each of which opens at once. The most connections there were, and how many at
/// the end.
struct Run
{
    int most = 1;
    int last = 1;
    int changes = 0;
};

Run run(const std::function<double(int)> &rate, qint64 left, int most = 3,
        ConnectionCount::Clock::duration cost = 5ms)
{
    ConnectionCount count(most, cost);
    Run result;
    ConnectionCount::Clock::time_point now(1h);
    double received = 0;
    const double all = double(left);
    while (received < all) {
        const int wanted = count.wanted(now, result.last, qint64(received), qint64(all - received));
        result.changes += wanted != result.last;
        result.last = wanted;
        result.most = std::max(result.most, wanted);
        now += 20ms;
        received += rate(result.last) * 0.02;
    }
    return result;
}

constexpr qint64 gigabyte = 1'000'000'000;

} // namespace

class ConnectionCountTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opensMoreWhereEachAddsItsOwn();
    void staysWithOneWhereTheLineIsTheLimit();
    void stopsWhereTheNextGainsNothing();
    void asksForNoneWhenLittleIsLeft();
    void asksForNoneWhenOpeningTakesLonger();
    void neverAsksForMoreThanTheMost();
    void aLostOneIsTriedAgainLater();
    void triesLessAndLessOftenWhatGainsNothing();
};

void ConnectionCountTest::opensMoreWhereEachAddsItsOwn()
{
    QCOMPARE(run([](int n) { return n * 1e9; }, 5 * gigabyte).last, 3);
}

void ConnectionCountTest::staysWithOneWhereTheLineIsTheLimit()
{
    const Run tried = run([](int) { return 100e6; }, gigabyte / 2);
    QCOMPARE(tried.most, 2);
    QCOMPARE(tried.last, 1);
}

void ConnectionCountTest::stopsWhereTheNextGainsNothing()
{
    const Run tried = run([](int n) { return n == 1 ? 1e9 : 1.5e9; }, 6 * gigabyte);
    QCOMPARE(tried.most, 3);
    QCOMPARE(tried.last, 2);
}

void ConnectionCountTest::asksForNoneWhenLittleIsLeft()
{
    QCOMPARE(run([](int n) { return n * 1e9; }, gigabyte / 10).most, 1);
}

void ConnectionCountTest::asksForNoneWhenOpeningTakesLonger()
{
    QCOMPARE(run([](int n) { return n * 1e9; }, gigabyte, 3, 200ms).most, 1);
}

void ConnectionCountTest::neverAsksForMoreThanTheMost()
{
    QCOMPARE(run([](int n) { return n * 1e8; }, 5 * gigabyte, 2).most, 2);
    QCOMPARE(run([](int n) { return n * 1e8; }, 5 * gigabyte, 1).most, 1);
    QCOMPARE(run([](int n) { return n * 1e8; }, 5 * gigabyte, 0).most, 1);
}

void ConnectionCountTest::aLostOneIsTriedAgainLater()
{
    ConnectionCount count(3, 1ms);
    ConnectionCount::Clock::time_point now(1h);
    qint64 received = 0;
    int open = 1;
    const auto step = [&] {
        now += 50ms;
        received += open * gigabyte / 20;
        return count.wanted(now, open, received, 100 * gigabyte);
    };
    while (open < 3)
        open = step();
    open = 2; // one broke
    int tries = 0;
    while (open < 3 && tries++ < 100)
        open = step();
    QCOMPARE(open, 3);
}

void ConnectionCountTest::triesLessAndLessOftenWhatGainsNothing()
{
    const Run tried = run([](int) { return 1e6; }, 60 * 1'000'000);
    QVERIFY2(tried.changes <= 6, qPrintable(QString::number(tried.changes)));
}

FERRY_TEST(ConnectionCountTest)
#include "tst_connectioncount.moc"
