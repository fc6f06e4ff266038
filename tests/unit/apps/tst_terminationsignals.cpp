// SPDX-License-Identifier: MIT
#include "common/terminationsignals.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QList>
#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <sys/resource.h>
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
    void withoutDescriptorsSignalsAreSeenToo();

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

void TerminationSignalsTest::withoutDescriptorsSignalsAreSeenToo()
{
#ifdef FERRY_SANITIZED
    QSKIP("UBSan needs a pipe of its own to look at an object.");
#endif
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none = {0, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto signals =
        std::make_unique<TerminationSignals>(TerminationSignals::Repeated::Reported);
    ::setrlimit(RLIMIT_NOFILE, &before);
    QList<int> received;
    QObject::connect(signals.get(), &TerminationSignals::received, this,
                     [&received](int number) { received.append(number); });
    for (const int number : {SIGTERM, SIGINT}) {
        received.clear();
        QCOMPARE(std::raise(number), 0);
        QTRY_COMPARE_WITH_TIMEOUT(received, QList<int>{number}, test::patienceMs);
    }
    QVERIFY(!TerminationSignals::waitForInput(m_pipe[0]));
}

FERRY_TEST(TerminationSignalsTest)
#include "tst_terminationsignals.moc"
