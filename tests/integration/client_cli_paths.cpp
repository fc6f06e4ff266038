// SPDX-License-Identifier: MIT
// What is fetched and where it goes: -o NAME, -o -, and wildcards.
#include "net/base/checksum.h"
#include "net/base/filedescriptor.h"
#include "support/evilferry.h"
#include "support/process.h"
#include "support/terminal.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>
#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

class ClientCliPaths : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aFileGetsTheNameAskedFor_data();
    void aFileGetsTheNameAskedFor();
    void aFolderGetsTheNameAskedFor();
    void theNameMustBeOne_data();
    void theNameMustBeOne();
    void aFileGoesToStandardOutput();
    void aFileOfAnOddNameGoesToStandardOutput_data();
    void aFileOfAnOddNameGoesToStandardOutput();
    void whatIsDamagedIsNotPrinted();
    void nothingElseGoesToStandardOutput();
    void anInterruptedPrintSavesNoQueue();
    void wildcardsAreWhatTheServerHas();
    void aNameWithWildcardsIsTakenAsItIs();
    void wildcardsThatMatchNothingAreNotFound();
    void wildcardsAndOneNameMustMatchOneFile();
    void wildcardsAskAboutTheServerOnce();
    void aFailedLookUpIsAnEvent();
    void whatIsPrintedLeavesNothing();
    void whatAKilledPrintLeftGoesWithTheNext();

private:
    /// Prints /pub/large so slowly that it does not end; the folder that it waits in.
    QString startPrint(QProcess &client) const
    {
        const QStringList before = names();
        m_pair->start(client,
                      m_pair->getArguments({QStringLiteral("--limit-rate"), QStringLiteral("100k"),
                                            QStringLiteral("-o"), QStringLiteral("-"),
                                            QStringLiteral("/pub/large")}));
        QString found;
        const auto look = [&] {
            for (const QString &name : names()) {
                const QDir folder(m_pair->target() + u'/' + name + QStringLiteral("/file"));
                if (!before.contains(name) && !folder.isEmpty())
                    found = name;
            }
            return !found.isEmpty();
        };
        return waitUntil(look) ? found : QString();
    }
    QStringList names() const
    {
        return QDir(m_pair->target()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    }
    QByteArray saved(const QString &name) const { return readFile(m_pair->target() + u'/' + name); }

    std::unique_ptr<TransferPair> m_pair;
};

void ClientCliPaths::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("sub.jpg")));
    for (const char *name : {"a.jpg", "b.jpg", "c.txt", "x[1].txt", "x1.txt", "sub.jpg/d.jpg"})
        QVERIFY(writeFile(m_pair->share() + u'/' + QString::fromLatin1(name),
                          "content of " + QByteArray(name)));
    QVERIFY(m_pair->startServer());
}

void ClientCliPaths::aFileGetsTheNameAskedFor_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("where");
    QTest::newRow("a name") << QStringLiteral("other") << QStringLiteral("target/other");
    QTest::newRow("in a folder that is made")
        << QStringLiteral("new/er/x") << QStringLiteral("target/new/er/x");
    QTest::newRow("a folder above") << QStringLiteral("../x") << QStringLiteral("x");
}

void ClientCliPaths::aFileGetsTheNameAskedFor()
{
    QFETCH(QString, name);
    QFETCH(QString, where);
    const ProgramRun run = m_pair->get({QStringLiteral("-o"), name, QStringLiteral("/pub/a.jpg")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.output, QFileInfo(name).fileName().toUtf8() + " has been saved.\n");
    QCOMPARE(readFile(m_pair->root() + u'/' + where), QByteArray("content of a.jpg"));
    QVERIFY(!names().contains(QStringLiteral("a.jpg")));
}

void ClientCliPaths::aFolderGetsTheNameAskedFor()
{
    QCOMPARE(
        m_pair->get({QStringLiteral("-o"), QStringLiteral("s"), QStringLiteral("/pub/sub.jpg")})
            .exitCode,
        0);
    QCOMPARE(saved(QStringLiteral("s/d.jpg")), QByteArray("content of sub.jpg/d.jpg"));
}

void ClientCliPaths::theNameMustBeOne_data()
{
    QTest::addColumn<QStringList>("words");
    const QString o = QStringLiteral("-o");
    const QString a = QStringLiteral("/pub/a.jpg");
    QTest::newRow("two paths") << QStringList{o, QStringLiteral("x"), a, a};
    QTest::newRow("two paths to standard output") << QStringList{o, QStringLiteral("-"), a, a};
    QTest::newRow("a folder") << QStringList{o, QStringLiteral("x/"), a};
    QTest::newRow("..") << QStringList{o, QStringLiteral(".."), a};
    QTest::newRow("nothing") << QStringList{o, QString(), a};
    QTest::newRow("json") << QStringList{o, QStringLiteral("-"), QStringLiteral("--json"), a};
}

void ClientCliPaths::theNameMustBeOne()
{
    QFETCH(QStringList, words);
    const ProgramRun run = m_pair->get(words);
    QCOMPARE(run.exitCode, 2);
    QVERIFY(!run.errors.isEmpty());
    QVERIFY(names().isEmpty());
}

void ClientCliPaths::aFileGoesToStandardOutput()
{
    const QByteArray large = QByteArray(5'000'000, '\0') + "end\r\n";
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/large"), large));
    const ProgramRun run =
        m_pair->get({QStringLiteral("-o"), QStringLiteral("-"), QStringLiteral("/pub/large")});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.output == large);
    QCOMPARE(run.errors, QByteArray("large has been saved.\n"));
    const ProgramRun quiet = m_pair->get({QStringLiteral("-q"), QStringLiteral("-o"),
                                          QStringLiteral("-"), QStringLiteral("/pub/a.jpg")});
    QCOMPARE(quiet.output, QByteArray("content of a.jpg"));
    QCOMPARE(quiet.errors, QByteArray());
    QVERIFY(names().isEmpty());
}

