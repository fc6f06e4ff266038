// SPDX-License-Identifier: MIT
#include "net/base/filedescriptor.h"
#include "net/login/passphrase.h"
#include "support/process.h"
#include "support/program.h"
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace ferry;
using namespace ferry::test;

namespace {

/// ferryd as its users start it.
class Program
{
public:
    explicit Program(const QStringList &arguments, const QByteArray &password = "passwd",
                     const QStringList &wrapper = {}, rlim_t descriptorLimit = 0,
                     const QString &errors = {})
    {
        if (!errors.isEmpty())
            process.setStandardErrorFile(errors);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("FERRY_PASSWORD"));
        if (!password.isNull())
            environment.insert(QStringLiteral("FERRY_PASSWORD"), QString::fromUtf8(password));
        process.setProcessEnvironment(environment);
        if (descriptorLimit > 0)
            process.setChildProcessModifier([descriptorLimit] {
                const rlimit limit = {descriptorLimit, descriptorLimit};
                ::setrlimit(RLIMIT_NOFILE, &limit);
            });
        QStringList command = wrapper;
        // Ports of the tests' own whatever else is wrong; what follows counts.
        command << qEnvironmentVariable("FERRY_BIN") + QStringLiteral("/ferryd")
                << QStringLiteral("--listen") << QStringLiteral("127.0.0.1:0")
                << QStringLiteral("--classic") << QStringLiteral("127.0.0.1:0") << arguments;
        process.start(command.takeFirst(), command);
        process.waitForStarted(patienceMs);
    }
    ~Program()
    {
        // Of a wrapper that is killed, ferryd would be left over.
        QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(process.processId()));
        if (process.processId() > 0 && children.open(QIODevice::ReadOnly)) {
            for (const QByteArray &child : children.readAll().simplified().split(' ')) {
                if (child.toInt() > 0)
                    ::kill(child.toInt(), SIGKILL);
            }
        }
        process.kill();
        process.waitForFinished(patienceMs);
    }

    QByteArray readLine()
    {
        while (!process.canReadLine() && process.waitForReadyRead(patienceMs)) {
        }
        return process.readLine();
    }

    /// Reads what a ready one prints; the port of the classic door.
    quint16 waitUntilReady(const QByteArray &address = "127.0.0.1")
    {
        static const QRegularExpression fingerprint(
            QStringLiteral("\\Afingerprint sha256:[0-9a-f]{64}\\n\\z"));
        static const QRegularExpression tls(
            QStringLiteral("\\Alistening tls 127\\.0\\.0\\.1:[1-9][0-9]*\\n\\z"));
        if (!fingerprint.match(QString::fromUtf8(readLine())).hasMatch() ||
            !tls.match(QString::fromUtf8(readLine())).hasMatch())
            return 0;
        const QByteArray start = "listening classic " + address + ':';
        const QByteArray listening = readLine();
        if (!listening.startsWith(start) || readLine() != "ready\n")
            return 0;
        return listening.mid(start.size()).trimmed().toUShort();
    }

    void signal(int number) { ::kill(pid_t(process.processId()), number); }

    /// As a shell says it.
    int exitCode()
    {
        if (process.state() != QProcess::NotRunning && !process.waitForFinished(patienceMs))
            return -1;
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    }

    QProcess process;
};

} // namespace

class ServerFerryd : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void saysWhereItListensAndThenReady();
    void listensOnIpv6InBrackets();
    void wrongArgumentsAreExit2_data();
    void wrongArgumentsAreExit2();
    void helpAndVersionAreOnStdout();
    void aTakenPortIsExit98();
    void sigtermDrains_data();
    void sigtermDrains();
    void aSecondSignalStopsAtOnce();
    void aPasswordIsGeneratedOnceAndKept();
    void theClassicDoorMayHaveAPasswordOfItsOwn();
    void itsOwnFilesAreNotServed();
    void theLogIsOnStderrWithoutPasswords();
    void nobodyReadingItsStandardErrorDelaysNothing();
    void twoKeepOneHistory();
    void maxSessionsIsTheCap();
    void aLowDescriptorLimitNeverEndsTheProgram();
    void aFailedThreadStartRefusesAndGoesOn();

