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
    Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer) override
    {
        return bytes.size();
    }
    Result<qint64> sendFile(int, qint64, qint64 count, QDeadlineTimer) override { return count; }
    Result<Heard> waitForBytes(QDeadlineTimer, const Wakeup *) override { return Heard::Bytes; }
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
    void restingIsNotIdle();
    void whoRestsCanSaySo();
    void aPausedSessionWaitsUntilItIsResumed();
    void aPauseEndsWhenTheChannelIsShutDown();
    void aPauseEndsWhenTheBeatSaysSo();

private:
    Result<> spent(Pacer &pacer, qint64 bytes, Channel &channel)
    {
        pacer.spend(bytes);
        return pacer.rest(channel, m_counters);
    }

    std::shared_ptr<RateLimiter> m_shared = std::make_shared<RateLimiter>();
    RestChannel m_channel;
    SessionCounters m_counters;
};

void TestPacer::withoutALimitNothingRests()
{
    RestChannel channel;
    Pacer pacer(std::make_shared<RateLimiter>());
    QCOMPARE(pacer.piece(limits::ioBytes), limits::ioBytes);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(spent(pacer, 1'000'000, channel).ok());
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
    QElapsedTimer time;
    time.start();
    for (qint64 left = 600'000; left > 0;) {
        const qint64 piece = pacer.piece(left);
        QVERIFY(spent(pacer, piece, channel).ok());
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
    QElapsedTimer time;
    time.start();
    for (int i = 0; i < 6; ++i) {
        QVERIFY(spent(first, 50'000, channel).ok());
        QVERIFY(spent(second, 50'000, channel).ok());
    }
    QVERIFY2(time.elapsed() >= 490, qPrintable(QString::number(time.elapsed())));
}

void TestPacer::aRestEndsSoonWhenTheLimitIsLifted()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    pacer.setRate(1);
    channel.onPause = [&](QDeadlineTimer deadline) {
        // One look at a time, however long the rest: an hour is owed here.
        if (deadline.remainingTime() > limits::pausePollInterval.count())
            return Result<>(Error{ErrorCode::Invalid, {}});
        pacer.setRate(0);
        return Result<>();
    };
    QVERIFY(spent(pacer, 1'000'000, channel).ok());
    QCOMPARE(channel.rests, 1);
}

void TestPacer::restingIsNotIdle()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    pacer.setRate(1000);
    QVERIFY(spent(pacer, 500, channel).ok());
    QVERIFY(channel.rests > 0);
    SessionInfo info;
    m_counters.sample(info);
    QVERIFY(info.idleMs < limits::stalledTime.count());
}

void TestPacer::whoRestsCanSaySo()
{
    RestChannel channel;
    channel.onPause = [](QDeadlineTimer) { return Result<>(); };
    Pacer pacer(m_shared);
    int beats = 0;
    const auto beat = [&]() -> Result<bool> { return ++beats == 3; };
    QVERIFY(pacer.rest(channel, m_counters, beat).ok());
    QCOMPARE(beats, 0);
    pacer.setRate(1);
    pacer.spend(1'000'000);
    QVERIFY(pacer.rest(channel, m_counters, beat).ok());
    QCOMPARE(beats, 3);
    pacer.spend(1);
    const auto ended = pacer.rest(channel, m_counters, []() -> Result<bool> {
        return Error{ErrorCode::CutShort, {}};
    });
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, ErrorCode::CutShort);
}

void TestPacer::aPausedSessionWaitsUntilItIsResumed()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    QVERIFY(pacer.waitWhilePaused(channel).ok());
    QCOMPARE(channel.rests, 0);
    pacer.setPaused(true);
    QVERIFY(pacer.isPaused());
    channel.onPause = [&](QDeadlineTimer) {
        if (channel.rests == 3)
            pacer.setPaused(false);
        return Result<>();
    };
    QVERIFY(pacer.waitWhilePaused(channel).ok());
    QCOMPARE(channel.rests, 3);
}

void TestPacer::aPauseEndsWhenTheChannelIsShutDown()
{
    RestChannel channel;
    Pacer pacer(m_shared);
    pacer.setPaused(true);
    channel.onPause = [](QDeadlineTimer) { return Result<>(Error{ErrorCode::Cancelled, {}}); };
    const auto waited = pacer.waitWhilePaused(channel);
    QVERIFY(!waited);
    QCOMPARE(waited.error().code, ErrorCode::Cancelled);
    pacer.setRate(1000);
    const auto rested = spent(pacer, 1'000'000, channel);
    QVERIFY(!rested);
    QCOMPARE(rested.error().code, ErrorCode::Cancelled);
}

void TestPacer::aPauseEndsWhenTheBeatSaysSo()
{
    RestChannel channel;
    channel.onPause = [](QDeadlineTimer) { return Result<>(); };
    Pacer pacer(m_shared);
    pacer.setPaused(true);
    int beats = 0;
    QVERIFY(pacer.waitWhilePaused(channel, [&]() -> Result<bool> { return ++beats == 4; }).ok());
    QCOMPARE(beats, 4);
    const auto broken = pacer.waitWhilePaused(channel, []() -> Result<bool> {
        return Error{ErrorCode::CutShort, {}};
    });
    QCOMPARE(broken.error().code, ErrorCode::CutShort);
}

FERRY_TEST(TestPacer)
#include "tst_pacer.moc"
