// SPDX-License-Identifier: MIT
// The client's half of the extended dialect, against lines: honest ones and lies.
#include "support/testprogram.h"
#include "unit/wire/extendedhelpers.h"
#include "unit/wire/scriptedextendedclient.h"
#include "wire/limits.h"

#include <QTest>

using namespace ferry;
using namespace ferry::extended;
using namespace ferry::test;

namespace {

/// A listing that says what it leaves out.
Request leftOutToo()
{
    Request list = request(Verb::List);
    list.skipped = true;
    return list;
}

/// What `bytes` tell a client that sent `requests`.
QByteArrayList events(const QList<Request> &requests, QByteArrayView bytes, bool end = false)
{
    ScriptedExtendedClient client;
    for (const Request &sent : requests)
        client.sent(sent);
    client.receive("#Server Ready.\r\n");
    client.receive(bytes);
    if (end)
        client.receiveEnd();
    return client.events().sliced(1); // behind the greeting
}

} // namespace

class TestExtendedClientSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void replies_data();
    void replies();
    void lies_data();
    void lies();
    void filesThatCameWholeHaveNumbers();
};

void TestExtendedClientSession::replies_data()
{
    QTest::addColumn<QList<Request>>("requests");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArrayList>("expected");
    using L = QList<Request>;
    const auto row = [](const char *name, const L &requests, const QByteArray &bytes,
                        const QByteArrayList &expected) {
        QTest::newRow(name) << requests << bytes << expected;
    };
    row("hello", L{request(Verb::Hello)}, "#HELLO ferry/1 auth=A,B login=yes new=field\r\n",
        {"hello A,B in"});
    row("login", L{request(Verb::Login), request(Verb::Response)},
        "#CHALLENGE YQ==\r\n#LOGIN account=ferry final=dg==\r\n",
        {"challenge YQ==", "logged in dg=="});
    row("listing", L{request(Verb::List)},
        "#ENTRY d 0 1 i1 a%20b\r\n#BUSY why=paused\r\n#ENTRY f 1 1 i2 c\r\n#END entries=2 "
        "more=yes\r\n",
        {"entry a b", "entry c", "more"});
    row("tree", L{request(Verb::Tree)},
        "#ENTRY d 0 1 i1 a\r\n#ENTRY f 1 1 i2 a/c\r\n#SKIPPED DEPTH a/d\r\n"
        "#END entries=2 bytes=1\r\n",
        {"entry a", "entry a/c", "skipped DEPTH a/d", "end"});
    row("what a listing leaves out", L{leftOutToo(), request(Verb::Ping)},
        "#SKIPPED LINK a%20b\r\n#ENTRY f 1 1 i1 c\r\n#SKIPPED NEWREASON d\r\n"
        "#END entries=1 more=yes\r\n#PONG\r\n",
        {"skipped LINK a b", "entry c", "skipped NEWREASON d", "more", "pong"});
    row("file", L{request(Verb::Get, "/a")},
        "#FILE size=5 id=i1 mtime=0 offset=0 length=5\r\n#DATA 2\r\nab#BUSY\r\n#DATA 3\r\n#!\n"
        "#DONE bytes=5 sum=" +
            anyHash + "\r\n",
        {"file 5", "body ab", "body #!\n", "done " + anyHash});
    row("empty file", L{request(Verb::Get, "/a")},
        "#FILE size=0 id=i1 mtime=0 offset=0 length=0\r\n#DONE bytes=0 sum=" + anyHash + "\r\n",
        {"file 0", "done " + anyHash});
    row("changed in the middle", L{request(Verb::Get, "/a"), request(Verb::Ping)},
        "#FILE size=5 id=i1 mtime=0 offset=0 length=5\r\n#DATA 2\r\nab!CHANGED\r\n#PONG\r\n",
        {"file 5", "body ab", "refused CHANGED", "pong"});
    row("not found, then found", L{request(Verb::Get, "/a"), request(Verb::Get, "/b")},
        "!NOTFOUND No such file.\r\n#FILE size=0 id=i mtime=0 offset=0 length=0\r\n",
        {"refused NOTFOUND", "file 0"});
    row("sum", L{request(Verb::Sum, "/a", 3)},
        "#BUSY\r\n#SUM size=5 id=i1 mtime=0 offset=3 length=2 sum=" + anyHash + "\r\n",
        {"sum " + anyHash});
    row("receipt and cancel", L{request(Verb::Receipt, "/a"), request(Verb::Cancel)},
        "#RECEIPT\r\n#CANCELLED\r\n", {"receipt", "cancelled"});
    Request run = request(Verb::Receipts);
    run.first = 1;
    run.count = 2;
    run.sum = anyHash;
    row("receipt of a run", L{run, run}, "#RECEIPTS\r\n!MISMATCH\r\n",
        {"receipt", "refused MISMATCH"});
    row("receipt of something else", L{run}, "#RECEIPT\r\n",
        {"violation: an answer to something else"});
    row("server stops", L{request(Verb::Get, "/a")}, "!STOPPING\r\n", {"leaves STOPPING"});
    row("sent away in the middle", L{request(Verb::Get, "/a"), request(Verb::Ping)},
        "#FILE size=5 id=i1 mtime=0 offset=0 length=5\r\n#DATA 2\r\nab!DISCONNECTED\r\n",
        {"file 5", "body ab", "leaves DISCONNECTED"});
    row("sent away while idle", {}, "!BANNED\r\n", {"leaves BANNED"});
    row("server stops before it has answered HELLO", L{request(Verb::Hello), request(Verb::Login)},
        "!Server is stopping.\r\n", {"leaves "});
    row("server knows only the classic dialect", L{request(Verb::Hello)}, "!Invalid command.\r\n",
        {"violation: a line that is no reply"});
    Request put = request(Verb::Put, "/s/a");
    put.size = 5;
    put.upload = "1";
    Request folder = request(Verb::Put, "/s/a");
    folder.folder = true;
    Request small = put;
    small.follows = true;
    Request data = request(Verb::Data);
    data.length = 5;
    Request end = request(Verb::End);
    end.sum = anyHash;
    const Request abort = request(Verb::Abort);
    const L all{put, data, end};
    const QByteArray stored = "#STORED path=/s/a%20(1) size=5 sum=" + anyHash + " id=i1\r\n";
    row("an upload", all, "#SEND offset=0\r\n#BUSY\r\n" + stored, {"send 0", "stored /s/a (1)"});
    row("an upload that goes on", all, "#SEND offset=5 sum=" + anyHash + "\r\n" + stored,
        {"send 5", "stored /s/a (1)"});
    row("small uploads", L{small, data, end, small, data, end},
        "#SEND offset=0\r\n" + stored + "!QUOTA\r\n",
        {"send 0", "stored /s/a (1)", "refused QUOTA"});
    row("an upload that is there already", all, stored, {"stored /s/a (1)"});
    row("an upload given up", L{put, data, abort}, "#SEND offset=0\r\n#ABORTED\r\n",
        {"send 0", "aborted"});
    row("an upload refused in between", L{put, data, abort, request(Verb::Ping)},
        "#SEND offset=0\r\n!NOROOM\r\n#PONG\r\n", {"send 0", "refused NOROOM", "pong"});
    row("a folder", L{folder}, "#STORED path=/s/a\r\n", {"stored /s/a"});
    row("out of order", L{put, data}, "#SEND offset=0\r\n!ORDER\r\n", {"send 0", "leaves ORDER"});
    // And the lies about them:
    const QByteArray noPlace = "violation: no place to send a file from";
    row("more is there than there is", all, "#SEND offset=6 sum=" + anyHash + "\r\n", {noPlace});
    row("a part without its checksum", all, "#SEND offset=5\r\n", {noPlace});
    row("a part of what follows", L{small}, "#SEND offset=1 sum=" + anyHash + "\r\n", {noPlace});
    row("a negative part", all, "#SEND offset=-1\r\n", {noPlace});
    row("a place in a folder", L{folder}, "#SEND offset=0\r\n", {noPlace});
    row("asked for twice", all, "#SEND offset=0\r\n#SEND offset=0\r\n", {"send 0", noPlace});
    row("stored before its end", L{put, data}, "#SEND offset=0\r\n" + stored,
        {"send 0", "violation: an upload that is complete before its end"});
    row("given up by nobody", all, "#SEND offset=0\r\n#ABORTED\r\n",
        {"send 0", "violation: the end of an upload that nobody gave up"});
    for (const char *line :
         {"#STORED path=/s/a\r\n", "#STORED path=/s/a size=5\r\n",
          "#STORED path=/s/../a size=5 sum=xxh3:0123456789abcdef0123456789abcdef\r\n",
          "#STORED path=/s/a size=4 sum=xxh3:0123456789abcdef0123456789abcdef\r\n",
          "#STORED size=5 sum=xxh3:0123456789abcdef0123456789abcdef\r\n", "#PONG\r\n"})
        row(line, all, line, {"violation: no answer to an upload"});
    row("a folder that is a file", L{folder}, stored, {"violation: no answer to an upload"});
    row("unknown refusal", L{request(Verb::Get, "/a")}, "!SOMETHINGNEW\r\n",
        {"refused SOMETHINGNEW"});
}

