// SPDX-License-Identifier: MIT
#include "server/login/verifygate.h"
#include "support/testprogram.h"

#include <QMutex>
#include <QTest>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::server;
using namespace std::chrono_literals;

namespace {

QDeadlineTimer soon()
{
    return QDeadlineTimer(20s);
}

} // namespace

class TestVerifyGate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void soManyAreInsideAtOnceAndNoMore();
    void aFullQueueRefusesAtOnce();
    void aWaiterTimesOutAndLeavesTheQueue();
    void aWaiterCanBeCancelled();
    void whoComesFirstIsServedFirst();
    void aPassIsGivenBackOnce();
};

void TestVerifyGate::soManyAreInsideAtOnceAndNoMore()
{
    VerifyGate gate(2, 100);
    std::atomic_int inside = 0;
    std::atomic_int most = 0;
    std::atomic_int served = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 12; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                const Result<VerifyGate::Pass> pass = gate.enter(soon());
                if (!pass)
                    continue;
                const int now = ++inside;
                int seen = most;
                while (now > seen && !most.compare_exchange_weak(seen, now)) {
                }
                std::this_thread::yield();
                --inside;
                ++served;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(served.load(), 600);
    QVERIFY(most <= 2);
    QCOMPARE(gate.inside(), 0);
    QCOMPARE(gate.waiting(), 0);
}

void TestVerifyGate::aFullQueueRefusesAtOnce()
{
    VerifyGate gate(1, 2);
    auto inside = std::make_unique<Result<VerifyGate::Pass>>(gate.enter(soon()));
    QVERIFY(inside->ok());
    const auto wait = [&] { return gate.enter(soon()).ok(); };
    auto first = std::async(std::launch::async, wait);
    auto second = std::async(std::launch::async, wait);
    QTRY_COMPARE(gate.waiting(), 2);
    const Result<VerifyGate::Pass> third = gate.enter(QDeadlineTimer(QDeadlineTimer::Forever));
    QVERIFY(!third.ok());
    QCOMPARE(int(third.error().code), int(ErrorCode::Refused));
    inside.reset();
    QVERIFY(first.get());
    QVERIFY(second.get());
}

void TestVerifyGate::aWaiterTimesOutAndLeavesTheQueue()
{
    VerifyGate gate(1, 1);
    const Result<VerifyGate::Pass> inside = gate.enter(soon());
    for (int i = 0; i < 3; ++i) {
        const Result<VerifyGate::Pass> late = gate.enter(QDeadlineTimer(10ms));
        QVERIFY(!late.ok());
        QCOMPARE(int(late.error().code), int(ErrorCode::TimedOut));
        QCOMPARE(gate.waiting(), 0);
    }
}

void TestVerifyGate::aWaiterCanBeCancelled()
{
    VerifyGate gate(1, 4);
    auto inside = std::make_unique<Result<VerifyGate::Pass>>(gate.enter(soon()));
    std::atomic_bool stop = false;
    auto cancelled = std::async(std::launch::async, [&] {
        const auto result =
            gate.enter(QDeadlineTimer(QDeadlineTimer::Forever), [&] { return stop.load(); });
        return result ? ErrorCode::Invalid : result.error().code;
    });
    auto patient = std::async(std::launch::async, [&] { return gate.enter(soon()).ok(); });
    QTRY_COMPARE(gate.waiting(), 2);
    stop = true;
    gate.wake();
    QCOMPARE(int(cancelled.get()), int(ErrorCode::Cancelled));
    QCOMPARE(gate.waiting(), 1);
    inside.reset();
    QVERIFY(patient.get());
    // Who is cancelled already does not get in even if there is room.
    QVERIFY(!gate.enter(soon(), [] { return true; }).ok());
    QCOMPARE(gate.inside(), 0);
}

void TestVerifyGate::whoComesFirstIsServedFirst()
{
    VerifyGate gate(1, 8);
    auto inside = std::make_unique<Result<VerifyGate::Pass>>(gate.enter(soon()));
    QMutex mutex;
    QList<int> order;
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&, i] {
            const Result<VerifyGate::Pass> pass = gate.enter(soon());
            const QMutexLocker locker(&mutex);
            order.append(pass ? i : -1);
        });
        QTRY_COMPARE(gate.waiting(), i + 1);
    }
    inside.reset();
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(order, (QList<int>{0, 1, 2, 3, 4, 5}));
}

void TestVerifyGate::aPassIsGivenBackOnce()
{
    VerifyGate gate(2, 0);
    {
        VerifyGate::Pass first = gate.enter(soon()).take();
        VerifyGate::Pass second = std::move(first);
        QCOMPARE(gate.inside(), 1);
        VerifyGate::Pass third = gate.enter(soon()).take();
        QCOMPARE(gate.inside(), 2);
        QVERIFY(!gate.enter(soon()).ok()); // and no queue
        third = std::move(second);
        QCOMPARE(gate.inside(), 1);
    }
    QCOMPARE(gate.inside(), 0);
}

FERRY_TEST(TestVerifyGate)
#include "tst_verifygate.moc"
