// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"
#include "client-cli/exitcodes.h"
#include "client-cli/password.h"
#include "client-cli/textreport.h"
#include "client/disk/localname.h"
#include "client/limits.h"
#include "common/options.h"
#include "common/passwordtext.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;
using namespace std::chrono_literals;

namespace {

QByteArrayList words(const char *line)
{
    return QByteArray(line).split(' ');
}

Download ended(DownloadState state, ErrorCode code = ErrorCode::Cancelled)
{
    Download download;
    download.state = state;
    download.error.code = code;
    return download;
}

} // namespace

class ClientArgumentsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsWhatAQueueIsTold();
    void readsEveryOption();
    void optionsMayStandAnywhere();
    void whatFollowsTwoDashesIsNoOption();
    void pathsAndFoldersStayBytes();
    void valuesMayBeAttached();
    void refusesWhatCannotBeMeant_data();
    void refusesWhatCannotBeMeant();
    void anotherComputerNeedsToBeAllowed();
    void withoutClassicItIsEncrypted();
    void answersQuestions();
    void theHelpNamesEveryOption();
    void lineEndsAreNoPartOfAPassword_data();
    void lineEndsAreNoPartOfAPassword();
    void exitCodesAreThoseOfTheTable_data();
    void exitCodesAreThoseOfTheTable();
    void allFilesTogetherGiveOneExitCode();
    void theLiveLineFitsTheTerminal_data();
    void theLiveLineFitsTheTerminal();
};

void ClientArgumentsTest::readsEveryOption()
{
    const auto parsed = parseArguments(
        words("get --classic --allow-unencrypted -d out -j 5 --existing rename --password-file pw "
              "--timeout 7 --json --quiet anna@studio:99 a b"));
    QVERIFY(parsed.ok());
    const Arguments &arguments = parsed.value();
    QCOMPARE(arguments.command, Arguments::Command::Get);
    QVERIFY(arguments.config.classic);
    QVERIFY(arguments.allowUnencrypted);
    QCOMPARE(arguments.folder, QStringLiteral("out"));
    QCOMPARE(arguments.existing, ExistingPolicy::Rename);
    QCOMPARE(arguments.filesAtOnce, 5);
    QCOMPARE(*arguments.passwordFile, QByteArray("pw"));
    QCOMPARE(arguments.config.replyTime, 7s);
    QCOMPARE(arguments.config.connectTime, 7s);
    QVERIFY(arguments.json);
    QVERIFY(arguments.quiet);
    QCOMPARE(arguments.config.user, QStringLiteral("anna"));
    QCOMPARE(arguments.config.host, QStringLiteral("studio"));
    QCOMPARE(int(arguments.config.port), 99);
    QCOMPARE(arguments.paths, (QByteArrayList{"a", "b"}));
}

void ClientArgumentsTest::optionsMayStandAnywhere()
{
    const auto parsed = parseArguments(words("get localhost a --classic b -d x c --quiet"));
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value().paths, (QByteArrayList{"a", "b", "c"}));
    QCOMPARE(parsed.value().folder, QStringLiteral("x"));
    QVERIFY(parsed.value().quiet);
}

void ClientArgumentsTest::whatFollowsTwoDashesIsNoOption()
{
    const auto parsed = parseArguments(words("get --classic localhost - -- -d --json -- x"));
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value().paths, (QByteArrayList{"-", "-d", "--json", "--", "x"}));
    QVERIFY(!parsed.value().json);
}

void ClientArgumentsTest::pathsAndFoldersStayBytes()
{
    const auto parsed =
        parseArguments({"get", "--classic", "-d", "\xFF/x", "localhost", "c:\\\xE4 b"});
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value().paths, QByteArrayList{"c:\\\xE4 b"});
    QCOMPARE(localBytes(parsed.value().folder), QByteArray("\xFF/x"));
}

void ClientArgumentsTest::valuesMayBeAttached()
{
    const auto parsed = parseArguments(
        words("get --classic -dout --existing=skip --timeout=1 --password-file=p= localhost a"));
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value().folder, QStringLiteral("out"));
    QCOMPARE(parsed.value().existing, ExistingPolicy::Skip);
    QCOMPARE(*parsed.value().passwordFile, QByteArray("p="));
}

