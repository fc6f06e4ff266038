// SPDX-License-Identifier: MIT
// `ferry put` and `ferryd` against each other: what is sent, what is said, how it goes on after
// either of them was killed.
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

#include <csignal>
#include <memory>

#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

class UploadsPrograms : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void filesAndFoldersAreSent();
    void aTakenNameIsSaid();
    void severalSharesAreNamed();
    void aServerThatTakesNothingSaysSo();
    void refusalsHaveTheirExitCodes();
    void whatCannotBeSentIsNamed();
    void jsonHasAnObjectForEach();
    void anInterruptedFileGoesOn();
    void aKilledServerIsWaitedFor();
    void killsOfEitherSideNeverMakeAWrongFile();
    void theLastFileMayBeSentBeforeTheEventLoop();
    void wrongOptionsAreRefused_data();
    void wrongOptionsAreRefused();

private:
    QString path(const QString &below) const { return m_pair->root() + u'/' + below; }
    QStringList inbox() const
    {
        return {QStringLiteral("--inbox"), QStringLiteral("in=") + path(QStringLiteral("in"))};
    }
    QStringList arguments(const QStringList &more) const
    {
        return QStringList{QStringLiteral("put"), QStringLiteral("--pin"),
                           QString::fromLatin1(m_pair->fingerprint()), QStringLiteral("--data-dir"),
                           m_pair->clientData()} +
               more;
    }
    ProgramRun put(const QStringList &files, const QStringList &options = {}) const
    {
        return m_pair->run(arguments(options + QStringList{m_pair->address()} + files));
    }
    QStringList namesIn(const QString &below) const
    {
        return QDir(path(below)).entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name);
    }
    qint64 partBytes() const { return bytesIn(path(QStringLiteral("in/.ferry-uploads"))); }
    std::unique_ptr<TransferPair> m_pair;
};

void UploadsPrograms::init()
{
    m_pair = std::make_unique<TransferPair>();
    for (const char *folder : {"in", "add", "mine"})
        QVERIFY(QDir(m_pair->root()).mkdir(QLatin1StringView(folder)));
}

void UploadsPrograms::filesAndFoldersAreSent()
{
    QVERIFY(m_pair->startServer(inbox()));
    const QByteArray large = noise(3'000'000);
    QVERIFY(QDir(m_pair->root()).mkpath(QStringLiteral("mine/trip/empty")));
    QVERIFY(writeFile(path(QStringLiteral("mine/a.txt")), "hello"));
    QVERIFY(writeFile(path(QStringLiteral("mine/trip/large")), large));
    QVERIFY(writeFile(path(QStringLiteral("mine/trip/none")), ""));
    const ProgramRun run = put({QStringLiteral("mine/a.txt"), QStringLiteral("mine/trip/")});
    QCOMPARE(run.errors, "");
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output, "a.txt has been sent.\n"
                         "trip/large has been sent.\n"
                         "trip/none has been sent.\n");
    QCOMPARE(readFile(path(QStringLiteral("in/a.txt"))), "hello");
    QVERIFY(readFile(path(QStringLiteral("in/trip/large"))) == large);
    QCOMPARE(readFile(path(QStringLiteral("in/trip/none"))), "");
    QVERIFY(QDir(path(QStringLiteral("in/trip/empty"))).exists());
    QVERIFY(QDir(path(QStringLiteral("in/.ferry-uploads"))).isEmpty());
}

void UploadsPrograms::aTakenNameIsSaid()
{
    QVERIFY(m_pair->startServer({QStringLiteral("--share-add"), path(QStringLiteral("add"))}));
    QVERIFY(writeFile(path(QStringLiteral("mine/a.txt")), "new"));
    QVERIFY(writeFile(path(QStringLiteral("add/a.txt")), "old"));
    const ProgramRun run = put({QStringLiteral("mine/a.txt")});
    QCOMPARE(run.output, "a.txt has been sent as a (1).txt.\n");
    QCOMPARE(readFile(path(QStringLiteral("add/a.txt"))), "old");
    QCOMPARE(readFile(path(QStringLiteral("add/a (1).txt"))), "new");
}

