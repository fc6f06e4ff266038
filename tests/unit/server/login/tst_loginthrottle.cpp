// SPDX-License-Identifier: MIT
#include "server/limits.h"
#include "server/login/loginthrottle.h"
#include "support/testprogram.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::server;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

QHostAddress at(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

} // namespace

class TestLoginThrottle : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_now = std::chrono::steady_clock::time_point(1000h);
        m_throttle = std::make_unique<LoginThrottle>([this] { return m_now; });
    }

    void thePenaltyDoublesUpToTheMost();
    void itEndsWhenItsTimeIsOver();
    void successForgets();
    void ownSuccessDoesNotForgiveGuessingAtAnotherAccount();
    void guessesAtTheSameTimeGetOneVerdict();
    void timeForgets();
    void theLocalHostIsNeverLockedOut_data();
    void theLocalHostIsNeverLockedOut();
    void onlyTheSameAddressIsPunished();
    void anIpv6NetworkIsOneAddress();
    void ipv4ThroughIpv6IsIpv4();
    void theListShowsWhoIsRefusedAndCanBeLifted();
    void theMemoryIsBounded();
    void manyThreadsCount();

private:
    /// A wrong password as soon as one may be tried again; the penalty from then on.
    milliseconds failed(const QHostAddress &address, const QByteArray &account = {})
    {
        m_now += std::max(m_throttle->remaining(address), milliseconds(0));
        m_throttle->decide(address, account, false);
        return m_throttle->remaining(address);
    }
    std::chrono::steady_clock::time_point m_now;
    std::unique_ptr<LoginThrottle> m_throttle;
};

