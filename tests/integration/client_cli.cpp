// SPDX-License-Identifier: MIT
// The program `ferry` as scripts see it: arguments, output, files.
#include "support/ferryrun.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <memory>

#include <unistd.h>

using namespace ferry::test;

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
    void usageErrorsAreTwoAndGoToStandardError();
    void helpAndVersionGoToStandardOutput();

private:
    std::unique_ptr<FerryFolder> m_folder;
};

void ClientCliTest::init()
{
    m_folder = std::make_unique<FerryFolder>();
    QVERIFY(m_folder->isValid());
}

void ClientCliTest::theTutorialsLineGivesTheTutorialsOutput()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run =
        m_folder->get(server.port(), {QStringLiteral("c:\\cu.gif"), QStringLiteral("c:\\cp.gif"),
                                      QStringLiteral("c:\\g.gif"), QStringLiteral("c:\\ddd")});
    QCOMPARE(run.output, QByteArray("File c:\\cu.gif not found on server\n"
                                    "cp.gif has been saved.\n"
                                    "g.gif has been saved.\n"
                                    "File c:\\ddd not found on server\n"));
    QVERIFY(run.errors.contains("not verified"));
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(m_folder->names(), (QStringList{QStringLiteral("cp.gif"), QStringLiteral("g.gif")}));
    QCOMPARE(m_folder->content(QStringLiteral("cp.gif")), QByteArray("GIF89a cp"));
    QCOMPARE(m_folder->content(QStringLiteral("g.gif")), QByteArray("GIF89a g"));
}

void ClientCliTest::everythingFetchedIsZero()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run =
        m_folder->get(server.port(), {QStringLiteral("a"), QStringLiteral("large")});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output, QByteArray("a has been saved.\nlarge has been saved.\n"));
    QCOMPARE(m_folder->content(QStringLiteral("large")), QByteArray(300'000, 'L'));
    QVERIFY(!run.errors.contains('\x1B'));
    QVERIFY(!run.errors.contains('\r'));
}

void ClientCliTest::nothingFoundIsThree()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run =
        m_folder->get(server.port(), {QStringLiteral("x"), QStringLiteral("/y/z")});
    QCOMPARE(run.exitCode, 3);
    QCOMPARE(run.output, QByteArray("File x not found on server\nFile /y/z not found on server\n"));
    QCOMPARE(m_folder->names(), QStringList());
}

void ClientCliTest::pathsThatAreNoTextArePrintedAsTheyCame()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    // A shell, because QProcess passes on text only.
    QProcess shell;
    ProgramSettings settings;
    settings.folder = m_folder->path();
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
    const QByteArray path = QFile::encodeName(m_folder->path()) + "/gr\xFC\xDF";
    QCOMPARE(::access(path.constData(), R_OK), 0);
    QCOMPARE(::unlink(path.constData()), 0); // Qt could not
}

void ClientCliTest::jsonIsOneObjectPerLine()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QVERIFY(m_folder->put(QStringLiteral("b"), "mine"));
    const ProgramRun run =
        m_folder->get(server.port(), {QStringLiteral("--json"), QStringLiteral("c:\\cp.gif"),
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
    const ProgramRun refused = m_folder->get(port, {QStringLiteral("--json"), QStringLiteral("a")});
    const QByteArrayList lines = refused.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(QJsonDocument::fromJson(lines[0]).object()[QStringLiteral("code")].toInt(), 7);
    QCOMPARE(refused.exitCode, 7);
}

void ClientCliTest::quietSaysNothingButErrors()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    const ProgramRun run =
        m_folder->get(server.port(), {QStringLiteral("--quiet"), QStringLiteral("a")});
    QCOMPARE(run.output, QByteArray("a has been saved.\n"));
    QCOMPARE(run.errors, QByteArray());
    const ProgramRun again =
        m_folder->get(server.port(), {QStringLiteral("--quiet"), QStringLiteral("a")});
    QVERIFY(!again.errors.isEmpty());
}