void UploadsPrograms::severalSharesAreNamed()
{
    QVERIFY(m_pair->startServer(
        inbox() + QStringList{QStringLiteral("--share-add"), path(QStringLiteral("add"))}));
    QVERIFY(writeFile(path(QStringLiteral("mine/a.txt")), "hello"));
    const ProgramRun none = put({QStringLiteral("mine/a.txt")});
    QCOMPARE(none.exitCode, 2);
    QVERIFY2(none.errors.contains("by -t: /add, /in."), none.errors);
    const ProgramRun run =
        put({QStringLiteral("mine/a.txt")}, {QStringLiteral("-t"), QStringLiteral("/add/deep/er")});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(readFile(path(QStringLiteral("add/deep/er/a.txt"))), "hello");
}

void UploadsPrograms::aServerThatTakesNothingSaysSo()
{
    QVERIFY(m_pair->startServer());
    QVERIFY(writeFile(path(QStringLiteral("mine/a.txt")), "hello"));
    for (const QStringList &options :
         {QStringList(), QStringList{QStringLiteral("-t"), QStringLiteral("/pub")}}) {
        const ProgramRun run = put({QStringLiteral("mine/a.txt")}, options);
        QCOMPARE(run.exitCode, 14);
        QVERIFY2(run.errors.startsWith("ferry: This server takes no files"), run.errors);
    }
    // No line of the new kind went to it.
    QVERIFY(!m_pair->serverLog().contains("PUT /"));
}

void UploadsPrograms::refusalsHaveTheirExitCodes()
{
    QVERIFY(m_pair->startServer(inbox()));
    QVERIFY(writeFile(path(QStringLiteral("mine/a.txt")), "hello"));
    QVERIFY(writeFile(path(QStringLiteral("mine/.hidden")), "x"));
    QVERIFY(writeFile(path(QStringLiteral("mine/CON")), "x"));
    const ProgramRun readOnly =
        put({QStringLiteral("mine/a.txt")}, {QStringLiteral("-t"), QStringLiteral("/pub")});
    QCOMPARE(readOnly.exitCode, 14);
    QCOMPARE(readOnly.errors, "ferry: a.txt: The server takes nothing there.\n");
    QCOMPARE(put({QStringLiteral("mine/.hidden"), QStringLiteral("mine/CON")}).exitCode, 14);
    QCOMPARE(put({QStringLiteral("mine/.hidden"), QStringLiteral("mine/a.txt")}).exitCode, 4);
    QCOMPARE(put({QStringLiteral("mine/a.txt")}, {QStringLiteral("-t"), QStringLiteral("/none")})
                 .exitCode,
             3);
    QCOMPARE(namesIn(QStringLiteral("in")), QStringList{QStringLiteral("a.txt")});
}

void UploadsPrograms::whatCannotBeSentIsNamed()
{
    QVERIFY(m_pair->startServer(inbox()));
    const QByteArray mine = QFile::encodeName(path(QStringLiteral("mine")));
    QCOMPARE(::mkfifo((mine + "/fifo").constData(), 0600), 0);
    QCOMPARE(::symlink("..", (mine + "/loop").constData()), 0);
    QCOMPARE(::symlink("nowhere", (mine + "/broken").constData()), 0);
    QVERIFY(writeFile(path(QStringLiteral("mine/a")), "1"));
    QCOMPARE(::symlink("a", (mine + "/link").constData()), 0);
    const ProgramRun run = put({QStringLiteral("mine")});
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(run.output, "mine/a has been sent.\nmine/link has been sent.\n");
    for (const char *name : {"mine/fifo: ", "mine/loop: ", "mine/broken: "})
        QVERIFY2(run.errors.contains(name), run.errors);
    QCOMPARE(put({QStringLiteral("missing")}).exitCode, 9);
}