void TestExtendedClientSession::replies()
{
    QFETCH(QList<Request>, requests);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArrayList, expected);
    QCOMPARE(events(requests, bytes), expected);
}

void TestExtendedClientSession::lies_data()
{
    QTest::addColumn<Request>("asked");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("last");
    const auto row = [](const char *name, const Request &asked, const QByteArray &bytes,
                        const char *last) {
        QTest::newRow(name) << asked << bytes << QByteArray(last);
    };
    const Request get = request(Verb::Get, "/a");
    const QByteArray begin = "#FILE size=5 id=i1 mtime=0 offset=0 length=5\r\n";
    row("prose", get, "Hello there\r\n", "violation: a line that is no reply");
    row("answer to something else", get, "#PONG\r\n", "violation: no file where one was asked for");
    row("a reply to nothing", request(Verb::Ping), "#PONG\r\n#PONG\r\n",
        "violation: a reply to nothing");
    row("a refusal of nothing", request(Verb::Ping), "#PONG\r\n!NOTFOUND\r\n",
        "violation: a refusal of nothing");
    row("more than announced", get, begin + "#DATA 6\r\nabcdef",
        "violation: more of a file than was announced");
    row("chunks add up to more", get, begin + "#DATA 4\r\nabcd#DATA 2\r\nef",
        "violation: more of a file than was announced");
    row("less than announced", get, begin + "#DATA 4\r\nabcd#DONE bytes=4 sum=" + anyHash + "\r\n",
        "violation: less of a file than was announced");
    row("wrong count", get, begin + "#DATA 5\r\nabcde#DONE bytes=4 sum=" + anyHash + "\r\n",
        "violation: less of a file than was announced");
    row("empty chunk", get, begin + "#DATA 0\r\n", "violation: more of a file than was announced");
    row("negative chunk", get, begin + "#DATA -1\r\n",
        "violation: more of a file than was announced");
    row("no checksum", get, begin + "#DATA 5\r\nabcde#DONE bytes=5\r\n",
        "violation: no part of a file");
    row("another offset", request(Verb::Get, "/a", 2), begin,
        "violation: another range than was asked for");
    Request withId = get;
    withId.id = "i9";
    row("another file", withId, begin, "violation: another range than was asked for");
    row("sum of another range", request(Verb::Sum, "/a", 1),
        "#SUM size=5 id=i1 mtime=0 offset=0 length=5 sum=" + anyHash + "\r\n",
        "violation: the checksum of another range");
    row("entry with a way out", request(Verb::Tree), "#ENTRY f 1 1 i ../../x\r\n",
        "violation: an entry that cannot be");
    row("entry of another folder", request(Verb::List), "#ENTRY f 1 1 i a/b\r\n",
        "violation: an entry of another folder");
    row("left out without being asked", request(Verb::List), "#SKIPPED LINK a\r\n",
        "violation: no entry of a listing");
    row("left out elsewhere", leftOutToo(), "#SKIPPED LINK a/b\r\n",
        "violation: something left out that cannot be");
    row("the listed folder itself left out", leftOutToo(), "#SKIPPED READ .\r\n",
        "violation: something left out that cannot be");
    row("left out with a way out", leftOutToo(), "#SKIPPED LINK ..\r\n",
        "violation: something left out that cannot be");
    row("left out without a name", leftOutToo(), "#SKIPPED LINK\r\n",
        "violation: something left out that cannot be");
    row("what is left out is no entry", leftOutToo(), "#SKIPPED LINK a\r\n#END entries=1\r\n",
        "violation: a listing with entries missing");
    row("entries missing", request(Verb::List), "#ENTRY f 1 1 i a\r\n#END entries=2\r\n",
        "violation: a listing with entries missing");
    Request page = request(Verb::List);
    page.limit = 1;
    row("too many entries", page, "#ENTRY f 1 1 i a\r\n#ENTRY f 1 1 i b\r\n",
        "violation: more entries than were asked for");
    row("a line without end", get, QByteArray(limits::extendedLineBytes + 10, 'x'),
        "violation: a line without end");
    row("NUL", get, QByteArray("#FI\0LE\r\n", 8), "violation: a NUL byte in a line");
    row("other version", request(Verb::Hello), "#HELLO ferry/2\r\n",
        "violation: another version of the protocol");
    row("cut in a line", get, "#FILE size=5", "cut short");
    row("cut in the body", get, begin + "#DATA 5\r\nab", "cut short");
    row("cut between chunks", get, begin + "#DATA 2\r\nab", "cut short");
    row("cut before the answer", get, "", "cut short");
    row("an end in peace", request(Verb::Ping), "#PONG\r\n", "ended");
}

