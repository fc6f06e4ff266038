// SPDX-License-Identifier: MIT
#include "server/pacing/sessioncounters.h"
#include "support/testprogram.h"

#include <QTest>

#include <thread>

using namespace ferry::server;

class TestSessionCounters : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFileIsCountedByBytes();
    void theOutcomeTellsWhatWasAchieved_data();
    void theOutcomeTellsWhatWasAchieved();
    void partsOfAFileAreNoFileAndNoFailure();
    void whoIsSentAwayWithoutAFileUnderWayHasNotFailed();
    void anAbortedFileTellsHowFarItCame();
    void aSessionMayBeWatchedWhileItWorks();
};

void TestSessionCounters::aFileIsCountedByBytes()
{
    SessionCounters counters;
    SessionInfo info;
    counters.sample(info);
    QCOMPARE(info.state, SessionState::Login);
    counters.setState(SessionState::Idle);
    counters.beginFile(QStringLiteral("a"), 10);
    counters.addBytes(4);
    counters.sample(info);
    QCOMPARE(info.state, SessionState::Sending);
    QCOMPARE(info.file, QStringLiteral("a"));
    QCOMPARE(info.fileSize, 10);
    QCOMPARE(info.fileSent, 4);
    counters.addBytes(6);
    counters.endFile(true);
    counters.beginFile(QStringLiteral("b"), 5);
    counters.addBytes(5);
    counters.endFile(true);
    counters.sample(info);
    QCOMPARE(info.state, SessionState::Idle);
    QCOMPARE(info.sent, 15);
    QCOMPARE(info.fileSent, 5);
    QCOMPARE(info.filesSent, 2);
}

void TestSessionCounters::theOutcomeTellsWhatWasAchieved_data()
{
    QTest::addColumn<int>("files");
    QTest::addColumn<QString>("cause");
    QTest::addColumn<bool>("failed");
    QTest::addColumn<QString>("outcome");
    const auto row = [](int files, const char *cause, bool failed, const char *outcome) {
        QTest::newRow(outcome) << files << QString::fromUtf8(cause) << failed
                               << QString::fromUtf8(outcome);
    };
    row(0, "closed by the client", false, "closed by the client");
    row(1, "closed by the client", false, "1 file delivered (unverified)");
    row(3, "closed by the client", false, "3 files delivered (unverified)");
    row(0, "timed out", true, "timed out");
    row(3, "timed out", true, "3 files delivered (unverified), timed out");
}

void TestSessionCounters::theOutcomeTellsWhatWasAchieved()
{
    QFETCH(int, files);
    QFETCH(QString, cause);
    QFETCH(bool, failed);
    QFETCH(QString, outcome);
    SessionCounters counters;
    for (int i = 0; i < files; ++i) {
        counters.beginFile(QStringLiteral("x"), 0);
        counters.endFile(true);
    }
    counters.end(cause, failed);
    SessionInfo info;
    counters.sample(info);
    QCOMPARE(info.state, SessionState::Ended);
    QCOMPARE(info.outcome, outcome);
    QCOMPARE(info.failed, failed);
    QCOMPARE(counters.outcome(), outcome);
}

void TestSessionCounters::partsOfAFileAreNoFileAndNoFailure()
{
    SessionCounters counters;
    counters.beginFile(QStringLiteral("x"), 1000, 400);
    counters.addBytes(200);
    counters.endFile(true, false);
    counters.end(QStringLiteral("closed by the client"), false);
    QCOMPARE(counters.outcome(), QStringLiteral("parts of a file sent"));
}

void TestSessionCounters::whoIsSentAwayWithoutAFileUnderWayHasNotFailed()
{
    for (const bool midFile : {false, true}) {
        SessionCounters counters;
        counters.beginFile(QStringLiteral("x"), 10);
        counters.addBytes(10);
        counters.endFile(!midFile);
        counters.end(QStringLiteral("server stopped"), true, true);
        SessionInfo info;
        counters.sample(info);
        QCOMPARE(info.failed, midFile);
        QVERIFY2(info.outcome.endsWith(QStringLiteral("server stopped")), qPrintable(info.outcome));
    }
}

void TestSessionCounters::anAbortedFileTellsHowFarItCame()
{
    SessionCounters counters;
    counters.beginFile(QStringLiteral("x"), 1000);
    counters.addBytes(614);
    counters.endFile(false);
    counters.end(QStringLiteral("connection lost"), true);
    QCOMPARE(counters.outcome(), QStringLiteral("aborted at 61 %: connection lost"));
}

void TestSessionCounters::aSessionMayBeWatchedWhileItWorks()
{
    SessionCounters counters;
    std::atomic_bool done = false;
    std::thread worker([&] {
        for (int file = 0; file < 200; ++file) {
            counters.beginFile(QString::number(file), 100);
            for (int i = 0; i < 100; ++i)
                counters.addBytes(1);
            counters.endFile(true);
        }
        counters.end(QStringLiteral("done"), false);
        done = true;
    });
    qint64 last = 0;
    bool growing = true;
    SessionInfo info;
    while (!done) {
        counters.sample(info);
        growing = growing && info.sent >= last && info.sent <= 20'000;
        last = info.sent;
    }
    worker.join();
    QVERIFY(growing);
    counters.sample(info);
    QCOMPARE(info.sent, 20'000);
    QCOMPARE(info.filesSent, 200);
}

FERRY_TEST(TestSessionCounters)
#include "tst_sessioncounters.moc"
