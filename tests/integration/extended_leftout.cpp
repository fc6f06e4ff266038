// SPDX-License-Identifier: MIT
// What was asked for and does not come is named, with its reason, on standard error and in the exit
// status.
#include "support/evilferry.h"
#include "support/process.h"
#include "support/program.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include "client/disk/localname.h"
#include "client/limits.h"
#include "net/base/checksum.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <atomic>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;
using namespace ferry::extended;

namespace {

QStringList getFrom(const EvilFerry &server, const QString &folder, const QStringList &more = {})
{
    return QStringList{QStringLiteral("get"), QStringLiteral("--pin"),
                       QString::fromLatin1(server.fingerprint()), QStringLiteral("-d"), folder} +
           more +
           QStringList{QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("/pub/x")};
}

ProgramRun runFerry(const QStringList &arguments)
{
    ProgramSettings settings;
    settings.password = EvilFerry::password();
    return runProgram(QStringLiteral("ferry"), arguments, settings);
}

/// Answers as if /pub/x were a folder with this tree.
EvilFerry::Script tree(const QByteArray &lines)
{
    return [lines](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Get)
                peer.say(refusal("ISFOLDER"));
            else if (request->verb == Verb::Tree)
                peer.say(lines);
        }
    };
}

} // namespace

class ExtendedLeftOut : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void whatTheServerLeavesOutIsNamed();
    void whatAListingLeavesOutIsNamed();
    void whatWildcardsMatchIsNamed();
    void partsOfThisMachineAreNotSaved_data();
    void partsOfThisMachineAreNotSaved();
    void aFolderIsNoFileThatCanStay();
    void everyReasonIsNamed_data();
    void everyReasonIsNamed();
    void aFolderThatIsNoneHereIsNamedOnce();
    void foldersWithoutEndAreNotMade();
    void warningsReachTheTerminal();
    void aFingerprintThatCannotBeStoredIsNotTrusted();
    void notReadableIsNotMissing();
    void aListingLargerThanTheMemoryEndsInWords();

private:
    QString share(const char *name) const
    {
        return m_pair->share() + u'/' + QString::fromLatin1(name);
    }

    std::unique_ptr<TransferPair> m_pair;
};

void ExtendedLeftOut::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d/sub")));
    QVERIFY(writeFile(share("d/sub/file"), "content"));
    QCOMPARE(::symlink("sub", share("d/link").toLocal8Bit().constData()), 0);
    QCOMPARE(::symlink("nowhere", share("d/broken").toLocal8Bit().constData()), 0);
    QCOMPARE(::mkfifo(share("d/sub/fifo").toLocal8Bit().constData(), 0600), 0);
    QVERIFY(m_pair->startServer());
}

void ExtendedLeftOut::whatTheServerLeavesOutIsNamed()
{
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/d")});
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(run.output, "d/sub/file has been saved.\n");
    QByteArrayList lines = run.errors.trimmed().split('\n');
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines[0].startsWith("ferry: /pub/d/broken: Left out"), lines[0].constData());
    QVERIFY2(lines[1].startsWith("ferry: /pub/d/link: Left out"), lines[1].constData());
    QVERIFY2(lines[2].startsWith("ferry: /pub/d/sub/fifo: Left out"), lines[2].constData());
    QVERIFY2(lines[1].contains("link to a folder"), lines[1].constData());
}

void ExtendedLeftOut::whatAListingLeavesOutIsNamed()
{
    QStringList words = m_pair->getArguments({});
    words = {QStringLiteral("ls"),    QStringLiteral("-R"),
             QStringLiteral("--pin"), QString::fromLatin1(m_pair->fingerprint()),
             m_pair->address(),       QStringLiteral("/pub/d")};
    const ProgramRun run = m_pair->run(words, TransferPair::password());
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(run.output, "sub/\nsub/file\n");
    for (const char *name : {"broken", "link", "sub/fifo"})
        QVERIFY2(run.errors.contains(QByteArray("ferry: /pub/d/") + name + ": Left out"),
                 run.errors.constData());
}

