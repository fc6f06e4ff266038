// SPDX-License-Identifier: MIT
// The program `ferry` as scripts see it: output, files, exit codes.
#include "support/process.h"
#include "support/program.h"
#include "support/tutorialserver.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace ferry::test;

namespace {

TutorialHabits tutorialFiles()
{
    TutorialHabits habits;
    habits.files = {
        {"c:\\cp.gif", "GIF89a cp"}, {"c:\\g.gif", "GIF89a g"},           {"a", "content of a"},
        {"b", "content of b"},       {"large", QByteArray(300'000, 'L')}, {"gr\xFC\xDF", "latin"}};
    return habits;
}

/// Logs in; of whatever file there is a part, and then nothing until the client goes.
TutorialServer::Script scriptThatStops()
{
    return [](TutorialPeer &peer, int) {
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
        peer.write(QByteArray(500'000, 'x'));
        peer.readToEnd();
    };
}

} // namespace

class ClientCliTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theTutorialsLineGivesTheTutorialsOutput();
    void everythingFetchedIsZero();
    void nothingFoundIsThree();
    void pathsThatAreNoTextArePrintedAsTheyCame();
    void jsonIsOneObjectPerLine();
    void quietSaysNothingButErrors();
    void savesIntoTheFolderAskedFor();
    void theExistingFileDecides_data();
    void theExistingFileDecides();
    void thePasswordComesFromAFileOrStandardInput();
    void withoutAPasswordItIsAUsageError();
    void anEmptyPasswordIsAUsageError();
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
    void usageErrorsAreTwoAndGoToStandardError();
    void helpAndVersionGoToStandardOutput();

private:
    ProgramRun get(quint16 port, const QStringList &arguments, ProgramSettings settings = {}) const
    {
        settings.folder = m_dir->path();
        return runProgram(QStringLiteral("ferry"),
                          QStringList{QStringLiteral("get"), QStringLiteral("--classic"),
                                      QStringLiteral("127.0.0.1:%1").arg(port)} +
                              arguments,
                          settings);
    }
    QByteArray saved(const QString &name) const
    {
        QFile file(m_dir->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
    }
    void put(const QString &name, const QByteArray &bytes) const
    {
        QFile file(m_dir->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QStringList names() const
    {
        return QDir(m_dir->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                       QDir::Name);
    }
    bool waitForPart(const QString &name) const
    {
        return waitUntil([&] { return QFile(m_dir->filePath(name)).size() > 0; });
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void ClientCliTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(m_dir->isValid());
}

void ClientCliTest::theTutorialsLineGivesTheTutorialsOutput()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run =
        get(server.port(), {QStringLiteral("c:\\cu.gif"), QStringLiteral("c:\\cp.gif"),
                            QStringLiteral("c:\\g.gif"), QStringLiteral("c:\\ddd")});
    QCOMPARE(run.output, QByteArray("File c:\\cu.gif not found on server\n"
                                    "cp.gif has been saved.\n"
                                    "g.gif has been saved.\n"
                                    "File c:\\ddd not found on server\n"));
    QVERIFY(run.errors.contains("not verified"));
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(names(), (QStringList{QStringLiteral("cp.gif"), QStringLiteral("g.gif")}));
    QCOMPARE(saved(QStringLiteral("cp.gif")), QByteArray("GIF89a cp"));
    QCOMPARE(saved(QStringLiteral("g.gif")), QByteArray("GIF89a g"));
}

void ClientCliTest::everythingFetchedIsZero()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run = get(server.port(), {QStringLiteral("a"), QStringLiteral("large")});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output, QByteArray("a has been saved.\nlarge has been saved.\n"));
    QCOMPARE(saved(QStringLiteral("large")), QByteArray(300'000, 'L'));
    QVERIFY(!run.errors.contains('\x1B'));
    QVERIFY(!run.errors.contains('\r'));
}

void ClientCliTest::nothingFoundIsThree()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run = get(server.port(), {QStringLiteral("x"), QStringLiteral("/y/z")});
    QCOMPARE(run.exitCode, 3);
    QCOMPARE(run.output, QByteArray("File x not found on server\nFile /y/z not found on server\n"));
    QCOMPARE(names(), QStringList());
}

void ClientCliTest::pathsThatAreNoTextArePrintedAsTheyCame()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    // A shell, because QProcess passes on text only.
    QProcess shell;
    ProgramSettings settings;
    settings.folder = m_dir->path();
    prepareProcess(shell, settings);
    shell.start(QStringLiteral("/bin/sh"),
                {QStringLiteral("-c"),
                 QStringLiteral("exec \"$0\" get --classic \"$1\" \"$(printf 'gr\\374\\337')\" "
                                "\"$(printf 'x\\376\\033[31m')\""),
                 programPath(QStringLiteral("ferry")),
                 QStringLiteral("127.0.0.1:%1").arg(server.port())});
    const ProgramRun run = finishProgram(shell);
    QCOMPARE(run.output, QByteArray("gr\xFC\xDF has been saved.\n"
                                    "File x\xFE\x1B[31m not found on server\n"));
    QCOMPARE(run.exitCode, 4);
    const QByteArray path = QFile::encodeName(m_dir->path()) + "/gr\xFC\xDF";
    QCOMPARE(::access(path.constData(), R_OK), 0);
    QCOMPARE(::unlink(path.constData()), 0); // Qt could not
}

void ClientCliTest::jsonIsOneObjectPerLine()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    put(QStringLiteral("b"), "mine");
    const ProgramRun run =
        get(server.port(), {QStringLiteral("--json"), QStringLiteral("c:\\cp.gif"),
                            QStringLiteral("none"), QStringLiteral("b")});
    QCOMPARE(run.exitCode, 4);
    QList<QJsonObject> events;
    for (const QByteArray &line : run.output.trimmed().split('\n')) {
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        QVERIFY2(!event.isEmpty(), line.constData());
        if (event[QStringLiteral("event")] != QStringLiteral("progress"))
            events.append(event);
    }
    const auto object = [](const char *text) { return QJsonDocument::fromJson(text).object(); };
    QCOMPARE(events.size(), 5);
    QCOMPARE(events[0][QStringLiteral("event")].toString(), QStringLiteral("connected"));
    QCOMPARE(events[0][QStringLiteral("port")].toInt(), int(server.port()));
    QCOMPARE(events[0][QStringLiteral("security")].toString(), QStringLiteral("unencrypted"));
    QCOMPARE(events[1], object(R"({"event":"saved","path":"c:\\cp.gif","name":"cp.gif",)"
                               R"("bytes":9,"verified":false})"));
    QCOMPARE(events[2], object(R"({"event":"notfound","path":"none","name":"none"})"));
    QCOMPARE(events[3][QStringLiteral("event")].toString(), QStringLiteral("failed"));
    QCOMPARE(events[3][QStringLiteral("path")].toString(), QStringLiteral("b"));
    QCOMPARE(events[3][QStringLiteral("code")].toInt(), 13);
    QVERIFY(!events[3][QStringLiteral("error")].toString().isEmpty());
    QCOMPARE(events[4], object(R"({"event":"summary","saved":1,"notfound":1,"skipped":0,)"
                               R"("failed":1,"bytes":9,"exit":4})"));

    TutorialServer gone([](TutorialPeer &, int) {});
    const quint16 port = gone.port();
    gone.stopListening();
    const ProgramRun refused = get(port, {QStringLiteral("--json"), QStringLiteral("a")});
    const QByteArrayList lines = refused.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(QJsonDocument::fromJson(lines[0]).object()[QStringLiteral("code")].toInt(), 7);
    QCOMPARE(refused.exitCode, 7);
}

void ClientCliTest::quietSaysNothingButErrors()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run = get(server.port(), {QStringLiteral("--quiet"), QStringLiteral("a")});
    QCOMPARE(run.output, QByteArray("a has been saved.\n"));
    QCOMPARE(run.errors, QByteArray());
    const ProgramRun again = get(server.port(), {QStringLiteral("--quiet"), QStringLiteral("a")});
    QVERIFY(!again.errors.isEmpty());
}

void ClientCliTest::savesIntoTheFolderAskedFor()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("out")));
    QCOMPARE(get(server.port(), {QStringLiteral("a"), QStringLiteral("-d"), QStringLiteral("out")})
                 .exitCode,
             0);
    QCOMPARE(saved(QStringLiteral("out/a")), QByteArray("content of a"));
    QCOMPARE(names(), QStringList{QStringLiteral("out")});
    QCOMPARE(get(server.port(), {QStringLiteral("a"), QStringLiteral("-dnone")}).exitCode, 9);
}

