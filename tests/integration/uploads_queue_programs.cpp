// SPDX-License-Identifier: MIT
// `ferry queue` with what is to be sent, beside what is to be fetched.
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <memory>

using namespace ferry;
using namespace ferry::test;

class UploadsQueuePrograms : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void bothDirectionsAreListedAndRun();
    void anInterruptedPutIsInTheQueue();
    void whatIsNotThereIsSaidAtOnce();
    void aRefusalFails();
    void wrongOptionsAreRefused_data();
    void wrongOptionsAreRefused();

private:
    QString path(const QString &below) const { return m_pair->root() + u'/' + below; }
    QStringList takes() const
    {
        return {QStringLiteral("--share-add"), QStringLiteral("in=") + path(QStringLiteral("in"))};
    }
    ProgramRun ferry(const QStringList &command, const QStringList &more = {}) const
    {
        return m_pair->run(command +
                           QStringList{QStringLiteral("--pin"),
                                       QString::fromLatin1(m_pair->fingerprint()),
                                       QStringLiteral("--data-dir"), m_pair->clientData()} +
                           more);
    }
    ProgramRun queue(const QString &work, const QStringList &more = {}) const
    {
        return ferry({QStringLiteral("queue"), work}, more);
    }
    /// Of `ferry queue list --json`, by the name of the file.
    QHash<QString, QJsonObject> listed() const
    {
        QHash<QString, QJsonObject> rows;
        const ProgramRun run = queue(QStringLiteral("list"), {QStringLiteral("--json")});
        for (const QByteArray &line : run.output.split('\n')) {
            const QJsonObject row = QJsonDocument::fromJson(line).object();
            if (!row.isEmpty())
                rows.insert(row.value(QStringLiteral("name")).toString(), row);
        }
        return rows;
    }
    qint64 partBytes() const { return bytesIn(path(QStringLiteral("in/.ferry-uploads"))); }
    std::unique_ptr<TransferPair> m_pair;
};

void UploadsQueuePrograms::init()
{
    m_pair = std::make_unique<TransferPair>();
    for (const char *folder : {"in", "mine", "got"})
        QVERIFY(QDir(m_pair->root()).mkdir(QLatin1StringView(folder)));
}

void UploadsQueuePrograms::bothDirectionsAreListedAndRun()
{
    QVERIFY(writeFile(path(QStringLiteral("pub/theirs")), "theirs"));
    QVERIFY(QDir(m_pair->root()).mkpath(QStringLiteral("mine/trip/empty")));
    QVERIFY(writeFile(path(QStringLiteral("mine/trip/ours")), "ours"));
    QVERIFY(writeFile(path(QStringLiteral("in/one")), "here already"));
    QVERIFY(writeFile(path(QStringLiteral("mine/one")), "1"));
    QVERIFY(m_pair->startServer(takes()));
    QCOMPARE(queue(QStringLiteral("add"), {QStringLiteral("-d"), path(QStringLiteral("got")),
                                           m_pair->address(), QStringLiteral("/pub/theirs")})
                 .exitCode,
             0);
    const ProgramRun added = queue(QStringLiteral("add"),
                                   {QStringLiteral("-t"), QStringLiteral("/in"), m_pair->address(),
                                    QStringLiteral("mine/trip"), QStringLiteral("mine/one")});
    QCOMPARE(added.errors, "");
    QCOMPARE(added.exitCode, 0);
    const auto rows = listed();
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows[QStringLiteral("theirs")][QStringLiteral("direction")].toString(),
             QStringLiteral("download"));
    const QJsonObject one = rows[QStringLiteral("one")];
    QCOMPARE(one[QStringLiteral("direction")].toString(), QStringLiteral("upload"));
    QCOMPARE(one[QStringLiteral("path")].toString(), QStringLiteral("/in/one"));
    QCOMPARE(one[QStringLiteral("folder")].toString(), path(QStringLiteral("mine")));
    QCOMPARE(one[QStringLiteral("sent")].toInt(), 0);
    QCOMPARE(one[QStringLiteral("size")].toInt(), 1);
    QVERIFY(queue(QStringLiteral("list"))
                .output.contains("  send " + path(QStringLiteral("mine/one")).toUtf8() +
                                 " to /in/one\n"));
    const ProgramRun run = queue(QStringLiteral("run"));
    QCOMPARE(run.exitCode, 0);
    QVERIFY2(run.output.contains("theirs has been saved.\n"), run.output);
    QVERIFY2(run.output.contains("trip/ours has been sent.\n"), run.output);
    QVERIFY2(run.output.contains("one has been sent as one (1).\n"), run.output);
    QCOMPARE(readFile(path(QStringLiteral("got/theirs"))), "theirs");
    QCOMPARE(readFile(path(QStringLiteral("in/trip/ours"))), "ours");
    QVERIFY(QDir(path(QStringLiteral("in/trip/empty"))).exists());
    QCOMPARE(readFile(path(QStringLiteral("in/one (1)"))), "1");

    QVERIFY(writeFile(path(QStringLiteral("mine/two")), "22"));
    QCOMPARE(queue(QStringLiteral("add"), {QStringLiteral("-t"), QStringLiteral("/in"),
                                           m_pair->address(), QStringLiteral("mine/two")})
                 .exitCode,
             0);
    const QByteArrayList lines =
        queue(QStringLiteral("run"), {QStringLiteral("--json")}).output.trimmed().split('\n');
    const QJsonObject summary = QJsonDocument::fromJson(lines.last()).object();
    QCOMPARE(summary.value(QStringLiteral("event")).toString(), QStringLiteral("summary"));
    QCOMPARE(summary.value(QStringLiteral("sent")).toInt(), 1);
    QCOMPARE(summary.value(QStringLiteral("saved")).toInt(), 0);
}

