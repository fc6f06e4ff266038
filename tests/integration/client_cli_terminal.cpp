// SPDX-License-Identifier: MIT
// The program `ferry` as a person at a terminal sees it.
#include "support/process.h"
#include "support/program.h"
#include "support/testprogram.h"
#include "support/tutorialserver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

namespace {

/// A terminal, and the program sitting at it. Only what is asked for is connected to it; the
/// rest goes through pipes.
class Terminal
{
public:
    enum Stream { Input = 1, Output = 2, Errors = 4 };

    explicit Terminal(int streams)
        : m_streams(streams)
        , m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        ::grantpt(m_master.get());
        ::unlockpt(m_master.get());
        m_name = ::ptsname(m_master.get());
        winsize size = {};
        size.ws_col = 100;
        size.ws_row = 25;
        ::ioctl(m_master.get(), TIOCSWINSZ, &size);
        // Held open, so that the master has no hang-up before the program comes.
        m_slave.reset(::open(m_name.constData(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    }

    void start(QProcess &process, const QString &folder, const QByteArray &password,
               const QStringList &arguments)
    {
        ProgramSettings settings;
        settings.folder = folder;
        settings.password = password;
        settings.inChild = [name = m_name, streams = m_streams] {
            ::setsid();
            const int terminal = ::open(name.constData(), O_RDWR); // the controlling one from now
            if (streams & Input)
                ::dup2(terminal, STDIN_FILENO);
            if (streams & Output)
                ::dup2(terminal, STDOUT_FILENO);
            if (streams & Errors)
                ::dup2(terminal, STDERR_FILENO);
            ::close(terminal);
        };
        prepareProcess(process, settings);
        process.start(programPath(QStringLiteral("ferry")), arguments);
    }

    /// Reads until the screen shows `text`.
    bool waitFor(const QByteArray &text)
    {
        return waitUntil([&] {
            read();
            return m_screen.contains(text);
        });
    }

    /// The program waits for a line with the echo off.
    bool waitForSilence()
    {
        return waitUntil([&] {
            termios mode = {};
            return ::tcgetattr(m_slave.get(), &mode) == 0 && !(mode.c_lflag & ECHO);
        });
    }

    bool echoes() const
    {
        termios mode = {};
        return ::tcgetattr(m_slave.get(), &mode) == 0 && (mode.c_lflag & ECHO);
    }

    void type(const QByteArray &keys)
    {
        QCOMPARE(::write(m_master.get(), keys.constData(), size_t(keys.size())), keys.size());
    }

    QByteArray screen()
    {
        read();
        return m_screen;
    }

private:
    void read()
    {
        pollfd entry{m_master.get(), POLLIN, 0};
        while (::poll(&entry, 1, 0) == 1 && (entry.revents & POLLIN)) {
            char bytes[4096];
            const ssize_t count = ::read(m_master.get(), bytes, sizeof bytes);
            if (count <= 0)
                return;
            m_screen.append(bytes, count);
        }
    }

    const int m_streams;
    FileDescriptor m_master;
    FileDescriptor m_slave;
    QByteArray m_name;
    QByteArray m_screen;
};

} // namespace

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
    QVERIFY(terminal.waitFor("The same? [y/N] "));
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
