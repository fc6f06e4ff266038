// SPDX-License-Identifier: MIT
// The two machines of the extended dialect: each alone against lines, and back to back without
// sockets, whole, byte by byte and at random cuts.
#include "wire/extendedclientsession.h"
#include "wire/extendedserversession.h"
#include "wire/limits.h"

#include <QRandomGenerator>
#include <QTest>

using namespace ferry;
using namespace ferry::extended;

namespace {

const QByteArray hash = "xxh3:0123456789abcdef0123456789abcdef";

Request request(Verb verb, QByteArrayView path = "/", qint64 offset = 0)
{
    Request r;
    r.verb = verb;
    r.path = *VirtualPath::parseEncoded(path);
    r.offset = offset;
    if (verb == Verb::Receipt) {
        r.id = "i1";
        r.sum = hash;
    }
    return r;
}

ExtendedServerSession loggedInServer()
{
    ExtendedServerSession::Start start;
    start.loggedIn = true;
    start.hello = "HELLO ferry/1 agent=tester";
    start.agent = "Ferry/test";
    return ExtendedServerSession(start);
}

/// All that a server sends for `input`, with requests carried out by saying so.
QByteArray served(ExtendedServerSession &server, QByteArrayView input)
{
    server.receive(input);
    QByteArray output;
    for (;;) {
        const ExtendedAction action = server.nextAction();
        switch (action.kind) {
        case ExtendedAction::Kind::Receive:
            return output;
        case ExtendedAction::Kind::Close:
            return output + "<closed>";
        case ExtendedAction::Kind::Send:
            output += action.bytes;
            break;
        case ExtendedAction::Kind::LoginStep:
            if (action.request.base64 == "Z29vZA==")
                server.loginSucceeded("ferry", "dj0=");
            else if (action.request.base64 == "c3RlcA==")
                server.loginChallenged("cj0=");
            else if (action.request.base64 == "d2FpdA==")
                server.loginMustWait(7);
            else
                server.loginFailed();
            break;
        case ExtendedAction::Kind::Perform:
            output += "<" + requestLine(action.request).chopped(2) + ">";
            server.performed();
            break;
        }
    }
}

/// Kinds of all events that `bytes` give a client that sent `requests`, as text.
QByteArrayList events(const QList<Request> &requests, QByteArrayView bytes, bool end = false)
{
    ExtendedClientSession client;
    for (const Request &r : requests)
        client.sent(r);
    client.receive(QByteArrayView("#Server Ready.\r\n"));
    client.receive(bytes);
    if (end)
        client.receiveEnd();
    QByteArrayList kinds;
    for (int guard = 0; guard < 10000; ++guard) {
        const ExtendedEvent event = client.nextEvent();
        using Kind = ExtendedEvent::Kind;
        switch (event.kind) {
        case Kind::Receive:
            return kinds;
        case Kind::Violation:
            return kinds << "violation: " + event.text;
        case Kind::CutShort:
            return kinds << "cut short";
        case Kind::Ended:
            return kinds << "ended";
        case Kind::Body: {
            const QByteArray body = client.takeBody(1 << 20);
            if (body.isEmpty())
                return kinds << "body due";
            kinds << "body " + body;
            break;
        }
        case Kind::Greeted:
            break;
        case Kind::Hello:
            kinds << "hello " + event.text + (event.yes ? " in" : " out");
            break;
        case Kind::Challenge:
            kinds << "challenge " + event.text;
            break;
        case Kind::LoggedIn:
            kinds << "logged in " + event.text;
            break;
        case Kind::Entry:
            kinds << "entry " + event.entry.path;
            break;
        case Kind::Skipped:
            kinds << "skipped " + event.text;
            break;
        case Kind::ListEnd:
            kinds << (event.yes ? "more" : "end");
            break;
        case Kind::FileBegin:
            kinds << "file " + QByteArray::number(event.facts.length);
            break;
        case Kind::FileDone:
            kinds << "done " + event.text;
            break;
        case Kind::Sum:
            kinds << "sum " + event.text;
            break;
        case Kind::ReceiptTaken:
            kinds << "receipt";
            break;
        case Kind::Pong:
            kinds << "pong";
            break;
        case Kind::Cancelled:
            kinds << "cancelled";
            break;
        case Kind::Refused:
            kinds << "refused " + event.token;
            break;
        case Kind::ServerLeaves:
            kinds << "leaves " + event.token;
            break;
        }
    }
    return kinds << "endless";
}

} // namespace