/// A link to a folder is a folder to those who list one.
void ExtendedLeftOut::whatWildcardsMatchIsNamed()
{
    QVERIFY(writeFile(share("d/bare"), "content"));
    QCOMPARE(::mkfifo(share("d/pipe").toLocal8Bit().constData(), 0600), 0);
    const QByteArray broken = "ferry: /pub/d/broken: Left out";
    const QByteArray pipe = "ferry: /pub/d/pipe: Left out";

    const ProgramRun fetched = m_pair->get({QStringLiteral("/pub/d/b*")});
    QCOMPARE(fetched.exitCode, 4);
    QCOMPARE(fetched.output, "bare has been saved.\n");
    QCOMPARE(fetched.errors.count('\n'), 1);
    QVERIFY2(fetched.errors.startsWith(broken), fetched.errors.constData());

    const auto list = [this](const QString &path) {
        return m_pair->run({QStringLiteral("ls"), QStringLiteral("--pin"),
                            QString::fromLatin1(m_pair->fingerprint()), m_pair->address(), path},
                           TransferPair::password());
    };
    for (const char *path : {"/pub/d", "/pub/d/[bp]*"}) {
        const ProgramRun listed = list(QString::fromLatin1(path));
        QCOMPARE(listed.exitCode, 4);
        QCOMPARE(listed.errors.count('\n'), 2);
        QVERIFY2(listed.errors.contains(broken), listed.errors.constData());
        QVERIFY2(listed.errors.contains(pipe), listed.errors.constData());
    }
    QCOMPARE(list(QStringLiteral("/pub/d")).output, "bare\nlink/\nsub/\n");
    QCOMPARE(list(QStringLiteral("/pub/d/[l]*")).exitCode, 4); // a FIFO is below it
}

void ExtendedLeftOut::partsOfThisMachineAreNotSaved_data()
{
    QTest::addColumn<QString>("existing");
    for (const char *existing : {"fail", "skip", "rename", "overwrite"})
        QTest::newRow(existing) << QString::fromLatin1(existing);
}

/// Whoever shares the folder of his downloads has some there.
void ExtendedLeftOut::partsOfThisMachineAreNotSaved()
{
    QFETCH(QString, existing);
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("f")));
    QVERIFY(writeFile(share("f/m"), QByteArray(3 << 20, 'm')));
    for (const int n : {0, 1}) {
        const QString part = QString::fromUtf8(client::partName(QStringLiteral("m"), n));
        QVERIFY(writeFile(m_pair->share() + QStringLiteral("/f/") + part, "part"));
    }
    const ProgramRun run =
        m_pair->get({QStringLiteral("--existing"), existing, QStringLiteral("/pub/f")});
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(run.output, "f/m has been saved.\n");
    QCOMPARE(run.errors.count("It has the name of an unfinished download here."), 2);
    QCOMPARE(QDir(m_pair->target() + QStringLiteral("/f")).entryList(QDir::Files),
             QStringList{QStringLiteral("m")});
}

void ExtendedLeftOut::aFolderIsNoFileThatCanStay()
{
    QVERIFY(writeFile(share("file"), "content"));
    QVERIFY(QDir(m_pair->target()).mkpath(QStringLiteral("file")));
    const ProgramRun run = m_pair->get(
        {QStringLiteral("--existing"), QStringLiteral("skip"), QStringLiteral("/pub/file")});
    QCOMPARE(run.exitCode, 9);
    QVERIFY2(run.errors.contains("There is already a folder file."), run.errors.constData());
}

void ExtendedLeftOut::everyReasonIsNamed_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::newRow("special") << QByteArray("SPECIAL") << QByteArray("neither a file") << 4;
    QTest::newRow("depth") << QByteArray("DEPTH") << QByteArray("too deep") << 4;
    QTest::newRow("not readable now") << QByteArray("READ") << QByteArray("cannot read it") << 18;
    QTest::newRow("unknown") << QByteArray("FNORD") << QByteArray("FNORD") << 4;
}

void ExtendedLeftOut::everyReasonIsNamed()
{
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    const EvilFerry server(tree("#SKIPPED " + token + " a%0Ab more=fields\r\n" + treeEnd(0, 0)));
    const ProgramRun run = runFerry(getFrom(server, m_pair->target()));
    QCOMPARE(run.exitCode, code);
    QVERIFY2(run.errors.contains("ferry: /pub/x/a\\x0Ab: "), run.errors.constData());
    QVERIFY2(run.errors.contains(text), run.errors.constData());
}

/// And what is beside it arrives.
void ExtendedLeftOut::aFolderThatIsNoneHereIsNamedOnce()
{
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("e/a/b")));
    QVERIFY(writeFile(share("e/a/one"), "1"));
    QVERIFY(writeFile(share("e/a/b/two"), "2"));
    QVERIFY(writeFile(share("e/file"), "content"));
    QVERIFY(QDir(m_pair->target()).mkpath(QStringLiteral("e")));
    QVERIFY(writeFile(m_pair->target() + QStringLiteral("/e/a"), "in the way"));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/e")});
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(run.output, "e/file has been saved.\n");
    QCOMPARE(run.errors.count('\n'), 1);
    QVERIFY2(run.errors.startsWith("ferry: /pub/e/a: "), run.errors.constData());
}

