// SPDX-License-Identifier: MIT
// The program `ferry` when something is wrong: exit codes, and what is left behind.
#include "support/ferryrun.h"
#include "support/partof.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <atomic>
#include <csignal>
#include <memory>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

class ClientCliFailuresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void wrongPasswordIs67();
    void refusedConnectionIs7();
    void unknownHostIs6();
    void garbageGreetingIs8();
    void silenceIs28();
    void cutShortIs18();
    void whatCannotBeWrittenIs9();
    void aFullDiskFailsEachFileThatDoesNotFit();
    void outputThatCannotBeWrittenIs9();
    void hostileNamesAreRefused();
    void aSignalLeavesNoPartialFile_data();
    void aSignalLeavesNoPartialFile();
    void aSignalWhileConnectingEndsIt();
    void aKilledOneLeavesNoFinalNameAndTheNextReplacesItsRest();
    void oneKilledWhileItMadeItsPartLeavesNothingThatStays();

private:
    std::unique_ptr<FerryFolder> m_folder;
};

void ClientCliFailuresTest::init()
{
    m_folder = std::make_unique<FerryFolder>();
    QVERIFY(m_folder->isValid());
}

void ClientCliFailuresTest::wrongPasswordIs67()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.password = "guess-work";
    const ProgramRun run =
        m_folder->get(server.port(), {QStringLiteral("a"), QStringLiteral("b")}, settings);
    QCOMPARE(run.exitCode, 67);
    QCOMPARE(run.output, QByteArray());
    QVERIFY(!run.errors.contains("guess-work"));
    QCOMPARE(server.connections(), 1);
    QCOMPARE(m_folder->names(), QStringList());
}

void ClientCliFailuresTest::refusedConnectionIs7()
{
    TutorialServer server([](TutorialPeer &, int) {});
    const quint16 port = server.port();
    server.stopListening();
    QCOMPARE(m_folder->get(port, {QStringLiteral("a")}).exitCode, 7);

    const TutorialServer full([](TutorialPeer &peer, int) { peer.write("!Server is full.\r\n"); });
    const ProgramRun run = m_folder->get(full.port(), {QStringLiteral("a")});
    QCOMPARE(run.exitCode, 7);
    QVERIFY(run.errors.contains("Server is full"));
}

void ClientCliFailuresTest::unknownHostIs6()
{
    ProgramSettings settings;
    settings.folder = m_folder->path();
    // Reserved never to exist (RFC 6761). Without any name server glibc would try for long, so
    // the child asks none: it has a network of its own with nothing in it, where it may.
    settings.inChild = [] { ::unshare(CLONE_NEWUSER | CLONE_NEWNET); };
    const ProgramRun run = runProgram(QStringLiteral("ferry"),
                                      {QStringLiteral("get"), QStringLiteral("--classic"),
                                       QStringLiteral("--allow-unencrypted"),
                                       QStringLiteral("ferry-test.invalid"), QStringLiteral("a")},
                                      settings);
    QCOMPARE(run.exitCode, 6);
    QVERIFY(run.errors.contains("ferry-test.invalid"));
}

void ClientCliFailuresTest::garbageGreetingIs8()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        peer.write("SSH-2.0-\x1B]0;title\x07\r\n");
        peer.readToEnd();
    });
    const ProgramRun run = m_folder->get(server.port(), {QStringLiteral("a")});
    QCOMPARE(run.exitCode, 8);
    QVERIFY(run.errors.contains("SSH-2.0"));
    QVERIFY(!run.errors.contains('\x1B'));
    QVERIFY(!run.errors.contains('\x07'));
}

void ClientCliFailuresTest::silenceIs28()
{
    const TutorialServer server([](TutorialPeer &peer, int) { peer.readToEnd(); });
    QCOMPARE(
        m_folder->get(server.port(), {QStringLiteral("--timeout=1"), QStringLiteral("a")}).exitCode,
        28);

    const TutorialServer stopping(scriptThatStops());
    QCOMPARE(m_folder->get(stopping.port(), {QStringLiteral("--timeout=1"), QStringLiteral("a")})
                 .exitCode,
             28);
    QCOMPARE(m_folder->names(), QStringList());
}

void ClientCliFailuresTest::cutShortIs18()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
        peer.write(QByteArray(500'000, 'x'));
    });
    const ProgramRun run = m_folder->get(server.port(), {QStringLiteral("a"), QStringLiteral("b")});
    QCOMPARE(run.exitCode, 18);
    QCOMPARE(run.output, QByteArray());
    QCOMPARE(m_folder->names(), QStringList());
}

void ClientCliFailuresTest::whatCannotBeWrittenIs9()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.inChild = [] {
        const rlimit small = {100'000, 100'000};
        ::setrlimit(RLIMIT_FSIZE, &small);
    };
    QCOMPARE(m_folder->get(server.port(), {QStringLiteral("large")}, settings).exitCode, 9);
    QCOMPARE(m_folder->names(), QStringList());
    const ProgramRun mixed =
        m_folder->get(server.port(), {QStringLiteral("large"), QStringLiteral("a")}, settings);
    QCOMPARE(mixed.exitCode, 4);
    QCOMPARE(mixed.output, QByteArray("a has been saved.\n"));
    QCOMPARE(m_folder->names(), QStringList{QStringLiteral("a")});
}