class TestExtendedSessions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theTableOfStates_data();
    void theTableOfStates();
    void threeFailedLoginsClose();
    void aStrangerMaySendOnlySoMuch();
    void badLinesGetOneTokenAndTheEnd();
    void cancelEndsWhatWasAskedBefore();
    void cancelIsSeenHoweverItIsCut();
    void requestsAreReadAsTheyAreAnswered();
    void replies_data();
    void replies();
    void lies_data();
    void lies();
    void backToBackAtRandomCuts();
};

void TestExtendedSessions::theTableOfStates_data()
{
    QTest::addColumn<QByteArray>("prelude");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("answer");
    const QByteArray step = "LOGIN SCRAM-SHA-256-PLUS c3RlcA==\r\n";
    const QByteArray in = step + "RESPONSE Z29vZA==\r\n";
    const auto row = [](const char *name, const QByteArray &prelude, const char *line,
                        const char *answer) {
        QTest::newRow(name) << prelude << QByteArray(line) << QByteArray(answer);
    };
    row("stranger HELLO", "", "HELLO ferry/1",
        "#HELLO ferry/1 server=Ferry/test login=no auth=SCRAM-SHA-256-PLUS "
        "can=LIST,TREE,GET,SUM,RECEIPT\r\n");
    row("another version", "", "HELLO ferry/9", "!VERSION\r\n");
    row("stranger LOGIN", "", "LOGIN SCRAM-SHA-256-PLUS c3RlcA==", "#CHALLENGE cj0=\r\n");
    row("other mechanism", "", "LOGIN PLAIN c3RlcA==", "!MECHANISM\r\n");
    row("stranger RESPONSE", "", "RESPONSE Z29vZA==", "!SYNTAX\r\n");
    for (const char *line : {"LIST /", "TREE /a", "GET /a", "SUM /a"}) {
        QTest::addRow("stranger %s", line)
            << QByteArray() << QByteArray(line) << QByteArray("!NOLOGIN\r\n");
        QTest::addRow("exchange %s", line)
            << step << QByteArray(line) << QByteArray("!NOLOGIN\r\n");
        QTest::addRow("logged in %s", line)
            << in << QByteArray(line) << QByteArray("<" + QByteArray(line) + ">");
    }
    row("exchange LOGIN", step, "LOGIN SCRAM-SHA-256-PLUS c3RlcA==", "!SYNTAX\r\n");
    row("exchange RESPONSE", step, "RESPONSE Z29vZA==", "#LOGIN account=ferry final=dj0=\r\n");
    row("exchange cancelled", step, "RESPONSE *", "!CANCELLED\r\n");
    row("exchange refused", step, "RESPONSE YmFk", "!DENIED\r\n");
    row("penalty", "", "LOGIN SCRAM-SHA-256-PLUS d2FpdA==", "!WAIT seconds=7\r\n<closed>");
    row("logged in LOGIN", in, "LOGIN SCRAM-SHA-256-PLUS c3RlcA==", "!SYNTAX\r\n");
    row("logged in RESPONSE", in, "RESPONSE Z29vZA==", "!SYNTAX\r\n");
    row("stranger PING", "", "PING x", "#PONG x\r\n");
    row("exchange PING", step, "PING", "#PONG\r\n");
    row("stranger CANCEL", "", "CANCEL", "#CANCELLED\r\n");
    row("unknown", in, "DANCE", "!UNKNOWN\r\n");
    row("classic verb", in, "FILE /a", "!UNKNOWN\r\n");
    row("empty lines", in, "\r\n\n\r\nPING", "#PONG\r\n");
    row("QUIT", in, "QUIT", "<closed>");
}

