// SPDX-License-Identifier: MIT
// `ferryd` and `ferry` over the encrypted dialect: what people do with them, and the exit codes.
#include "support/evilferry.h"
#include "support/process.h"
#include "support/transferpair.h"

#include "net/channel/socketops.h"
#include "net/channel/tlscontext.h"
#include "net/login/passphrase.h"
#include "support/testprogram.h"
#include "wire/classic/codec.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <memory>

#include <sys/resource.h>

using namespace ferry;
using namespace ferry::test;

class ExtendedPrograms : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void filesAndFoldersArriveWhole();
    void whatItIsIsAskedOnce();
    void everySessionEndsWithAGoodbye();
    void listingsSayWhatIsThere();
    void listingsAreSorted();
    void aSingleFileIsSharedWithoutWhatIsBesideIt();
    void aRefusedPasswordWithABlankIsToldSo();
    void someMissingIsMixed();
    void nothingFoundIs3();
    void aWrongPasswordIs67();
    void anUnknownServerIs60();
    void aServerOnceTrustedIsKnown();
    void aChangedCertificateIs60AndGetsNoProof();
    void aTargetThatExistsIs13();
    void nobodyThereIs7();
    void anUnknownHostIs6();
    void aFullDiskIs9();
    void aFolderThatCannotBeMadeIs9();
    void accountsLogInByName();
    void theServerShowsWhatWasVerified();
    void aManInTheMiddleGetsNobodyIn();
    void sclientSpeaksTheTutorial();
    void otherVersionsAndProtocolsAreRefused();

private:
    QString target(const QString &name) const { return m_pair->target() + u'/' + name; }
    QString share(const QString &name) const { return m_pair->share() + u'/' + name; }

    std::unique_ptr<TransferPair> m_pair;
};

void ExtendedPrograms::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(writeFile(share(QStringLiteral("a.txt")), "hello\n"));
    QVERIFY(m_pair->startServer());
}

void ExtendedPrograms::filesAndFoldersArriveWhole()
{
    QByteArray big(3'000'000, Qt::Uninitialized);
    for (qsizetype i = 0; i < big.size(); ++i)
        big[i] = char(i * i >> 7);
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d/sub/empty")));
    QVERIFY(writeFile(share(QStringLiteral("d/big")), big));
    QVERIFY(writeFile(share(QStringLiteral("d/sub/none")), {}));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/d/"), QStringLiteral("pub/a.txt")});
    QCOMPARE(run.exitCode, 0);
    QByteArrayList lines = run.output.trimmed().split('\n');
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, QByteArrayList({"a.txt has been saved.", "d/big has been saved.",
                                    "d/sub/none has been saved."}));
    QCOMPARE(readFile(target(QStringLiteral("d/big"))), big);
    QCOMPARE(readFile(target(QStringLiteral("d/sub/none"))), QByteArray());
    QVERIFY(QDir(target(QStringLiteral("d/sub/empty"))).exists());
    QCOMPARE(QFileInfo(target(QStringLiteral("d/big"))).lastModified(),
             QFileInfo(share(QStringLiteral("d/big"))).lastModified());

    // The share, and then everything.
    QVERIFY(QDir(target({})).removeRecursively() && QDir().mkpath(target({})));
    QCOMPARE(m_pair->get({QStringLiteral("/pub")}).exitCode, 0);
    QCOMPARE(readFile(target(QStringLiteral("pub/a.txt"))), "hello\n");
    QVERIFY(QDir(target({})).removeRecursively() && QDir().mkpath(target({})));
    QCOMPARE(m_pair->get({QStringLiteral("/")}).exitCode, 0);
    QCOMPARE(readFile(target(QStringLiteral("pub/d/big"))), big);
}

