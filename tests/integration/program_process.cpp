// SPDX-License-Identifier: MIT
// What the command-line programs make of their surroundings: descriptors that are not open,
// signals, limits.
#include "support/process.h"
#include "support/program.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

namespace {

void closeStandardDescriptors()
{
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::close(fd);
}

/// Standard error is a pipe that nobody reads any more.
void breakStandardError()
{
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0)
        return;
    ::close(ends[0]);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
}

/// To programs that do not ask for them.
QList<int> meaninglessSignals()
{
    return {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGIO, SIGSTKFLT, SIGRTMIN, SIGRTMAX};
}

/// A group of its own keeps what is meant for the test from the program.
void leaveTheTerminal()
{
    ::setsid();
}

} // namespace

class ProgramProcess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void closedDescriptorsAreOpenedOnNothing();
    void aClientWithoutDescriptorsFetchesAll();
    void aListingWithoutOutputGoesIntoNoConnection();
    void aBrokenStandardErrorEndsNothing();
    void signalsThatMeanNothingEndNothing();
    void signalsThatMeanNothingEndNoTransfer();
    void limitsAndTimersEndTheServerAsTermDoes_data();
    void limitsAndTimersEndTheServerAsTermDoes();
    void limitsAndTimersSaveTheQueue_data() { limitsAndTimersEndTheServerAsTermDoes_data(); }
    void limitsAndTimersSaveTheQueue();
    void aLogThatMayNotGrowEndsNothing();
    void hangUpBeginsTheLogAnew();
    void hangUpReadsThePasswordFileAgain();
    void hangUpWithoutALogFileEndsNothing();

private:
    QString path(const char *name) const { return m_dir->filePath(QLatin1StringView(name)); }

    void startServer(const QStringList &more, std::function<void()> inChild = {},
                     const QByteArray &password = "passwd")
    {
        m_server = std::make_unique<QProcess>();
        ProgramSettings settings;
        settings.password = password;
        settings.inChild = std::move(inChild);
        prepareProcess(*m_server, settings);
        m_server->start(programPath(QStringLiteral("ferryd")),
                        QStringList{QStringLiteral("--share"), QStringLiteral("pub=") + path("pub"),
                                    QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                    QStringLiteral("--classic"), QStringLiteral("off"),
                                    QStringLiteral("--data-dir"), path("server")} +
                            more);
    }

    bool waitForServer()
    {
        return waitUntil([&] {
            m_server->waitForReadyRead(10);
            m_output += m_server->readAllStandardOutput();
            return m_output.endsWith("ready\n");
        });
    }

    QString address() const
    {
        static const QRegularExpression line(QStringLiteral("listening tls (\\S+)"));
        return line.match(QString::fromUtf8(m_output)).captured(1);
    }

    ProgramRun client(const QString &command, const QStringList &words,
                      const ProgramSettings &settings)
    {
        return runProgram(QStringLiteral("ferry"),
                          QStringList{command, QStringLiteral("--trust-new"),
                                      QStringLiteral("--data-dir"), path("client"), address()} +
                              words,
                          settings);
    }

    /// So slowly that it does not end.
    void startTransfer(QProcess &process) const
    {
        ProgramSettings settings;
        settings.folder = m_dir->path();
        prepareProcess(process, settings);
        process.start(programPath(QStringLiteral("ferry")),
                      {QStringLiteral("get"), QStringLiteral("--trust-new"),
                       QStringLiteral("--data-dir"), path("client"), QStringLiteral("--limit-rate"),
                       QStringLiteral("100k"), address(), QStringLiteral("/pub/large")});
    }

    bool isUnderWay() const
    {
        return waitUntil([this] {
            return !QDir(m_dir->path())
                        .entryList({QStringLiteral("large.*")}, QDir::Files)
                        .isEmpty();
        });
    }

    void signal(int number) { ::kill(pid_t(m_server->processId()), number); }

    /// It still serves, and ends as it should.
    void checkThatItRuns()
    {
        QVERIFY(client(QStringLiteral("ls"), {}, {}).exitCode == 0);
        signal(SIGTERM);
        QCOMPARE(finishProgram(*m_server).exitCode, 0);
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<QProcess> m_server;
    QByteArray m_output;
};

void ProgramProcess::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_output.clear();
    QVERIFY(QDir().mkpath(path("pub")));
    QFile file(path("pub/large"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(QByteArray(3'000'000, 'x')), 3'000'000);
}

void ProgramProcess::cleanup()
{
    m_server->kill();
    m_server->waitForFinished(patienceMs);
}

void ProgramProcess::closedDescriptorsAreOpenedOnNothing()
{
    startServer({QStringLiteral("--log-file"), path("log")}, closeStandardDescriptors);
    QVERIFY(m_server->waitForStarted(patienceMs));
    for (int fd = 0; fd <= 2; ++fd) {
        const QString name = QStringLiteral("/proc/%1/fd/%2").arg(m_server->processId()).arg(fd);
        QVERIFY2(
            waitUntil([&] { return QFile::symLinkTarget(name) == QStringLiteral("/dev/null"); },
                      5000),
            qPrintable(QFile::symLinkTarget(name)));
    }
    QVERIFY(waitUntil([&] { return QFile::exists(path("log")); }));
    signal(SIGTERM);
    QCOMPARE(finishProgram(*m_server).exitCode, 0);
}

void ProgramProcess::aClientWithoutDescriptorsFetchesAll()
{
    startServer({});
    QVERIFY(waitForServer());
    ProgramSettings settings;
    settings.inChild = closeStandardDescriptors;
    settings.folder = m_dir->path();
    // What it says about the file cannot be written; the file can.
    QCOMPARE(client(QStringLiteral("get"), {QStringLiteral("/pub/large")}, settings).exitCode, 9);
    QCOMPARE(QFile(path("large")).size(), 3'000'000);
}