void UploadsPrograms::jsonHasAnObjectForEach()
{
    QVERIFY(m_pair->startServer(inbox()));
    QVERIFY(writeFile(path(QStringLiteral("mine/a")), "hello"));
    QVERIFY(writeFile(path(QStringLiteral("mine/.b")), "x"));
    const ProgramRun run = put({QStringLiteral("mine")}, {QStringLiteral("--json")});
    QHash<QString, QJsonObject> events;
    for (const QByteArray &line : run.output.split('\n')) {
        const QJsonObject fields = QJsonDocument::fromJson(line).object();
        events.insert(fields.value(QStringLiteral("event")).toString(), fields);
    }
    QCOMPARE(events.value(QStringLiteral("folder")).value(QStringLiteral("path")).toString(),
             QStringLiteral("/in/mine"));
    const QJsonObject sent = events.value(QStringLiteral("sent"));
    QCOMPARE(sent.value(QStringLiteral("path")).toString(), QStringLiteral("/in/mine/a"));
    QCOMPARE(sent.value(QStringLiteral("bytes")).toInt(), 5);
    QVERIFY(sent.value(QStringLiteral("verified")).toBool());
    QCOMPARE(events.value(QStringLiteral("failed")).value(QStringLiteral("code")).toInt(), 14);
    QCOMPARE(events.value(QStringLiteral("summary")).value(QStringLiteral("exit")).toInt(), 4);
}