void TestLoginThrottle::thePenaltyDoublesUpToTheMost()
{
    const QHostAddress address = at("192.0.2.1");
    QCOMPARE(m_throttle->remaining(address).count(), 0);
    for (const auto expected : {5s, 10s, 20s, 40s, 80s, 160s, 320s, 600s, 600s, 600s}) {
        QCOMPARE(failed(address), milliseconds(expected));
        QCOMPARE(m_throttle->remaining(address), milliseconds(expected));
    }
    for (int i = 0; i < 10'000; ++i)
        failed(address);
    QCOMPARE(m_throttle->remaining(address), milliseconds(600s));
}

void TestLoginThrottle::itEndsWhenItsTimeIsOver()
{
    const QHostAddress address = at("192.0.2.1");
    failed(address);
    m_now += 4999ms;
    QCOMPARE(m_throttle->remaining(address), 1ms);
    m_now += 1ms;
    QVERIFY(m_throttle->remaining(address) <= 0ms);
    // The next one still counts as the second.
    m_now += 60s;
    QCOMPARE(failed(address), milliseconds(10s));
}

void TestLoginThrottle::successForgets()
{
    const QHostAddress address = at("192.0.2.1");
    failed(address);
    m_now += failed(address);
    QCOMPARE(m_throttle->decide(address, {}, true), milliseconds(0));
    QVERIFY(m_throttle->remaining(address) <= 0ms);
    QCOMPARE(failed(address), milliseconds(5s));
}

/// Guess, log in under one's own name, guess again.
void TestLoginThrottle::ownSuccessDoesNotForgiveGuessingAtAnotherAccount()
{
    const QHostAddress address = at("192.0.2.1");
    for (const auto expected : {5s, 10s, 20s}) {
        QCOMPARE(m_throttle->decide(address, "ferry", false), milliseconds(0));
        QCOMPARE(m_throttle->remaining(address), milliseconds(expected));
        m_now += expected;
        QCOMPARE(m_throttle->decide(address, "guest", true), milliseconds(0));
    }
    // Nor does it if one's own name was mistyped among them.
    QCOMPARE(m_throttle->decide(address, "guest", false), milliseconds(0));
    m_now += 40s;
    QCOMPARE(m_throttle->decide(address, "guest", true), milliseconds(0));
    QCOMPARE(failed(address, "ferry"), milliseconds(80s));
}

/// Eight connections may all have begun before the first of them fails.
void TestLoginThrottle::guessesAtTheSameTimeGetOneVerdict()
{
    const QHostAddress address = at("192.0.2.1");
    QCOMPARE(m_throttle->decide(address, "ferry", false), milliseconds(0));
    for (const bool right : {false, true, false})
        QCOMPARE(m_throttle->decide(address, "ferry", right), milliseconds(5s));
    QCOMPARE(m_throttle->remaining(address), milliseconds(5s)); // and no more
    m_now += 5s;
    QCOMPARE(m_throttle->decide(address, "ferry", true), milliseconds(0));
    QCOMPARE(failed(address, "ferry"), milliseconds(5s));
    QCOMPARE(m_throttle->decide(at("127.0.0.1"), "ferry", false), milliseconds(0));
}

void TestLoginThrottle::timeForgets()
{
    const QHostAddress address = at("192.0.2.1");
    failed(address);
    m_now += limits::penaltyMemory - 1ms;
    QCOMPARE(failed(address), milliseconds(10s));
    m_now += limits::penaltyMemory;
    QCOMPARE(failed(address), milliseconds(5s));
}

void TestLoginThrottle::theLocalHostIsNeverLockedOut_data()
{
    QTest::addColumn<QString>("address");
    for (const char *address : {"127.0.0.1", "::1", "::ffff:127.0.0.1"})
        QTest::newRow(address) << QString::fromLatin1(address);
}

void TestLoginThrottle::theLocalHostIsNeverLockedOut()
{
    QFETCH(QString, address);
    for (int i = 0; i < 20; ++i)
        failed(QHostAddress(address));
    QVERIFY(m_throttle->remaining(QHostAddress(address)) <= 0ms);
    QVERIFY(m_throttle->penalties().isEmpty());
    QCOMPARE(m_throttle->size(), 0);
}

void TestLoginThrottle::onlyTheSameAddressIsPunished()
{
    failed(at("192.0.2.1"));
    QVERIFY(m_throttle->remaining(at("192.0.2.2")) <= 0ms);
    QVERIFY(m_throttle->remaining(at("192.0.2.1")) > 0ms);
}

void TestLoginThrottle::anIpv6NetworkIsOneAddress()
{
    failed(at("2001:db8:1:2:aaaa::1"));
    QVERIFY(m_throttle->remaining(at("2001:db8:1:2:ffff:ffff:ffff:ffff")) > 0ms);
    QVERIFY(m_throttle->remaining(at("2001:db8:1:3:aaaa::1")) <= 0ms);
    QVERIFY(m_throttle->remaining(at("2001:db8:1:2::%eth0")) > 0ms);
    QCOMPARE(failed(at("2001:db8:1:2::9")), milliseconds(10s));
}

void TestLoginThrottle::ipv4ThroughIpv6IsIpv4()
{
    failed(at("::ffff:192.0.2.1"));
    QVERIFY(m_throttle->remaining(at("192.0.2.1")) > 0ms);
    QVERIFY(m_throttle->remaining(at("::ffff:192.0.2.2")) <= 0ms);
}

void TestLoginThrottle::theListShowsWhoIsRefusedAndCanBeLifted()
{
    failed(at("192.0.2.1"));
    failed(at("192.0.2.1"));
    failed(at("2001:db8::5"));
    m_now += 1s;
    QList<LoginThrottle::Penalty> list = m_throttle->penalties();
    QCOMPARE(list.size(), 2);
    QCOMPARE(list.at(0).address, at("192.0.2.1"));
    QCOMPARE(list.at(0).prefix, 32);
    QCOMPARE(list.at(0).failures, 2);
    QCOMPARE(list.at(0).remaining, milliseconds(9s));
    QCOMPARE(list.at(1).address, at("2001:db8::"));
    QCOMPARE(list.at(1).prefix, 64);
    QCOMPARE(list.at(1).remaining, milliseconds(4s));
    m_throttle->lift(list.at(0).address);
    QVERIFY(m_throttle->remaining(at("192.0.2.1")) <= 0ms);
    QCOMPARE(failed(at("192.0.2.1")), milliseconds(5s));
    m_now += 6s;
    QVERIFY(m_throttle->penalties().isEmpty());
}

void TestLoginThrottle::theMemoryIsBounded()
{
    const QHostAddress early = at("192.0.2.1");
    failed(early);
    m_now += 1ms;
    const QHostAddress second = at("192.0.2.2");
    failed(second);
    for (quint32 i = 0; i < quint32(limits::penaltyEntries) - 1; ++i) {
        m_now += 1us;
        failed(QHostAddress(0x0a000000u + i));
    }
    QCOMPARE(m_throttle->size(), limits::penaltyEntries);
    QVERIFY(m_throttle->remaining(early) <= 0ms); // the oldest made room
    QVERIFY(m_throttle->remaining(second) > 0ms);
    m_now += limits::penaltyMemory;
    failed(early);
    QCOMPARE(m_throttle->size(), 1); // what is over goes first
}

void TestLoginThrottle::manyThreadsCount()
{
    LoginThrottle throttle;
    throttle.setFigures(0ms, 0ms);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 500; ++round) {
                throttle.decide(QHostAddress(0x0a000000u + quint32(round % 50)), "ferry", false);
                throttle.remaining(at("10.0.0.1"));
                throttle.penalties();
                if (i == 0)
                    throttle.lift(at("10.1.0.1"));
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(throttle.size(), 50);
    throttle.setFigures(1h, 1h);
    throttle.decide(at("10.0.0.7"), "ferry", false);
    QCOMPARE(throttle.penalties().constFirst().failures, 41);
}

FERRY_TEST(TestLoginThrottle)
#include "tst_loginthrottle.moc"
