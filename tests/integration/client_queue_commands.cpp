// SPDX-License-Identifier: MIT
// `ferry queue` where something is in the way: a damaged file, another program, another address.
#include "support/process.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTcpServer>
#include <QTest>

#include <sys/stat.h>

#include <csignal>
#include <memory>

using namespace ferry::test;

class ClientQueueCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void addMendsADamagedQueue();
    void aDamagedQueueIsListedAsFarAsItCanBeRead();
    void aQueueOfALaterVersionIsNotTakenForEmpty_data();
    void aQueueOfALaterVersionIsNotTakenForEmpty();
    void aQueueInUseIsTwo_data();
    void aQueueInUseIsTwo();
    void whatWaitsElsewhereIsNamed();
    void whatWaitsIsMovedToAnotherAddress();
    void movingFromWhereNothingWaitsSaysSo();
    void theAccountMovesAlong();
    void addMakesTheFolder();
    void whatWasAskedForAFileHoldsWhenItIsFetched_data();
    void whatWasAskedForAFileHoldsWhenItIsFetched();
    void aQueueThatOthersCanChangeIsNotRun();

private:
    ProgramRun queue(const QStringList &arguments) const
    {
        return m_pair->run(QStringList{QStringLiteral("queue")} + arguments +
                               QStringList{QStringLiteral("--data-dir"), m_pair->clientData()},
                           TransferPair::password());
    }
    ProgramRun add(const QString &server) const
    {
        return queue({QStringLiteral("add"), QStringLiteral("-d"), m_pair->target(), server,
                      QStringLiteral("/pub/a")});
    }
    ProgramRun runQueue(const QStringList &more = {}) const
    {
        return queue(QStringList{QStringLiteral("run"), QStringLiteral("--trust-new"),
                                 QStringLiteral("--quiet")} +
                     more);
    }
    QString path() const { return m_pair->clientData() + QStringLiteral("/queue.sqlite"); }
    QByteArray saved() const { return readFile(m_pair->target() + QStringLiteral("/a")); }

    std::unique_ptr<TransferPair> m_pair;
};

void ClientQueueCommands::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/a"), "content of a"));
    QVERIFY(m_pair->startServer());
}

void ClientQueueCommands::addMendsADamagedQueue()
{
    QCOMPARE(add(m_pair->address()).exitCode, 0);
    QVERIFY(writeFile(path(), QByteArray(5000, 'x')));
    const ProgramRun added = add(m_pair->address());
    QCOMPARE(added.exitCode, 0);
    QVERIFY2(added.errors.contains("damaged"), added.errors.constData());
    QVERIFY(queue({}).output.contains("/pub/a"));
}

void ClientQueueCommands::aDamagedQueueIsListedAsFarAsItCanBeRead()
{
    QCOMPARE(add(m_pair->address()).exitCode, 0);
    QVERIFY(writeFile(path(), QByteArray(5000, 'x')));
    const ProgramRun listed = queue({QStringLiteral("list")});
    QCOMPARE(listed.exitCode, 9);
    QVERIFY2(listed.errors.contains("is damaged"), listed.errors.constData());
}

void ClientQueueCommands::aQueueOfALaterVersionIsNotTakenForEmpty_data()
{
    QTest::addColumn<QStringList>("words");
    for (const char *word : {"list", "run", "retry", "clear"})
        QTest::newRow(word) << QStringList{QString::fromLatin1(word)};
    QTest::newRow("run from a server")
        << QStringList{QStringLiteral("run"), QStringLiteral("h.example")};
}

void ClientQueueCommands::aQueueOfALaterVersionIsNotTakenForEmpty()
{
    QFETCH(QStringList, words);
    QCOMPARE(add(m_pair->address()).exitCode, 0);
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(60)); // where SQLite has user_version
    QCOMPARE(file.write(QByteArray("\0\0\0\x63", 4)), 4);
    file.close();
    const ProgramRun run = queue(words);
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.errors.contains("later Ferry"), run.errors.constData());
}

void ClientQueueCommands::aQueueInUseIsTwo_data()
{
    QTest::addColumn<QStringList>("second");
    QTest::newRow("run") << QStringList{QStringLiteral("run")};
    QTest::newRow("retry") << QStringList{QStringLiteral("retry")};
    QTest::newRow("clear") << QStringList{QStringLiteral("clear")};
    QTest::newRow("move") << QStringList{QStringLiteral("move"), QStringLiteral("a.example"),
                                         QStringLiteral("b.example")};
}

void ClientQueueCommands::aQueueInUseIsTwo()
{
    QFETCH(QStringList, second);
    // It never answers, so the first one waits until it is ended.
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QCOMPARE(add(QStringLiteral("127.0.0.1:%1").arg(silent.serverPort())).exitCode, 0);
    QProcess first;
    m_pair->start(first, {QStringLiteral("queue"), QStringLiteral("run"),
                          QStringLiteral("--data-dir"), m_pair->clientData()});
    QVERIFY(first.waitForStarted());
    QVERIFY(silent.waitForNewConnection(patienceMs));
    const ProgramRun run = queue(second);
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.errors.contains("Another program is using the queue"), run.errors.constData());
    QCOMPARE(::kill(pid_t(first.processId()), SIGTERM), 0);
    QCOMPARE(finishProgram(first).exitCode, 143);
}

void ClientQueueCommands::whatWaitsElsewhereIsNamed()
{
    QCOMPARE(add(QStringLiteral("old.example:99")).exitCode, 0);
    const ProgramRun run = runQueue({m_pair->address()});
    QCOMPARE(run.exitCode, 0);
    QVERIFY2(run.errors.contains("old.example:99"), run.errors.constData());
    QVERIFY2(run.errors.contains("ferry queue move OLD NEW"), run.errors.constData());
}

