// SPDX-License-Identifier: MIT
#include "client/browse/remotebrowser.h"
#include "client/browse/remotecommand.h"
#include "client/connect/listingbound.h"
#include "client/limits.h"
#include "net/limits.h"
#include "net/login/passphrase.h"
#include "support/evilferry.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "unit/client/browse/browserfixture.h"

#include <QDir>
#include <QTest>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;
using namespace ferry::client::test;
using extended::Verb;

class RemoteBrowserTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theRootListsTheShares();
    void aFolderComesInPagesAndWhole();
    void aTreeAsksForFoldersOnly();
    void whatIsNotThereIsSaidInWords();
    void aFileIsNoFolder();
    void aWrongPasswordIsTold();
    void anotherCertificateIsNotSpokenTo();
    void aServerThatWentAwayAndCameBackIsFoundAgain();
    void aCancelledRequestGivesNothingMore();
    void whatNobodyTakesMakesTheServerWait();
    void pagesThatDoNotGoOnEnd();
    void pagesOfWhatIsNotWantedEnd();
    void controlCharactersAreANamesOwn();
    void namesThatLeadElsewhereBreakTheRules_data();
    void namesThatLeadElsewhereBreakTheRules();
    void aSilentServerDoesNotHoldTheEnd();
    void commandsAreAnsweredInTheConversation();
    void commandsWithoutAPlaceAreNotSent();
    void passwordsInCommandsAreMasked();
};

void RemoteBrowserTest::theRootListsTheShares()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port());
    const auto answer = b.list("/");
    QVERIFY(answer.ended && answer.error.text.isEmpty());
    QCOMPARE(answer.names(), QByteArrayList({"pub"}));
    QVERIFY(answer.entries[0].folder);
}

void RemoteBrowserTest::aFolderComesInPagesAndWhole()
{
    EncryptedHost host;
    QVERIFY(host.start());
    constexpr int count = int(limits::browserFirstPage) + 500;
    QByteArrayList expected;
    for (int i = 0; i < count; ++i) {
        QVERIFY(host.write(QStringLiteral("f%1").arg(i), "x"));
        expected.append("f" + QByteArray::number(i));
    }
    QVERIFY(QDir(host.folder()).mkdir(QStringLiteral("sub")));
    expected.append("hello.txt"); // the host's own
    expected.append("sub");
    std::sort(expected.begin(), expected.end());

    Browsing b(host.port());
    const auto answer = b.list("/pub/");
    QCOMPARE(answer.names(), expected);
    QVERIFY(!answer.tooLong);
    QVERIFY(answer.batches >= 3); // two pages and the end
    const QString said = b.said();
    QVERIFY(said.contains(QStringLiteral("LIST /pub limit=1000")));
    QVERIFY(said.contains(QStringLiteral("after=")));
    for (const RemoteEntry &entry : answer.entries) {
        QCOMPARE(entry.folder, entry.name == "sub");
        QCOMPARE(entry.size, entry.folder ? 0 : entry.name == "hello.txt" ? 6 : 1);
        QVERIFY(entry.mtimeNs > 0);
    }
}

void RemoteBrowserTest::aTreeAsksForFoldersOnly()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QVERIFY(host.write(QStringLiteral("file"), "x"));
    QVERIFY(QDir(host.folder()).mkdir(QStringLiteral("b")));
    QVERIFY(QDir(host.folder()).mkdir(QStringLiteral("a")));
    Browsing b(host.port());
    const auto answer = b.wait(b.browser->list("/pub", What::FoldersOnly));
    QCOMPARE(answer.names(), QByteArrayList({"a", "b"}));
}

void RemoteBrowserTest::whatIsNotThereIsSaidInWords()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port());
    for (const QByteArray path : {"/pub/none", "/none", "/pub/../pub", "/pub//x"}) {
        const auto answer = b.list(path);
        QVERIFY(answer.ended);
        QCOMPARE(answer.error.code, ErrorCode::NotFound);
        QVERIFY(!answer.error.text.isEmpty());
    }
    QVERIFY(b.list("/pub").error.text.isEmpty()); // the connection is as good as before
}

void RemoteBrowserTest::aFileIsNoFolder()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QVERIFY(host.write(QStringLiteral("file"), "x"));
    Browsing b(host.port());
    QVERIFY(b.list("/pub/file").error.text.contains(QStringLiteral("not a folder")));
}

void RemoteBrowserTest::aWrongPasswordIsTold()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port(), passphraseFor(1).toUtf8());
    QCOMPARE(b.list("/").error.code, ErrorCode::WrongPassword);
}

