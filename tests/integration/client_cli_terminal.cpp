// SPDX-License-Identifier: MIT
// The program `ferry` as a person at a terminal sees it.
#include "support/process.h"
#include "support/program.h"
#include "support/terminal.h"
#include "support/testprogram.h"
#include "support/tutorialserver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

using namespace ferry;
using namespace ferry::test;

class ClientCliTerminalTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void asksForThePasswordWithoutEcho();
    void aSignalAtThePromptRestoresTheEcho_data();
    void aSignalAtThePromptRestoresTheEcho();
    void anInterruptAtTheFingerprintIs130_data();
    void anInterruptAtTheFingerprintIs130();
    void showsALiveLineThatIsGoneAtTheEnd();
    void quietShowsNoLiveLine();
    void namesAreMadeSafeOnATerminal();

private:
    QStringList arguments(quint16 port, const QStringList &more) const
    {
        return QStringList{QStringLiteral("get"), QStringLiteral("--classic"),
                           QStringLiteral("127.0.0.1:%1").arg(port)} +
               more;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void ClientCliTerminalTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(m_dir->isValid());
}

void ClientCliTerminalTest::asksForThePasswordWithoutEcho()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}};
    habits.password = "typed secret";
    const TutorialServer server(tutorialScript(habits));
    Terminal terminal(Terminal::Input);
    QProcess process;
    terminal.start(process, m_dir->path(), {}, arguments(server.port(), {QStringLiteral("a")}));
    QVERIFY(terminal.waitFor("Password for 127.0.0.1: "));
    QVERIFY(terminal.waitForSilence());
    terminal.type("typed secret\n");
    const ProgramRun run = finishProgram(process);
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output, QByteArray("a has been saved.\n"));
    QVERIFY(!terminal.screen().contains("typed"));
    QVERIFY(terminal.echoes());
}

void ClientCliTerminalTest::aSignalAtThePromptRestoresTheEcho_data()
{
    QTest::addColumn<QString>("command");
    QTest::newRow("get") << QStringLiteral("get");
    QTest::newRow("ls") << QStringLiteral("ls");
}

void ClientCliTerminalTest::aSignalAtThePromptRestoresTheEcho()
{
    QFETCH(QString, command);
    const TutorialServer server([](TutorialPeer &, int) {});
    Terminal terminal(Terminal::Input);
    QProcess process;
    QStringList words = arguments(server.port(), {QStringLiteral("a")});
    words[0] = command;
    if (command == QStringLiteral("ls"))
        words.removeAll(QStringLiteral("--classic"));
    terminal.start(process, m_dir->path(), {}, words);
    QVERIFY(terminal.waitFor("Password for "));
    QVERIFY(terminal.waitForSilence());
    QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
    QCOMPARE(finishProgram(process).exitCode, 130);
    QVERIFY(terminal.echoes());
    QCOMPARE(server.connections(), 0);
}

void ClientCliTerminalTest::anInterruptAtTheFingerprintIs130_data()
{
    aSignalAtThePromptRestoresTheEcho_data();
}

void ClientCliTerminalTest::anInterruptAtTheFingerprintIs130()
{
    QFETCH(QString, command);
    QProcess server;
    ProgramSettings settings;
    settings.folder = m_dir->path();
    prepareProcess(server, settings);
    server.setStandardErrorFile(QProcess::nullDevice());
    server.start(programPath(QStringLiteral("ferryd")),
                 {QStringLiteral("--share"), QStringLiteral("pub=") + m_dir->path(),
                  QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                  QStringLiteral("--classic"), QStringLiteral("off"), QStringLiteral("--data-dir"),
                  m_dir->filePath(QStringLiteral("server"))});
    QByteArray output;
    QVERIFY(waitUntil([&] {
        server.waitForReadyRead(10);
        output += server.readAllStandardOutput();
        return output.endsWith("ready\n");
    }));
    const QByteArray mark = "listening tls ";
    const qsizetype start = output.indexOf(mark) + mark.size();
    const QString address =
        QString::fromLatin1(output.sliced(start, output.indexOf('\n', start) - start));

    Terminal terminal(Terminal::Errors);
    QProcess process;
    terminal.start(process, m_dir->path(), "passwd",
                   {command, QStringLiteral("--data-dir"),
                    m_dir->filePath(QStringLiteral("client")), address, QStringLiteral("/pub")});
    QVERIFY(terminal.waitFor("Does it match? [y/N] "));
    terminal.type("\x03");
    QCOMPARE(finishProgram(process).exitCode, 130);
    server.kill();
    server.waitForFinished(patienceMs);
}

void ClientCliTerminalTest::showsALiveLineThatIsGoneAtTheEnd()
{
    std::atomic_bool goOn = false;
    const TutorialServer server([&](TutorialPeer &peer, int) {
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
        peer.write(QByteArray(1'500'000, 'x'));
        if (!waitUntil([&] { return bool(goOn); }))
            return;
        peer.write("#File a sent successfully.\r\n");
        if (const auto probe = peer.readLine())
            peer.write("!File " + probe->mid(5) + " could not be opened.\r\n");
        peer.readToEnd();
    });
    Terminal terminal(Terminal::Errors);
    QProcess process;
    terminal.start(process, m_dir->path(), "passwd",
                   arguments(server.port(), {QStringLiteral("a")}));
    const bool shown = terminal.waitFor("1.5 MB") && terminal.waitFor("1 of 1");
    goOn = true;
    QVERIFY(shown);
    const ProgramRun run = finishProgram(process);
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output, QByteArray("a has been saved.\n"));
    // What follows the last clearing of the line are remarks, not figures.
    const QByteArray screen = terminal.screen();
    const QByteArray last = screen.sliced(screen.lastIndexOf("\x1B[K") + 3);
    QVERIFY(!last.contains("1.5 MB"));
}

void ClientCliTerminalTest::quietShowsNoLiveLine()
{
    TutorialHabits habits;
    habits.files = {{"a", QByteArray(3'000'000, 'x')}};
    const TutorialServer server(tutorialScript(habits));
    Terminal terminal(Terminal::Errors);
    QProcess process;
    terminal.start(process, m_dir->path(), "passwd",
                   arguments(server.port(), {QStringLiteral("--quiet"), QStringLiteral("a")}));
    QCOMPARE(finishProgram(process).exitCode, 0);
    QCOMPARE(terminal.screen(), QByteArray());
}

void ClientCliTerminalTest::namesAreMadeSafeOnATerminal()
{
    TutorialHabits habits;
    const TutorialServer server(tutorialScript(habits));
    Terminal terminal(Terminal::Output | Terminal::Errors);
    QProcess process;
    terminal.start(
        process, m_dir->path(), "passwd",
        arguments(server.port(), {QStringLiteral("x\x1B[31m"), QStringLiteral("y\u202Ez")}));
    QCOMPARE(finishProgram(process).exitCode, 3);
    QVERIFY(terminal.waitFor("File x\\x1B[31m not found on server"));
    QVERIFY(terminal.waitFor("File y\\u202Ez not found on server"));
    QVERIFY(!terminal.screen().contains("\x1B[31m"));
}

FERRY_TEST(ClientCliTerminalTest)
#include "client_cli_terminal.moc"
