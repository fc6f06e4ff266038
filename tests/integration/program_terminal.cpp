// SPDX-License-Identifier: MIT
// Job control, passwords and keys at a terminal, for both command-line programs.
#include "support/terminal.h"
#include "support/testprogram.h"
#include "support/transferpair.h"
#include "support/tutorialserver.h"

#include <QDir>
#include <QTemporaryDir>

#include <csignal>
#include <memory>

using namespace ferry;
using namespace ferry::test;

class ProgramTerminal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void aStoppedPromptEchoesAndAsksAgain();
    void whatEndsThePromptRestoresTheEcho_data();
    void whatEndsThePromptRestoresTheEcho();
    void aNewPasswordIsTypedTwiceWithoutEcho();
    void twoPasswordsThatDifferAreRefused();
    void theLiveLineCountsTheFilesOfAFolder();
    void escapeEndsTheServer();
    void withoutATerminalNobodyIsTold();
    void inTheBackgroundNobodyIsTold();
    void aTerminalThatIsClosedEndsTheServer();

private:
    QString path(const char *name) const { return m_dir->filePath(QLatin1StringView(name)); }

    void startServer(Terminal &terminal, QProcess &process) const
    {
        terminal.start(process, m_dir->path(), "passwd", programPath(QStringLiteral("ferryd")),
                       {QStringLiteral("--share"), QStringLiteral("pub=") + m_dir->path(),
                        QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                        QStringLiteral("--classic"), QStringLiteral("127.0.0.1:0"),
                        QStringLiteral("--data-dir"), path("server")});
    }

    void startAccountAdd(Terminal &terminal, QProcess &process) const
    {
        terminal.start(process, m_dir->path(), {}, programPath(QStringLiteral("ferryd")),
                       {QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("eve"),
                        QStringLiteral("--data-dir"), path("server")});
    }

    QByteArray accounts() const
    {
        return runProgram(QStringLiteral("ferryd"),
                          {QStringLiteral("account"), QStringLiteral("list"),
                           QStringLiteral("--data-dir"), path("server")})
            .output;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void ProgramTerminal::aStoppedPromptEchoesAndAsksAgain()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}};
    habits.password = "typed secret";
    const TutorialServer server(tutorialScript(habits));
    Terminal terminal(Terminal::Input);
    QProcess process;
    // Of a shell that leaves the terminal as it finds it.
    terminal.start(process, m_dir->path(), {}, QStringLiteral("/bin/sh"),
                   {QStringLiteral("-c"),
                    QStringLiteral("set -m; \"$@\"; stty -a </dev/tty; fg >/dev/null"),
                    QStringLiteral("sh"), programPath(QStringLiteral("ferry")),
                    QStringLiteral("get"), QStringLiteral("--classic"),
                    QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("a")});
    QVERIFY(terminal.waitFor("Password for 127.0.0.1: "));
    QVERIFY(terminal.waitForSilence());
    terminal.type("\x1A");
    QVERIFY(terminal.waitFor("Password for 127.0.0.1: ", 2));
    QVERIFY(terminal.waitForSilence());
    terminal.type("typed secret\n");
    const ProgramRun run = finishProgram(process);
    QVERIFY2(run.output.contains(" echo ") && !run.output.contains(" -echo "), run.output);
    QVERIFY(run.output.endsWith("a has been saved.\n"));
    QVERIFY(!terminal.screen().contains("typed"));
    QVERIFY(terminal.echoes());
}

void ProgramTerminal::whatEndsThePromptRestoresTheEcho_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("number");
    const QStringList get{QStringLiteral("get"), QStringLiteral("--classic"),
                          QStringLiteral("127.0.0.1:9"), QStringLiteral("a")};
    const QStringList ls{QStringLiteral("ls"), QStringLiteral("127.0.0.1:9")};
    const QStringList add{QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("eve"),
                          QStringLiteral("--data-dir"), QStringLiteral("none")};
    for (const int number :
         {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGPWR}) {
        const QByteArray name = ::sigabbrev_np(number);
        QTest::addRow("get %s", name.constData()) << QStringLiteral("ferry") << get << number;
        QTest::addRow("ls %s", name.constData()) << QStringLiteral("ferry") << ls << number;
        QTest::addRow("add %s", name.constData()) << QStringLiteral("ferryd") << add << number;
    }
}

void ProgramTerminal::whatEndsThePromptRestoresTheEcho()
{
    QFETCH(QString, program);
    QFETCH(QStringList, words);
    QFETCH(int, number);
    Terminal terminal(Terminal::Input);
    QProcess process;
    terminal.start(process, m_dir->path(), {}, programPath(program), words);
    QVERIFY(terminal.waitForSilence());
    QCOMPARE(::kill(pid_t(process.processId()), number), 0);
    QCOMPARE(finishProgram(process).exitCode, 128 + number);
    QVERIFY(terminal.echoes());
}

void ProgramTerminal::aNewPasswordIsTypedTwiceWithoutEcho()
{
    Terminal terminal(Terminal::Input);
    QProcess process;
    startAccountAdd(terminal, process);
    QVERIFY(terminal.waitFor("New password for eve: "));
    QVERIFY(terminal.waitForSilence());
    terminal.type("correct horse battery\n");
    QVERIFY(terminal.waitFor("Repeat it: "));
    QVERIFY(terminal.waitForSilence());
    terminal.type("correct horse battery\n");
    QCOMPARE(finishProgram(process).exitCode, 0);
    QVERIFY(!terminal.screen().contains("horse"));
    QVERIFY(terminal.echoes());
    QCOMPARE(accounts(), QByteArray("eve\n"));
}