void UploadsQueuePrograms::anInterruptedPutIsInTheQueue()
{
    QVERIFY(m_pair->startServer(takes()));
    const QByteArray large = noise(6'000'000);
    QVERIFY(writeFile(path(QStringLiteral("mine/large")), large));
    QVERIFY(QDir(m_pair->root()).mkpath(QStringLiteral("mine/z/empty")));
    QVERIFY(writeFile(path(QStringLiteral("mine/z/last")), "last"));
    QProcess process;
    m_pair->start(process,
                  {QStringLiteral("put"), QStringLiteral("--pin"),
                   QString::fromLatin1(m_pair->fingerprint()), QStringLiteral("--data-dir"),
                   m_pair->clientData(), QStringLiteral("--limit-rate"), QStringLiteral("1M"),
                   m_pair->address(), QStringLiteral("mine")});
    QVERIFY(process.waitForStarted());
    QVERIFY(waitUntil([&] { return partBytes() > 300'000; }));
    ::kill(pid_t(process.processId()), SIGINT);
    const ProgramRun interrupted = finishProgram(process);
    QCOMPARE(interrupted.exitCode, 130);
    QVERIFY2(interrupted.errors.contains("interrupted, queue saved"), interrupted.errors);
    const auto rows = listed();
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows[QStringLiteral("large")][QStringLiteral("path")].toString(),
             QStringLiteral("/in/mine/large"));
    QVERIFY(rows.contains(QStringLiteral("empty")));
    const qint64 part = partBytes();
    QVERIFY(part > 0);
    const ProgramRun run = queue(QStringLiteral("run"), {QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 0);
    QVERIFY2(run.output.contains("\"event\":\"sent\""), run.output);
    QVERIFY2(run.output.contains("\"sent\":2"), run.output);
    QVERIFY(readFile(path(QStringLiteral("in/mine/large"))) == large);
    QCOMPARE(readFile(path(QStringLiteral("in/mine/z/last"))), "last");
    QVERIFY(QDir(path(QStringLiteral("in/mine/z/empty"))).exists());
    QCOMPARE(QDir(path(QStringLiteral("in/mine"))).entryList(QDir::Files).size(), 1);
    QVERIFY(m_pair->serverLog().contains("#SEND offset="));
    QCOMPARE(partBytes(), 0);
}

void UploadsQueuePrograms::whatIsNotThereIsSaidAtOnce()
{
    QVERIFY(m_pair->startServer(takes()));
    QVERIFY(writeFile(path(QStringLiteral("mine/a")), "1"));
    const ProgramRun run = queue(QStringLiteral("add"),
                                 {QStringLiteral("-t"), QStringLiteral("/in"), m_pair->address(),
                                  QStringLiteral("mine/none"), QStringLiteral("mine/a")});
    QCOMPARE(run.exitCode, 9);
    QVERIFY2(run.errors.contains("none: "), run.errors);
    QCOMPARE(listed().size(), 1);
}

void UploadsQueuePrograms::aRefusalFails()
{
    QVERIFY(m_pair->startServer(takes()));
    QVERIFY(writeFile(path(QStringLiteral("mine/a")), "1"));
    QCOMPARE(queue(QStringLiteral("add"), {QStringLiteral("-t"), QStringLiteral("/pub/x"),
                                           m_pair->address(), QStringLiteral("mine/a")})
                 .exitCode,
             0);
    const ProgramRun run = queue(QStringLiteral("run"));
    QCOMPARE(run.exitCode, 14);
    QVERIFY2(run.errors.contains("ferry: a: The server takes nothing there.\n"), run.errors);
    const QJsonObject row = listed()[QStringLiteral("a")];
    QCOMPARE(row[QStringLiteral("state")].toString(), QStringLiteral("failed"));
    QCOMPARE(row[QStringLiteral("code")].toInt(), 14);
}

void UploadsQueuePrograms::wrongOptionsAreRefused_data()
{
    QTest::addColumn<QString>("words");
    QTest::newRow("no folder") << "queue add -t / 127.0.0.1 a";
    QTest::newRow("classic") << "queue add --classic -t /in 127.0.0.1 a";
    QTest::newRow("not for run") << "queue run -t /in";
}

void UploadsQueuePrograms::wrongOptionsAreRefused()
{
    QFETCH(const QString, words);
    const ProgramRun run = m_pair->run(words.split(u' '));
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.errors.contains("-t"), run.errors);
}

FERRY_TEST(UploadsQueuePrograms)
#include "uploads_queue_programs.moc"
