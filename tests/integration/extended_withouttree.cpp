// SPDX-License-Identifier: MIT
// A server that does not offer TREE: folders are fetched and listed by LIST, one after the other.
#include "support/evilferry.h"
#include "support/program.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include "client/limits.h"
#include "net/base/checksum.h"
#include "net/login/sasl.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QHash>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace ferry;
using namespace ferry::test;
using namespace ferry::extended;

namespace {

const QByteArray content = "twelve bytes";

QByteArray folderEntry(const QByteArray &name, qint64 mtimeNs = 5)
{
    return entry({true, 0, mtimeNs, "d", name});
}

QByteArray fileEntry(const QByteArray &name)
{
    return entry({false, content.size(), 7, "i", name});
}

/// By path: its lines, all of a LIST, or a refusal. What is no key is a file.
using Folders = QHash<QByteArray, QByteArray>;

QByteArray list(const QByteArrayList &lines)
{
    qint64 entries = 0;
    for (const QByteArray &line : lines)
        entries += line.startsWith("#ENTRY") ? 1 : 0;
    return lines.join() + listEnd(entries, false);
}

EvilFerry::Script server(const Folders &folders, const QByteArray &can)
{
    return [=](EvilPeer &peer) {
        QByteArray greeting = hello(false, sasl::mechanism, "Old");
        greeting.replace("can=LIST,TREE,GET,SUM,RECEIPT", "can=" + can);
        if (!peer.logIn(greeting))
            return;
        Checksum sum;
        sum.add(content);
        while (const auto request = peer.next()) {
            const QByteArray path = request->path.toBytes();
            if (request->verb == Verb::List)
                peer.say(folders.value(path, refusal("NOTFOLDER")));
            else if (request->verb == Verb::Get && folders.contains(path))
                peer.say(refusal("ISFOLDER"));
            else if (request->verb == Verb::Get)
                peer.say(file({content.size(), 7, "i", 0, content.size()}) + data(content.size()) +
                         content + done(content.size(), "xxh3:" + sum.hex()));
            else if (request->verb == Verb::Receipt)
                peer.say(success("RECEIPT"));
            else if (request->verb != Verb::Quit)
                peer.say(refusal("UNKNOWN")); // TREE, too
        }
    };
}

const Folders tree = {
    {"/pub/x", list({fileEntry("a"), folderEntry("d"), folderEntry("empty", 9'000'000'000)})},
    {"/pub/x/d", list({folderEntry("deeper"), fileEntry("b c")})},
    {"/pub/x/d/deeper", list({fileEntry("c")})},
    {"/pub/x/empty", list({})},
    {"/pub", list({fileEntry("a"), folderEntry("x")})},
};

} // namespace

class ExtendedWithoutTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void aFolderIsFetchedWhole();
    void whatCannotBeListedIsNamedAndTheOthersCome();
    void aServerThatGivesOnlyAPartIsNotBelieved();
    void aCircleEnds();
    void aTreeIsListed();
    void aFileIsListedAlone();
    void withoutListItSaysWhatIsMissing();

private:
    ProgramRun ferry(const EvilFerry &server, const QStringList &words, const QString &path) const
    {
        ProgramSettings settings;
        settings.password = EvilFerry::password();
        return runProgram(
            QStringLiteral("ferry"),
            words + QStringList{QStringLiteral("--pin"), QString::fromLatin1(server.fingerprint()),
                                QStringLiteral("127.0.0.1:%1").arg(server.port()), path},
            settings);
    }
    ProgramRun get(const EvilFerry &server, const QString &path = QStringLiteral("/pub/x")) const
    {
        return ferry(server, {QStringLiteral("get"), QStringLiteral("-d"), m_folder->path()}, path);
    }
    QByteArray saved(const char *name) const
    {
        return readFile(m_folder->filePath(QString::fromLatin1(name)));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void ExtendedWithoutTree::aFolderIsFetchedWhole()
{
    const EvilFerry old(server(tree, "LIST,GET"));
    const ProgramRun run = get(old);
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    for (const char *name : {"x/a", "x/d/b c", "x/d/deeper/c"})
        QCOMPARE(saved(name), content);
    const QFileInfo empty(m_folder->filePath(QStringLiteral("x/empty")));
    QVERIFY(empty.isDir());
    QCOMPARE(empty.lastModified().toMSecsSinceEpoch(), 9000);
    QCOMPARE(run.output.count("has been saved."), 3);
}

void ExtendedWithoutTree::whatCannotBeListedIsNamedAndTheOthersCome()
{
    Folders folders = tree;
    folders["/pub/x/d/deeper"] = refusal("NOTFOUND");
    folders["/pub/x/empty"] = list({skipped("SPECIAL", "pipe")});
    const EvilFerry old(server(folders, "LIST,GET"));
    const ProgramRun run = get(old);
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(saved("x/a"), content);
    QCOMPARE(saved("x/d/b c"), content);
    QVERIFY2(run.errors.contains("/pub/x/d/deeper"), run.errors.constData());
    QVERIFY2(run.errors.contains("/pub/x/empty/pipe"), run.errors.constData());
}

void ExtendedWithoutTree::aServerThatGivesOnlyAPartIsNotBelieved()
{
    Folders folders = tree;
    folders["/pub/x/d/deeper"] = fileEntry("c") + listEnd(1, true);
    const EvilFerry old(server(folders, "LIST,GET"));
    const ProgramRun run = get(old);
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(saved("x/d/deeper/c"), content);
    QVERIFY2(run.errors.contains("cannot read all of the folder"), run.errors.constData());
}

/// LIST follows links to folders.
void ExtendedWithoutTree::aCircleEnds()
{
    const EvilFerry old([](EvilPeer &peer) {
        QByteArray greeting = hello(false, sasl::mechanism, "Old");
        greeting.replace("can=LIST,TREE,GET,SUM,RECEIPT", "can=LIST,GET");
        if (!peer.logIn(greeting))
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::List)
                peer.say(list({folderEntry("l")}));
            else if (request->verb == Verb::Get)
                peer.say(refusal("ISFOLDER"));
        }
    });
    const ProgramRun listed =
        ferry(old, {QStringLiteral("ls"), QStringLiteral("-R")}, QStringLiteral("/pub/x"));
    QVERIFY2(listed.exitCode != 0, listed.errors.constData());
    QVERIFY2(listed.errors.contains("It lies too deep."), listed.errors.constData());
    const ProgramRun run = get(old);
    QVERIFY2(run.exitCode != 0, run.errors.constData());
    QVERIFY2(run.errors.contains("It lies too deep."), run.errors.constData());
    int depth = 0;
    for (QDirIterator it(m_folder->path(), QDir::Dirs | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
         it.hasNext(); it.next())
        ++depth;
    QVERIFY(depth > 1);
    QVERIFY(depth <= limits::folderDepth + 1);
}

void ExtendedWithoutTree::aTreeIsListed()
{
    Folders folders = tree;
    folders["/pub/x/empty"] = refusal("READ");
    const EvilFerry old(server(folders, "LIST,GET"));
    const ProgramRun run =
        ferry(old, {QStringLiteral("ls"), QStringLiteral("-R")}, QStringLiteral("/pub/x"));
    QByteArrayList lines = run.output.split('\n');
    lines.removeAll({});
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, QByteArrayList({"a", "d/", "d/b c", "d/deeper/", "d/deeper/c", "empty/"}));
    QVERIFY2(run.errors.contains("/pub/x/empty"), run.errors.constData());
    QVERIFY(run.exitCode != 0);
}

void ExtendedWithoutTree::aFileIsListedAlone()
{
    const EvilFerry old(server(tree, "LIST,GET"));
    const ProgramRun there = ferry(old, {QStringLiteral("ls")}, QStringLiteral("/pub/a"));
    QVERIFY2(there.exitCode == 0, there.errors.constData());
    QCOMPARE(there.output, QByteArray("a\n"));
    const EvilFerry again(server(tree, "LIST,GET"));
    QCOMPARE(ferry(again, {QStringLiteral("ls")}, QStringLiteral("/pub/b")).exitCode, 3);
}

void ExtendedWithoutTree::withoutListItSaysWhatIsMissing()
{
    const EvilFerry old(server(tree, "GET"));
    const ProgramRun run = get(old);
    QCOMPARE(run.exitCode, 8);
    QVERIFY2(run.errors.contains("The server does not offer TREE."), run.errors.constData());
    QVERIFY(QDir(m_folder->path()).isEmpty());
    // What needs neither comes.
    const EvilFerry files(server(tree, "GET"));
    QCOMPARE(get(files, QStringLiteral("/pub/a")).exitCode, 0);
}

FERRY_TEST(ExtendedWithoutTree)
#include "extended_withouttree.moc"