/// The second run sends what the first one had not.
void UploadsPrograms::anInterruptedFileGoesOn()
{
    QVERIFY(m_pair->startServer(inbox()));
    const QByteArray large = noise(6'000'000);
    QVERIFY(writeFile(path(QStringLiteral("mine/large")), large));
    for (const int number : {SIGINT, SIGKILL}) {
        const qint64 before = partBytes();
        QProcess process;
        m_pair->start(process, arguments({QStringLiteral("--limit-rate"), QStringLiteral("1M"),
                                          m_pair->address(), QStringLiteral("mine/large")}));
        QVERIFY(process.waitForStarted());
        QVERIFY(waitUntil([&] { return partBytes() > before + 300'000; }));
        ::kill(pid_t(process.processId()), number);
        const ProgramRun run = finishProgram(process);
        QCOMPARE(run.exitCode, 128 + number);
        QCOMPARE(namesIn(QStringLiteral("in")), QStringList());
        QVERIFY(partBytes() > before); // nothing began anew
    }
    const ProgramRun run = put({QStringLiteral("mine/large")});
    QCOMPARE(run.output, "large has been sent.\n");
    QVERIFY(readFile(path(QStringLiteral("in/large"))) == large);
    QVERIFY(m_pair->serverLog().contains("#SEND offset="));
    QCOMPARE(partBytes(), 0);
}

void UploadsPrograms::aKilledServerIsWaitedFor()
{
    QVERIFY(m_pair->startServer(inbox()));
    const QByteArray large = noise(4'000'000);
    QVERIFY(writeFile(path(QStringLiteral("mine/large")), large));
    QVERIFY(writeFile(path(QStringLiteral("mine/small")), "small"));
    QProcess process;
    m_pair->start(process, arguments({QStringLiteral("--retries"), QStringLiteral("8"),
                                      QStringLiteral("--limit-rate"), QStringLiteral("2M"),
                                      m_pair->address(), QStringLiteral("mine")}));
    QVERIFY(process.waitForStarted());
    QVERIFY(waitUntil([&] { return partBytes() > 300'000; }));
    m_pair->killServer();
    const qint64 part = partBytes();
    QVERIFY(part > 0);
    QVERIFY(m_pair->startServer(inbox()));
    const ProgramRun run = finishProgram(process);
    QVERIFY2(run.errors.contains("Trying again in 1 s."), run.errors);
    QCOMPARE(run.exitCode, 0);
    QVERIFY(readFile(path(QStringLiteral("in/mine/large"))) == large);
    QCOMPARE(readFile(path(QStringLiteral("in/mine/small"))), "small");
    QCOMPARE(namesIn(QStringLiteral("in/mine")).size(), 2);
}

/// A few here; FERRY_TEST_KILLS makes it as many as one likes.
void UploadsPrograms::killsOfEitherSideNeverMakeAWrongFile()
{
    const int kills = qMax(6, qEnvironmentVariableIntValue("FERRY_TEST_KILLS"));
    QHash<QString, QByteArray> files;
    for (int i = 0; i < 20; ++i)
        files.insert(QStringLiteral("f%1").arg(i), noise(1000 * i, quint32(i + 1)));
    files.insert(QStringLiteral("large"), noise(2'500'000, 99));
    for (auto file = files.begin(); file != files.end(); ++file)
        QVERIFY(writeFile(path(QStringLiteral("mine/") + file.key()), file.value()));
    const auto checkAll = [&] {
        for (const QString &name : namesIn(QStringLiteral("in/mine"))) {
            const QString plain = name.section(QStringLiteral(" ("), 0, 0);
            QVERIFY2(files.contains(plain), qPrintable(name));
            QVERIFY2(readFile(path(QStringLiteral("in/mine/") + name)) == files.value(plain),
                     qPrintable(name));
        }
    };
    QVERIFY(m_pair->startServer(inbox()));
    QRandomGenerator random(1);
    for (int i = 0; i < kills; ++i) {
        QProcess process;
        m_pair->start(process, arguments({QStringLiteral("--limit-rate"), QStringLiteral("4M"),
                                          m_pair->address(), QStringLiteral("mine")}));
        QVERIFY(process.waitForStarted());
        const int delay = random.bounded(400);
        static_cast<void>(process.waitForFinished(delay)); // any moment will do
        if (i % 2 == 0)
            process.kill();
        else
            m_pair->killServer();
        finishProgram(process);
        checkAll();
        if (i % 2 == 1)
            QVERIFY(m_pair->startServer(inbox()));
    }
    QCOMPARE(put({QStringLiteral("mine")}).exitCode, 0);
    checkAll();
    for (auto file = files.begin(); file != files.end(); ++file)
        QVERIFY(namesIn(QStringLiteral("in/mine")).contains(file.key()));
}

/// What ends the program may come before its event loop does.
void UploadsPrograms::theLastFileMayBeSentBeforeTheEventLoop()
{
#ifdef FERRY_SANITIZED
    QSKIP("Sanitizers have to be the first that are preloaded.");
#endif
    QVERIFY(m_pair->startServer({QStringLiteral("--share-add"), path(QStringLiteral("add"))}));
    QVERIFY(writeFile(path(QStringLiteral("mine/a.txt")), "new"));
    qputenv("LD_PRELOAD", QFile::encodeName(QCoreApplication::applicationDirPath() +
                                            QStringLiteral("/ferry_lateloop.so")));
    const ProgramRun run = put({QStringLiteral("mine/a.txt")});
    qunsetenv("LD_PRELOAD");
    QVERIFY2(run.exitCode == 0, run.errors);
    QCOMPARE(run.output, "a.txt has been sent.\n");
}

void UploadsPrograms::wrongOptionsAreRefused_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("no file") << QStringList{QStringLiteral("h")};
    QTest::newRow("no host") << QStringList();
    QTest::newRow("classic") << QStringList{QStringLiteral("--classic"), QStringLiteral("h"),
                                            QStringLiteral("f")};
    QTest::newRow("existing") << QStringList{QStringLiteral("--existing"),
                                             QStringLiteral("overwrite"), QStringLiteral("h"),
                                             QStringLiteral("f")};
    QTest::newRow("no folder") << QStringList{QStringLiteral("-t"), QStringLiteral(""),
                                              QStringLiteral("h"), QStringLiteral("f")};
}

void UploadsPrograms::wrongOptionsAreRefused()
{
    QFETCH(QStringList, words);
    QCOMPARE(m_pair->run(QStringList{QStringLiteral("put")} + words).exitCode, 2);
}

FERRY_TEST(UploadsPrograms)
#include "uploads_programs.moc"
