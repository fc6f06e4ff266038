// SPDX-License-Identifier: MIT
// `ferry get` against servers that lie, break off or never stop: whatever they do, the program
// ends with the right code, nothing is written outside the chosen folder, and nothing that was not
// verified gets a final name.
#include "support/evilferry.h"
#include "support/partof.h"
#include "support/program.h"

#include "client/limits.h"
#include "net/base/checksum.h"
#include "net/login/passphrase.h"
#include "net/login/scramkeys.h"
#include "support/testprogram.h"
#include "wire/limits.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>

using namespace ferry;
using namespace ferry::test;
using namespace ferry::extended;

namespace {

const QByteArray content = "twelve bytes";

QByteArray sumOf(const QByteArray &bytes)
{
    Checksum checksum;
    checksum.add(bytes);
    return "xxh3:" + checksum.hex();
}

QByteArray begin(qint64 size = content.size())
{
    return file({size, 1'700'000'000'000'000'000, "i1-s2-m3", 0, size});
}

QByteArray whole(const QByteArray &bytes = content)
{
    const QByteArray chunk = bytes.isEmpty() ? QByteArray() : data(bytes.size()) + bytes;
    return begin(bytes.size()) + chunk + done(bytes.size(), sumOf(bytes));
}

/// Logs in and answers the first GET with these bytes, then hangs up in peace.
EvilFerry::Script answerGet(const QByteArray &bytes)
{
    return [bytes](EvilPeer &peer) {
        if (peer.logIn() && peer.waitFor(Verb::Get))
            peer.say(bytes);
    };
}

/// The same, and stays until the client leaves.
EvilFerry::Script answerGetAndStay(const QByteArray &bytes)
{
    return [bytes](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        peer.say(bytes);
        while (peer.next()) {
        }
    };
}

/// Says that the path is a folder with these entries, and gives every file twelve bytes.
EvilFerry::Script folderOf(const QByteArray &entries)
{
    return [entries](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        bool listed = false;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Get)
                peer.say(listed ? whole() : refusal("ISFOLDER"));
            else if (request->verb == Verb::Tree)
                listed = peer.say(entries);
            else if (request->verb == Verb::Receipt)
                peer.say(success("RECEIPT"));
        }
    };
}

QByteArray treeOf(const QByteArrayList &lines)
{
    return lines.join("\r\n") + "\r\n" + treeEnd(lines.size(), 0);
}

/// A login that goes wrong in the given answer to the client's first message.
EvilFerry::Script challengeWith(const std::function<QByteArray(const QByteArray &)> &make)
{
    return [make](EvilPeer &peer) {
        peer.say("#Server Ready.\r\n");
        peer.waitFor(Verb::Hello);
        peer.say(hello(false, "SCRAM-SHA-256-PLUS", "Evil"));
        const auto login = peer.waitFor(Verb::Login);
        if (!login)
            return;
        peer.say(make(QByteArray::fromBase64(login->base64)));
        while (peer.next()) {
        }
    };
}

QByteArray nonceOf(const QByteArray &clientFirst)
{
    return clientFirst.mid(clientFirst.indexOf(",r=") + 3);
}

QByteArray serverFirst(const QByteArray &clientFirst, const QByteArray &iterations)
{
    return challenge(
        ("r=" + nonceOf(clientFirst) + "more,s=c2FsdHNhbHRzYWx0,i=" + iterations).toBase64());
}

/// A folder of a file that fits on no disk and a large one of zeros. It refuses CANCEL like
/// everything that stands before it, and goes on.
void refusesToStop(EvilPeer &peer)
{
    constexpr qint64 size = 3 * limits::largeFile;
    int unanswered = 0;
    bool listed = false;
    bool stopped = false;
    if (!peer.logIn())
        return;
    while (const auto request = peer.next()) {
        const qint64 bytes = request->length.value_or(request->most.value_or(0));
        if (request->verb == Verb::Tree) {
            listed =
                peer.say(treeOf({"#ENTRY f 3145728 1 i a", "#ENTRY f 9007199254740992 1 i b"}));
        } else if (request->verb == Verb::Cancel) {
            for (; unanswered > 0; --unanswered)
                peer.say(refusal("CANCELLED"));
            stopped = peer.say(refusal("FNORD"));
        } else if (request->verb == Verb::Ping) {
            peer.say(pong(request->text));
        } else if (request->verb == Verb::Get && !listed) {
            peer.say(refusal("ISFOLDER"));
        } else if (request->verb == Verb::Get && request->path.names().last() == "b") {
            peer.say(file({limits::maxFileBytes, 0, "i", 0, limits::largeFile}));
            ++unanswered;
        } else if (request->verb == Verb::Get && (stopped || request->offset == 0)) {
            const QByteArray part(bytes, 0);
            peer.say(file({size, 1, "i", request->offset, bytes}) + data(bytes) + part +
                     done(bytes, sumOf(part)));
        } else if (request->verb == Verb::Get) {
            ++unanswered;
        }
    }
}

