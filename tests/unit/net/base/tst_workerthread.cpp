// SPDX-License-Identifier: MIT
#include "net/base/workerthread.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <semaphore>
#include <stdexcept>
#include <vector>

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

using namespace ferry;
using namespace ferry::test;

namespace {

constexpr uint tooSmallAStack = 1;

std::atomic_int freed = 0;

/// What a library keeps for each thread.
struct PerThread
{
    ~PerThread() { ++freed; }
    int value = 0;
};
thread_local PerThread perThread;

void freeData(void *)
{
    ++freed;
}

QStringList messages;

void keepMessage(QtMsgType, const QMessageLogContext &, const QString &text)
{
    messages.append(text);
}

constexpr qsizetype pageBytes = 4096;
constexpr qsizetype touchedPages = 32;

__attribute__((noinline)) void touchStack()
{
    volatile char bytes[touchedPages * pageBytes];
    for (qsizetype at = 0; at < qsizetype(sizeof bytes); at += pageBytes)
        bytes[at] = 1;
}

/// Of the calling thread: how many of its stack are in memory.
qsizetype residentStackPages()
{
    pthread_attr_t attributes;
    void *lowest = nullptr;
    size_t bytes = 0;
    ::pthread_getattr_np(::pthread_self(), &attributes);
    ::pthread_attr_getstack(&attributes, &lowest, &bytes);
    ::pthread_attr_destroy(&attributes);
    std::vector<unsigned char> pages(bytes / pageBytes);
    if (::mincore(lowest, bytes, pages.data()) != 0)
        return -1;
    return std::count_if(pages.begin(), pages.end(), [](unsigned char page) { return page & 1; });
}

} // namespace

class TestWorkerThread : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runsAndNamesItself();
    void waitsUntilTheTimeIsUp();
    void whatTheThreadKeptIsFreedOnceItHasEnded();
    void anExceptionIsReported_data();
    void anExceptionIsReported();
    void aReportThatThrowsEndsNothing();
    void aFailedStartIsAnError();
    void aFailedStartPrintsNothing();
    void needsNoDescriptor();
    void anAbandonedOneEndsByItself();
    void hasTheStackItIsGiven();
    void aDeepStackIsGivenBack();
};

void TestWorkerThread::runsAndNamesItself()
{
    std::array<char, 16> name = {};
    pthread_t self = {};
    WorkerThread thread("a name that is too long", [&] {
        self = ::pthread_self();
        ::pthread_getname_np(self, name.data(), name.size());
    });
    QVERIFY(!thread.hasEnded());
    QVERIFY(thread.wait()); // for nothing
    QVERIFY(thread.start());
    QVERIFY(thread.wait());
    QVERIFY(thread.hasEnded());
    QVERIFY(!::pthread_equal(self, ::pthread_self()));
    QCOMPARE(QByteArray(name.data()), QByteArray("a name that is "));
}

void TestWorkerThread::waitsUntilTheTimeIsUp()
{
    std::binary_semaphore go(0);
    WorkerThread thread("test", [&go] { go.acquire(); });
    QVERIFY(thread.start());
    QVERIFY(!thread.wait(QDeadlineTimer(0)));
    QVERIFY(!thread.wait(QDeadlineTimer(1)));
    QVERIFY(!thread.hasEnded());
    go.release();
    QVERIFY(thread.wait(QDeadlineTimer(patienceMs)));
}

void TestWorkerThread::whatTheThreadKeptIsFreedOnceItHasEnded()
{
    // Made after the worker's own, so that its turn to be freed comes later.
    WorkerThread first("test", [] {});
    QVERIFY(first.start());
    QVERIFY(first.wait());
    pthread_key_t key = 0;
    QCOMPARE(::pthread_key_create(&key, freeData), 0);
    freed = 0;
    for (int i = 1; i <= 200; ++i) {
        auto captured = std::make_shared<int>(0);
        WorkerThread thread("test", [captured, key] {
            perThread.value = 1;
            ::pthread_setspecific(key, &freed);
        });
        QVERIFY(thread.start());
        QVERIFY(thread.wait());
        QCOMPARE(freed.load(), 2 * i);
        QCOMPARE(captured.use_count(), 1);
    }
    ::pthread_key_delete(key);
}

void TestWorkerThread::anExceptionIsReported_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("text");
    QTest::newRow("memory") << 0 << QStringLiteral("This computer has no memory left.");
    QTest::newRow("standard") << 1 << QStringLiteral("Something went wrong here: what");
    QTest::newRow("another") << 2 << QStringLiteral("Something went wrong here: ?");
}

