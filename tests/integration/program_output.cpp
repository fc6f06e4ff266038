// SPDX-License-Identifier: MIT
// Standard output that cannot be written, or that nobody reads: all commands alike.
#include "net/base/filedescriptor.h"
#include "support/evilferry.h"
#include "support/process.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

namespace {

void fillStandardOutput()
{
    const int full = ::open("/dev/full", O_WRONLY);
    if (full < 0 || ::dup2(full, STDOUT_FILENO) < 0)
        ::_exit(77);
}

void closeStandardOutput()
{
    ::close(STDOUT_FILENO);
}

void leaveStandardOutput()
{
    int ends[2];
    if (::pipe(ends) != 0 || ::dup2(ends[1], STDOUT_FILENO) < 0)
        ::_exit(77);
    ::close(ends[0]);
    ::close(ends[1]);
}

/// Where standard output goes: what one call writes is read by one call.
int packets = -1;

void sendPackets()
{
    if (::dup2(packets, STDOUT_FILENO) < 0)
        ::_exit(77);
}

} // namespace

class ProgramOutput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void whatCannotBeWrittenIsSaid_data();
    void whatCannotBeWrittenIsSaid();
    void whatIsClosedCannotBeWritten_data() { whatCannotBeWrittenIsSaid_data(); }
    void whatIsClosedCannotBeWritten();
    void whoPrintsNothingMissesNothing();
    void withoutAReaderItEndsQuietly_data() { whatCannotBeWrittenIsSaid_data(); }
    void withoutAReaderItEndsQuietly();
    void withoutAReaderAListingEnds();
    void aFailureKeepsItsCode();
    void manyFilesCostFewWrites_data();
    void manyFilesCostFewWrites();
    void aServerStartsWithoutIt_data();
    void aServerStartsWithoutIt();

private:
    ProgramRun run(void (*inChild)()) const;
    bool trustServer() const
    {
        return writeFile(m_pair->clientData() + QStringLiteral("/known_servers"),
                         m_pair->address().toLatin1() + ' ' + m_pair->fingerprint() + '\n');
    }

    std::unique_ptr<TransferPair> m_pair;
};

void ProgramOutput::initTestCase()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/a"), "content of a"));
    QVERIFY(m_pair->startServer());
    const ProgramRun added =
        m_pair->run({QStringLiteral("queue"), QStringLiteral("add"), QStringLiteral("--data-dir"),
                     m_pair->clientData(), QStringLiteral("-d"), m_pair->target(),
                     m_pair->address(), QStringLiteral("/pub/a")});
    QCOMPARE(added.exitCode, 0);
    ProgramSettings settings;
    settings.input = "a password of some length\n";
    QCOMPARE(runProgram(QStringLiteral("ferryd"),
                        {QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("ann"),
                         QStringLiteral("--data-dir"), m_pair->root() + QStringLiteral("/server")},
                        settings)
                 .exitCode,
             0);
    QCOMPARE(runProgram(QStringLiteral("ferryd"),
                        {QStringLiteral("ban"), QStringLiteral("add"), QStringLiteral("192.0.2.1"),
                         QStringLiteral("--data-dir"), m_pair->root() + QStringLiteral("/server")})
                 .exitCode,
             0);
}

void ProgramOutput::whatCannotBeWrittenIsSaid_data()
{
    QTest::addColumn<int>("failure");
    for (const char *line :
         {"ferry --version", "ferry --help", "ferry get --help", "ferry ls --help",
          "ferry queue --help", "ferry ls HOST", "ferry ls -R HOST", "ferry ls --json HOST",
          "ferry get HOST /pub/a", "ferry get --json HOST /pub/a", "ferry get -o - HOST /pub/a",
          "ferry queue list", "ferry queue list --json", "ferry known", "ferry known --json",
          "ferry forget HOST"})
        QTest::newRow(line) << 9;
    for (const char *line :
         {"ferryd --version", "ferryd --help", "ferryd account --help", "ferryd account list",
          "ferryd ban list", "ferryd history", "ferryd history --help"})
        QTest::newRow(line) << 1;
}

ProgramRun ProgramOutput::run(void (*inChild)()) const
{
    QStringList words = QString::fromLatin1(QTest::currentDataTag()).split(u' ');
    const QString program = words.takeFirst();
    words.replaceInStrings(QStringLiteral("HOST"), m_pair->address());
    if (!words.constLast().startsWith(QStringLiteral("--")) ||
        words.contains(QStringLiteral("queue")) || words.contains(QStringLiteral("known")))
        words += {QStringLiteral("--data-dir"), program == QStringLiteral("ferry")
                                                    ? m_pair->clientData()
                                                    : m_pair->root() + QStringLiteral("/server")};
    if (words.contains(m_pair->address()) && words.constFirst() != QStringLiteral("forget"))
        words += {QStringLiteral("--pin"), QString::fromLatin1(m_pair->fingerprint())};
    ProgramSettings settings;
    settings.password = TransferPair::password();
    settings.folder = m_pair->target();
    settings.inChild = inChild;
    return runProgram(program, words, settings);
}

void ProgramOutput::whatCannotBeWrittenIsSaid()
{
    QFETCH(int, failure);
    QVERIFY(trustServer());
    QFile::remove(m_pair->target() + QStringLiteral("/a"));
    const ProgramRun full = run(fillStandardOutput);
    QVERIFY2(full.errors.contains("standard output cannot be written: No space left on device\n"),
             full.errors.constData());
    QCOMPARE(full.exitCode, failure);
}