/// Everything below a folder, relative and sorted.
QStringList tree(const QString &folder)
{
    QStringList names;
    QDirIterator it(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                    QDirIterator::Subdirectories);
    while (it.hasNext())
        names += QDir(folder).relativeFilePath(it.next());
    names.sort();
    return names;
}

} // namespace

Q_DECLARE_METATYPE(ferry::test::EvilFerry::Script)

class ExtendedEvilServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endsWithTheRightCodeAndLeavesNothingWrong_data();
    void endsWithTheRightCodeAndLeavesNothingWrong();
    void aWeakProofIsNotGivenToAStranger();
};

void ExtendedEvilServer::endsWithTheRightCodeAndLeavesNothingWrong_data()
{
    using Script = EvilFerry::Script;
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("code");
    QTest::addColumn<QStringList>("left"); // in the target folder
    const auto row = [](const char *name, const Script &script, int code,
                        const QStringList &left = {}) {
        QTest::newRow(name) << script << code << left;
    };
    const QStringList saved{QStringLiteral("x")};
    const QStringList part{partOf(QStringLiteral("x"))};

    // A server that does its work, so that the others prove something.
    row("honest", answerGetAndStay(whole()), 0, saved);
    row("honest and empty", answerGetAndStay(whole({})), 0, saved);
    row("time at the end of time",
        answerGetAndStay(file({0, std::numeric_limits<qint64>::max(), "i", 0, 0}) +
                         done(0, sumOf({}))),
        0, saved);
    row("busy for a while", answerGetAndStay("#BUSY\r\n#BUSY\r\n" + whole()), 0, saved);

    // Sizes.
    row("more than it said in one chunk", answerGet(begin() + data(13) + "thirteen byte"), 8);
    row("more than it said in two chunks",
        answerGet(begin() + data(10) + "ten bytes!" + data(10) + "ten bytes!"), 8, part);
    row("less than it said", answerGet(begin() + data(3) + "abc" + done(3, sumOf("abc"))), 8, part);
    row("another count at the end",
        answerGet(begin() + data(12) + content + done(11, sumOf(content))), 8, part);
    row("negative size", answerGet("#FILE size=-5 id=i mtime=0 offset=0 length=-5\r\n"), 8);
    row("size of 2^63",
        answerGet("#FILE size=9223372036854775808 id=i mtime=0 offset=0 "
                  "length=9223372036854775808\r\n"),
        8);
    row("length beyond the size", answerGet("#FILE size=5 id=i mtime=0 offset=0 length=6\r\n"), 8);
    row("an enormous file that never comes", answerGet(begin(limits::maxFileBytes)), 9);
    row("a size that no file has", answerGet(begin(limits::maxFileBytes + 1)), 8);
    row("another offset", answerGet("#FILE size=5 id=i mtime=0 offset=1 length=4\r\n"), 8);
    row("a chunk of nothing", answerGet(begin() + "#DATA 0\r\n"), 8);
    row("a chunk of words", answerGet(begin() + "#DATA many\r\n"), 8);
    row("a chunk without a number", answerGet(begin() + "#DATA\r\n"), 8);
    row("an identity too long",
        answerGet("#FILE size=5 id=" + QByteArray(65, 'a') + " mtime=0 offset=0 length=5\r\n"), 8);

    // Checksums.
    row("a wrong checksum", answerGet(begin() + data(12) + content + done(12, sumOf("other"))), 32);
    row("a flipped bit", answerGet(begin() + data(12) + "twelve bytez" + done(12, sumOf(content))),
        32);
    row("no checksum", answerGet(begin() + data(12) + content + "#DONE bytes=12\r\n"), 8, part);
    row("a checksum in capitals",
        answerGet(begin() + data(12) + content + "#DONE bytes=12 sum=xxh3:" + QByteArray(32, 'A') +
                  "\r\n"),
        8, part);

    // Endings.
    row("leaves before the answer", answerGet({}), 18);
    row("leaves in a line", answerGet("#FILE size=12"), 18);
    row("leaves after the facts", answerGet(begin()), 18);
    row("leaves in a chunk", answerGet(begin() + data(12) + "twelve"), 18, part);
    row("leaves before the checksum", answerGet(begin() + data(12) + content), 18, part);
    row(
        "cuts the cable in a chunk",
        [](EvilPeer &peer) {
            if (!peer.logIn() || !peer.waitFor(Verb::Get))
                return;
            peer.say(begin() + data(12) + "twelve");
            const FileDescriptor socket =
                peer.channel().takeSocket(); // closed without close_notify
        },
        18, part);
    row(
        "resets in a chunk",
        [](EvilPeer &peer) {
            if (!peer.logIn() || !peer.waitFor(Verb::Get))
                return;
            peer.say(begin() + data(12) + "twelve");
            const FileDescriptor socket = peer.channel().takeSocket();
            const linger hard = {1, 0};
            ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        },
        18);
    row("changes the file", answerGetAndStay(begin() + data(6) + "twelve" + refusal("CHANGED")),
        36);
    row("cannot read on", answerGetAndStay(begin() + data(6) + "twelve" + refusal("READ")), 18);
    row("stops", answerGet(refusal("STOPPING")), 7);
    row("gives up", answerGet(refusal("TIMEOUT")), 7);

    // Other answers than asked for.
    row("not found", answerGetAndStay(refusal("NOTFOUND")), 3);
    row("a refusal of the future", answerGetAndStay(refusal("FNORD")), 8);
    row("a refusal with escapes",
        answerGetAndStay("!FNORD \x1B]0;title\x07\x1B[2J\xC2\x9B"
                         "31m\r\n"),
        8);
    row("cancelled by itself", answerGetAndStay(refusal("CANCELLED")), 8);
    row("an answer to PING", answerGet("#PONG\r\n"), 8);
    row("a checksum of a range", answerGet(sum({12, 0, "i", 0, 12}, sumOf(content))), 8);
    row("prose", answerGet("Here it comes:\r\n"), 8);
    row("a web page", answerGet("HTTP/1.1 200 OK\r\n\r\n<html>"), 8);
    row("a NUL", answerGet(QByteArray("#FI\0LE\r\n", 8)), 8);
    row("binary", answerGet("\xFF\xFE\x80\x81\r\n\x1B[2J\r\n"), 8);
    row("a line without end", answerGet(QByteArray(1 << 20, 'x')), 8);
    row("a novel for an error", answerGet("!NOTFOUND " + QByteArray(1 << 24, 'x') + "\r\n"), 8);
    row(
        "an answer to nothing",
        [](EvilPeer &peer) {
            if (peer.logIn())
                peer.say("#DONE bytes=0 sum=" + sumOf({}) + "\r\n");
            while (peer.next()) {
            }
        },
        8);

    // Folders.
    row("an honest folder",
        folderOf(treeOf({"#ENTRY d 0 1 i a", "#ENTRY f 12 1 i a/b", "#ENTRY d 0 1 i e"})), 0,
        {QStringLiteral("x"), QStringLiteral("x/a"), QStringLiteral("x/a/b"),
         QStringLiteral("x/e")});
    for (const char *path : {"../../x", "/etc/passwd", "a/../../b", "..", ".", "%2e%2e/b",
                             "a%2F..%2F..%2Fb", "a%00b", "a//b", "a/", ""}) {
        QTest::addRow("an entry called %s", path)
            << Script(folderOf(treeOf({QByteArray("#ENTRY f 12 1 i ") + path}))) << 8
            << QStringList();
    }
    // One of the two wins; which one is no matter.
    row("a file that is a folder", folderOf(treeOf({"#ENTRY f 12 1 i a", "#ENTRY f 12 1 i a/b"})),
        4, {QStringLiteral("x"), QStringLiteral("x/a"), QStringLiteral("x/a/b")});
    row("the same file twice", folderOf(treeOf({"#ENTRY f 12 1 i a", "#ENTRY f 12 1 i a"})), 4,
        {QStringLiteral("x"), QStringLiteral("x/a")});
    row("entries missing", folderOf("#ENTRY d 0 1 i a\r\n#END entries=2 bytes=0\r\n"), 8,
        {QStringLiteral("x"), QStringLiteral("x/a")});
    row("something left out with escapes", folderOf("#SKIPPED READ \x1B[2J\r\n" + treeEnd(0, 0)),
        18);
    row("something left out that is no path", folderOf("#SKIPPED READ ../a\r\n" + treeEnd(0, 0)),
        8);
    row("a folder that cannot be read", folderOf("#SKIPPED NOTFOUND .\r\n" + treeEnd(0, 0)), 18);
    row("a folder in it that cannot be read", folderOf("#SKIPPED NOTFOUND a\r\n" + treeEnd(0, 0)),
        4, {QStringLiteral("x")});
    row("hangs up while the last file is saved",
        [](EvilPeer &peer) {
            if (!peer.logIn())
                return;
            bool listed = false;
            // A client that comes again with nothing to fetch is never sent away.
            while (const auto request = peer.next()) {
                if (request->verb == Verb::Ping) {
                    peer.say(pong(request->text));
                } else if (request->verb == Verb::Tree) {
                    listed = peer.say(treeOf({"#ENTRY f 12 1 i a", "#ENTRY f 12 1 i b"}));
                } else if (request->verb == Verb::Get && listed) {
                    peer.say(whole());
                    return;
                } else if (request->verb == Verb::Get) {
                    peer.say(refusal("ISFOLDER"));
                }
            }
        },
        4, {QStringLiteral("x"), QStringLiteral("x/a")});
    // One file cannot be had, the other one is under way when it will not stop.
    row("refuses to stop", refusesToStop, 4, {QStringLiteral("x"), QStringLiteral("x/a")});
    row(
        "neither a file nor a folder",
        [](EvilPeer &peer) {
            if (!peer.logIn())
                return;
            while (peer.next())
                peer.say(refusal("ISFOLDER"));
        },
        3);

    // Before the login.
    row(
        "no greeting", [](EvilPeer &peer) { peer.say("Welcome\r\n"); }, 8);
    row(
        "full", [](EvilPeer &peer) { peer.say("!Server is full.\r\n"); }, 7);
    row(
        "full of escapes", [](EvilPeer &peer) { peer.say("!\x1B[2J\x1B[31mfull\r\n"); }, 7);
    row(
        "another version",
        [](EvilPeer &peer) {
            peer.say("#Server Ready.\r\n#HELLO ferry/2\r\n");
            while (peer.next()) {
            }
        },
        8);
    row(
        "only the classic dialect",
        [](EvilPeer &peer) {
            peer.say("#Server Ready.\r\n!Invalid command.\r\n!Invalid command.\r\n");
            while (peer.next()) {
            }
        },
        8);
    row("denied", challengeWith([](const QByteArray &) { return refusal("DENIED"); }), 67);
    row("must wait", challengeWith([](const QByteArray &) { return wait(300); }), 7);
    row("in without a proof",
        challengeWith([](const QByteArray &) { return loggedIn("ferry", "dj0="); }), 8);
    row("a challenge of garbage",
        challengeWith([](const QByteArray &) { return challenge("Z2FyYmFnZQ=="); }), 8);
    for (const char *iterations : {"0", "1", "4095", "2000001", "1000000000", "-4096", "4096x"}) {
        QTest::addRow("%s iterations", iterations)
            << Script(challengeWith([iterations](const QByteArray &first) {
                   return serverFirst(first, iterations);
               }))
            << 8 << QStringList();
    }
    row("another nonce", challengeWith([](const QByteArray &) {
            return challenge(QByteArray("r=other,s=c2FsdHNhbHQ=,i=4096").toBase64());
        }),
        8);
    row(
        "a wrong signature",
        [](EvilPeer &peer) {
            peer.say("#Server Ready.\r\n");
            peer.waitFor(Verb::Hello);
            peer.say(hello(false, "SCRAM-SHA-256-PLUS", "Evil"));
            const auto login = peer.waitFor(Verb::Login);
            if (!login)
                return;
            peer.say(serverFirst(QByteArray::fromBase64(login->base64), "4096"));
            if (peer.waitFor(Verb::Response))
                peer.say(loggedIn("ferry",
                                  QByteArray("v=" + QByteArray(32, 'x').toBase64()).toBase64()));
            while (peer.next()) {
            }
        },
        60);

    // Time. The program is given a second of patience.
    row(
        "says nothing after TLS",
        [](EvilPeer &peer) {
            while (peer.next()) {
            }
            peer.next();
        },
        28);
    row("never answers", answerGetAndStay({}), 28);
    row("stops in a chunk", answerGetAndStay(begin() + data(12) + "twelve"), 28, part);
}