void ClientCliTest::theExistingFileDecides_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("nothing said") << QString() << 13 << QByteArray() << QByteArray("mine");
    QTest::newRow("fail") << QStringLiteral("--existing=fail") << 13 << QByteArray()
                          << QByteArray("mine");
    QTest::newRow("overwrite") << QStringLiteral("--existing=overwrite") << 0
                               << QByteArray("a has been saved.\n") << QByteArray("content of a");
    QTest::newRow("rename") << QStringLiteral("--existing=rename") << 0
                            << QByteArray("a (1) has been saved.\n") << QByteArray("mine");
    QTest::newRow("skip") << QStringLiteral("--existing=skip") << 0 << QByteArray()
                          << QByteArray("mine");
}

void ClientCliTest::theExistingFileDecides()
{
    QFETCH(QString, policy);
    const TutorialServer server(tutorialScript(tutorialFiles()));
    put(QStringLiteral("a"), "mine");
    QStringList arguments{QStringLiteral("a")};
    if (!policy.isEmpty())
        arguments.append(policy);
    const ProgramRun run = get(server.port(), arguments);
    QTEST(run.exitCode, "exitCode");
    QTEST(run.output, "output");
    QTEST(saved(QStringLiteral("a")), "content");
    if (policy == QStringLiteral("--existing=rename"))
        QCOMPARE(saved(QStringLiteral("a (1)")), QByteArray("content of a"));
}