void ClientCliFailuresTest::aFullDiskFailsEachFileThatDoesNotFit()
{
    // A disk of 64 KiB that only the child sees.
    if (::geteuid() != 0)
        QSKIP("Mounting needs root");
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const QByteArray folder = QFile::encodeName(m_folder->path());
    ProgramSettings settings;
    settings.inChild = [folder] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=64k") != 0 ||
            ::chdir(folder.constData()) != 0)
            ::_exit(77);
    };
    const ProgramRun run = m_folder->get(
        server.port(), {QStringLiteral("large"), QStringLiteral("a"), QStringLiteral("large")},
        settings);
    if (run.exitCode == 77)
        QSKIP("Mounting is not possible here");
    QCOMPARE(run.output, QByteArray("a has been saved.\n"));
    QCOMPARE(run.errors.count("disk is full"), 2);
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(m_folder->get(server.port(), {QStringLiteral("large")}, settings).exitCode, 9);
}

void ClientCliFailuresTest::outputThatCannotBeWrittenIs9()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QProcess process;
    process.setStandardOutputFile(QStringLiteral("/dev/full"));
    m_folder->startGet(process, server.port(), {QStringLiteral("a")});
    QCOMPARE(finishProgram(process).exitCode, 9);
    QCOMPARE(m_folder->content(QStringLiteral("a")), QByteArray("content of a"));
}

void ClientCliFailuresTest::hostileNamesAreRefused()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    for (const char *path : {"..", "", "/", "x/..", "c:\\", "."}) {
        const ProgramRun run = m_folder->get(server.port(), {QString::fromLatin1(path)});
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.output, QByteArray());
        QVERIFY(!run.errors.isEmpty());
    }
    QCOMPARE(server.connections(), 0);
    QCOMPARE(m_folder->get(server.port(), {QStringLiteral(".."), QStringLiteral("a")}).exitCode, 4);
    QCOMPARE(m_folder->names(), QStringList{QStringLiteral("a")});
}

void ClientCliFailuresTest::aSignalLeavesNoPartialFile_data()
{
    QTest::addColumn<int>("signalNumber");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void ClientCliFailuresTest::aSignalLeavesNoPartialFile()
{
    QFETCH(int, signalNumber);
    const TutorialServer server(scriptThatStops());
    QProcess process;
    ProgramSettings settings;
    // As a script's background job has it, and not as nohup does.
    settings.inChild = [] {
        ::signal(SIGINT, SIG_IGN);
        ::signal(SIGHUP, SIG_DFL);
    };
    m_folder->startGet(process, server.port(), {QStringLiteral("a")}, settings);
    QVERIFY(process.waitForStarted(patienceMs));
    QVERIFY(m_folder->waitForPart(partOf(QStringLiteral("a"))));
    QCOMPARE(::kill(pid_t(process.processId()), signalNumber), 0);
    const ProgramRun run = finishProgram(process);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(run.exitCode, 128 + signalNumber);
    QCOMPARE(run.output, QByteArray());
    QCOMPARE(m_folder->names(), QStringList());
}

void ClientCliFailuresTest::aSignalWhileConnectingEndsIt()
{
    std::atomic_bool asked = false;
    const TutorialServer server([&](TutorialPeer &peer, int) {
        asked = true;
        peer.readToEnd();
    });
    QProcess process;
    m_folder->startGet(process, server.port(), {QStringLiteral("a")});
    QVERIFY(waitUntil([&] { return bool(asked); }));
    QCOMPARE(::kill(pid_t(process.processId()), SIGTERM), 0);
    QCOMPARE(finishProgram(process).exitCode, 143);
}

void ClientCliFailuresTest::aKilledOneLeavesNoFinalNameAndTheNextReplacesItsRest()
{
    {
        const TutorialServer server(scriptThatStops());
        QProcess process;
        m_folder->startGet(process, server.port(), {QStringLiteral("a")});
        QVERIFY(process.waitForStarted(patienceMs));
        QVERIFY(m_folder->waitForPart(partOf(QStringLiteral("a"))));
        process.kill();
        finishProgram(process);
    }
    QCOMPARE(m_folder->names(), QStringList{partOf(QStringLiteral("a"))});
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QCOMPARE(m_folder->get(server.port(), {QStringLiteral("a")}).exitCode, 0);
    QCOMPARE(m_folder->names(), QStringList{QStringLiteral("a")});
    QCOMPARE(m_folder->content(QStringLiteral("a")), QByteArray("content of a"));
}

/// Killed when it locks its new part: one that did not carry our mark by then would stay for ever.
void ClientCliFailuresTest::oneKilledWhileItMadeItsPartLeavesNothingThatStays()
{
    const QString strace = QStandardPaths::findExecutable(QStringLiteral("strace"));
    if (strace.isEmpty())
        QSKIP("strace is not installed");
    const TutorialServer stopping(scriptThatStops());
    QProcess process;
    ProgramSettings settings;
    settings.folder = m_folder->path();
    prepareProcess(process, settings);
    process.start(strace,
                  {QStringLiteral("-f"), QStringLiteral("-qqq"), QStringLiteral("-o"),
                   QStringLiteral("/dev/null"), QStringLiteral("-e"),
                   QStringLiteral("inject=flock:signal=KILL"), programPath(QStringLiteral("ferry")),
                   QStringLiteral("get"), QStringLiteral("--classic"),
                   QStringLiteral("127.0.0.1:%1").arg(stopping.port()), QStringLiteral("a")});
    const ProgramRun killed = finishProgram(process);
    if (killed.errors.contains("PTRACE"))
        QSKIP("nothing may be traced here");
    QCOMPARE(killed.exitCode, 128 + SIGKILL);
    QCOMPARE(m_folder->names(), QStringList{partOf(QStringLiteral("a"))});
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QCOMPARE(m_folder->get(server.port(), {QStringLiteral("a")}).exitCode, 0);
    QCOMPARE(m_folder->names(), QStringList{QStringLiteral("a")});
}

FERRY_TEST(ClientCliFailuresTest)
#include "client_cli_failures.moc"
