// SPDX-License-Identifier: MIT
#include "net/channel/plainchannel.h"
#include "net/channel/wakeup.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace ferry;
using namespace std::chrono_literals;

using Heard = Channel::Heard;

/// A wait for the peer that something else can end.
class TestWakeup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void nothingHappensUntilTheDeadline();
    void wakingBeforeTheWaitCounts();
    void wakingEndsAWaitUnderWay();
    void wakingTwiceIsWakingOnce();
    void bytesAreHeardFirst();
    void theEndOfTheStreamIsHeard();
    void shutdownEndsTheWait();
    void withoutAWakeupItIsAnOrdinaryWait();

private:
    Result<Heard> wait(QDeadlineTimer deadline = QDeadlineTimer(60s))
    {
        return m_channel->waitForBytes(deadline, m_wakeup.get());
    }

    std::unique_ptr<PlainChannel> m_channel;
    FileDescriptor m_peer;
    std::unique_ptr<Wakeup> m_wakeup;
};

void TestWakeup::init()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    m_channel = std::make_unique<PlainChannel>(FileDescriptor(ends[0]));
    m_peer.reset(ends[1]);
    m_wakeup = std::make_unique<Wakeup>();
    QVERIFY(m_wakeup->valid());
}

void TestWakeup::nothingHappensUntilTheDeadline()
{
    QVERIFY(wait(QDeadlineTimer(10ms)).value() == Heard::Nothing);
}

void TestWakeup::wakingBeforeTheWaitCounts()
{
    m_wakeup->wake();
    QVERIFY(wait().value() == Heard::Woken);
}

void TestWakeup::wakingEndsAWaitUnderWay()
{
    std::thread other([this] {
        std::this_thread::sleep_for(20ms);
        m_wakeup->wake();
    });
    const auto heard = wait();
    other.join();
    QVERIFY(heard.value() == Heard::Woken);
}

void TestWakeup::wakingTwiceIsWakingOnce()
{
    for (int i = 0; i < 1000; ++i)
        m_wakeup->wake();
    QVERIFY(wait().value() == Heard::Woken);
}

void TestWakeup::bytesAreHeardFirst()
{
    m_wakeup->wake();
    QCOMPARE(::write(m_peer.get(), "x", 1), 1);
    QVERIFY(wait().value() == Heard::Bytes);
}

void TestWakeup::theEndOfTheStreamIsHeard()
{
    m_peer.reset();
    QVERIFY(wait().value() == Heard::Bytes);
}

void TestWakeup::shutdownEndsTheWait()
{
    std::thread other([this] {
        std::this_thread::sleep_for(20ms);
        m_channel->shutdown();
    });
    const auto heard = wait();
    other.join();
    QVERIFY(heard.error().code == ErrorCode::Cancelled);
    m_wakeup->wake();
    QVERIFY(wait().error().code == ErrorCode::Cancelled);
}

void TestWakeup::withoutAWakeupItIsAnOrdinaryWait()
{
    m_wakeup.reset();
    QVERIFY(wait(QDeadlineTimer(10ms)).value() == Heard::Nothing);
    QCOMPARE(::write(m_peer.get(), "x", 1), 1);
    QVERIFY(wait().value() == Heard::Bytes);
}

FERRY_TEST(TestWakeup)
#include "tst_wakeup.moc"