void ClientCliTest::thePasswordComesFromAFileOrStandardInput()
{
    TutorialHabits habits = tutorialFiles();
    habits.password = "pass word";
    const TutorialServer server(tutorialScript(habits));
    ProgramSettings settings;
    settings.password = "not this one";
    put(QStringLiteral("pw"), "pass word\n");
    const ProgramRun fromFile = get(
        server.port(),
        {QStringLiteral("--password-file"), QStringLiteral("pw"), QStringLiteral("a")}, settings);
    QCOMPARE(fromFile.exitCode, 0);
    settings.input = "pass word\r\n";
    const ProgramRun fromInput =
        get(server.port(), {QStringLiteral("--password-stdin"), QStringLiteral("b")}, settings);
    QCOMPARE(fromInput.exitCode, 0);
    settings.input = "pass word\n\n";
    const ProgramRun twoLines =
        get(server.port(), {QStringLiteral("--password-stdin"), QStringLiteral("large")}, settings);
    QVERIFY(twoLines.exitCode != 0);
    QCOMPARE(get(server.port(), {QStringLiteral("--password-file=none"), QStringLiteral("large")})
                 .exitCode,
             2);
}

void ClientCliTest::withoutAPasswordItIsAUsageError()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.password.clear();
    const ProgramRun run = get(server.port(), {QStringLiteral("a")}, settings);
    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.errors.contains("--password-file"));
    QCOMPARE(server.connections(), 0);
}

void ClientCliTest::anEmptyPasswordIsAUsageError()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.input = "\n";
    QCOMPARE(get(server.port(), {QStringLiteral("--password-stdin"), QStringLiteral("a")}, settings)
                 .exitCode,
             2);
    QCOMPARE(server.connections(), 0);
}

void ClientCliTest::wrongPasswordIs67()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.password = "guess-work";
    const ProgramRun run = get(server.port(), {QStringLiteral("a"), QStringLiteral("b")}, settings);
    QCOMPARE(run.exitCode, 67);
    QCOMPARE(run.output, QByteArray());
    QVERIFY(!run.errors.contains("guess-work"));
    QCOMPARE(server.connections(), 1);
    QCOMPARE(names(), QStringList());
}

void ClientCliTest::refusedConnectionIs7()
{
    TutorialServer server([](TutorialPeer &, int) {});
    const quint16 port = server.port();
    server.stopListening();
    QCOMPARE(get(port, {QStringLiteral("a")}).exitCode, 7);

    const TutorialServer full([](TutorialPeer &peer, int) { peer.write("!Server is full.\r\n"); });
    const ProgramRun run = get(full.port(), {QStringLiteral("a")});
    QCOMPARE(run.exitCode, 7);
    QVERIFY(run.errors.contains("Server is full"));
}