void TestWorkerThread::anExceptionIsReported()
{
    QFETCH(int, kind);
    QFETCH(QString, text);
    QString reported;
    WorkerThread thread(
        "test",
        [kind] {
            if (kind == 0)
                throw std::bad_alloc();
            if (kind == 1)
                throw std::runtime_error("what");
            throw kind;
        },
        [&reported](const Error &error) { reported = error.text; });
    QVERIFY(thread.start());
    QVERIFY(thread.wait());
    QCOMPARE(reported, text);
}

void TestWorkerThread::aReportThatThrowsEndsNothing()
{
    WorkerThread thread(
        "test", [] { throw std::bad_alloc(); }, [](const Error &) { throw std::bad_alloc(); });
    QVERIFY(thread.start());
    QVERIFY(thread.wait());
    QVERIFY(thread.hasEnded());
}

void TestWorkerThread::aFailedStartIsAnError()
{
    bool ran = false;
    WorkerThread thread(
        "test", [&ran] { ran = true; }, {}, tooSmallAStack);
    const auto started = thread.start();
    QVERIFY(!started);
    QCOMPARE(started.error().text, QStringLiteral("This computer cannot start another thread."));
    QVERIFY(thread.wait());
    QVERIFY(!thread.hasEnded());
    QVERIFY(!ran);
}

void TestWorkerThread::aFailedStartPrintsNothing()
{
    messages.clear();
    const QtMessageHandler before = qInstallMessageHandler(keepMessage);
    WorkerThread thread(
        "test", [] {}, {}, tooSmallAStack);
    const bool started = thread.start().ok();
    qWarning("the control");
    qInstallMessageHandler(before);
    QVERIFY(!started);
    QCOMPARE(messages, QStringList{QStringLiteral("the control")});
}

void TestWorkerThread::needsNoDescriptor()
{
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none = {0, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const bool dupFails = ::dup(0) < 0;
    std::atomic_int ran = 0;
    bool all = true;
    for (int i = 0; i < 20; ++i) {
        WorkerThread thread("test", [&ran] { ++ran; });
        all = thread.start() && thread.wait() && all;
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
    QVERIFY(dupFails);
    QVERIFY(all);
    QCOMPARE(ran.load(), 20);
}

void TestWorkerThread::anAbandonedOneEndsByItself()
{
    const auto kept = std::make_shared<std::counting_semaphore<2>>(0);
    const std::weak_ptr<std::counting_semaphore<2>> seen = kept;
    QVERIFY(WorkerThread::startDetached("test", [kept] { kept->acquire(); }));
    auto thread = std::make_unique<WorkerThread>("test", [kept] { kept->acquire(); });
    QVERIFY(thread->start());
    WorkerThread::abandon(std::move(thread));
    QVERIFY(waitUntil([&kept] { return kept.use_count() == 3; }));
    kept->release(1);
    QVERIFY(waitUntil([&kept] { return kept.use_count() == 2; }));
    kept->release(1);
    QVERIFY(waitUntil([&kept] { return kept.use_count() == 1; }));
    // Those that have ended are freed by the next one.
    for (int i = 0; i < 5; ++i)
        QVERIFY(WorkerThread::startDetached("test", [] {}));
}

void TestWorkerThread::hasTheStackItIsGiven()
{
    // More than any default. Stacks are used again, so a small one may be larger than asked.
    constexpr uint asked = 64 * 1024 * 1024;
    size_t bytes = 0;
    WorkerThread thread(
        "test",
        [&bytes] {
            pthread_attr_t attributes;
            ::pthread_getattr_np(::pthread_self(), &attributes);
            ::pthread_attr_getstacksize(&attributes, &bytes);
            ::pthread_attr_destroy(&attributes);
        },
        {}, asked);
    QVERIFY(thread.start());
    QVERIFY(thread.wait());
    QVERIFY(bytes >= asked);
}

void TestWorkerThread::aDeepStackIsGivenBack()
{
    qsizetype deep = 0;
    qsizetype after = 0;
    int above = 0;
    WorkerThread thread("test", [&] {
        volatile int kept = 7;
        touchStack();
        deep = residentStackPages();
        WorkerThread::releaseStack();
        after = residentStackPages();
        touchStack(); // it comes again
        above = kept;
    });
    QVERIFY(thread.start());
    QVERIFY(thread.wait());
    QVERIFY2(deep - after >= touchedPages - 2,
             qPrintable(QStringLiteral("%1 pages, then %2").arg(deep).arg(after)));
    QCOMPARE(above, 7);
    const int here = 7;
    WorkerThread::releaseStack(); // the main thread's stays
    QCOMPARE(here, 7);
}

FERRY_TEST(TestWorkerThread)
#include "tst_workerthread.moc"