void ExtendedEvilServer::endsWithTheRightCodeAndLeavesNothingWrong()
{
    QFETCH(EvilFerry::Script, script);
    QFETCH(int, code);
    QFETCH(QStringList, left);
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("deep/target")));
    const EvilFerry server(script);
    ProgramSettings settings;
    settings.password = EvilFerry::password();
    settings.folder = folder.path();
    const ProgramRun run =
        runProgram(QStringLiteral("ferry"),
                   {QStringLiteral("get"), QStringLiteral("--timeout"), QStringLiteral("1"),
                    QStringLiteral("--pin"), QString::fromLatin1(server.fingerprint()),
                    QStringLiteral("--data-dir"), folder.filePath(QStringLiteral("deep/data")),
                    QStringLiteral("-d"), folder.filePath(QStringLiteral("deep/target")),
                    QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("/pub/x")},
                   settings);
    QVERIFY2(run.exitCode == code,
             qPrintable(QStringLiteral("exit %1: %2%3")
                            .arg(run.exitCode)
                            .arg(QString::fromUtf8(run.output), QString::fromUtf8(run.errors))));
    if (code != 0)
        QVERIFY(!(run.output + run.errors).isEmpty());
    QVERIFY(!run.errors.contains('\x1B'));
    QVERIFY(run.errors.size() < 4096);
    QVERIFY(!run.errors.contains(EvilFerry::password()));

    const QStringList target = tree(folder.filePath(QStringLiteral("deep/target")));
    // A part may stay for a later try; whether bytes had arrived when the connection broke is the
    // network's affair.
    QStringList withoutParts = target;
    withoutParts.removeIf(
        [](const QString &name) { return name.endsWith(QStringLiteral(".part")); });
    QStringList expected = left;
    expected.removeIf([](const QString &name) { return name.endsWith(QStringLiteral(".part")); });
    QCOMPARE(withoutParts, expected);
    if (target.size() > withoutParts.size())
        QVERIFY2(code == 18 || code == 28 || code == 8, "a part that is of no use was left");

    // Nothing beside the target.
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
             QStringList{QStringLiteral("deep")});
    QStringList beside = QDir(folder.filePath(QStringLiteral("deep")))
                             .entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    beside.removeAll(QStringLiteral("data"));
    QCOMPARE(beside, QStringList{QStringLiteral("target")});
}