void TestExtendedSessions::theTableOfStates()
{
    QFETCH(QByteArray, prelude);
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, answer);
    ExtendedServerSession::Start start;
    start.offersScram = true;
    start.hello = "HELLO ferry/1";
    start.agent = "Ferry/test";
    ExtendedServerSession server(start);
    served(server, prelude);
    QCOMPARE(served(server, line + "\r\n"), answer);
}

void TestExtendedSessions::threeFailedLoginsClose()
{
    ExtendedServerSession::Start start;
    start.offersScram = true;
    start.failedLogins = 1; // by AUTH, before HELLO
    start.hello = "HELLO ferry/1";
    ExtendedServerSession server(start);
    served(server, {});
    QCOMPARE(served(server, "LOGIN SCRAM-SHA-256-PLUS YmFk\r\n"), "!DENIED\r\n");
    QCOMPARE(served(server, "LOGIN SCRAM-SHA-256-PLUS YmFk\r\nPING\r\n"), "!DENIED\r\n<closed>");
}

void TestExtendedSessions::aStrangerMaySendOnlySoMuch()
{
    ExtendedServerSession::Start start;
    start.hello = "HELLO ferry/1";
    start.strangerBytes = limits::bytesBeforeLogin - 12;
    ExtendedServerSession server(start);
    served(server, {});
    QCOMPARE(served(server, "PING\r\n"), "#PONG\r\n");
    QCOMPARE(served(server, "PING\r\nPING\r\n"), "#PONG\r\n!TOOMUCH\r\n<closed>");

    start.strangerBytes = 0;
    ExtendedServerSession endless(start);
    served(endless, {});
    QCOMPARE(served(endless, QByteArray(limits::bytesBeforeLogin + 1, 'x')),
             "!TOOMUCH\r\n<closed>");
}

void TestExtendedSessions::badLinesGetOneTokenAndTheEnd()
{
    auto server = loggedInServer();
    served(server, {});
    QCOMPARE(served(server, QByteArray(limits::extendedLineBytes + 1, 'x') + "\r\nPING\r\n"),
             "!TOOLONG\r\n<closed>");
    auto other = loggedInServer();
    served(other, {});
    QCOMPARE(served(other, QByteArray("PI\0NG\r\n", 7)), "!NUL\r\n<closed>");
}

void TestExtendedSessions::cancelEndsWhatWasAskedBefore()
{
    auto server = loggedInServer();
    served(server, {});
    QCOMPARE(served(server, "GET /a\r\nPING\r\nTREE /b\r\ncancel\nGET /c\r\n"),
             "!CANCELLED\r\n#PONG\r\n!CANCELLED\r\n#CANCELLED\r\n<GET /c>");
}

void TestExtendedSessions::cancelIsSeenHoweverItIsCut()
{
    for (int cut = 0; cut <= 8; ++cut) {
        auto server = loggedInServer();
        served(server, {});
        server.receive(QByteArrayView("GET /a\r\n"));
        QCOMPARE(server.nextAction().kind, ExtendedAction::Kind::Perform);
        QVERIFY(!server.cancelRequested());
        const QByteArrayView line("CANCEL\r\n");
        server.receive(line.first(cut));
        QCOMPARE(server.cancelRequested(), cut == 8);
        server.receive(line.sliced(cut));
        QVERIFY(server.cancelRequested());
        server.performed();
        QCOMPARE(served(server, "GET /b\r\n"), "#CANCELLED\r\n<GET /b>");
    }
    auto server = loggedInServer();
    served(server, {});
    server.receive(QByteArrayView("GET /CANCEL\r\nXCANCEL\r\nCANCELX\r\nPING CANCEL\r\n"));
    QVERIFY(!server.cancelRequested());
}