void ClientQueueCommands::whatWaitsIsMovedToAnotherAddress()
{
    QCOMPARE(add(QStringLiteral("old.example:99")).exitCode, 0);
    const ProgramRun moved =
        queue({QStringLiteral("move"), QStringLiteral("OLD.example:99"), m_pair->address()});
    QVERIFY2(moved.exitCode == 0, moved.errors.constData());
    QVERIFY(queue({}).output.contains(m_pair->address().toLatin1() + "  /pub/a"));
    QCOMPARE(runQueue().exitCode, 0);
    QCOMPARE(saved(), QByteArray("content of a"));
    // What is done stays where it came from.
    QCOMPARE(
        queue({QStringLiteral("move"), m_pair->address(), QStringLiteral("new.example")}).exitCode,
        3);
    QVERIFY(queue({}).output.contains(m_pair->address().toLatin1()));
}

void ClientQueueCommands::movingFromWhereNothingWaitsSaysSo()
{
    QCOMPARE(add(QStringLiteral("bob@old.example:99")).exitCode, 0);
    const ProgramRun moved =
        queue({QStringLiteral("move"), QStringLiteral("old.example:99"), m_pair->address()});
    QCOMPARE(moved.exitCode, 3);
    QVERIFY2(moved.errors.contains("bob@old.example:99"), moved.errors.constData());
    QCOMPARE(queue({QStringLiteral("move"), m_pair->address()}).exitCode, 2);
}

void ClientQueueCommands::theAccountMovesAlong()
{
    QCOMPARE(add(QStringLiteral("bob@old.example:99")).exitCode, 0);
    const auto move = [&](const char *from, const char *to) {
        return queue({QStringLiteral("move"), QString::fromLatin1(from), QString::fromLatin1(to)})
            .exitCode;
    };
    QCOMPARE(move("bob@old.example:99", "new.example"), 0);
    QVERIFY(queue({}).output.contains("bob@new.example:7420"));
    QCOMPARE(move("bob@new.example", "ann@new.example"), 0);
    QVERIFY(queue({}).output.contains("ann@new.example:7420"));
}

void ClientQueueCommands::addMakesTheFolder()
{
    const QString folder = m_pair->target() + QStringLiteral("/new/deep");
    QCOMPARE(queue({QStringLiteral("add"), QStringLiteral("-d"), folder, m_pair->address(),
                    QStringLiteral("/pub/a")})
                 .exitCode,
             0);
    const ProgramRun run = runQueue();
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(readFile(folder + QStringLiteral("/a")), "content of a");
}

void ClientQueueCommands::whatWasAskedForAFileHoldsWhenItIsFetched_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("executable");
    const QStringList off = {QStringLiteral("--executable"), QStringLiteral("off")};
    QTest::newRow("a file") << QStringList() << QByteArray("/pub/d/run") << true;
    QTest::newRow("a file, off") << off << QByteArray("/pub/d/run") << false;
    QTest::newRow("a folder, off") << off << QByteArray("/pub/d") << false;
    QTest::newRow("a large file, off") << off << QByteArray("/pub/d/large") << false;
}

void ClientQueueCommands::whatWasAskedForAFileHoldsWhenItIsFetched()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, path);
    QFETCH(bool, executable);
    QVERIFY(QDir().mkpath(m_pair->share() + QStringLiteral("/d")));
    for (const auto &[name, size] : {std::pair("run", 3), std::pair("large", 3'000'000)}) {
        const QString file = m_pair->share() + QStringLiteral("/d/") + QLatin1StringView(name);
        QVERIFY(writeFile(file, QByteArray(size, 'x')));
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), 0755), 0);
    }
    QCOMPARE(queue(QStringList{QStringLiteral("add"), QStringLiteral("-d"), m_pair->target()} +
                   options + QStringList{m_pair->address(), QString::fromLatin1(path)})
                 .exitCode,
             0);
    const ProgramRun run = runQueue();
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const QString name = QString::fromLatin1(path.sliced(path.lastIndexOf('/') + 1));
    const QStringList below = name == QStringLiteral("d")
                                  ? QStringList{QStringLiteral("d/run"), QStringLiteral("d/large")}
                                  : QStringList{name};
    for (const QString &file : below) {
        const QFileInfo saved(m_pair->target() + u'/' + file);
        QVERIFY2(saved.isFile(), qPrintable(file));
        QCOMPARE(saved.permission(QFile::ExeOwner), executable);
    }
}

void ClientQueueCommands::aQueueThatOthersCanChangeIsNotRun()
{
    QCOMPARE(add(m_pair->address()).exitCode, 0);
    QCOMPARE(::chmod(QFile::encodeName(path()).constData(), 0666), 0);
    for (const QStringList &words :
         {QStringList{QStringLiteral("list")}, QStringList{QStringLiteral("run")},
          QStringList{QStringLiteral("clear")}}) {
        const ProgramRun refused = queue(words);
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.errors.contains("is not trusted"), refused.errors.constData());
    }
    QVERIFY(!QFile::exists(m_pair->target() + QStringLiteral("/a")));
    QCOMPARE(::chmod(QFile::encodeName(path()).constData(), 0600), 0);
    QCOMPARE(runQueue().exitCode, 0);
    QCOMPARE(saved(), QByteArray("content of a"));
}

FERRY_TEST(ClientQueueCommands)
#include "client_queue_commands.moc"