void ClientArgumentsTest::refusesWhatCannotBeMeant_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line : {"got",
                             "--nonsense",
                             "ls",
                             "ls --classic localhost",
                             "ls -d x localhost",
                             "get",
                             "get --classic",
                             "get --classic localhost",
                             "get --classic localhost a --nonsense",
                             "get --classic localhost a -x",
                             "get --classic localhost a -d",
                             "get --classic localhost a -j",
                             "get --classic -j 0 h a",
                             "get --classic -j x localhost a",
                             "get --classic -j +1 localhost a",
                             "get --classic --existing maybe localhost a",
                             "get --classic --timeout 0 localhost a",
                             "get --classic --timeout 1.5 localhost a",
                             "get --classic --json=yes localhost a",
                             "get --classic localhost:0 a",
                             "get --classic loc/alhost a",
                             "get --classic --password-stdin --password-file x localhost a",
                             "get --pin sha256:00 localhost a",
                             "get --pin localhost a",
                             "get --classic --trust-new localhost a",
                             "get --classic --password secret localhost a",
                             "get --classic -q1 localhost a"})
        QTest::newRow(line) << QByteArray(line);
    QTest::newRow("nothing at all") << QByteArray();
    QTest::newRow("empty folder") << QByteArray("get --classic -d  localhost a");
}

void ClientArgumentsTest::refusesWhatCannotBeMeant()
{
    QFETCH(QByteArray, line);
    const auto parsed = parseArguments(line.isEmpty() ? QByteArrayList() : line.split(' '));
    QVERIFY(!parsed.ok());
    QCOMPARE(exitCodeFor(parsed.error().code), 2);
    QVERIFY(!parsed.error().text.isEmpty());
}

void ClientArgumentsTest::anotherComputerNeedsToBeAllowed()
{
    const auto refused = parseArguments(words("get --classic 192.168.1.20 a"));
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().text.contains(QStringLiteral("--allow-unencrypted")));
    QVERIFY(refused.error().text.contains(QStringLiteral("192.168.1.20")));
    QVERIFY(parseArguments(words("get --classic 192.168.1.20 a --allow-unencrypted")).ok());
    for (const char *line : {"get --classic [::1] a", "get --classic 127.3.2.1:5 a"})
        QVERIFY(parseArguments(words(line)).ok());
}

void ClientArgumentsTest::withoutClassicItIsEncrypted()
{
    const QByteArray pin = "sha256:" + QByteArray(64, 'a');
    const auto parsed = parseArguments({"get", "--pin", pin, "192.168.1.20", "a"});
    QVERIFY(parsed.ok());
    QVERIFY(!parsed.value().config.classic);
    QCOMPARE(parsed.value().config.pin, pin);
    QVERIFY(parseArguments(words("get --trust-new 192.168.1.20 a")).value().config.trustNew);
    QVERIFY(!parseArguments(words("get 192.168.1.20 a")).value().config.trustNew);
    // What the two say contradicts itself, or what --classic says.
    QVERIFY(!parseArguments({"get", "--pin", pin, "--trust-new", "localhost", "a"}).ok());
    QVERIFY(!parseArguments({"get", "--pin", pin, "--classic", "localhost", "a"}).ok());
}

void ClientArgumentsTest::answersQuestions()
{
    for (const Arguments &arguments :
         {parseArguments({"--help"}).value(), parseArguments({"--version"}).value(),
          parseArguments({"get", "--help"}).value()})
        QCOMPARE(arguments.command, Arguments::Command::Print);
    QCOMPARE(parseArguments({"--help"}).value().text, commands::ferryTop.help());
    QCOMPARE(parseArguments({"--version"}).value().text, QByteArray("ferry " FERRY_VERSION "\n"));
    QCOMPARE(parseArguments({"get", "x", "-h", "--nonsense"}).value().text,
             commands::ferryGet.help());
    QCOMPARE(parseArguments({"ls", "-h"}).value().text, commands::ferryLs.help());
    QCOMPARE(parseArguments({"queue", "--help"}).value().text, commands::ferryQueue.help());
}