void ProgramTerminal::twoPasswordsThatDifferAreRefused()
{
    Terminal terminal(Terminal::Input);
    QProcess process;
    startAccountAdd(terminal, process);
    QVERIFY(terminal.waitFor("New password for eve: "));
    QVERIFY(terminal.waitForSilence());
    terminal.type("correct horse battery\n");
    QVERIFY(terminal.waitFor("Repeat it: "));
    QVERIFY(terminal.waitForSilence());
    terminal.type("correct horse bettery\n");
    const ProgramRun run = finishProgram(process);
    QCOMPARE(run.exitCode, 2);
    QCOMPARE(run.errors, QByteArray("ferryd: The two passwords differ.\n"));
    QCOMPARE(accounts(), QByteArray());
}

void ProgramTerminal::escapeEndsTheServer()
{
    Terminal terminal(Terminal::Input | Terminal::Errors);
    QProcess process;
    startServer(terminal, process);
    QVERIFY(terminal.waitFor("Press ESCAPE to terminate program"));
    QVERIFY(terminal.waitForSilence());
    // Arrow keys, End, F1 and F5, Alt+X, letters, an unknown one.
    terminal.type("\x1B[A\x1B[1;5B\x1BOF\x1BOP\x1B[15~\x1Bxyz\n\x1B[?1;2c");
    QVERIFY(waitUntil([&] {
        process.waitForReadyRead(10);
        return process.peek(1000).endsWith("ready\n");
    }));
    const QByteArray output = process.peek(1000);
    const QByteArray mark = "listening tls ";
    const qsizetype start = output.indexOf(mark) + mark.size();
    const QString address =
        QString::fromLatin1(output.sliced(start, output.indexOf('\n', start) - start));
    QCOMPARE(
        runProgram(QStringLiteral("ferry"), {QStringLiteral("ls"), QStringLiteral("--trust-new"),
                                             QStringLiteral("--data-dir"), path("client"), address})
            .exitCode,
        0);
    terminal.type("\x1B");
    QCOMPARE(finishProgram(process).exitCode, 0);
    QVERIFY(terminal.echoes());
}

void ProgramTerminal::withoutATerminalNobodyIsTold()
{
    Terminal terminal(Terminal::Errors);
    QProcess process;
    startServer(terminal, process);
    process.write("\x1B"); // in a pipe it is a byte as any other
    process.closeWriteChannel();
    QVERIFY(waitUntil([&] {
        process.waitForReadyRead(10);
        return process.peek(1000).endsWith("ready\n");
    }));
    QCOMPARE(::kill(pid_t(process.processId()), SIGTERM), 0);
    QCOMPARE(finishProgram(process).exitCode, 0);
    QVERIFY(!terminal.screen().contains("ESCAPE"));
}

void ProgramTerminal::inTheBackgroundNobodyIsTold()
{
    Terminal terminal(Terminal::Input | Terminal::Errors);
    QProcess process;
    terminal.start(
        process, m_dir->path(), "passwd", QStringLiteral("/bin/sh"),
        {QStringLiteral("-c"), QStringLiteral("set -m; \"$@\" & read line; kill %1; wait"),
         QStringLiteral("sh"), programPath(QStringLiteral("ferryd")), QStringLiteral("--listen"),
         QStringLiteral("127.0.0.1:0"), QStringLiteral("--classic"), QStringLiteral("off"),
         QStringLiteral("--share"), QStringLiteral("pub=") + m_dir->path(),
         QStringLiteral("--data-dir"), path("server"), QStringLiteral("--log-file"), path("log")});
    QVERIFY(waitUntil([&] {
        process.waitForReadyRead(10);
        return process.peek(1000).endsWith("ready\n");
    }));
    QVERIFY(terminal.echoes());
    terminal.type("\n");
    QCOMPARE(finishProgram(process).exitCode, 0);
    QVERIFY(!terminal.screen().contains("ESCAPE"));
}

void ProgramTerminal::aTerminalThatIsClosedEndsTheServer()
{
    Terminal terminal(Terminal::Input | Terminal::Errors);
    QProcess process;
    startServer(terminal, process);
    QVERIFY(terminal.waitFor("Press ESCAPE to terminate program"));
    terminal.close();
    QCOMPARE(finishProgram(process).exitCode, 0);
}

void ProgramTerminal::theLiveLineCountsTheFilesOfAFolder()
{
    TransferPair pair;
    QVERIFY(pair.startServer());
    QVERIFY(QDir().mkpath(pair.share() + QStringLiteral("/d")));
    for (int i = 0; i < 5; ++i)
        QVERIFY(writeFile(pair.share() + QStringLiteral("/d/%1").arg(i), QByteArray(200'000, 'x')));
    Terminal terminal(Terminal::Errors);
    QProcess process;
    terminal.start(process, m_dir->path(), TransferPair::password(),
                   pair.getArguments({QStringLiteral("--limit-rate"), QStringLiteral("500K"),
                                      QStringLiteral("/pub/d")}));
    QVERIFY(terminal.waitFor(" of 5"));
    QCOMPARE(finishProgram(process).exitCode, 0);
    QVERIFY(!terminal.screen().contains("6 of"));
}

FERRY_TEST(ProgramTerminal)
#include "program_terminal.moc"