void ExtendedPrograms::whatItIsIsAskedOnce()
{
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d")));
    QVERIFY(writeFile(share(QStringLiteral("d/x")), "x"));
    const ProgramRun folder = m_pair->get({QStringLiteral("/pub/d")});
    QCOMPARE(folder.exitCode, 0);
    QCOMPARE(folder.output, "d/x has been saved.\n");
    // The server's log is complete once the session is over.
    const auto ended = [this](int sessions) {
        return waitUntil([this, sessions] {
            return m_pair->serverLog().count("1 file delivered, verified") == sessions;
        });
    };
    QVERIFY(ended(1));
    QCOMPARE(m_pair->serverLog().count("TREE /pub/d"), 1);

    // What turns out to be a file is not taken for a tree of one.
    const ProgramRun file = m_pair->get({QStringLiteral("/pub/a.txt")});
    QCOMPARE(file.exitCode, 0);
    QCOMPARE(file.output, "a.txt has been saved.\n");
    QVERIFY(ended(2));
    QCOMPARE(m_pair->serverLog().count("GET /pub/a.txt"), 1);
}

void ExtendedPrograms::everySessionEndsWithAGoodbye()
{
    constexpr int runs = 20;
    QVERIFY(writeFile(share(QStringLiteral("b")), QByteArray(88'000, 'b')));
    for (int i = 0; i < runs; ++i)
        QCOMPARE(m_pair
                     ->get({QStringLiteral("--existing"), QStringLiteral("rename"),
                            QStringLiteral("/pub/b")})
                     .exitCode,
                 0);
    QVERIFY(waitUntil(
        [this] { return m_pair->serverLog().count("1 file delivered, verified") == runs; }));
    QCOMPARE(m_pair->serverLog().count("onnection lost"), 0);
}

void ExtendedPrograms::listingsSayWhatIsThere()
{
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d/e")));
    const auto ls = [this](const QStringList &more) {
        return m_pair->run(QStringList{QStringLiteral("ls"), QStringLiteral("--pin"),
                                       QString::fromLatin1(m_pair->fingerprint())} +
                           more);
    };
    QCOMPARE(ls({m_pair->address()}).output, "pub/\n");
    QByteArrayList lines =
        ls({m_pair->address(), QStringLiteral("/pub")}).output.trimmed().split('\n');
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, QByteArrayList({"a.txt", "d/"}));
    QVERIFY(ls({QStringLiteral("-R"), m_pair->address(), QStringLiteral("/pub")})
                .output.contains("d/e/\n"));
    QVERIFY(ls({QStringLiteral("-l"), m_pair->address(), QStringLiteral("/pub/a.txt")})
                .output.startsWith("f              6  "));
    QVERIFY(ls({QStringLiteral("--json"), m_pair->address(), QStringLiteral("/pub/a.txt")})
                .output.contains("\"size\":6"));
    QCOMPARE(ls({m_pair->address(), QStringLiteral("/none")}).exitCode, 3);
}

void ExtendedPrograms::aSingleFileIsSharedWithoutWhatIsBesideIt()
{
    const QString folder = m_pair->root() + QStringLiteral("/private");
    QVERIFY(QDir().mkpath(folder));
    QVERIFY(writeFile(folder + QStringLiteral("/plan.pdf"), "the plan"));
    QVERIFY(writeFile(folder + QStringLiteral("/diary"), "secret"));
    m_pair->killServer();
    QVERIFY(m_pair->startServer({QStringLiteral("--share"), folder + QStringLiteral("/plan.pdf")}));
    const auto ls = m_pair->run({QStringLiteral("ls"), QStringLiteral("--pin"),
                                 QString::fromLatin1(m_pair->fingerprint()), m_pair->address()});
    QCOMPARE(ls.output, "plan.pdf\npub/\n");
    QCOMPARE(m_pair->get({QStringLiteral("/plan.pdf")}).exitCode, 0);
    QCOMPARE(readFile(target(QStringLiteral("plan.pdf"))), QByteArray("the plan"));
    for (const char *path : {"/plan.pdf/diary", "/diary", "/plan.pdf/../diary"})
        QCOMPARE(m_pair->get({QString::fromLatin1(path)}).exitCode, 3);
    QVERIFY(QFile::remove(target(QStringLiteral("plan.pdf"))));
    QCOMPARE(m_pair->get({QStringLiteral("/")}).exitCode, 0); // all that is shared
    QCOMPARE(readFile(target(QStringLiteral("plan.pdf"))), QByteArray("the plan"));
    QCOMPARE(readFile(target(QStringLiteral("pub/a.txt"))), QByteArray("hello\n"));
}

void ExtendedPrograms::listingsAreSorted()
{
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("b")));
    for (const char *name : {"b/x", "b/y", "b.txt", "c", "d", "e", "f", "g", "h", "i"})
        QVERIFY(writeFile(share(QLatin1StringView(name)), "x"));
    const auto ls = [this](const QStringList &more) {
        return m_pair
            ->run(QStringList{QStringLiteral("ls"), QStringLiteral("--pin"),
                              QString::fromLatin1(m_pair->fingerprint()), m_pair->address()} +
                  more)
            .output;
    };
    QCOMPARE(ls({QStringLiteral("/pub")}), "a.txt\nb/\nb.txt\nc\nd\ne\nf\ng\nh\ni\n");
    QCOMPARE(ls({QStringLiteral("-R"), QStringLiteral("/pub")}),
             "a.txt\nb/\nb/x\nb/y\nb.txt\nc\nd\ne\nf\ng\nh\ni\n");
    QVERIFY(writeFile(share(QStringLiteral("b/new\nline")), "x"));
    QCOMPARE(ls({QStringLiteral("-0"), QStringLiteral("/pub/b")}),
             QByteArray("new\nline\0x\0y\0", 13));
}

