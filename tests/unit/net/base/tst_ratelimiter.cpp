// SPDX-License-Identifier: MIT
#include "net/base/ratelimiter.h"
#include "support/testprogram.h"

#include <QTest>

#include <limits>

using namespace ferry;
using namespace std::chrono_literals;

using Clock = RateLimiter::Clock;

namespace {

/// How long a sender that obeys needs for `bytes`, from `start` on.
Clock::duration timeToSend(RateLimiter &limiter, qint64 bytes, Clock::time_point start)
{
    Clock::time_point now = start;
    while (bytes > 0) {
        const qint64 piece = limiter.piece(std::min<qint64>(bytes, 256 * 1024));
        now += limiter.spend(piece, now);
        bytes -= piece;
    }
    return now - start;
}

double seconds(Clock::duration time)
{
    return std::chrono::duration<double>(time).count();
}

} // namespace

class RateLimiterTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsTheRateWithinAPercentOverAMinute_data();
    void keepsTheRateWithinAPercentOverAMinute();
    void sharesTheRateAmongItsUsers();
    void aPauseEarnsLittleCredit();
    void forgetsWhatWasOwedWhenTheRateChanges();
    void withoutALimitNobodyWaits();
    void piecesStayBetweenAByteAndWhatIsThere();
    void absurdAmountsDoNotOverflow();
};

void RateLimiterTest::keepsTheRateWithinAPercentOverAMinute_data()
{
    QTest::addColumn<qint64>("rate");
    QTest::newRow("1 KiB/s") << qint64(1024);
    QTest::newRow("100 kB/s") << qint64(100'000);
    QTest::newRow("10 MB/s") << qint64(10'000'000);
    QTest::newRow("1 GB/s") << qint64(1'000'000'000);
}

void RateLimiterTest::keepsTheRateWithinAPercentOverAMinute()
{
    QFETCH(qint64, rate);
    RateLimiter limiter(rate);
    const double took = seconds(timeToSend(limiter, rate * 60, Clock::time_point(1h)));
    QVERIFY2(took > 59.4 && took < 60.6, qPrintable(QString::number(took)));
}

void RateLimiterTest::sharesTheRateAmongItsUsers()
{
    RateLimiter limiter(1'000'000);
    const Clock::time_point start(1h);
    Clock::time_point free[2] = {start, start};
    for (qint64 sent = 0; sent < 10'000'000;) {
        Clock::time_point &next = free[0] <= free[1] ? free[0] : free[1];
        const qint64 piece = limiter.piece(1'000'000);
        next += limiter.spend(piece, next);
        sent += piece;
    }
    const double took = seconds(std::max(free[0], free[1]) - start);
    QVERIFY2(took > 9.8 && took < 10.2, qPrintable(QString::number(took)));
}

void RateLimiterTest::aPauseEarnsLittleCredit()
{
    RateLimiter limiter(1'000'000);
    const Clock::time_point start(1h);
    timeToSend(limiter, 1'000'000, start);
    const double took = seconds(timeToSend(limiter, 1'000'000, start + 1h));
    QVERIFY2(took > 0.89, qPrintable(QString::number(took)));
}

void RateLimiterTest::forgetsWhatWasOwedWhenTheRateChanges()
{
    RateLimiter limiter(1);
    const Clock::time_point start(1h);
    QVERIFY(limiter.spend(100, start) > 90s);
    limiter.setRate(1'000'000);
    QVERIFY(limiter.spend(1000, start) < 1s);
}

void RateLimiterTest::withoutALimitNobodyWaits()
{
    RateLimiter limiter;
    QCOMPARE(limiter.piece(12345), 12345);
    QCOMPARE(limiter.spend(std::numeric_limits<qint64>::max()), Clock::duration(0));
    limiter.setRate(-5);
    QCOMPARE(limiter.rate(), 0);
}

void RateLimiterTest::piecesStayBetweenAByteAndWhatIsThere()
{
    QCOMPARE(RateLimiter(1).piece(1000), 1);
    QCOMPARE(RateLimiter(1'000'000).piece(1'000'000), 50'000);
    QCOMPARE(RateLimiter(1'000'000).piece(100), 100);
    QCOMPARE(RateLimiter(std::numeric_limits<qint64>::max()).piece(1000), 1000);
}

void RateLimiterTest::absurdAmountsDoNotOverflow()
{
    RateLimiter limiter(1);
    const Clock::time_point start(1h);
    for (int i = 0; i < 3; ++i)
        QVERIFY(limiter.spend(std::numeric_limits<qint64>::max(), start) > 0s);
}

FERRY_TEST(RateLimiterTest)
#include "tst_ratelimiter.moc"