void TestExtendedSessions::requestsAreReadAsTheyAreAnswered()
{
    auto server = loggedInServer();
    served(server, {});
    QByteArray many;
    for (int i = 0; i < 1000; ++i)
        many += "GET /f" + QByteArray::number(i) + "\r\n";
    server.receive(many);
    for (int i = 0; i < 1000; ++i) {
        const ExtendedAction action = server.nextAction();
        QCOMPARE(action.kind, ExtendedAction::Kind::Perform);
        QCOMPARE(action.request.path.toBytes(), "/f" + QByteArray::number(i));
        server.performed();
    }
    QCOMPARE(server.nextAction().kind, ExtendedAction::Kind::Receive);
    server.receiveEnd();
    QCOMPARE(server.nextAction().kind, ExtendedAction::Kind::Close);
}

void TestExtendedSessions::replies_data()
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
        "#ENTRY d 0 1 i1 a%20b\r\n#BUSY\r\n#ENTRY f 1 1 i2 c\r\n#END entries=2 more=yes\r\n",
        {"entry a b", "entry c", "more"});
    row("tree", L{request(Verb::Tree)},
        "#ENTRY d 0 1 i1 a\r\n#ENTRY f 1 1 i2 a/c\r\n#SKIPPED DEPTH a/d\r\n"
        "#END entries=2 bytes=1\r\n",
        {"entry a", "entry a/c", "skipped DEPTH a/d", "end"});
    row("file", L{request(Verb::Get, "/a")},
        "#FILE size=5 id=i1 mtime=0 offset=0 length=5\r\n#DATA 2\r\nab#BUSY\r\n#DATA 3\r\n#!\n"
        "#DONE bytes=5 sum=" +
            hash + "\r\n",
        {"file 5", "body ab", "body #!\n", "done " + hash});
    row("empty file", L{request(Verb::Get, "/a")},
        "#FILE size=0 id=i1 mtime=0 offset=0 length=0\r\n#DONE bytes=0 sum=" + hash + "\r\n",
        {"file 0", "done " + hash});
    row("changed in the middle", L{request(Verb::Get, "/a"), request(Verb::Ping)},
        "#FILE size=5 id=i1 mtime=0 offset=0 length=5\r\n#DATA 2\r\nab!CHANGED\r\n#PONG\r\n",
        {"file 5", "body ab", "refused CHANGED", "pong"});
    row("not found, then found", L{request(Verb::Get, "/a"), request(Verb::Get, "/b")},
        "!NOTFOUND No such file.\r\n#FILE size=0 id=i mtime=0 offset=0 length=0\r\n",
        {"refused NOTFOUND", "file 0"});
    row("sum", L{request(Verb::Sum, "/a", 3)},
        "#BUSY\r\n#SUM size=5 id=i1 mtime=0 offset=3 length=2 sum=" + hash + "\r\n",
        {"sum " + hash});
    row("receipt and cancel", L{request(Verb::Receipt, "/a"), request(Verb::Cancel)},
        "#RECEIPT\r\n#CANCELLED\r\n", {"receipt", "cancelled"});
    row("server stops", L{request(Verb::Get, "/a")}, "!STOPPING\r\n", {"leaves STOPPING"});
    row("unknown refusal", L{request(Verb::Get, "/a")}, "!SOMETHINGNEW\r\n",
        {"refused SOMETHINGNEW"});
}

void TestExtendedSessions::replies()
{
    QFETCH(QList<Request>, requests);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArrayList, expected);
    QCOMPARE(events(requests, bytes), expected);
}