void ClientArgumentsTest::theHelpNamesEveryOption()
{
    for (const char *option :
         {"--classic", "--allow-unencrypted", "-d DIR", "-j N", "--existing", "--password-file",
          "--password-stdin", "--timeout", "--json", "--quiet", "FERRY_PASSWORD", "67"})
        QVERIFY2(commands::ferryGet.help().contains(option), option);
}

void ClientArgumentsTest::lineEndsAreNoPartOfAPassword_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("password");
    QTest::newRow("none") << QByteArray("pw") << QByteArray("pw");
    QTest::newRow("LF") << QByteArray("pw\n") << QByteArray("pw");
    QTest::newRow("CR LF") << QByteArray("pw\r\n") << QByteArray("pw");
    QTest::newRow("two") << QByteArray("pw\n\n") << QByteArray("pw");
    QTest::newRow("blanks stay") << QByteArray(" pw \n") << QByteArray(" pw ");
    QTest::newRow("alone") << QByteArray("\n") << QByteArray();
    QTest::newRow("CR") << QByteArray("pw\r") << QByteArray("pw");
    QTest::newRow("before") << QByteArray("\r\npw") << QByteArray("pw");
    QTest::newRow("within") << QByteArray("p\nw") << QByteArray("p\nw");
}

void ClientArgumentsTest::lineEndsAreNoPartOfAPassword()
{
    QFETCH(QByteArray, text);
    QTEST(withoutLineEnds(text), "password");
}

void ClientArgumentsTest::exitCodesAreThoseOfTheTable_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<int>("exit");
    QTest::newRow("usage") << ErrorCode::Invalid << 2;
    QTest::newRow("not found") << ErrorCode::NotFound << 3;
    QTest::newRow("host") << ErrorCode::HostNotFound << 6;
    QTest::newRow("connect") << ErrorCode::CannotConnect << 7;
    QTest::newRow("refused") << ErrorCode::Refused << 7;
    QTest::newRow("protocol") << ErrorCode::Protocol << 8;
    QTest::newRow("local file") << ErrorCode::LocalFile << 9;
    QTest::newRow("target exists") << ErrorCode::TargetExists << 13;
    QTest::newRow("cut short") << ErrorCode::CutShort << 18;
    QTest::newRow("timed out") << ErrorCode::TimedOut << 28;
    QTest::newRow("checksum") << ErrorCode::ChecksumMismatch << 32;
    QTest::newRow("changed") << ErrorCode::RemoteChanged << 36;
    QTest::newRow("trust") << ErrorCode::NotTrusted << 60;
    QTest::newRow("password") << ErrorCode::WrongPassword << 67;
}

void ClientArgumentsTest::exitCodesAreThoseOfTheTable()
{
    QFETCH(ErrorCode, code);
    QTEST(exitCodeFor(code), "exit");
    QTEST(exitCodeFor({ended(DownloadState::Failed, code)}), "exit");
}

void ClientArgumentsTest::allFilesTogetherGiveOneExitCode()
{
    const Download done = ended(DownloadState::Done);
    const Download skipped = ended(DownloadState::Skipped);
    const Download missing = ended(DownloadState::Failed, ErrorCode::NotFound);
    const Download cut = ended(DownloadState::Failed, ErrorCode::CutShort);
    QCOMPARE(exitCodeFor({done, done}), 0);
    QCOMPARE(exitCodeFor({skipped}), 0);
    QCOMPARE(exitCodeFor({done, skipped}), 0);
    QCOMPARE(exitCodeFor({missing, missing}), 3);
    QCOMPARE(exitCodeFor({missing, done}), 4);
    QCOMPARE(exitCodeFor({skipped, cut}), 4);
    QCOMPARE(exitCodeFor({cut, missing}), 18);
    QCOMPARE(exitCodeFor({missing, cut}), 3);
}

void ClientArgumentsTest::theLiveLineFitsTheTerminal_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("long") << QString(300, u'n') + QStringLiteral("\x1B[31m\n");
    QTest::newRow("short") << QStringLiteral("n");
    QTest::newRow("two cells each") << QString(30, u'影');
    QTest::newRow("beyond the basic plane") << QStringLiteral("🎬").repeated(40);
    QTest::newRow("accents of their own") << QStringLiteral("e\u0301").repeated(60);
}