void RemoteBrowserTest::anotherCertificateIsNotSpokenTo()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port(), password, "sha256:" + QByteArray(64, '0'));
    QCOMPARE(b.list("/").error.code, ErrorCode::NotTrusted);
}

void RemoteBrowserTest::aServerThatWentAwayAndCameBackIsFoundAgain()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port());
    QVERIFY(b.list("/pub").error.text.isEmpty());
    host.stop();
    const auto gone = b.list("/pub");
    QVERIFY(gone.ended);
    QVERIFY(!gone.error.text.isEmpty());
    QVERIFY(host.start());
    QVERIFY(b.list("/pub").error.text.isEmpty());
    // And while nobody looked: the next request does not show it.
    host.stop();
    QVERIFY(host.start());
    const auto again = b.list("/pub");
    QVERIFY2(again.error.text.isEmpty(), qPrintable(again.error.text));
}

void RemoteBrowserTest::aCancelledRequestGivesNothingMore()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QVERIFY(host.write(QStringLiteral("file"), "x"));
    Browsing b(host.port());
    const quint64 dropped = b.browser->list("/pub", What::Everything);
    b.browser->cancel(dropped);
    const quint64 wanted = b.browser->list("/pub", What::Everything);
    bool ended = false;
    QVERIFY(QTest::qWaitFor(
        [&] {
            const auto batch = b.browser->take();
            if (batch.request != 0)
                QTest::qCompare(batch.request, wanted, "request", "wanted", __FILE__, __LINE__);
            ended = ended || (batch.request == wanted && batch.ended);
            return ended;
        },
        20000));
}

void RemoteBrowserTest::whatNobodyTakesMakesTheServerWait()
{
    // More than there is room for, from a server that would go on for ever.
    constexpr int entries = 1000;
    std::atomic<qint64> asked = 0; // pages
    EvilFerry evil([&asked](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        for (int page = 0;; ++page) {
            if (!peer.waitFor(Verb::List))
                return;
            ++asked;
            QByteArray lines;
            for (int i = 0; i < entries; ++i) {
                lines += "#ENTRY f 1 1 - n" + QByteArray::number(page).rightJustified(6, '0') +
                         QByteArray::number(i).rightJustified(6, '0') + "\r\n";
            }
            lines += "#END entries=1000 more=yes\r\n";
            if (!peer.say(lines))
                return;
        }
    });
    Browsing b(evil.port(), EvilFerry::password());
    const quint64 request = b.browser->list("/pub", What::Everything);
    // When the outbox is full one page more is in hand. From then on each page that is taken lets
    // one be asked for, and only one: a browser that does not wait runs ahead.
    constexpr qint64 ahead = limits::browserAhead / entries + 1;
    QVERIFY(QTest::qWaitFor([&] { return asked >= ahead; }, patienceMs));
    for (qint64 taken = 1; taken <= 50; ++taken) {
        QCOMPARE(b.browser->take().entries.size(), qsizetype(entries));
        QVERIFY(QTest::qWaitFor([&] { return asked >= ahead + taken; }, patienceMs));
        QCOMPARE(asked.load(), ahead + taken);
    }
    // All taken, it has an end all the same.
    const auto answer = b.wait(request);
    QVERIFY(answer.ended);
    QVERIFY(answer.tooLong);
    QVERIFY(answer.entries.size() < limits::entriesShown + limits::listPage);
}

void RemoteBrowserTest::pagesThatDoNotGoOnEnd()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        while (peer.waitFor(Verb::List)) {
            if (!peer.say("#ENTRY f 1 1 - same\r\n#END entries=1 more=yes\r\n"))
                return;
        }
    });
    Browsing b(evil.port(), EvilFerry::password());
    const auto answer = b.list("/pub");
    QVERIFY(answer.ended);
    QCOMPARE(answer.error.code, ErrorCode::Protocol);
}

/// Who looks for folders only keeps none of these files, and would look for ever.
void RemoteBrowserTest::pagesOfWhatIsNotWantedEnd()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        for (int page = 100; page < 200 && peer.waitFor(Verb::List); ++page)
            peer.say("#ENTRY f 1 1 - n" + QByteArray::number(page) +
                     "\r\n#END entries=1 more=yes\r\n");
        if (peer.waitFor(Verb::List))
            peer.say(extended::listEnd(0, false));
    });
    Browsing b(evil.port(), EvilFerry::password(), {}, 50 * listedCost.entry);
    const auto answer = b.wait(b.browser->list("/pub", What::FoldersOnly));
    QVERIFY(answer.ended);
    QCOMPARE(answer.error.code, ErrorCode::Protocol);
}

