// SPDX-License-Identifier: MIT
#include "net/limits.h"
#include "server/limits.h"
#include "server/pacing/pacer.h"
#include "server/pacing/sessioncounters.h"
#include "support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

using namespace ferry;
using namespace ferry::server;
using namespace std::chrono_literals;

namespace {

/// Counts how often somebody rests on it.
class RestChannel final : public Channel
{
public:
    std::function<Result<>(QDeadlineTimer)> onPause = [](QDeadlineTimer deadline) {
        QTest::qSleep(int(qMax<qint64>(deadline.remainingTime(), 0)));
        return Result<>();
    };
    int rests = 0;

    Result<qsizetype> read(char *, qsizetype, QDeadlineTimer) override { return qsizetype(0); }
    Result<> write(QByteArrayView, QDeadlineTimer) override { return {}; }
    Result<qint64> sendFile(int, qint64, qint64 count, QDeadlineTimer) override { return count; }
    Result<bool> waitForBytes(QDeadlineTimer) override { return true; }
    Result<> pause(QDeadlineTimer deadline) override
    {
        ++rests;
        return onPause(deadline);
    }
    void finishWriting() override {}
    void finishReading() override {}
    void shutdown() override {}
    QString description() const override { return {}; }
};

} // namespace

class TestPacer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutALimitNothingRests();
    void piecesFollowTheStricterLimit();
    void aLimitMakesTheSessionRest();
    void theSharedLimitHoldsForAll();
    void aRestEndsSoonWhenTheLimitIsLifted();
    void restingIsNeitherIdleNorSlow();
    void aPausedSessionWaitsUntilItIsResumed();
    void aPauseEndsWhenTheChannelIsShutDown();
    void aPauseEndsWhenTheBeatSaysSo();

private:
    std::shared_ptr<RateLimiter> m_shared = std::make_shared<RateLimiter>();
    RestChannel m_channel;
    ServerConfig m_config;
    SessionCounters m_counters;
};

void TestPacer::withoutALimitNothingRests()
{
    RestChannel channel;
    Pacer pacer(std::make_shared<RateLimiter>());
    RateGuard guard(m_config);
    QCOMPARE(pacer.piece(limits::ioBytes), limits::ioBytes);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(pacer.spend(1'000'000, channel, guard, m_counters).ok());
    QCOMPARE(channel.rests, 0);
}

void TestPacer::piecesFollowTheStricterLimit()
{
    const auto shared = std::make_shared<RateLimiter>(1'000'000);
    Pacer pacer(shared);
    QCOMPARE(pacer.piece(limits::ioBytes), 50'000);
    pacer.setRate(100'000);
    QCOMPARE(pacer.rate(), 100'000);
    QCOMPARE(pacer.piece(limits::ioBytes), 5'000);
    shared->setRate(10'000);
    QCOMPARE(pacer.piece(limits::ioBytes), 500);
    QCOMPARE(pacer.piece(7), 7);
}

void TestPacer::aLimitMakesTheSessionRest()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    pacer.setRate(1'000'000);
    RateGuard guard(m_config);
    QElapsedTimer time;
    time.start();
    for (qint64 left = 600'000; left > 0;) {
        const qint64 piece = pacer.piece(left);
        QVERIFY(pacer.spend(piece, channel, guard, m_counters).ok());
        left -= piece;
    }
    QVERIFY(channel.rests > 0);
    // Faster than the limit, less its credit, is not possible.
    QVERIFY2(time.elapsed() >= 490, qPrintable(QString::number(time.elapsed())));
}

void TestPacer::theSharedLimitHoldsForAll()
{
    const auto shared = std::make_shared<RateLimiter>(1'000'000);
    RestChannel channel;
    Pacer first(shared), second(shared);
    RateGuard guard(m_config);
    QElapsedTimer time;
    time.start();
    for (int i = 0; i < 6; ++i) {
        QVERIFY(first.spend(50'000, channel, guard, m_counters).ok());
        QVERIFY(second.spend(50'000, channel, guard, m_counters).ok());
    }
    QVERIFY2(time.elapsed() >= 490, qPrintable(QString::number(time.elapsed())));
}

void TestPacer::aRestEndsSoonWhenTheLimitIsLifted()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    pacer.setRate(1);
    RateGuard guard(m_config);
    channel.onPause = [&](QDeadlineTimer deadline) {
        // One look at a time, however long the rest: an hour is owed here.
        if (deadline.remainingTime() > limits::pausePollInterval.count())
            return Result<>(Error{ErrorCode::Invalid, {}});
        pacer.setRate(0);
        return Result<>();
    };
    QVERIFY(pacer.spend(1'000'000, channel, guard, m_counters).ok());
    QCOMPARE(channel.rests, 1);
}

void TestPacer::restingIsNeitherIdleNorSlow()
{
    m_config.minimumRate = 1'000'000;
    m_config.minimumRateWindow = 250ms;
    RestChannel channel;
    Pacer pacer(m_shared);
    pacer.setRate(1000);
    RateGuard guard(m_config);
    // Rests longer than the window, in which next to nothing was sent.
    QVERIFY(pacer.spend(500, channel, guard, m_counters).ok());
    QVERIFY(channel.rests > 0);
    QVERIFY(guard.add(1));
    SessionInfo info;
    m_counters.sample(info);
    QVERIFY(info.idleMs < limits::stalledTime.count());
}

void TestPacer::aPausedSessionWaitsUntilItIsResumed()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    RateGuard guard(m_config);
    QVERIFY(pacer.waitWhilePaused(channel, guard).ok());
    QCOMPARE(channel.rests, 0);
    pacer.setPaused(true);
    QVERIFY(pacer.isPaused());
    channel.onPause = [&](QDeadlineTimer) {
        if (channel.rests == 3)
            pacer.setPaused(false);
        return Result<>();
    };
    QVERIFY(pacer.waitWhilePaused(channel, guard).ok());
    QCOMPARE(channel.rests, 3);
}

void TestPacer::aPauseEndsWhenTheChannelIsShutDown()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    RateGuard guard(m_config);
    pacer.setPaused(true);
    channel.onPause = [](QDeadlineTimer) { return Result<>(Error{ErrorCode::Cancelled, {}}); };
    const auto waited = pacer.waitWhilePaused(channel, guard);
    QVERIFY(!waited);
    QCOMPARE(waited.error().code, ErrorCode::Cancelled);
    pacer.setRate(1000);
    const auto rested = pacer.spend(1'000'000, channel, guard, m_counters);
    QVERIFY(!rested);
    QCOMPARE(rested.error().code, ErrorCode::Cancelled);
}

void TestPacer::aPauseEndsWhenTheBeatSaysSo()
{
    RestChannel channel;
    channel.onPause = [](QDeadlineTimer) { return Result<>(); };
    Pacer pacer(m_shared);
    RateGuard guard(m_config);
    pacer.setPaused(true);
    int beats = 0;
    QVERIFY(
        pacer.waitWhilePaused(channel, guard, [&]() -> Result<bool> { return ++beats == 4; }).ok());
    QCOMPARE(beats, 4);
    const auto broken = pacer.waitWhilePaused(channel, guard, []() -> Result<bool> {
        return Error{ErrorCode::CutShort, {}};
    });
    QCOMPARE(broken.error().code, ErrorCode::CutShort);
}

FERRY_TEST(TestPacer)
#include "tst_pacer.moc"