void ExtendedPrograms::aRefusedPasswordWithABlankIsToldSo()
{
    const QStringList words{QStringLiteral("ls"), QStringLiteral("--pin"),
                            QString::fromLatin1(m_pair->fingerprint()), m_pair->address()};
    const ProgramRun blank = m_pair->run(words, "wrong ");
    QCOMPARE(blank.exitCode, 67);
    QVERIFY2(blank.errors.contains("begins or ends with a space"), blank.errors);
    QCOMPARE(m_pair->run(words, TransferPair::password() + "\r\n").exitCode, 0);
}

void ExtendedPrograms::someMissingIsMixed()
{
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/a.txt"), QStringLiteral("/pub/no")});
    QCOMPARE(run.exitCode, 4);
    QVERIFY(run.output.contains("a.txt has been saved.\n"));
    QVERIFY(run.output.contains("File /pub/no not found on server\n"));
}

void ExtendedPrograms::nothingFoundIs3()
{
    for (const char *path : {"/pub/no", "/other", "pub/../pub/a.txt", "/pub/%61.txt"})
        QCOMPARE(m_pair->get({QString::fromLatin1(path)}).exitCode, 3);
}

void ExtendedPrograms::aWrongPasswordIs67()
{
    const ProgramRun run =
        m_pair->run(m_pair->getArguments({QStringLiteral("/pub/a.txt")}), "guesswork");
    QCOMPARE(run.exitCode, 67);
    QVERIFY(!run.errors.contains("guesswork"));
    QCOMPARE(readFile(target(QStringLiteral("a.txt"))), "(not there)");
}

void ExtendedPrograms::anUnknownServerIs60()
{
    const ProgramRun run =
        m_pair->run({QStringLiteral("get"), QStringLiteral("--data-dir"), m_pair->clientData(),
                     m_pair->address(), QStringLiteral("/pub/a.txt")});
    QCOMPARE(run.exitCode, 60);
    QVERIFY(run.errors.contains(m_pair->fingerprint()));
    // Nothing broke: the operator sees a client that left.
    QVERIFY(waitUntil([this] { return m_pair->serverLog().contains(" status left\n"); }));
    QVERIFY(!m_pair->serverLog().contains("onnection lost"));
}

