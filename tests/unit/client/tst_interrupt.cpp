// SPDX-License-Identifier: MIT
#include "client-cli/interrupt.h"
#include "support/testprogram.h"

#include <QTest>

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

using namespace ferry::client;

class InterruptTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void inputEndsTheWait();
    void aSignalThatCameBeforeTheWaitEndsIt();

private:
    int m_pipe[2] = {-1, -1};
};

void InterruptTest::initTestCase()
{
    QCOMPARE(::pipe2(m_pipe, O_CLOEXEC), 0);
}

void InterruptTest::cleanupTestCase()
{
    ::close(m_pipe[0]);
    ::close(m_pipe[1]);
}

void InterruptTest::inputEndsTheWait()
{
    const Interrupt interrupt;
    char byte = 'x';
    QCOMPARE(::write(m_pipe[1], &byte, 1), 1);
    QVERIFY(Interrupt::waitForInput(m_pipe[0]));
    QCOMPARE(::read(m_pipe[0], &byte, 1), 1);
}

/// A read would wait for ever: nothing interrupts it any more. The last function, since a program
/// is interrupted once.
void InterruptTest::aSignalThatCameBeforeTheWaitEndsIt()
{
    const Interrupt interrupt;
    QCOMPARE(std::raise(SIGINT), 0);
    QVERIFY(!Interrupt::waitForInput(m_pipe[0]));
    QCOMPARE(Interrupt::received(), SIGINT);
}

FERRY_TEST(InterruptTest)
#include "tst_interrupt.moc"