void ProgramOutput::whatIsClosedCannotBeWritten()
{
    QFETCH(int, failure);
    QVERIFY(trustServer());
    QFile::remove(m_pair->target() + QStringLiteral("/a"));
    const ProgramRun closed = run(closeStandardOutput);
    QVERIFY2(closed.errors.count("standard output cannot be written: Bad file descriptor\n") == 1,
             closed.errors.constData());
    QCOMPARE(closed.exitCode, failure);
}

void ProgramOutput::whoPrintsNothingMissesNothing()
{
    ProgramSettings settings;
    settings.inChild = closeStandardOutput;
    const ProgramRun run =
        runProgram(QStringLiteral("ferry"),
                   {QStringLiteral("queue"), QStringLiteral("add"), QStringLiteral("--data-dir"),
                    m_pair->root() + QStringLiteral("/nobody"), QStringLiteral("-d"),
                    m_pair->target(), m_pair->address(), QStringLiteral("/pub/a")},
                   settings);
    QCOMPARE(run.errors, QByteArray());
    QCOMPARE(run.exitCode, 0);
}

void ProgramOutput::withoutAReaderItEndsQuietly()
{
    QVERIFY(trustServer());
    QFile::remove(m_pair->target() + QStringLiteral("/a"));
    const ProgramRun unread = run(leaveStandardOutput);
    QCOMPARE(unread.errors, QByteArray());
    QCOMPARE(unread.exitCode, 128 + SIGPIPE);
}

/// Sorted, it is printed at its end, which this one does not have.
void ProgramOutput::withoutAReaderAListingEnds()
{
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(extended::Verb::Tree))
            return;
        QByteArray lines;
        for (int i = 0; i < 2000; ++i)
            lines += "#ENTRY f 1 1 i a\r\n";
        while (peer.say(lines)) {
        }
    });
    ProgramSettings settings;
    settings.password = EvilFerry::password();
    settings.inChild = leaveStandardOutput;
    const ProgramRun run =
        runProgram(QStringLiteral("ferry"),
                   {QStringLiteral("ls"), QStringLiteral("-R"), QStringLiteral("--pin"),
                    QString::fromLatin1(server.fingerprint()), QStringLiteral("--data-dir"),
                    m_pair->clientData(), QStringLiteral("127.0.0.1:%1").arg(server.port()),
                    QStringLiteral("/pub")},
                   settings);
    QCOMPARE(run.errors, QByteArray());
    QCOMPARE(run.exitCode, 128 + SIGPIPE);
}

void ProgramOutput::aFailureKeepsItsCode()
{
    ProgramSettings settings;
    settings.password = TransferPair::password();
    settings.inChild = fillStandardOutput;
    const ProgramRun run = runProgram(
        QStringLiteral("ferry"), m_pair->getArguments({QStringLiteral("/pub/none")}), settings);
    QCOMPARE(run.exitCode, 3);
    QVERIFY(run.errors.contains("standard output cannot be written"));
}

void ProgramOutput::manyFilesCostFewWrites_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("text") << QStringList();
    QTest::newRow("json") << QStringList{QStringLiteral("--json")};
}

/// Those that have ended since the last look are said together.
void ProgramOutput::manyFilesCostFewWrites()
{
    QFETCH(QStringList, options);
    constexpr int files = 100;
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("many")));
    for (int i = 0; i < files; ++i)
        QVERIFY(writeFile(m_pair->share() + QStringLiteral("/many/%1").arg(i), "content"));
    QDir(m_pair->target() + QStringLiteral("/many")).removeRecursively();
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    const FileDescriptor here(ends[0]);
    const FileDescriptor there(ends[1]);
    packets = there.get();
    ProgramSettings settings;
    settings.password = TransferPair::password();
    settings.folder = m_pair->target();
    settings.inChild = sendPackets;
    const ProgramRun run = runProgram(
        QStringLiteral("ferry"),
        QStringList{QStringLiteral("get")} + options +
            QStringList{QStringLiteral("--pin"), QString::fromLatin1(m_pair->fingerprint()),
                        m_pair->address(), QStringLiteral("/pub/many")},
        settings);
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QByteArray output;
    int writes = 0;
    char bytes[64 * 1024];
    for (ssize_t got = 0; (got = ::recv(here.get(), bytes, sizeof bytes, MSG_DONTWAIT)) > 0;) {
        output.append(bytes, got);
        ++writes;
    }
    QCOMPARE(output.count(options.isEmpty() ? " has been saved.\n" : "\"event\":\"saved\""), files);
    QVERIFY2(writes < files / 2, QByteArray::number(writes).constData());
}

void ProgramOutput::aServerStartsWithoutIt_data()
{
    QTest::addColumn<bool>("closed");
    QTest::newRow("full") << false;
    QTest::newRow("closed") << true;
}

void ProgramOutput::aServerStartsWithoutIt()
{
    QFETCH(const bool, closed);
    QProcess server;
    ProgramSettings settings;
    settings.inChild = closed ? closeStandardOutput : fillStandardOutput;
    prepareProcess(server, settings);
    server.start(programPath(QStringLiteral("ferryd")),
                 {QStringLiteral("--share"), m_pair->share(), QStringLiteral("--listen"),
                  QStringLiteral("127.0.0.1:0"), QStringLiteral("--classic"), QStringLiteral("off"),
                  QStringLiteral("--data-dir"), m_pair->root() + QStringLiteral("/other")});
    QVERIFY(server.waitForStarted());
    QByteArray errors;
    QVERIFY(waitUntil([&] {
        server.waitForReadyRead(100);
        errors += server.readAllStandardError();
        return errors.contains("standard output cannot be written");
    }));
    QCOMPARE(errors.count("standard output"), 1);
    server.terminate();
    QCOMPARE(finishProgram(server).exitCode, 0);
}

FERRY_TEST(ProgramOutput)
#include "program_output.moc"