void ExtendedPrograms::aServerOnceTrustedIsKnown()
{
    const QStringList known{QStringLiteral("get"),
                            QStringLiteral("--data-dir"),
                            m_pair->clientData(),
                            QStringLiteral("--existing"),
                            QStringLiteral("overwrite"),
                            QStringLiteral("-d"),
                            m_pair->target(),
                            m_pair->address(),
                            QStringLiteral("/pub/a.txt")};
    QStringList first = known;
    first.insert(1, QStringLiteral("--trust-new"));
    // Not before the server proved that it knows the password.
    QCOMPARE(m_pair->run(first, generatePassphrase().toUtf8()).exitCode, 67);
    QCOMPARE(m_pair->run(known).exitCode, 60);
    // Words like the right ones, but not those: told before anything was given away.
    QByteArray mistyped = TransferPair::password();
    mistyped[0] = mistyped[0] == 'x' ? 'z' : 'x';
    QCOMPARE(m_pair->run(first, mistyped).exitCode, 67);
    QCOMPARE(m_pair->run(first).exitCode, 0);
    QCOMPARE(m_pair->run(known).exitCode, 0);
    // And it is the same one after a restart.
    m_pair->killServer();
    QVERIFY(m_pair->startServer());
    QCOMPARE(m_pair->run(known).exitCode, 0);
}

void ExtendedPrograms::aChangedCertificateIs60AndGetsNoProof()
{
    std::atomic_bool spoken = false;
    const EvilFerry impostor([&spoken](EvilPeer &peer) { spoken = peer.next().has_value(); });
    const QString address = QStringLiteral("127.0.0.1:%1").arg(impostor.port());
    QVERIFY(QDir().mkpath(m_pair->clientData()));
    QVERIFY(writeFile(m_pair->clientData() + QStringLiteral("/known_servers"),
                      address.toLatin1() + ' ' + m_pair->fingerprint() + '\n'));
    for (const bool eager : {false, true}) {
        QStringList arguments{QStringLiteral("get"), QStringLiteral("--data-dir"),
                              m_pair->clientData(), address, QStringLiteral("/pub/a.txt")};
        if (eager)
            arguments.insert(1, QStringLiteral("--trust-new"));
        const ProgramRun run = m_pair->run(arguments);
        QCOMPARE(run.exitCode, 60);
        QVERIFY(run.errors.contains(impostor.fingerprint()));
        QVERIFY(run.errors.contains(m_pair->fingerprint()));
    }
    QVERIFY(!spoken); // not even HELLO
}

void ExtendedPrograms::aTargetThatExistsIs13()
{
    QVERIFY(writeFile(target(QStringLiteral("a.txt")), "mine"));
    QCOMPARE(m_pair->get({QStringLiteral("/pub/a.txt")}).exitCode, 13);
    QCOMPARE(readFile(target(QStringLiteral("a.txt"))), "mine");
    const auto with = [this](const char *policy) {
        return m_pair->get({QStringLiteral("--existing"), QString::fromLatin1(policy),
                            QStringLiteral("/pub/a.txt")});
    };
    QCOMPARE(with("skip").exitCode, 0);
    QCOMPARE(readFile(target(QStringLiteral("a.txt"))), "mine");
    QCOMPARE(with("rename").output, "a (1).txt has been saved.\n");
    QCOMPARE(with("overwrite").exitCode, 0);
    QCOMPARE(readFile(target(QStringLiteral("a.txt"))), "hello\n");
}

void ExtendedPrograms::nobodyThereIs7()
{
    const QStringList arguments = m_pair->getArguments({QStringLiteral("/pub/a.txt")});
    m_pair->killServer();
    QCOMPARE(m_pair->run(arguments).exitCode, 7);
}

void ExtendedPrograms::anUnknownHostIs6()
{
    QCOMPARE(m_pair
                 ->run({QStringLiteral("get"), QStringLiteral("--trust-new"),
                        QStringLiteral("nowhere.invalid"), QStringLiteral("/a")})
                 .exitCode,
             6);
}

