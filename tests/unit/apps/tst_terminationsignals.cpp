// SPDX-License-Identifier: MIT
#include "common/terminationsignals.h"
#include "support/testprogram.h"

#include <QTest>

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

using namespace ferry;

class TerminationSignalsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void inputEndsTheWait();
    void theHandlerKeepsErrno();
    void aSignalThatCameBeforeTheWaitEndsIt();
    void whatSomebodyElseHandlesStaysHis();

private:
    int m_pipe[2] = {-1, -1};
};

void TerminationSignalsTest::initTestCase()
{
    QCOMPARE(::pipe2(m_pipe, O_CLOEXEC), 0);
}

void TerminationSignalsTest::cleanupTestCase()
{
    ::close(m_pipe[0]);
    ::close(m_pipe[1]);
}

void TerminationSignalsTest::inputEndsTheWait()
{
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    char byte = 'x';
    QCOMPARE(::write(m_pipe[1], &byte, 1), 1);
    QVERIFY(TerminationSignals::waitForInput(m_pipe[0]));
    QCOMPARE(::read(m_pipe[0], &byte, 1), 1);
}

/// Into a full pipe, where its own write fails.
void TerminationSignalsTest::theHandlerKeepsErrno()
{
    const int next = ::dup(0); // what the object opens first
    ::close(next);
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    const char bytes[4096] = {};
    while (::write(next + 1, bytes, sizeof bytes) > 0) {
    }
    QCOMPARE(errno, EAGAIN);
    errno = EDOM;
    QCOMPARE(std::raise(SIGTERM), 0);
    QCOMPARE(errno, EDOM);
}

/// A read would wait for ever: nothing interrupts it any more.
void TerminationSignalsTest::aSignalThatCameBeforeTheWaitEndsIt()
{
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    QCOMPARE(std::raise(SIGINT), 0);
    QVERIFY(!TerminationSignals::waitForInput(m_pipe[0]));
    QCOMPARE(TerminationSignals::first(), SIGINT);
}

/// As a profiler that was loaded with the program does.
void TerminationSignalsTest::whatSomebodyElseHandlesStaysHis()
{
    const auto usual = std::signal(SIGPROF, [](int) {});
    {
        const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
        QCOMPARE(std::raise(SIGPROF), 0);
        QCOMPARE(TerminationSignals::first(), 0);
    }
    std::signal(SIGPROF, usual);
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    QCOMPARE(std::raise(SIGPROF), 0);
    QCOMPARE(TerminationSignals::first(), SIGPROF);
}

FERRY_TEST(TerminationSignalsTest)
#include "tst_terminationsignals.moc"