void ClientArgumentsTest::theLiveLineFitsTheTerminal()
{
    Download download;
    QFETCH(QString, name);
    download.localName = name;
    download.received = 123'456'789;
    download.bytesPerSecond = 98'765'432;
    for (const qint64 size : {qint64(-1), qint64(200'000'000)}) {
        download.size = size;
        for (const DownloadState state :
             {DownloadState::Connecting, DownloadState::Downloading, DownloadState::Stalled}) {
            download.state = state;
            for (const int columns : {1, 20, 79, 200}) {
                const QString line = progressLine(download, 3, 10, columns);
                QVERIFY(::wcswidth(line.toStdWString().c_str(), 1000) <= columns);
                QVERIFY(!line.contains(QChar(0x1B)) && !line.contains(u'\n'));
            }
        }
    }
    download.state = DownloadState::Downloading;
    QVERIFY(progressLine(download, 3, 10, 200).contains(QStringLiteral("[############........]")));
    QVERIFY(progressLine(download, 3, 10, 200).endsWith(QStringLiteral("4 of 10")));
}

void ClientArgumentsTest::readsWhatAQueueIsTold()
{
    using Work = Arguments::QueueWork;
    const auto work = [](const QByteArrayList &words) {
        return parseArguments(QByteArrayList{"queue"} + words).value().queueWork;
    };
    QCOMPARE(work({}), Work::List);
    QCOMPARE(work({"--json", "list"}), Work::List);
    QCOMPARE(work({"retry"}), Work::Retry);
    QCOMPARE(work({"clear", "--all"}), Work::Clear);
    QCOMPARE(work({"run", "me@host:1"}), Work::Run);
    const Arguments added = parseArguments({"queue", "add", "-d", "x", "host", "/a", "/b"}).value();
    QCOMPARE(added.queueWork, Work::Add);
    QCOMPARE(added.paths, (QByteArrayList{"/a", "/b"}));
    QCOMPARE(added.config.host, QStringLiteral("host"));
    QVERIFY(added.notKept.isEmpty());
    QCOMPARE(
        parseArguments({"queue", "add", "--retries", "3", "-j", "2", "host", "/a"}).value().notKept,
        (QStringList{QStringLiteral("-j"), QStringLiteral("--retries")}));
    QVERIFY(parseArguments({"queue", "run", "--retries", "3"}).value().notKept.isEmpty());
    QCOMPARE(parseArguments({"queue", "run"}).value().retries, limits::retries);
    QCOMPARE(parseArguments({"get", "host", "/a"}).value().retries, 0);
    QCOMPARE(parseArguments({"get", "--retries", "7", "host", "/a"}).value().retries, 7);
    QCOMPARE(parseArguments({"get", "host", "/a"}).value().rateLimit, 0);
    QCOMPARE(parseArguments({"get", "--limit-rate=2M", "host", "/a"}).value().rateLimit, 2'000'000);
    QCOMPARE(parseArguments({"queue", "run", "--limit-rate", "5k"}).value().rateLimit, 5'000);
    QCOMPARE(parseArguments({"get", "--existing=newer", "host", "/a"}).value().existing,
             ExistingPolicy::OverwriteIfNewer);
    for (const QByteArrayList &wrong :
         {QByteArrayList{"queue", "eat"}, QByteArrayList{"queue", "list", "host"},
          QByteArrayList{"queue", "run", "a", "b"}, QByteArrayList{"queue", "add", "host"},
          QByteArrayList{"get", "--queue", "f", "host", "/a"},
          QByteArrayList{"get", "--retries", "-1", "host", "/a"},
          QByteArrayList{"get", "--limit-rate", "fast", "host", "/a"},
          QByteArrayList{"ls", "--limit-rate", "1M", "host"}})
        QCOMPARE(parseArguments(wrong).error().code, ErrorCode::Invalid);
}

FERRY_TEST(ClientArgumentsTest)
#include "tst_clientarguments.moc"