/// Into the connection, it would be read by the server as a request.
void ProgramProcess::aListingWithoutOutputGoesIntoNoConnection()
{
    startServer({QStringLiteral("--log-file"), path("log")});
    QVERIFY(waitForServer());
    ProgramSettings settings;
    settings.inChild = [] {
        ::close(STDIN_FILENO);
        ::close(STDOUT_FILENO); // the number that the connection would get
    };
    QCOMPARE(
        client(QStringLiteral("ls"), {QStringLiteral("/pub"), QStringLiteral("/pub")}, settings)
            .exitCode,
        9);
    checkThatItRuns();
    QFile log(path("log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray lines = log.readAll();
    QCOMPARE(lines.count(" command LIST "), 1);          // of the look whether it runs
    QVERIFY2(!lines.contains("connection lost"), lines); // by what is no record of TLS
}

void ProgramProcess::aBrokenStandardErrorEndsNothing()
{
    startServer({}, breakStandardError, {}); // it has a new password to tell
    QVERIFY(waitForServer());
    signal(SIGTERM);
    QCOMPARE(finishProgram(*m_server).exitCode, 0);
}

void ProgramProcess::signalsThatMeanNothingEndNothing()
{
    startServer({});
    QVERIFY(waitForServer());
    for (const int number : meaninglessSignals())
        signal(number);
    checkThatItRuns();
}

void ProgramProcess::signalsThatMeanNothingEndNoTransfer()
{
    startServer({});
    QVERIFY(waitForServer());
    QProcess process;
    startTransfer(process);
    QVERIFY(isUnderWay());
    for (const int number : meaninglessSignals())
        QCOMPARE(::kill(pid_t(process.processId()), number), 0);
    QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
    QCOMPARE(finishProgram(process).exitCode, 128 + SIGINT);
}

void ProgramProcess::limitsAndTimersEndTheServerAsTermDoes_data()
{
    QTest::addColumn<int>("number");
    for (const int number : {SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGPWR})
        QTest::addRow("SIG%s", ::sigabbrev_np(number)) << number;
}

void ProgramProcess::limitsAndTimersEndTheServerAsTermDoes()
{
    QFETCH(int, number);
    startServer({});
    QVERIFY(waitForServer());
    signal(number);
    QCOMPARE(finishProgram(*m_server).exitCode, 0);
}

void ProgramProcess::limitsAndTimersSaveTheQueue()
{
    QFETCH(int, number);
    startServer({});
    QVERIFY(waitForServer());
    QProcess process;
    startTransfer(process);
    QVERIFY(isUnderWay());
    QCOMPARE(::kill(pid_t(process.processId()), number), 0);
    QCOMPARE(finishProgram(process).exitCode, 128 + number);
    const ProgramRun queue =
        runProgram(QStringLiteral("ferry"),
                   {QStringLiteral("queue"), QStringLiteral("--data-dir"), path("client")});
    QVERIFY2(queue.output.contains("/pub/large"), queue.errors.constData());
}

void ProgramProcess::aLogThatMayNotGrowEndsNothing()
{
    QFile log(path("log"));
    QVERIFY(log.open(QIODevice::WriteOnly));
    QVERIFY(log.resize(1'000'000));
    startServer({QStringLiteral("--log-file"), path("log")}, [] {
        const rlimit limit = {1'000'000, 1'000'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    });
    QVERIFY(waitForServer());
    checkThatItRuns();
}

void ProgramProcess::hangUpBeginsTheLogAnew()
{
    startServer({QStringLiteral("--log-file"), path("log")}, leaveTheTerminal);
    QVERIFY(waitForServer());
    QVERIFY(waitUntil([&] { return QFile::exists(path("log")); }));
    QVERIFY(QFile::rename(path("log"), path("log.old")));
    signal(SIGHUP);
    QVERIFY(waitUntil([&] { return QFile::exists(path("log")); }, 5000));
    const qint64 old = QFile(path("log.old")).size();
    checkThatItRuns();
    QCOMPARE(QFile(path("log.old")).size(), old);
    QVERIFY(QFile(path("log")).size() > 0);
}

void ProgramProcess::hangUpReadsThePasswordFileAgain()
{
    const auto setPassword = [this](const QByteArray &password) {
        QFile file(path("password"));
        return file.open(QIODevice::WriteOnly) &&
               file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
               file.write(password) == password.size();
    };
    const auto exitCodeWith = [this](const QByteArray &password) {
        ProgramSettings settings;
        settings.password = password;
        return client(QStringLiteral("ls"), {}, settings).exitCode;
    };
    QVERIFY(setPassword("the first one"));
    startServer({QStringLiteral("--password-file"), path("password"), QStringLiteral("--log-file"),
                 path("log")},
                leaveTheTerminal);
    QVERIFY(waitForServer());
    QVERIFY(waitUntil([&] { return QFile::exists(path("log")); }));
    QCOMPARE(exitCodeWith("the first one"), 0);
    QVERIFY(setPassword("another one"));
    QVERIFY(QFile::rename(path("log"), path("log.old")));
    signal(SIGHUP);
    QVERIFY(waitUntil([&] { return QFile::exists(path("log")); }));
    QCOMPARE(exitCodeWith("another one"), 0);
    QCOMPARE(exitCodeWith("the first one"), 67);
}

void ProgramProcess::hangUpWithoutALogFileEndsNothing()
{
    startServer({}, leaveTheTerminal);
    QVERIFY(waitForServer());
    signal(SIGHUP);
    checkThatItRuns();
}

FERRY_TEST(ProgramProcess)
#include "program_process.moc"