void ClientCliPaths::aFileOfAnOddNameGoesToStandardOutput_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("one that Qt takes for its own") << QByteArray("::odd");
    QTest::newRow("no UTF-8") << QByteArray("odd\xFF");
    QTest::newRow("hidden") << QByteArray(".odd");
}

void ClientCliPaths::aFileOfAnOddNameGoesToStandardOutput()
{
    QFETCH(const QByteArray, name);
    const QByteArray path = QFile::encodeName(m_pair->share()) + '/' + name;
    const FileDescriptor made(::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL, 0644));
    QCOMPARE(::write(made.get(), "odd", 3), 3);
    const ProgramRun run = m_pair->get(
        {QStringLiteral("-o"), QStringLiteral("-"),
         name.startsWith('.') ? QStringLiteral("/pub/.o*d*") : QStringLiteral("/pub/*odd*")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.output, QByteArray("odd"));
    QVERIFY(names().isEmpty());
    ::unlink(path.constData()); // which Qt would not find
}

void ClientCliPaths::whatIsDamagedIsNotPrinted()
{
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(extended::Verb::Get))
            return;
        Checksum checksum;
        checksum.add("twelve bytes");
        peer.say(extended::file({12, 1, "i", 0, 12}) + extended::data(12) + "twelve bytez" +
                 extended::done(12, "xxh3:" + checksum.hex()));
        while (peer.next()) {
        }
    });
    const ProgramRun run =
        m_pair->run({QStringLiteral("get"), QStringLiteral("--pin"),
                     QString::fromLatin1(server.fingerprint()), QStringLiteral("--data-dir"),
                     m_pair->clientData(), QStringLiteral("-o"), QStringLiteral("-"),
                     QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("/pub/x")},
                    EvilFerry::password());
    QCOMPARE(run.exitCode, 32);
    QCOMPARE(run.output, QByteArray());
}

void ClientCliPaths::nothingElseGoesToStandardOutput()
{
    for (const char *path : {"/pub/none", "/pub/sub.jpg"}) {
        const ProgramRun run =
            m_pair->get({QStringLiteral("-o"), QStringLiteral("-"), QString::fromLatin1(path)});
        QCOMPARE(run.exitCode, 3);
        QCOMPARE(run.output, QByteArray());
        QVERIFY(run.errors.contains("not found on server"));
        QVERIFY(names().isEmpty());
    }
}

void ClientCliPaths::anInterruptedPrintSavesNoQueue()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QProcess client;
    m_pair->start(client,
                  {QStringLiteral("get"), QStringLiteral("--data-dir"), m_pair->clientData(),
                   QStringLiteral("-d"), m_pair->target(), QStringLiteral("-o"),
                   QStringLiteral("-"), QStringLiteral("127.0.0.1:%1").arg(silent.serverPort()),
                   QStringLiteral("/pub/a.jpg")});
    QVERIFY(silent.waitForNewConnection(patienceMs));
    QCOMPARE(::kill(pid_t(client.processId()), SIGTERM), 0);
    const ProgramRun run = finishProgram(client);
    QCOMPARE(run.exitCode, 143);
    QVERIFY(!run.errors.contains("queue"));
    QVERIFY(!QFile::exists(m_pair->clientData() + QStringLiteral("/queue.sqlite")));
    QVERIFY(names().isEmpty());
}