void TestExtendedClientSession::lies()
{
    QFETCH(Request, asked);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, last);
    QCOMPARE(events({asked}, bytes, true).last(), last);
}

/// Both ends count them alike: not what was refused or broke off, no parts and no gifts.
void TestExtendedClientSession::filesThatCameWholeHaveNumbers()
{
    ExtendedClientSession client;
    client.receive("#Server Ready.\r\n");
    QCOMPARE(int(client.nextEvent().kind), int(ExtendedEvent::Kind::Greeted));
    const auto numberOf = [&client](const char *path, const FileFacts &facts) {
        client.sent(request(Verb::Get, path, facts.offset));
        client.receive(file(facts));
        if (client.nextEvent().kind != ExtendedEvent::Kind::FileBegin)
            return qint64(-1);
        if (facts.length > 0) {
            client.receive(data(facts.length) + QByteArray(facts.length, 'x'));
            if (client.nextEvent().kind != ExtendedEvent::Kind::Body ||
                client.takeBody(1 << 16).size() != facts.length)
                return qint64(-1);
        }
        client.receive(done(facts.length, anyHash));
        const ExtendedEvent event = client.nextEvent();
        return event.kind == ExtendedEvent::Kind::FileDone ? event.number : qint64(-1);
    };
    QCOMPARE(numberOf("/s/a", {2, 0, "i", 0, 2}), 1);
    QCOMPARE(numberOf("/s/empty", {0, 0, "i", 0, 0}), 2);
    QCOMPARE(numberOf("/s/a", {5, 0, "i", 3, 2}), 0);
    QCOMPARE(numberOf("/@me/7/a", {2, 0, "i", 0, 2}), 0);
    client.sent(request(Verb::Get, "/s/a"));
    client.sent(request(Verb::Get, "/s/a"));
    client.receive("!NOTFOUND\r\n#FILE size=2 id=i mtime=0 offset=0 length=2\r\n!CHANGED\r\n");
    QCOMPARE(client.nextEvent().token, "NOTFOUND");
    QCOMPARE(int(client.nextEvent().kind), int(ExtendedEvent::Kind::FileBegin));
    QCOMPARE(client.nextEvent().token, "CHANGED");
    QCOMPARE(numberOf("/file", {2, 0, "i", 0, 2}), 3);
}

FERRY_TEST(TestExtendedClientSession)
#include "tst_extendedclientsession.moc"