void RemoteBrowserTest::controlCharactersAreANamesOwn()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (peer.logIn() && peer.waitFor(Verb::List))
            peer.say("#ENTRY f 1 1 - a%0Ab%1B\r\n#ENTRY f 1 1 - good\r\n#END entries=2\r\n");
    });
    Browsing b(evil.port(), EvilFerry::password());
    // Whoever shows them makes them visible.
    QCOMPARE(b.list("/pub").names(), QByteArrayList({"a\nb\x1b", "good"}));
}

void RemoteBrowserTest::namesThatLeadElsewhereBreakTheRules_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("parent") << QByteArray("..");
    QTest::newRow("the folder itself") << QByteArray(".");
    QTest::newRow("of another folder") << QByteArray("a/b");
    QTest::newRow("absolute") << QByteArray("/etc");
}

void RemoteBrowserTest::namesThatLeadElsewhereBreakTheRules()
{
    QFETCH(const QByteArray, name);
    EvilFerry evil([name](EvilPeer &peer) {
        if (peer.logIn() && peer.waitFor(Verb::List))
            peer.say("#ENTRY d 0 1 - " + name + "\r\n#END entries=1\r\n");
    });
    Browsing b(evil.port(), EvilFerry::password());
    const auto answer = b.list("/pub");
    QVERIFY(answer.entries.isEmpty());
    QCOMPARE(answer.error.code, ErrorCode::Protocol);
}

void RemoteBrowserTest::aSilentServerDoesNotHoldTheEnd()
{
    std::atomic_bool asked = false;
    EvilFerry evil([&asked](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::List))
            return;
        asked = true;
        while (peer.next()) {
        }
    });
    Browsing b(evil.port(), EvilFerry::password());
    const quint64 first = b.browser->list("/pub", What::Everything);
    QVERIFY(QTest::qWaitFor([&] { return asked.load(); }, 20000));
    // Given up, it makes way for the next one, which this server does not answer either.
    b.browser->cancel(first);
    asked = false;
    b.browser->list("/pub", What::Everything);
    QVERIFY(QTest::qWaitFor([&] { return asked.load(); }, 20000));
    b.browser.reset(); // would be an hour
}

void RemoteBrowserTest::commandsAreAnsweredInTheConversation()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QVERIFY(host.write(QStringLiteral("file"), QByteArray(100'000, 'x')));
    Browsing b(host.port());
    for (const QByteArray line :
         {"list /pub", "PING", "GET /pub/file", "SUM /pub/file", "LIST /none", "TREE /pub"}) {
        const auto answer = b.wait(b.browser->say(line));
        QVERIFY(answer.ended);
        QVERIFY2(answer.error.text.isEmpty(), line);
    }
    const QString said = b.said();
    for (const char *part : {"LIST /pub", "#ENTRY f 100000", "#PONG", "#FILE size=100000",
                             "length=65536", "#DONE sum=xxh3:", "#SUM sum=xxh3:", "!NOTFOUND"})
        QVERIFY2(said.contains(QLatin1StringView(part)), qPrintable(said));
}

void RemoteBrowserTest::commandsWithoutAPlaceAreNotSent()
{
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port());
    for (const QByteArray line : {"QUIT", "nonsense", "HELLO ferry/1", "CANCEL", "LIST", "\x01"}) {
        const auto answer = b.wait(b.browser->say(line));
        QCOMPARE(answer.error.code, ErrorCode::Invalid);
    }
    QVERIFY(b.said().contains(QStringLiteral("Not sent")));
    QVERIFY(b.list("/").error.text.isEmpty());
    QCOMPARE(host.liveSessions(), 1); // never left
}

void RemoteBrowserTest::passwordsInCommandsAreMasked()
{
    QCOMPARE(shownCommand("auth secret word"), QStringLiteral("AUTH ***"));
    QCOMPARE(shownCommand("LOGIN X c2VjcmV0"), QStringLiteral("LOGIN ***"));
    QCOMPARE(shownCommand("LIST /a"), QStringLiteral("LIST /a"));
    EncryptedHost host;
    QVERIFY(host.start());
    Browsing b(host.port());
    b.wait(b.browser->say("AUTH kelp-oval-ninety"));
    const QString said = b.said();
    QVERIFY(said.contains(QStringLiteral("AUTH ***")));
    QVERIFY(!said.contains(QStringLiteral("kelp")));
}

FERRY_TEST(RemoteBrowserTest)
#include "tst_remotebrowser.moc"