void ClientCliTest::savesIntoTheFolderAskedFor()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("out")));
    QCOMPARE(
        m_folder
            ->get(server.port(), {QStringLiteral("a"), QStringLiteral("-d"), QStringLiteral("out")})
            .exitCode,
        0);
    QCOMPARE(m_folder->content(QStringLiteral("out/a")), QByteArray("content of a"));
    QCOMPARE(m_folder->names(), QStringList{QStringLiteral("out")});
    QCOMPARE(
        m_folder->get(server.port(), {QStringLiteral("a"), QStringLiteral("-dnew/er")}).exitCode,
        0);
    QCOMPARE(m_folder->content(QStringLiteral("new/er/a")), QByteArray("content of a"));
    QVERIFY(m_folder->put(QStringLiteral("file"), "x"));
    QCOMPARE(m_folder->get(server.port(), {QStringLiteral("a"), QStringLiteral("-dfile")}).exitCode,
             9);
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
    QVERIFY(m_folder->put(QStringLiteral("a"), "mine"));
    QStringList arguments{QStringLiteral("a")};
    if (!policy.isEmpty())
        arguments.append(policy);
    const ProgramRun run = m_folder->get(server.port(), arguments);
    QTEST(run.exitCode, "exitCode");
    QTEST(run.output, "output");
    QTEST(m_folder->content(QStringLiteral("a")), "content");
    if (policy == QStringLiteral("--existing=rename"))
        QCOMPARE(m_folder->content(QStringLiteral("a (1)")), QByteArray("content of a"));
}

void ClientCliTest::thePasswordComesFromAFileOrStandardInput()
{
    TutorialHabits habits = tutorialFiles();
    habits.password = "pass word";
    const TutorialServer server(tutorialScript(habits));
    ProgramSettings settings;
    settings.password = "not this one";
    QVERIFY(m_folder->put(QStringLiteral("pw"), "pass word\n"));
    const ProgramRun fromFile = m_folder->get(
        server.port(),
        {QStringLiteral("--password-file"), QStringLiteral("pw"), QStringLiteral("a")}, settings);
    QCOMPARE(fromFile.exitCode, 0);
    settings.input = "pass word\r\n";
    const ProgramRun fromInput = m_folder->get(
        server.port(), {QStringLiteral("--password-stdin"), QStringLiteral("b")}, settings);
    QCOMPARE(fromInput.exitCode, 0);
    settings.input = "pass word\nand more\n";
    const ProgramRun twoLines = m_folder->get(
        server.port(), {QStringLiteral("--password-stdin"), QStringLiteral("large")}, settings);
    QVERIFY(twoLines.exitCode != 0);
    QCOMPARE(
        m_folder
            ->get(server.port(), {QStringLiteral("--password-file=none"), QStringLiteral("large")})
            .exitCode,
        2);
}

void ClientCliTest::withoutAPasswordItIsAUsageError()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.password.clear();
    const ProgramRun run = m_folder->get(server.port(), {QStringLiteral("a")}, settings);
    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.errors.contains("--password-file"));
    QCOMPARE(server.connections(), 0);
}

void ClientCliTest::anEmptyPasswordIsAUsageError()
{
    const TutorialServer server(tutorialScript(tutorialFiles()));
    ProgramSettings settings;
    settings.input = "\n";
    QCOMPARE(m_folder
                 ->get(server.port(), {QStringLiteral("--password-stdin"), QStringLiteral("a")},
                       settings)
                 .exitCode,
             2);
    QCOMPARE(server.connections(), 0);
}

void ClientCliTest::usageErrorsAreTwoAndGoToStandardError()
{
    for (const QStringList &arguments :
         {QStringList{}, QStringList{QStringLiteral("got")},
          QStringList{QStringLiteral("get"), QStringLiteral("127.0.0.1")},
          QStringList{QStringLiteral("get"), QStringLiteral("--classic"),
                      QStringLiteral("192.0.2.1"), QStringLiteral("a")},
          QStringList{QStringLiteral("get"), QStringLiteral("--nonsense")}}) {
        const ProgramRun run = runProgram(QStringLiteral("ferry"), arguments);
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.output, QByteArray());
        QVERIFY(run.errors.startsWith("ferry: "));
        const QByteArray command =
            arguments.value(0) == QStringLiteral("get") ? "ferry get" : "ferry";
        QVERIFY2(run.errors.endsWith("\nTry \"" + command + " --help\".\n"),
                 run.errors.constData());
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

FERRY_TEST(ClientCliTest)
#include "client_cli.moc"
