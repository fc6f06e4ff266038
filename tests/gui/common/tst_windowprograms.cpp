// SPDX-License-Identifier: MIT
// The two windows as processes: signals, descriptors, and two of them at once.
#include "support/process.h"
#include "support/program.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

namespace {

/// A window with a data folder of its own.
class WindowProcess
{
public:
    WindowProcess(const QString &program, const QString &dataFolder,
                  const std::function<void()> &inChild = {})
    {
        ProgramSettings settings;
        settings.inChild = inChild;
        prepareProcess(process, settings);
        process.start(programPath(program), {QStringLiteral("--data-dir"), dataFolder});
        process.waitForStarted(patienceMs);
    }
    ~WindowProcess()
    {
        process.kill();
        process.waitForFinished(patienceMs);
    }

    bool catches(int number) const
    {
        QFile status(QStringLiteral("/proc/%1/status").arg(process.processId()));
        if (!status.open(QIODevice::ReadOnly))
            return false;
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith("SigCgt:"))
                return (line.mid(7).trimmed().toULongLong(nullptr, 16) >> (number - 1)) & 1;
        }
        return false;
    }
    /// The window is there.
    bool isUp() const
    {
        return waitUntil([this] { return catches(SIGTERM); }, 10'000);
    }
    void signal(int number) const { ::kill(pid_t(process.processId()), number); }

    QProcess process;
};

} // namespace

class WindowProgramsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void helpThatCannotBeWrittenIsSaid_data()
    {
        QTest::addColumn<bool>("closed");
        QTest::newRow("full") << false;
        QTest::newRow("closed") << true;
    }
    void helpThatCannotBeWrittenIsSaid()
    {
        QFETCH(const bool, closed);
        ProgramSettings settings;
        settings.inChild = [closed] {
            if (closed) {
                ::close(STDOUT_FILENO);
                return;
            }
            const int full = ::open("/dev/full", O_WRONLY);
            if (full < 0 || ::dup2(full, STDOUT_FILENO) < 0)
                ::_exit(77);
        };
        for (const char *program : {"ferry-client", "ferry-server"}) {
            for (const char *option : {"--help", "--version"}) {
                const ProgramRun run = runProgram(QString::fromLatin1(program),
                                                  {QString::fromLatin1(option)}, settings);
                QVERIFY2(run.errors.contains("standard output cannot be written"),
                         run.errors.constData());
                QCOMPARE(run.exitCode, 1);
            }
        }
    }

    void aSignalClosesTheWindow_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<int>("number");
        for (const char *program : {"ferry-client", "ferry-server"}) {
            for (const int number :
                 {SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGPWR})
                QTest::addRow("%s %d", program, number) << QString::fromLatin1(program) << number;
        }
    }
    void aSignalClosesTheWindow()
    {
        QFETCH(QString, program);
        QFETCH(int, number);
        WindowProcess window(program, m_dir->path());
        QVERIFY(window.isUp());
        QVERIFY(QFile::remove(settings(program)) || program == QStringLiteral("ferry-client"));
        // The handlers come one after the other.
        QVERIFY(waitUntil([&] { return window.catches(number); }, 10'000));
        window.signal(number);
        QCOMPARE(finishProgram(window.process).exitCode, 0);
        QVERIFY(QFile::exists(settings(program))); // closing it saves them
    }

    void whatMeansNothingEndsNoWindow_data()
    {
        QTest::addColumn<QString>("program");
        QTest::newRow("client") << QStringLiteral("ferry-client");
        QTest::newRow("server") << QStringLiteral("ferry-server");
    }
    void whatMeansNothingEndsNoWindow()
    {
        QFETCH(QString, program);
        WindowProcess window(program, m_dir->path());
        QVERIFY(window.isUp());
        for (const int number :
             {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGIO, SIGSTKFLT, SIGRTMIN, SIGRTMAX})
            window.signal(number);
        window.signal(SIGTERM);
        QCOMPARE(finishProgram(window.process).exitCode, 0);
    }

    void closedDescriptorsAreOpenedOnNothing_data() { whatMeansNothingEndsNoWindow_data(); }
    void closedDescriptorsAreOpenedOnNothing()
    {
        QFETCH(QString, program);
        WindowProcess window(program, m_dir->path(), [] {
            for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
                ::close(fd);
        });
        QVERIFY(window.isUp());
        for (int fd = 0; fd <= 2; ++fd)
            QCOMPARE(QFile::symLinkTarget(
                         QStringLiteral("/proc/%1/fd/%2").arg(window.process.processId()).arg(fd)),
                     QStringLiteral("/dev/null"));
        window.signal(SIGTERM);
        QCOMPARE(finishProgram(window.process).exitCode, 0);
    }

    void aSecondServerWindowOnAFolderSaysSo()
    {
        WindowProcess first(QStringLiteral("ferry-server"), m_dir->path());
        QVERIFY(first.isUp());
        WindowProcess second(QStringLiteral("ferry-server"), m_dir->path());
        QByteArray said;
        QVERIFY(waitUntil(
            [&] {
                second.process.waitForReadyRead(10);
                said += second.process.readAllStandardError();
                return said.contains("another window of Ferry Server");
            },
            10'000));
        QVERIFY(!second.catches(SIGTERM)); // it has no window but that message
        first.signal(SIGTERM);
        QCOMPARE(finishProgram(first.process).exitCode, 0);
        WindowProcess third(QStringLiteral("ferry-server"), m_dir->path());
        QVERIFY(third.isUp());
    }

private:
    QString settings(const QString &program) const
    {
        return m_dir->filePath(program == QStringLiteral("ferry-client")
                                   ? QStringLiteral("client.ini")
                                   : QStringLiteral("ferry-server.ini"));
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

FERRY_TEST(WindowProgramsTest)
#include "tst_windowprograms.moc"
