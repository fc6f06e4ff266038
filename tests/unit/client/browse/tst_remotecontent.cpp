// SPDX-License-Identifier: MIT
// A look at a file of the server, without saving it.
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

class RemoteContentTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theBeginningIsRead();
    void aShortFileIsReadWhole();
    void whatCannotBeReadIsSaidInWords();
    void anotherContentThanTheChecksumIsNotShown();
    void noMoreThanWasAskedForIsTaken();
    void whoeverNoLongerWaitsEndsIt();
};

void RemoteContentTest::theBeginningIsRead()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QByteArray content;
    for (int i = 0; content.size() < 300'000; ++i)
        content += QByteArray::number(i) + '\n';
    QVERIFY(host.write(QStringLiteral("long.txt"), content));
    Browsing b(host.port());
    const auto answer = b.wait(b.browser->read("/pub/long.txt", 200'000));
    QVERIFY2(answer.error.text.isEmpty(), qPrintable(answer.error.text));
    QCOMPARE(answer.content, content.first(200'000));
    QCOMPARE(answer.size, qint64(content.size()));
    QVERIFY(b.list("/pub").names().contains("long.txt")); // over the same connection
    QCOMPARE(b.said().count(QStringLiteral("HELLO ferry/1 ")), qsizetype(1));
}

void RemoteContentTest::aShortFileIsReadWhole()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QVERIFY(host.write(QStringLiteral("short"), "three words here"));
    QVERIFY(host.write(QStringLiteral("empty"), {}));
    Browsing b(host.port());
    const auto some = b.wait(b.browser->read("/pub/short", 1000));
    QCOMPARE(some.content, QByteArray("three words here"));
    QCOMPARE(some.size, qint64(16));
    const auto none = b.wait(b.browser->read("/pub/empty", 1000));
    QVERIFY2(none.error.text.isEmpty(), qPrintable(none.error.text));
    QVERIFY(none.content.isEmpty());
    QCOMPARE(none.size, qint64(0));
}

void RemoteContentTest::whatCannotBeReadIsSaidInWords()
{
    EncryptedHost host;
    QVERIFY(host.start());
    QVERIFY(QDir(host.folder()).mkpath(QStringLiteral("folder")));
    Browsing b(host.port());
    for (const char *path : {"/pub/none", "/pub/folder", "/pub/../x"}) {
        const auto answer = b.wait(b.browser->read(path, 1000));
        QVERIFY2(answer.ended && !answer.error.text.isEmpty(), path);
        QVERIFY(answer.content.isEmpty());
    }
}

void RemoteContentTest::anotherContentThanTheChecksumIsNotShown()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (peer.logIn() && peer.waitFor(Verb::Get))
            peer.say(extended::file({3, 1, "i", 0, 3}) + extended::data(3) + "abc" +
                     extended::done(3, "xxh3:00000000000000000000000000000000"));
        peer.next();
    });
    Browsing b(evil.port(), EvilFerry::password());
    const auto answer = b.wait(b.browser->read("/pub/x", 1000));
    QCOMPARE(answer.error.code, ErrorCode::ChecksumMismatch);
    QVERIFY(!answer.error.text.isEmpty());
    QVERIFY(answer.content.isEmpty());
}

void RemoteContentTest::noMoreThanWasAskedForIsTaken()
{
    EvilFerry evil([](EvilPeer &peer) {
        if (peer.logIn() && peer.waitFor(Verb::Get))
            peer.say(extended::file({1000, 1, "i", 0, 1000}) + extended::data(1000) +
                     QByteArray(1000, 'x'));
        peer.next();
    });
    Browsing b(evil.port(), EvilFerry::password());
    const auto answer = b.wait(b.browser->read("/pub/x", 100));
    QVERIFY(answer.ended && !answer.error.text.isEmpty());
    QVERIFY(answer.content.isEmpty());
}

void RemoteContentTest::whoeverNoLongerWaitsEndsIt()
{
    std::atomic_bool left = false;
    std::atomic_bool asked = false;
    EvilFerry evil([&](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        asked = true;
        peer.next(); // says nothing, until the client leaves
        left = true;
    });
    Browsing b(evil.port(), EvilFerry::password());
    const quint64 request = b.browser->read("/pub/x", 100);
    QTRY_VERIFY_WITH_TIMEOUT(asked, 20000);
    b.browser->cancel(request);
    QTRY_VERIFY_WITH_TIMEOUT(left, 20000);
}

FERRY_TEST(RemoteContentTest)
#include "tst_remotecontent.moc"