void ExtendedPrograms::aFullDiskIs9()
{
    // A disk of our own that is small: /dev/full-like behaviour of every call, without root.
    QVERIFY(writeFile(share(QStringLiteral("large")), QByteArray(2'000'000, 'x')));
    ProgramSettings settings;
    settings.password = TransferPair::password();
    settings.inChild = [] {
        const rlimit limit = {500'000, 500'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    };
    const ProgramRun run = runProgram(
        QStringLiteral("ferry"),
        m_pair->getArguments({QStringLiteral("/pub/large"), QStringLiteral("/pub/a.txt")}),
        settings);
    QCOMPARE(run.exitCode, 4); // the small one fits
    QCOMPARE(readFile(target(QStringLiteral("a.txt"))), "hello\n");
    const ProgramRun alone = runProgram(
        QStringLiteral("ferry"), m_pair->getArguments({QStringLiteral("/pub/large")}), settings);
    QCOMPARE(alone.exitCode, 9);
    QCOMPARE(QDir(m_pair->target()).entryList(QDir::Files), QStringList{QStringLiteral("a.txt")});
}

/// It is this computer's fault, whatever else goes wrong then.
void ExtendedPrograms::aFolderThatCannotBeMadeIs9()
{
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d/sub")));
    QVERIFY(writeFile(share(QStringLiteral("d/sub/a")), "a"));
    QVERIFY(QDir().mkpath(m_pair->target()));
    QVERIFY(writeFile(target(QStringLiteral("d")), "in the way"));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/d")});
    QVERIFY2(run.exitCode == 9, run.errors.constData());
    QCOMPARE(readFile(target(QStringLiteral("d"))), "in the way");
}

void ExtendedPrograms::accountsLogInByName()
{
    const auto account = [this](const QStringList &words, const QByteArray &input) {
        ProgramSettings settings;
        settings.input = input;
        return runProgram(QStringLiteral("ferryd"),
                          QStringList{QStringLiteral("account")} + words +
                              QStringList{QStringLiteral("--data-dir"),
                                          m_pair->root() + QStringLiteral("/server")},
                          settings);
    };
    QCOMPARE(
        account({QStringLiteral("add"), QStringLiteral("anna")}, "her own password\n").exitCode, 0);
    QCOMPARE(account({QStringLiteral("list")}, {}).output, "anna\n");
    QVERIFY(!readFile(m_pair->root() + QStringLiteral("/server/accounts")).contains("her own"));
    QStringList arguments = m_pair->getArguments({QStringLiteral("/pub/a.txt")});
    arguments.replaceInStrings(m_pair->address(), QStringLiteral("anna@") + m_pair->address());
    // The running server knows her already.
    QCOMPARE(m_pair->run(arguments, "her own password").exitCode, 0);
    QCOMPARE(m_pair->run(arguments, TransferPair::password()).exitCode, 67);
    QCOMPARE(account({QStringLiteral("remove"), QStringLiteral("anna")}, {}).exitCode, 0);
    QCOMPARE(m_pair->run(arguments, "her own password").exitCode, 67);
}

void ExtendedPrograms::theServerShowsWhatWasVerified()
{
    QCOMPARE(m_pair->get({QStringLiteral("/pub/a.txt")}).exitCode, 0);
    QVERIFY(
        waitUntil([this] { return m_pair->serverLog().contains("1 file delivered, verified"); }));
    const QByteArray log = m_pair->serverLog();
    QVERIFY(log.contains("RECEIPT /pub/a.txt"));
    QVERIFY(!log.contains(TransferPair::password()));
}

/// Somebody in between has a certificate of his own, which the person trusts, and passes every
/// line on. The login is bound to the channel, so it is refused, and he is not in either.
void ExtendedPrograms::aManInTheMiddleGetsNobodyIn()
{
    const quint16 port = m_pair->port();
    std::atomic_bool in = false;
    const EvilFerry middle([port, &in](EvilPeer &client) {
        const QDeadlineTimer patience(patienceMs);
        auto socket = socketops::connectTo(QStringLiteral("127.0.0.1"), port, patience);
        if (!socket)
            return;
        TlsChannel server(socket.take(), TlsContext::forClient().value());
        if (!server.handshake(patience))
            return;
        // Requests one way, then what the server says to them the other way.
        const auto passBack = [&](qsizetype lines) {
            QByteArray said;
            while (said.count('\n') < lines) {
                char bytes[4096];
                const auto count = server.read(bytes, sizeof bytes, patience);
                if (!count || count.value() == 0)
                    break;
                said.append(bytes, count.value());
            }
            in = in || said.contains("#LOGIN");
            client.say(said);
        };
        passBack(1); // the greeting
        for (int i = 0; i < 3; ++i) {
            const auto request = client.next();
            if (!request || !server.write(extended::requestLine(*request), patience))
                return;
            passBack(1);
        }
        client.next();
    });
    const ProgramRun run = m_pair->run(
        {QStringLiteral("get"), QStringLiteral("--trust-new"), QStringLiteral("--data-dir"),
         m_pair->clientData(), QStringLiteral("-d"), m_pair->target(),
         QStringLiteral("127.0.0.1:%1").arg(middle.port()), QStringLiteral("/pub/a.txt")});
    QCOMPARE(run.exitCode, 67);
    QVERIFY(!in);
    QVERIFY(!QFile::exists(m_pair->clientData() + QStringLiteral("/known_servers")));
}

void ExtendedPrograms::sclientSpeaksTheTutorial()
{
    QProcess openssl;
    openssl.start(QStringLiteral("openssl"), {QStringLiteral("s_client"), QStringLiteral("-quiet"),
                                              QStringLiteral("-connect"), m_pair->address()});
    QVERIFY(openssl.waitForStarted());
    QByteArray said;
    const auto hear = [&](const QByteArray &end) {
        while (!said.endsWith(end) && openssl.waitForReadyRead(patienceMs))
            said += openssl.readAllStandardOutput();
        return said.endsWith(end);
    };
    QVERIFY(hear("#Server Ready.\r\n"));
    openssl.write("file pub/a.txt\nauth nothing\nauth " + TransferPair::password() +
                  "\nfile pub/a.txt\nfile /pub/b.txt\n");
    QVERIFY(hear("!File /pub/b.txt could not be opened.\r\n"));
    openssl.write("quit\n");
    QVERIFY(openssl.waitForFinished(patienceMs));
    QCOMPARE(said, "#Server Ready.\r\n!You are not logged in.\r\n!Bad password.\r\n"
                   "#You are logged in.\r\nhello\n#File pub/a.txt sent successfully.\r\n"
                   "!File /pub/b.txt could not be opened.\r\n");
}

void ExtendedPrograms::otherVersionsAndProtocolsAreRefused()
{
    const auto alert = [this](const QStringList &options) {
        QProcess openssl;
        openssl.start(
            QStringLiteral("openssl"),
            QStringList{QStringLiteral("s_client"), QStringLiteral("-connect"), m_pair->address()} +
                options);
        openssl.closeWriteChannel();
        openssl.waitForFinished(patienceMs);
        return openssl.readAllStandardError() + openssl.readAllStandardOutput();
    };
    QVERIFY(alert({QStringLiteral("-tls1_2")}).contains("alert protocol version"));
    QVERIFY(alert({QStringLiteral("-alpn"), QStringLiteral("http/1.1,h2")})
                .contains("no application protocol"));
    QVERIFY(alert({QStringLiteral("-alpn"), QStringLiteral("http/1.1,ferry/1")})
                .contains("ALPN protocol: ferry/1"));
    QVERIFY(alert({}).contains("No ALPN negotiated"));
}

FERRY_TEST(ExtendedPrograms)
#include "extended_programs.moc"