void ClientCliTest::unknownHostIs6()
{
    ProgramSettings settings;
    settings.folder = m_dir->path();
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

void ClientCliTest::garbageGreetingIs8()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        peer.write("SSH-2.0-\x1B]0;title\x07\r\n");
        peer.readToEnd();
    });
    const ProgramRun run = get(server.port(), {QStringLiteral("a")});
    QCOMPARE(run.exitCode, 8);
    QVERIFY(run.errors.contains("SSH-2.0"));
    QVERIFY(!run.errors.contains('\x1B'));
    QVERIFY(!run.errors.contains('\x07'));
}

void ClientCliTest::silenceIs28()
{
    const TutorialServer server([](TutorialPeer &peer, int) { peer.readToEnd(); });
    QCOMPARE(get(server.port(), {QStringLiteral("--timeout=1"), QStringLiteral("a")}).exitCode, 28);

    const TutorialServer stopping(scriptThatStops());
    QCOMPARE(get(stopping.port(), {QStringLiteral("--timeout=1"), QStringLiteral("a")}).exitCode,
             28);
    QCOMPARE(names(), QStringList());
}

void ClientCliTest::cutShortIs18()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
        peer.write(QByteArray(500'000, 'x'));
    });
    const ProgramRun run = get(server.port(), {QStringLiteral("a"), QStringLiteral("b")});
    QCOMPARE(run.exitCode, 18);
    QCOMPARE(run.output, QByteArray());
    QCOMPARE(names(), QStringList());
}

void ClientCliTest::whatCannotBeWrittenIs9()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.inChild = [] {
        const rlimit small = {100'000, 100'000};
        ::setrlimit(RLIMIT_FSIZE, &small);
    };
    QCOMPARE(get(server.port(), {QStringLiteral("large")}, settings).exitCode, 9);
    QCOMPARE(names(), QStringList());
    const ProgramRun mixed =
        get(server.port(), {QStringLiteral("large"), QStringLiteral("a")}, settings);
    QCOMPARE(mixed.exitCode, 4);
    QCOMPARE(mixed.output, QByteArray("a has been saved.\n"));
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
}

void ClientCliTest::aFullDiskFailsEachFileThatDoesNotFit()
{
    // A disk of 64 KiB that only the child sees.
    if (::geteuid() != 0)
        QSKIP("Mounting needs root");
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const QByteArray folder = QFile::encodeName(m_dir->path());
    ProgramSettings settings;
    settings.inChild = [folder] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=64k") != 0 ||
            ::chdir(folder.constData()) != 0)
            ::_exit(77);
    };
    const ProgramRun run =
        get(server.port(), {QStringLiteral("large"), QStringLiteral("a"), QStringLiteral("large")},
            settings);
    if (run.exitCode == 77)
        QSKIP("Mounting is not possible here");
    QCOMPARE(run.output, QByteArray("a has been saved.\n"));
    QCOMPARE(run.errors.count("disk is full"), 2);
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(get(server.port(), {QStringLiteral("large")}, settings).exitCode, 9);
}

void ClientCliTest::outputThatCannotBeWrittenIs9()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QProcess process;
    ProgramSettings settings;
    settings.folder = m_dir->path();
    prepareProcess(process, settings);
    process.setStandardOutputFile(QStringLiteral("/dev/full"));
    process.start(programPath(QStringLiteral("ferry")),
                  {QStringLiteral("get"), QStringLiteral("--classic"),
                   QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("a")});
    QCOMPARE(finishProgram(process).exitCode, 9);
    QCOMPARE(saved(QStringLiteral("a")), QByteArray("content of a"));
}

void ClientCliTest::hostileNamesAreRefused()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    for (const char *path : {"..", "", "/", "x/..", "c:\\", "."}) {
        const ProgramRun run = get(server.port(), {QString::fromLatin1(path)});
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.output, QByteArray());
        QVERIFY(!run.errors.isEmpty());
    }
    QCOMPARE(server.connections(), 0);
    QCOMPARE(get(server.port(), {QStringLiteral(".."), QStringLiteral("a")}).exitCode, 4);
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
}