void ClientCliPaths::wildcardsAreWhatTheServerHas()
{
    const ProgramRun run = m_pair->get(
        {QStringLiteral("/pub/*.jpg"), QStringLiteral("/pub/a*"), QStringLiteral("/pub/c.txt")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(names(), (QStringList{QStringLiteral("a.jpg"), QStringLiteral("b.jpg"),
                                   QStringLiteral("c.txt"), QStringLiteral("sub.jpg")}));
    QCOMPARE(run.output.count("saved"), 4);
    const ProgramRun listed =
        m_pair->run({QStringLiteral("ls"), QStringLiteral("--data-dir"), m_pair->clientData(),
                     QStringLiteral("--pin"), QString::fromLatin1(m_pair->fingerprint()),
                     m_pair->address(), QStringLiteral("/*/?.jpg")},
                    TransferPair::password());
    QCOMPARE(listed.output, QByteArray("/pub/a.jpg\n/pub/b.jpg\n"));
}

void ClientCliPaths::aNameWithWildcardsIsTakenAsItIs()
{
    QCOMPARE(m_pair->get({QStringLiteral("/pub/x[1].txt")}).exitCode, 0);
    QCOMPARE(names(), QStringList{QStringLiteral("x[1].txt")});
}

void ClientCliPaths::wildcardsThatMatchNothingAreNotFound()
{
    const ProgramRun run =
        m_pair->get({QStringLiteral("/pub/*.png"), QStringLiteral("/pub/c.txt/*")});
    QCOMPARE(run.exitCode, 3);
    QCOMPARE(run.output, QByteArray("File /pub/*.png not found on server\n"
                                    "File /pub/c.txt/* not found on server\n"));
}

void ClientCliPaths::wildcardsAndOneNameMustMatchOneFile()
{
    QCOMPARE(m_pair->get({QStringLiteral("-o"), QStringLiteral("x"), QStringLiteral("/pub/?.jpg")})
                 .exitCode,
             2);
    QVERIFY(names().isEmpty());
    QCOMPARE(m_pair->get({QStringLiteral("-o"), QStringLiteral("x"), QStringLiteral("/pub/b*")})
                 .exitCode,
             0);
    QCOMPARE(saved(QStringLiteral("x")), QByteArray("content of b.jpg"));
}

void ClientCliPaths::wildcardsAskAboutTheServerOnce()
{
    Terminal terminal(Terminal::Errors);
    QProcess process;
    terminal.start(process, m_pair->root(), TransferPair::password(),
                   {QStringLiteral("get"), QStringLiteral("--data-dir"), m_pair->clientData(),
                    QStringLiteral("-d"), m_pair->target(), m_pair->address(),
                    QStringLiteral("/pub/b*")});
    QVERIFY(terminal.waitFor("[y/N] "));
    terminal.type("y\n");
    QCOMPARE(finishProgram(process).exitCode, 0);
    QCOMPARE(terminal.screen().count("[y/N]"), 1);
    QCOMPARE(saved(QStringLiteral("b.jpg")), QByteArray("content of b.jpg"));
}

void ClientCliPaths::aFailedLookUpIsAnEvent()
{
    m_pair->killServer();
    const ProgramRun run = m_pair->get({QStringLiteral("--json"), QStringLiteral("/pub/*")});
    QCOMPARE(run.exitCode, 7);
    QVERIFY2(run.output.contains("\"event\":\"error\""), run.output.constData());
    QVERIFY(run.output.contains("\"event\":\"summary\""));
    QCOMPARE(run.errors, QByteArray());
}

/// A reader that stops, and a signal meanwhile, as at `| less`.
void ClientCliPaths::whatIsPrintedLeavesNothing()
{
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/large"), QByteArray(5'000'000, 'x')));
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    ProgramSettings settings;
    settings.password = TransferPair::password();
    settings.inChild = [&ends] { ::dup2(ends[1], STDOUT_FILENO); };
    QProcess client;
    prepareProcess(client, settings);
    client.start(programPath(QStringLiteral("ferry")),
                 m_pair->getArguments(
                     {QStringLiteral("-o"), QStringLiteral("-"), QStringLiteral("/pub/large")}));
    ::close(ends[1]);
    char first = 0;
    QCOMPARE(::read(ends[0], &first, 1), 1); // the rest finds no room in the pipe
    QCOMPARE(::kill(pid_t(client.processId()), SIGINT), 0);
    QCOMPARE(finishProgram(client).exitCode, 128 + SIGINT);
    ::close(ends[0]);
    QVERIFY(names().isEmpty());
}

void ClientCliPaths::whatAKilledPrintLeftGoesWithTheNext()
{
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/large"), QByteArray(5'000'000, 'x')));
    const QString stranger = QStringLiteral("ferry-photos");
    QVERIFY(QDir().mkpath(m_pair->target() + u'/' + stranger + QStringLiteral("/file")));
    QProcess killed;
    const QString left = startPrint(killed);
    QVERIFY(!left.isEmpty());
    killed.kill();
    QCOMPARE(finishProgram(killed).exitCode, 128 + SIGKILL);
    QVERIFY(names().contains(left));

    QProcess alive;
    const QString inUse = startPrint(alive);
    QVERIFY(!inUse.isEmpty());
    QVERIFY(!names().contains(left));
    QVERIFY(names().contains(stranger));
    const ProgramRun next =
        m_pair->get({QStringLiteral("-o"), QStringLiteral("-"), QStringLiteral("/pub/a.jpg")});
    QCOMPARE(next.output, QByteArray("content of a.jpg"));
    QVERIFY(names().contains(inUse));
    QCOMPARE(::kill(pid_t(alive.processId()), SIGINT), 0);
    QCOMPARE(finishProgram(alive).exitCode, 128 + SIGINT);
    QCOMPARE(names(), QStringList{stranger});
}

FERRY_TEST(ClientCliPaths)
#include "client_cli_paths.moc"