/// Who asks a person's own password for a cheap proof could guess it at leisure.
void ExtendedEvilServer::aWeakProofIsNotGivenToAStranger()
{
    std::atomic_bool proofCame = false;
    const EvilFerry server([&proofCame](EvilPeer &peer) {
        peer.say("#Server Ready.\r\n");
        peer.waitFor(Verb::Hello);
        peer.say(hello(false, "SCRAM-SHA-256-PLUS", "Evil"));
        if (const auto login = peer.waitFor(Verb::Login))
            peer.say(serverFirst(QByteArray::fromBase64(login->base64), "4096"));
        proofCame = peer.waitFor(Verb::Response).has_value();
    });
    QTemporaryDir folder;
    ProgramSettings settings;
    settings.password = "made up by a person";
    const ProgramRun run = runProgram(
        QStringLiteral("ferry"),
        {QStringLiteral("get"), QStringLiteral("--trust-new"), QStringLiteral("--data-dir"),
         folder.filePath(QStringLiteral("data")), QStringLiteral("-d"), folder.path(),
         QStringLiteral("127.0.0.1:%1").arg(server.port()), QStringLiteral("/pub/x")},
        settings);
    QCOMPARE(run.exitCode, 60);
    QVERIFY(!proofCame);
    QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("data/known_servers"))));
}

FERRY_TEST(ExtendedEvilServer)
#include "extended_evilserver.moc"