private:
    QStringList share() const
    {
        return {QStringLiteral("--share"), QStringLiteral("pub=") + m_folder->path(),
                QStringLiteral("--data-dir"), m_data->path()};
    }
    /// Lines of the history, without its header.
    qsizetype deliveries() const
    {
        const ProgramRun run =
            runProgram(QStringLiteral("ferryd"),
                       {QStringLiteral("history"), QStringLiteral("--data-dir"), m_data->path()});
        return run.exitCode == 0 ? run.output.count('\n') - 1 : -1;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QTemporaryDir> m_data;
};

void ServerFerryd::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_data = std::make_unique<QTemporaryDir>();
    QFile file(m_folder->filePath(QStringLiteral("hello.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("hello\n");
    QFile big(m_folder->filePath(QStringLiteral("big")));
    QVERIFY(big.open(QIODevice::WriteOnly));
    big.write(noise(16 * 1024 * 1024));
}

void ServerFerryd::saysWhereItListensAndThenReady()
{
    Program ferryd(share());
    const quint16 port = ferryd.waitUntilReady();
    QVERIFY(port != 0);
    RawPeer peer(port);
    QVERIFY(peer.login("passwd"));
    QCOMPARE(peer.fetch("/pub/hello.txt", 6), QByteArray("hello\n"));
    ferryd.signal(SIGTERM);
    QCOMPARE(ferryd.exitCode(), 0);
    QCOMPARE(ferryd.process.readAllStandardOutput(), QByteArray());
}

void ServerFerryd::listensOnIpv6InBrackets()
{
    if (!QFile::exists(QStringLiteral("/proc/net/if_inet6")))
        QSKIP("no IPv6 here");
    Program ferryd(share() + QStringList{QStringLiteral("--classic"), QStringLiteral("[::1]:0")});
    QVERIFY(ferryd.waitUntilReady("[::1]") != 0);
}

void ServerFerryd::wrongArgumentsAreExit2_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("none") << QStringList{};
    QTest::newRow("unknown") << share() + QStringList{QStringLiteral("--frobnicate")};
    QTest::newRow("root") << QStringList{QStringLiteral("--share"), QStringLiteral("/")};
    QTest::newRow("missing password file")
        << share() + QStringList{QStringLiteral("--password-file"), QStringLiteral("/no/such")};
    QTest::newRow("two shares of one name")
        << share() + QStringList{QStringLiteral("--share"), QStringLiteral("pub=/tmp")};
}

void ServerFerryd::wrongArgumentsAreExit2()
{
    QFETCH(QStringList, arguments);
    Program ferryd(arguments);
    QCOMPARE(ferryd.exitCode(), 2);
    QCOMPARE(ferryd.process.readAllStandardOutput(), QByteArray());
    QVERIFY(ferryd.process.readAllStandardError().startsWith("ferryd: "));
}

void ServerFerryd::helpAndVersionAreOnStdout()
{
    Program help({QStringLiteral("--help")});
    QCOMPARE(help.exitCode(), 0);
    QVERIFY(help.process.readAllStandardOutput().contains("--share [NAME=]DIR"));
    Program version({QStringLiteral("--version")});
    QCOMPARE(version.exitCode(), 0);
    QCOMPARE(version.process.readAllStandardOutput(), QByteArray("ferryd " FERRY_VERSION "\n"));
}

void ServerFerryd::aTakenPortIsExit98()
{
    Program first(share());
    const quint16 port = first.waitUntilReady();
    QVERIFY(port != 0);
    Program second(share() + QStringList{QStringLiteral("--classic"),
                                         QStringLiteral("127.0.0.1:%1").arg(port)});
    QCOMPARE(second.exitCode(), 98);
    QCOMPARE(second.process.readAllStandardOutput(), QByteArray());
    QVERIFY(second.process.readAllStandardError().contains(QByteArray::number(port)));
}

void ServerFerryd::sigtermDrains_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void ServerFerryd::sigtermDrains()
{
    QFETCH(int, number);
    const QByteArray content = noise(16 * 1024 * 1024);
    Program ferryd(share());
    const quint16 port = ferryd.waitUntilReady();
    RawPeer busy(port, nullptr, 4096), idle(port);
    QVERIFY(busy.login("passwd"));
    QVERIFY(idle.login("passwd"));
    QVERIFY(busy.send("FILE /pub/big\r\n"));
    QCOMPARE(busy.read(100), content.first(100));
    ferryd.signal(number);
    QCOMPARE(idle.readToEnd(), QByteArray("!Server is stopping.\r\n"));
    QVERIFY(!RawPeer(port).connected());
    QVERIFY(busy.read(content.size() - 100) == content.sliced(100));
    QCOMPARE(busy.readLine(), QByteArray("#File /pub/big sent successfully.\r\n"));
    QCOMPARE(ferryd.exitCode(), 0);
}

void ServerFerryd::aSecondSignalStopsAtOnce()
{
    Program ferryd(share());
    const quint16 port = ferryd.waitUntilReady();
    RawPeer busy(port, nullptr, 4096), idle(port);
    QVERIFY(busy.login("passwd"));
    QVERIFY(idle.login("passwd"));
    QVERIFY(busy.send("FILE /pub/big\r\n"));
    QCOMPARE(busy.read(100).size(), 100);
    ferryd.signal(SIGTERM);
    QCOMPARE(idle.readToEnd(), QByteArray("!Server is stopping.\r\n")); // it drains
    ferryd.signal(SIGTERM);
    QCOMPARE(ferryd.exitCode(), 143);
}

void ServerFerryd::aPasswordIsGeneratedOnceAndKept()
{
    QByteArray password;
    {
        Program ferryd(share(), QByteArray());
        const quint16 port = ferryd.waitUntilReady();
        QVERIFY(port != 0);
        ferryd.signal(SIGTERM);
        QCOMPARE(ferryd.exitCode(), 0);
        static const QRegularExpression line(QStringLiteral("password is (\\S+)\\n"));
        const auto match = line.match(QString::fromUtf8(ferryd.process.readAllStandardError()));
        QVERIFY(match.hasMatch());
        QVERIFY(isGeneratedPassword(match.captured(1)));
        password = match.captured(1).toUtf8();
        QCOMPARE(ferryd.process.readAllStandardOutput(), QByteArray());
    }
    Program again(share(), QByteArray());
    const quint16 port = again.waitUntilReady();
    RawPeer peer(port);
    QVERIFY(peer.login(QByteArray(password).replace('-', ' ').toUpper()));
    peer.close();
    again.signal(SIGTERM);
    QCOMPARE(again.exitCode(), 0);
    QVERIFY(!again.process.readAllStandardError().contains(password));
    const auto permissions = QFile::permissions(m_data->filePath(QStringLiteral("password")));
    QVERIFY(!(permissions & (QFile::ReadGroup | QFile::ReadOther)));
}

void ServerFerryd::theClassicDoorMayHaveAPasswordOfItsOwn()
{
    QFile file(m_data->filePath(QStringLiteral("classic")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("another\n");
    file.close();
    Program ferryd(share() +
                   QStringList{QStringLiteral("--classic-password-file"), file.fileName()});
    const quint16 port = ferryd.waitUntilReady();
    RawPeer peer(port);
    QVERIFY(peer.login("another"));
    QVERIFY(!RawPeer(port).login("passwd"));
}

/// As with somebody who shares the home folder.
void ServerFerryd::itsOwnFilesAreNotServed()
{
    const QDir folder(m_folder->path());
    const QString errors = folder.filePath(QStringLiteral("errors"));
    QFile password(folder.filePath(QStringLiteral("pw")));
    QVERIFY(password.open(QIODevice::WriteOnly));
    password.write("passwd\n");
    password.close();
    Program ferryd({QStringLiteral("--share"), QStringLiteral("pub=") + folder.path(),
                    QStringLiteral("--data-dir"), folder.filePath(QStringLiteral("data")),
                    QStringLiteral("--password-file"), password.fileName()},
                   QByteArray(),
                   {QStringLiteral("env"), QStringLiteral("XDG_DATA_HOME=") + folder.path()}, 0,
                   errors);
    // The server window's, of the same person.
    QVERIFY(folder.mkdir(QStringLiteral("ferry-server")));
    QVERIFY(QFile::copy(password.fileName(), folder.filePath(QStringLiteral("ferry-server/ini"))));
    RawPeer peer(ferryd.waitUntilReady());
    QVERIFY(peer.login("passwd"));
    for (const QByteArray &name : {QByteArray("data/identity.pem"), QByteArray("pw"),
                                   QByteArray("errors"), QByteArray("ferry-server/ini")}) {
        QVERIFY(folder.exists(QString::fromUtf8(name)));
        QVERIFY(peer.send("FILE /pub/" + name + "\r\n"));
        QCOMPARE(peer.readLine(), "!File /pub/" + name + " could not be opened.\r\n");
    }
    QFile log(errors);
    QVERIFY(log.open(QIODevice::ReadOnly));
    QByteArray text;
    QVERIFY(waitUntil([&] { return (text += log.readAll()).contains("/data lies in the share"); }));
}

void ServerFerryd::theLogIsOnStderrWithoutPasswords()
{
    Program ferryd(share(), "Tr4mpoline");
    RawPeer peer(ferryd.waitUntilReady());
    QVERIFY(peer.login("Tr4mpoline"));
    QVERIFY(peer.send("FILE /pub/\x1B[2J\r\nQUIT\r\n"));
    QVERIFY(peer.readToEnd().has_value());
    ferryd.signal(SIGTERM);
    QCOMPARE(ferryd.exitCode(), 0);
    const QByteArray log = ferryd.process.readAllStandardError();
    QVERIFY(log.contains("#1 command AUTH ***\n"));
    QVERIFY(log.contains("#1 command FILE /pub/\\x1B[2J\n"));
    QVERIFY(log.contains("#1 command QUIT\n"));
    QVERIFY(!log.contains("Tr4mpoline"));
    QVERIFY(!log.contains('\x1B'));
}

/// Far more to say than a pipe holds, and then as much again as the program itself keeps.
void ServerFerryd::nobodyReadingItsStandardErrorDelaysNothing()
{
    const QString pipe = m_data->filePath(QStringLiteral("errors"));
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    FileDescriptor unread(
        ::open(QFile::encodeName(pipe).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    QVERIFY(unread.valid());
    Program ferryd(share(), "passwd", {}, 0, pipe);
    const quint16 port = ferryd.waitUntilReady();
    QVERIFY(port != 0);

    RawPeer talker(port);
    QVERIFY(talker.login("passwd"));
    const QByteArray path = "/pub/" + QByteArray(200, 'x') + '/' + QByteArray(200, 'y');
    constexpr int requests = 3000; // each is two lines of the log
    for (int i = 0; i < requests; ++i) {
        QVERIFY(talker.send("FILE " + path + "\r\n"));
        QVERIFY(talker.readLine().startsWith('!'));
        if (i % 100 != 0)
            continue;
        RawPeer other(port); // let in by the thread that has the log to print
        QVERIFY(other.login("passwd"));
        QCOMPARE(other.fetch("/pub/hello.txt", 6), QByteArray("hello\n"));
    }
    ferryd.signal(SIGTERM);
    talker.close();
    QCOMPARE(ferryd.exitCode(), 0);

    QFile errors;
    QVERIFY(errors.open(unread.get(), QIODevice::ReadOnly));
    const QByteArray said = errors.readAll();
    QVERIFY(said.contains("#1 command FILE " + path + '\n'));
    QVERIFY(said.size() < qsizetype(requests) * path.size());
}

/// The old one drains while the new one serves already.
void ServerFerryd::twoKeepOneHistory()
{
    const QStringList arguments =
        share() + QStringList{QStringLiteral("--history"), QStringLiteral("on")};
    const auto fetch = [](quint16 port) {
        RawPeer peer(port);
        return peer.login("passwd") && peer.fetch("/pub/hello.txt", 6) == "hello\n";
    };
    Program first(arguments);
    const quint16 port = first.waitUntilReady();
    Program second(arguments);
    const quint16 other = second.waitUntilReady();
    QVERIFY(fetch(port) && fetch(other));
    QVERIFY(waitUntil([this] { return deliveries() == 2; }));
    second.signal(SIGTERM);
    QCOMPARE(second.exitCode(), 0);
    // Others still see what the first one writes.
    QVERIFY(fetch(port));
    QVERIFY(waitUntil([this] { return deliveries() == 3; }));
    first.signal(SIGTERM);
    QCOMPARE(first.exitCode(), 0);
    QCOMPARE(deliveries(), 3);
}

void ServerFerryd::maxSessionsIsTheCap()
{
    Program ferryd(share() + QStringList{QStringLiteral("--max-sessions"), QStringLiteral("2")});
    const quint16 port = ferryd.waitUntilReady();
    RawPeer a(port), b(port);
    QVERIFY(a.login("passwd") && b.login("passwd"));
    QCOMPARE(RawPeer(port).readToEnd(), QByteArray("!Server is full.\r\n"));
}

/// More clients than a small descriptor limit carries, several times over.
void ServerFerryd::aLowDescriptorLimitNeverEndsTheProgram()
{
    Program ferryd(share(), "passwd", {}, 100);
    const quint16 port = ferryd.waitUntilReady();
    QVERIFY(port != 0);
    for (int round = 0; round < 3; ++round) {
        std::vector<std::unique_ptr<RawPeer>> inside;
        int refused = 0;
        for (int i = 0; i < 150; ++i) {
            auto peer = std::make_unique<RawPeer>(port);
            QVERIFY(peer->connected());
            const QByteArray line = peer->readLine();
            if (line == "#Server Ready.\r\n")
                inside.push_back(std::move(peer));
            else if (line == "!Server is full.\r\n")
                ++refused;
        }
        QCOMPARE(inside.size() + size_t(refused), size_t(150));
        QVERIFY(inside.size() <= size_t((100 - 64) / 3));
        QVERIFY(!inside.empty());
        inside.clear();
        QVERIFY(waitUntil([&] {
            RawPeer peer(port);
            return peer.login("passwd");
        }));
    }
    QCOMPARE(ferryd.process.state(), QProcess::Running);
    ferryd.signal(SIGTERM);
    QCOMPARE(ferryd.exitCode(), 0);
}

/// The system gives no thread for the first connection; the one for standard error is before it.
void ServerFerryd::aFailedThreadStartRefusesAndGoesOn()
{
#ifdef FERRY_SANITIZED
    QSKIP("the sanitizers do not run under a tracer");
#endif
    const QString strace = QStandardPaths::findExecutable(QStringLiteral("strace"));
    if (strace.isEmpty())
        QSKIP("no strace here");
    const QStringList inject{strace,
                             QStringLiteral("-f"),
                             QStringLiteral("-o"),
                             m_data->filePath(QStringLiteral("trace")),
                             QStringLiteral("-e"),
                             QStringLiteral("inject=clone,clone3:error=EAGAIN:when=2")};
    Program ferryd(share(), "passwd", inject);
    const quint16 port = ferryd.waitUntilReady();
    if (port == 0)
        QSKIP("strace may not trace here");
    QCOMPARE(RawPeer(port).readToEnd(), QByteArray("!Server is full.\r\n"));
    for (int i = 0; i < 3; ++i) {
        RawPeer peer(port);
        QVERIFY(peer.login("passwd"));
        QCOMPARE(peer.fetch("/pub/hello.txt", 6), QByteArray("hello\n"));
    }
    QCOMPARE(ferryd.process.state(), QProcess::Running);
}

FERRY_TEST(ServerFerryd)
#include "server_ferryd.moc"
