// SPDX-License-Identifier: MIT
#include "net/base/logqueue.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QTest>

#include <thread>

using namespace ferry;

class TestLogQueue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void recordsComeOutInOrderAndOnce();
    void messagesAreMadeSafe();
    void aFloodIsCountedInsteadOfKept();
    void manyThreadsLoseNothing();
};

void TestLogQueue::recordsComeOutInOrderAndOnce()
{
    LogQueue queue;
    queue.add(1, LogKind::Command, QStringLiteral("one"));
    queue.add(2, LogKind::Error, QStringLiteral("two"));
    const auto records = queue.take();
    QCOMPARE(records.size(), 2);
    QCOMPARE(records[0].session, 1U);
    QCOMPARE(records[0].message, QStringLiteral("one"));
    QVERIFY(records[0].kind == LogKind::Command);
    QVERIFY(records[0].timeMs > 0);
    QCOMPARE(records[1].message, QStringLiteral("two"));
    QVERIFY(queue.take().isEmpty());
}

void TestLogQueue::messagesAreMadeSafe()
{
    LogQueue queue;
    queue.add(1, LogKind::Command, QStringLiteral("a\nb\x1B[2J"));
    QCOMPARE(queue.take().constFirst().message, QStringLiteral("a\\x0Ab\\x1B[2J"));
}

void TestLogQueue::aFloodIsCountedInsteadOfKept()
{
    LogQueue queue;
    for (qsizetype i = 0; i < limits::logRecords + 7; ++i)
        queue.add(1, LogKind::Command, QString::number(i));
    const auto records = queue.take();
    QCOMPARE(records.size(), limits::logRecords + 1);
    QCOMPARE(records.at(limits::logRecords - 1).message, QString::number(limits::logRecords - 1));
    QVERIFY(records.last().kind == LogKind::Warning);
    QVERIFY(records.last().message.contains(u'7'));
    // There is room again.
    queue.add(1, LogKind::Command, QStringLiteral("next"));
    QCOMPARE(queue.take().size(), 1);
}

void TestLogQueue::manyThreadsLoseNothing()
{
    LogQueue queue;
    std::vector<std::thread> writers;
    for (quint64 session = 1; session <= 4; ++session)
        writers.emplace_back([&queue, session] {
            for (int i = 0; i < 1000; ++i)
                queue.add(session, LogKind::Status, QString::number(i));
        });
    QList<LogRecord> all;
    while (all.size() < 4000)
        all += queue.take();
    for (std::thread &writer : writers)
        writer.join();
    QMap<quint64, int> next;
    for (const LogRecord &record : all)
        QCOMPARE(record.message, QString::number(next[record.session]++));
    QCOMPARE(all.size(), 4000);
}

FERRY_TEST(TestLogQueue)
#include "tst_logqueue.moc"