void TestExtendedSessions::lies_data()
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
    row("less than announced", get, begin + "#DATA 4\r\nabcd#DONE bytes=4 sum=" + hash + "\r\n",
        "violation: less of a file than was announced");
    row("wrong count", get, begin + "#DATA 5\r\nabcde#DONE bytes=4 sum=" + hash + "\r\n",
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
        "#SUM size=5 id=i1 mtime=0 offset=0 length=5 sum=" + hash + "\r\n",
        "violation: the checksum of another range");
    row("entry with a way out", request(Verb::Tree), "#ENTRY f 1 1 i ../../x\r\n",
        "violation: an entry that cannot be");
    row("entry of another folder", request(Verb::List), "#ENTRY f 1 1 i a/b\r\n",
        "violation: an entry of another folder");
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

void TestExtendedSessions::lies()
{
    QFETCH(Request, asked);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, last);
    QCOMPARE(events({asked}, bytes, true).last(), last);
}

void TestExtendedSessions::backToBackAtRandomCuts()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    for (int round = 0; round < 50; ++round) {
        auto server = loggedInServer();
        ExtendedClientSession client;
        client.receive(QByteArrayView("#Server Ready.\r\n"));
        client.sent(request(Verb::Hello));
        QByteArray toServer;
        QByteArray toClient;
        QByteArrayList bodies;
        QByteArrayList received;
        for (int i = 0; i < 20; ++i) {
            const Request get = request(Verb::Get, "/f" + QByteArray::number(i));
            client.sent(get);
            toServer += requestLine(get);
            QByteArray body(random.bounded(300), Qt::Uninitialized);
            for (char &c : body)
                c = "#!\r\nDATA\0x"[random.bounded(10)];
            bodies << body;
        }
        int served = 0;
        for (int guard = 0; received.size() < 20 && guard < 100000; ++guard) {
            const qsizetype up = random.bounded(40);
            server.receive(QByteArrayView(toServer).first(std::min(up, toServer.size())));
            toServer.remove(0, up);
            for (auto action = server.nextAction(); action.kind != ExtendedAction::Kind::Receive;
                 action = server.nextAction()) {
                toClient += action.bytes;
                if (action.kind != ExtendedAction::Kind::Perform)
                    continue;
                const QByteArray &body = bodies[served++];
                toClient += extended::file({body.size(), 0, "i", 0, body.size()});
                for (qsizetype at = 0; at < body.size();) {
                    const qsizetype n =
                        std::min<qsizetype>(body.size() - at, 1 + random.bounded(100));
                    toClient += extended::data(n) + body.sliced(at, n);
                    at += n;
                }
                toClient += extended::done(body.size(), hash);
                server.performed();
            }
            const qsizetype down = random.bounded(200);
            client.receive(QByteArrayView(toClient).first(std::min(down, toClient.size())));
            toClient.remove(0, down);
            bool dry = false;
            while (!dry) {
                const ExtendedEvent event = client.nextEvent();
                QVERIFY2(event.kind != ExtendedEvent::Kind::Violation, event.text.constData());
                if (event.kind == ExtendedEvent::Kind::FileBegin)
                    received << QByteArray();
                if (event.kind == ExtendedEvent::Kind::Body) {
                    const QByteArray part = client.takeBody(1 + random.bounded(50));
                    received.last() += part;
                    dry = part.isEmpty();
                }
                dry = dry || event.kind == ExtendedEvent::Kind::Receive;
            }
        }
        // The last body may still be on its way when its begin was seen.
        client.receive(toClient);
        for (auto event = client.nextEvent(); event.kind != ExtendedEvent::Kind::Receive;
             event = client.nextEvent()) {
            if (event.kind == ExtendedEvent::Kind::Body)
                received.last() += client.takeBody(1000);
        }
        QCOMPARE(received, bodies);
        QCOMPARE(client.pending(), 0);
    }
}

QTEST_GUILESS_MAIN(TestExtendedSessions)
#include "tst_extendedsessions.moc"