void ClientCliTest::aSignalLeavesNoPartialFile_data()
{
    QTest::addColumn<int>("signalNumber");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void ClientCliTest::aSignalLeavesNoPartialFile()
{
    QFETCH(int, signalNumber);
    const TutorialServer server(scriptThatStops());
    QProcess process;
    ProgramSettings settings;
    settings.folder = m_dir->path();
    // As a script's background job has it, and not as nohup does.
    settings.inChild = [] {
        ::signal(SIGINT, SIG_IGN);
        ::signal(SIGHUP, SIG_DFL);
    };
    prepareProcess(process, settings);
    process.start(programPath(QStringLiteral("ferry")),
                  {QStringLiteral("get"), QStringLiteral("--classic"),
                   QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("a")});
    QVERIFY(process.waitForStarted(patienceMs));
    QVERIFY(waitForPart(QStringLiteral("a.part")));
    QCOMPARE(::kill(pid_t(process.processId()), signalNumber), 0);
    const ProgramRun run = finishProgram(process);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(run.exitCode, 128 + signalNumber);
    QCOMPARE(run.output, QByteArray());
    QCOMPARE(names(), QStringList());
}

void ClientCliTest::aSignalWhileConnectingEndsIt()
{
    std::atomic_bool asked = false;
    const TutorialServer server([&](TutorialPeer &peer, int) {
        asked = true;
        peer.readToEnd();
    });
    QProcess process;
    ProgramSettings settings;
    settings.folder = m_dir->path();
    prepareProcess(process, settings);
    process.start(programPath(QStringLiteral("ferry")),
                  {QStringLiteral("get"), QStringLiteral("--classic"),
                   QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("a")});
    QVERIFY(waitUntil([&] { return bool(asked); }));
    QCOMPARE(::kill(pid_t(process.processId()), SIGTERM), 0);
    QCOMPARE(finishProgram(process).exitCode, 143);
}

void ClientCliTest::aKilledOneLeavesNoFinalNameAndTheNextReplacesItsRest()
{
    {
        const TutorialServer server(scriptThatStops());
        QProcess process;
        ProgramSettings settings;
        settings.folder = m_dir->path();
        prepareProcess(process, settings);
        process.start(programPath(QStringLiteral("ferry")),
                      {QStringLiteral("get"), QStringLiteral("--classic"),
                       QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("a")});
        QVERIFY(process.waitForStarted(patienceMs));
        QVERIFY(waitForPart(QStringLiteral("a.part")));
        process.kill();
        finishProgram(process);
    }
    QCOMPARE(names(), QStringList{QStringLiteral("a.part")});
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QCOMPARE(get(server.port(), {QStringLiteral("a")}).exitCode, 0);
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
    QCOMPARE(saved(QStringLiteral("a")), QByteArray("content of a"));
}

void ClientCliTest::usageErrorsAreTwoAndGoToStandardError()
{
    for (const QStringList &arguments :
         {QStringList{}, QStringList{QStringLiteral("got")},
          QStringList{QStringLiteral("get"), QStringLiteral("127.0.0.1"), QStringLiteral("a")},
          QStringList{QStringLiteral("get"), QStringLiteral("--classic"),
                      QStringLiteral("192.0.2.1"), QStringLiteral("a")},
          QStringList{QStringLiteral("get"), QStringLiteral("--nonsense")}}) {
        const ProgramRun run = runProgram(QStringLiteral("ferry"), arguments);
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.output, QByteArray());
        QVERIFY(run.errors.startsWith("ferry: "));
    }
}

void ClientCliTest::helpAndVersionGoToStandardOutput()
{
    for (const QStringList &arguments :
         {QStringList{QStringLiteral("--help")}, QStringList{QStringLiteral("--version")},
          QStringList{QStringLiteral("get"), QStringLiteral("--help")}}) {
        const ProgramRun run = runProgram(QStringLiteral("ferry"), arguments);
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.output.contains("ferry"));
        QCOMPARE(run.errors, QByteArray());
    }
}

QTEST_GUILESS_MAIN(ClientCliTest)
#include "client_cli.moc"
