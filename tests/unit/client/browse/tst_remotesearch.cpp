// SPDX-License-Identifier: MIT
#include "client/limits.h"
#include "support/evilferry.h"
#include "support/testprogram.h"
#include "unit/client/browse/browserfixture.h"

#include <QDir>
#include <QTest>

#include <atomic>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;
using namespace ferry::client::test;
using extended::Verb;

namespace {

QByteArray helloWithout(const char *features)
{
    QByteArray hello = extended::hello(false, sasl::mechanism, "Evil");
    return hello.replace(features, "");
}

QByteArray line(bool folder, const QByteArray &name)
{
    extended::Entry entry;
    entry.folder = folder;
    entry.size = folder ? 0 : 1;
    entry.mtimeNs = 1;
    entry.id = "-";
    entry.path = name;
    return extended::entry(entry);
}

QByteArray folder(const QByteArray &name)
{
    return line(true, name);
}

QByteArray file(const QByteArray &name)
{
    return line(false, name);
}

} // namespace

class RemoteSearchTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsCalledLikeItIsFound();
    void whatIsNotThereIsSaidInWords();
    void moreThanCanBeShownEnds();
    void aTreeWithoutEndEndsWithWhoeverWaits();
    void aServerWithoutTreesIsReadFolderByFolder();
    void foldersWithoutEndEndInWords();
    void aServerThatListsNothingIsToldApart();
    void aRefusalLeavesTheConnection();
};

void RemoteSearchTest::whatIsCalledLikeItIsFound()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QVERIFY(QDir(host.folder()).mkpath(QStringLiteral("Reports/old")));
    QVERIFY(host.write(QStringLiteral("Reports/old/report 1.txt"), "x"));
    QVERIFY(host.write(QStringLiteral("Reports/other"), "xx"));
    Browsing b(host.port());
    const auto find = [&](const QByteArray &path, const QString &text) {
        return b.wait(b.browser->search(path, text)).names();
    };
    QCOMPARE(find("/", QStringLiteral("REPORT")),
             QByteArrayList({"pub/Reports", "pub/Reports/old/report 1.txt"}));
    QCOMPARE(find("/pub/Reports", QStringLiteral("o")),
             QByteArrayList({"old", "old/report 1.txt", "other"}));
    QCOMPARE(find("/pub", QStringLiteral("s/o")), QByteArrayList()); // no name has a slash
    QCOMPARE(b.list("/pub").names(), QByteArrayList({"Reports", "hello.txt"}));
}

void RemoteSearchTest::whatIsNotThereIsSaidInWords()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port());
    const auto none = b.wait(b.browser->search("/none", QStringLiteral("x")));
    QCOMPARE(none.error.code, ErrorCode::NotFound);
    QVERIFY(!none.error.text.isEmpty());
    const auto up = b.wait(b.browser->search("/pub/../x", QStringLiteral("x")));
    QCOMPARE(up.error.code, ErrorCode::NotFound);
}

void RemoteSearchTest::moreThanCanBeShownEnds()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Tree))
            return;
        for (int i = 0; peer.say("#ENTRY f 1 1 - n" + QByteArray::number(i) + "\r\n"); ++i) {
        }
    });
    Browsing b(evil.port(), EvilFerry::password());
    const auto answer = b.wait(b.browser->search("/pub", QStringLiteral("n")));
    QVERIFY(answer.ended && answer.tooLong);
    QCOMPARE(answer.entries.size(), limits::entriesFound);
    QVERIFY(answer.error.text.isEmpty());
}

void RemoteSearchTest::aTreeWithoutEndEndsWithWhoeverWaits()
{
    std::atomic_bool left = false;
    std::atomic_bool begun = false;
    EvilFerry evil([&](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Tree))
            return;
        begun = true;
        for (int i = 0; peer.say("#ENTRY f 1 1 - n" + QByteArray::number(i) + "\r\n"); ++i) {
        }
        left = true;
    });
    Browsing b(evil.port(), EvilFerry::password());
    const quint64 request = b.browser->search("/pub", QStringLiteral("x"));
    QTRY_VERIFY(begun);
    b.browser->cancel(request);
    QTRY_VERIFY_WITH_TIMEOUT(left, 20000);
}

void RemoteSearchTest::aServerWithoutTreesIsReadFolderByFolder()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (!peer.logIn(helloWithout("TREE,")))
            return;
        while (const auto request = peer.next()) {
            if (request->verb != Verb::List)
                continue;
            const QByteArray path = request->path.toBytes();
            if (path == "/pub")
                peer.say(folder("locked") + folder("old") + file("other") +
                         extended::listEnd(3, false));
            else if (path == "/pub/old")
                peer.say(file("Report 1") + folder("deep") + extended::listEnd(2, false));
            else if (path == "/pub/old/deep")
                peer.say(file("report 2") + extended::listEnd(1, false));
            else
                peer.say(extended::refusal("READ"));
        }
    });
    Browsing b(evil.port(), EvilFerry::password());
    const auto answer = b.wait(b.browser->search("/pub", QStringLiteral("report")));
    QVERIFY2(answer.error.text.isEmpty(), qPrintable(answer.error.text));
    QVERIFY(answer.ended && !answer.tooLong);
    QCOMPARE(answer.names(), QByteArrayList({"old/Report 1", "old/deep/report 2"}));
    QCOMPARE(b.wait(b.browser->search("/pub", QStringLiteral("o"))).names(),
             QByteArrayList({"locked", "old", "old/Report 1", "old/deep/report 2", "other"}));
    // The folder that is asked for has to be there.
    const auto none = b.wait(b.browser->search("/none", QStringLiteral("x")));
    QVERIFY(none.ended && !none.error.text.isEmpty());
}

void RemoteSearchTest::foldersWithoutEndEndInWords()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (!peer.logIn(helloWithout("TREE,")))
            return;
        QByteArray folders;
        for (int i = 0; i < 100; ++i)
            folders += folder("folder " + QByteArray::number(i));
        while (const auto request = peer.next()) {
            if (request->verb == Verb::List)
                peer.say(folders + extended::listEnd(100, false));
        }
    });
    Browsing b(evil.port(), EvilFerry::password(), {}, 100'000);
    const auto answer = b.wait(b.browser->search("/pub", QStringLiteral("nowhere")));
    QVERIFY(answer.ended && !answer.error.text.isEmpty());
}

void RemoteSearchTest::aServerThatListsNothingIsToldApart()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (peer.logIn(helloWithout("LIST,TREE,")))
            peer.waitFor(Verb::Tree);
    });
    Browsing b(evil.port(), EvilFerry::password());
    const auto answer = b.wait(b.browser->search("/pub", QStringLiteral("x")));
    QVERIFY(answer.ended && !answer.error.text.isEmpty());
}

void RemoteSearchTest::aRefusalLeavesTheConnection()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port());
    QCOMPARE(b.wait(b.browser->search("/none", QStringLiteral("x"))).error.code,
             ErrorCode::NotFound);
    QCOMPARE(b.list("/pub").names(), QByteArrayList({"hello.txt"}));
    QCOMPARE(b.said().count(QStringLiteral("HELLO ferry/1 ")), qsizetype(1));
}

FERRY_TEST(RemoteSearchTest)
#include "tst_remotesearch.moc"