void ExtendedLeftOut::foldersWithoutEndAreNotMade()
{
    constexpr int levels = 2000;
    QByteArray lines;
    for (int level = 1; level <= levels; ++level)
        lines += "#ENTRY d 0 1 i " + QByteArray("a/").repeated(level).chopped(1) + "\r\n";
    const EvilFerry server(tree(lines + treeEnd(levels, 0)));
    const ProgramRun run = runFerry(getFrom(server, m_pair->target()));
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(run.errors.count('\n'), 1);
    QVERIFY2(run.errors.endsWith(": It lies too deep.\n"), run.errors.constData());
    const QString made = m_pair->target() + QStringLiteral("/x") +
                         QStringLiteral("/a").repeated(limits::folderDepth);
    QVERIFY(QFile::exists(made));
    QVERIFY(!QFile::exists(made + QStringLiteral("/a")));
}

/// The server is gone for a moment: nothing fails, and a person learns why it takes long.
void ExtendedLeftOut::warningsReachTheTerminal()
{
    Checksum sum;
    sum.add("x");
    const QByteArray content =
        file({1, 0, "i", 0, 1}) + data(1) + "x" + done(1, "xxh3:" + sum.hex());
    std::atomic_int connections = 0;
    const EvilFerry server([&](EvilPeer &peer) {
        if (++connections == 2)
            return;
        if (!peer.logIn() || !peer.waitFor(Verb::Get) || connections == 1)
            return;
        peer.say(content);
        peer.next();
    });
    const ProgramRun run = runFerry(
        getFrom(server, m_pair->target(), {QStringLiteral("--retries"), QStringLiteral("3")}));
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.errors.count('\n'), 1);
    QVERIFY2(run.errors.startsWith("ferry: The server closed the connection."),
             run.errors.constData());
}

void ExtendedLeftOut::aFingerprintThatCannotBeStoredIsNotTrusted()
{
    const ProgramRun run = m_pair->run(
        {QStringLiteral("get"), QStringLiteral("--trust-new"), QStringLiteral("--data-dir"),
         QStringLiteral("/proc/nonexistent"), QStringLiteral("-d"), m_pair->target(),
         m_pair->address(), QStringLiteral("/pub/d/sub/file")},
        TransferPair::password());
    QCOMPARE(run.exitCode, 9);
    QVERIFY2(run.errors.contains("could not be stored"), run.errors.constData());
    QVERIFY(!QFile::exists(m_pair->target() + QStringLiteral("/file")));
}

void ExtendedLeftOut::notReadableIsNotMissing()
{
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        peer.waitFor(Verb::List);
        peer.say(refusal("READ"));
        peer.waitFor(Verb::List);
        peer.say("#ENTRY f 1 1 i a\r\n" + listEnd(1, false));
        peer.next();
    });
    const ProgramRun run = runFerry({QStringLiteral("ls"), QStringLiteral("--pin"),
                                     QString::fromLatin1(server.fingerprint()),
                                     QStringLiteral("127.0.0.1:%1").arg(server.port()),
                                     QStringLiteral("/pub/x"), QStringLiteral("/pub/y")});
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(run.output, "a\n");
    QCOMPARE(run.errors, "ferry: /pub/x: The server cannot read it.\n");
}

void ExtendedLeftOut::aListingLargerThanTheMemoryEndsInWords()
{
#ifdef FERRY_SANITIZED
    QSKIP("a sanitizer takes all of the address space");
#endif
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Tree))
            return;
        bool open = true;
        for (int n = 0; n < 1500 && open; ++n) {
            QByteArray lines;
            for (int i = 0; i < 1000; ++i)
                lines += "#ENTRY f 1 1 i " + QByteArray::number(n * 1000 + i) + "\r\n";
            open = peer.say(lines);
        }
        peer.say(treeEnd(1'500'000, 1'500'000));
    });
    ProgramSettings settings;
    settings.password = EvilFerry::password();
    settings.inChild = [] {
        constexpr rlim_t bytes = 160 * 1024 * 1024;
        const rlimit space = {bytes, bytes};
        ::setrlimit(RLIMIT_AS, &space);
    };
    const ProgramRun run =
        runProgram(QStringLiteral("ferry"),
                   {QStringLiteral("ls"), QStringLiteral("-R"), QStringLiteral("--pin"),
                    QString::fromLatin1(server.fingerprint()),
                    QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("/pub")},
                   settings);
    QCOMPARE(run.exitCode, 8);
    QVERIFY2(run.errors.contains("more memory than there is"), run.errors.constData());
}

FERRY_TEST(ExtendedLeftOut)
#include "extended_leftout.moc"
