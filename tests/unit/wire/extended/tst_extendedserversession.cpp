// SPDX-License-Identifier: MIT
// The server's half of the extended dialect, against lines.
#include "support/testprogram.h"
#include "unit/wire/extendedhelpers.h"
#include "wire/limits.h"

#include <QTest>

using namespace ferry;
using namespace ferry::extended;
using namespace ferry::test;

namespace {

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
            if (action.request.verb == Verb::Put && !action.request.folder &&
                action.request.upload != "bad")
                server.uploadOpened();
            else
                server.performed();
            break;
        case ExtendedAction::Kind::Body: {
            QByteArray bytes(server.bodyRemaining(), Qt::Uninitialized);
            bytes.truncate(server.takeBody(bytes.data(), bytes.size()));
            if (bytes.isEmpty())
                return output;
            output += "[" + bytes + "]";
            break;
        }
        }
    }
}

} // namespace

class TestExtendedServerSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theTableOfStates_data();
    void theTableOfStates();
    void threeFailedLoginsClose();
    void aStrangerMaySendOnlySoMuch();
    void aStrangersLimitCountsBeforeOtherFaults_data();
    void aStrangersLimitCountsBeforeOtherFaults();
    void badLinesGetOneTokenAndTheEnd();
    void cancelEndsWhatWasAskedBefore();
    void cancelLetsReceiptsPass();
    void cancelIsSeenHoweverItIsCut();
    void requestsAreReadAsTheyAreAnswered();
    void anUploadsContentIsNoRequest_data();
    void anUploadsContentIsNoRequest();
    void contentIsReadPastTheBuffer();
    void whatIsLeftOfARefusedUploadIsPassedOver();
    void anUploadThatIsCutOffHasNoEnd();
    void onlyAServerThatTakesFilesSaysSo();
};

void TestExtendedServerSession::theTableOfStates_data()
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
    row("another version", "", "HELLO ferry/9", "!VERSION ferry/1\r\n");
    row("stranger LOGIN", "", "LOGIN SCRAM-SHA-256-PLUS c3RlcA==", "#CHALLENGE cj0=\r\n");
    row("other mechanism", "", "LOGIN PLAIN c3RlcA==", "!MECHANISM\r\n");
    row("stranger RESPONSE", "", "RESPONSE Z29vZA==", "!SYNTAX\r\n");
    for (const char *line : {"LIST /", "TREE /a", "GET /a", "SUM /a", "PUT /a kind=d"}) {
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

void TestExtendedServerSession::theTableOfStates()
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

void TestExtendedServerSession::threeFailedLoginsClose()
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

void TestExtendedServerSession::aStrangerMaySendOnlySoMuch()
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

void TestExtendedServerSession::aStrangersLimitCountsBeforeOtherFaults_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("answer");
    const qsizetype most = limits::bytesBeforeLogin;
    const QByteArray tooMuch = "!TOOMUCH\r\n<closed>";
    const QByteArray nul(1, '\0');
    QTest::newRow("NUL within") << QByteArray(most - 1, 'x') + nul + QByteArray(most, 'x')
                                << QByteArray("!NUL\r\n<closed>");
    QTest::newRow("NUL behind") << QByteArray(most, 'x') + nul << tooMuch;
    QTest::newRow("NUL far behind") << QByteArray(most + 10, 'x') + nul << tooMuch;
    QTest::newRow("endless") << QByteArray(limits::extendedLineBytes + 10, 'x') << tooMuch;
}

/// Whole and byte by byte alike: what comes first in the stream counts.
void TestExtendedServerSession::aStrangersLimitCountsBeforeOtherFaults()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, answer);
    ExtendedServerSession::Start start;
    start.hello = "HELLO ferry/1";
    ExtendedServerSession whole(start);
    served(whole, {});
    QCOMPARE(served(whole, input), answer);
    ExtendedServerSession byBytes(start);
    QByteArray output = served(byBytes, {});
    output.clear();
    for (qsizetype i = 0; i < input.size() && output.isEmpty(); ++i)
        output = served(byBytes, QByteArrayView(input).sliced(i, 1));
    QCOMPARE(output, answer);
}

void TestExtendedServerSession::badLinesGetOneTokenAndTheEnd()
{
    auto server = loggedInServer();
    served(server, {});
    QCOMPARE(served(server, QByteArray(limits::extendedLineBytes + 1, 'x') + "\r\nPING\r\n"),
             "!TOOLONG\r\n<closed>");
    auto other = loggedInServer();
    served(other, {});
    QCOMPARE(served(other, QByteArray("PI\0NG\r\n", 7)), "!NUL\r\n<closed>");
}

void TestExtendedServerSession::cancelEndsWhatWasAskedBefore()
{
    auto server = loggedInServer();
    served(server, {});
    QCOMPARE(served(server, "GET /a\r\nPING\r\nTREE /b\r\ncancel\nGET /c\r\n"),
             "!CANCELLED\r\n#PONG\r\n!CANCELLED\r\n#CANCELLED\r\n<GET /c>");
}

/// A receipt is about a file that was answered to its end, whatever else is cancelled.
void TestExtendedServerSession::cancelLetsReceiptsPass()
{
    auto server = loggedInServer();
    served(server, {});
    const QByteArray receipt = "RECEIPT /a id=1 sum=xxh3:06b05ab6733a618578af5f94892f3950";
    QCOMPARE(served(server, "GET /b\r\n" + receipt + "\r\nGET /c\r\nCANCEL\r\n"),
             "!CANCELLED\r\n<" + receipt + ">!CANCELLED\r\n#CANCELLED\r\n");

    ExtendedServerSession::Start start;
    start.loggedIn = true;
    start.abilities.receiptsOfRuns = true;
    start.hello = "HELLO ferry/1";
    ExtendedServerSession gathering(start);
    QVERIFY(served(gathering, {}).endsWith("RECEIPT,RECEIPTS\r\n"));
    const QByteArray run = "RECEIPTS first=1 count=2 sum=xxh3:06b05ab6733a618578af5f94892f3950";
    QCOMPARE(served(gathering, "GET /b\r\n" + run + "\r\nGET /c\r\nCANCEL\r\n"),
             "!CANCELLED\r\n<" + run + ">!CANCELLED\r\n#CANCELLED\r\n");
    // Who did not announce them knows no such request.
    QCOMPARE(served(server, run + "\r\n"), "!UNKNOWN\r\n");
}

void TestExtendedServerSession::cancelIsSeenHoweverItIsCut()
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

void TestExtendedServerSession::requestsAreReadAsTheyAreAnswered()
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

void TestExtendedServerSession::anUploadsContentIsNoRequest_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char *name, const QByteArray &input, const QByteArray &answer) {
        QTest::newRow(name) << input << answer;
    };
    const QByteArray put = "PUT /s/a size=9 upload=1";
    const QByteArray end = "END sum=" + anyHash;
    row("content like requests", put + "\r\nDATA 9\r\nCANCEL\r\n\n" + end + "\r\nPING\r\n",
        "<" + put + ">[CANCEL\r\n\n]<" + end + ">#PONG\r\n");
    row("content like a refused one's",
        "PUT /s/a size=9 upload=bad follows=yes\r\nDATA 9\r\nCANCEL\r\n\nABORT\r\nGET /a\r\n",
        "<PUT /s/a size=9 upload=bad follows=yes><GET /a>");
    row("a folder has none", "PUT /s/a kind=d\r\nDATA 1\r\n",
        "<PUT /s/a kind=d>!ORDER\r\n<closed>");
    row("nor has a refused one", "PUT /s/a size=9 upload=bad\r\nDATA 9\r\nGET /a\r\n\n",
        "<PUT /s/a size=9 upload=bad>!ORDER\r\n<closed>");
    row("QUIT in between", put + "\r\nQUIT\r\n", "<" + put + "><closed>");
    row("END twice", put + "\r\n" + end + "\r\n" + end + "\r\n",
        "<" + put + "><" + end + ">!ORDER\r\n<closed>");
    row("another PUT in between", put + "\r\n" + put + "\r\n", "<" + put + ">!ORDER\r\n<closed>");
    row("too large a piece", put + "\r\nDATA 1048577\r\n", "<" + put + ">!ORDER\r\n<closed>");
    row("fields behind a piece", put + "\r\nDATA 1 x=y\r\n", "<" + put + ">!ORDER\r\n<closed>");
    row("an unknown verb in between", put + "\r\nDANCE\r\n", "<" + put + ">!ORDER\r\n<closed>");
    row("cancelled before it began",
        "GET /a\r\nPUT /s/a size=1 upload=1 follows=yes\r\nDATA 1\r\nx" + end +
            "\r\nCANCEL\r\nGET /b\r\n",
        "!CANCELLED\r\n!CANCELLED\r\n#CANCELLED\r\n<GET /b>");
}

void TestExtendedServerSession::anUploadsContentIsNoRequest()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, answer);
    auto server = loggedInServer();
    served(server, {});
    QCOMPARE(served(server, input), answer);
}

/// As a driver does that reads large pieces straight to where they go.
void TestExtendedServerSession::contentIsReadPastTheBuffer()
{
    auto server = loggedInServer();
    served(server, {});
    server.receive(QByteArrayView("PUT /s/a size=9 upload=1\r\nDATA 9\r\nab"));
    QCOMPARE(server.nextAction().kind, ExtendedAction::Kind::Perform);
    server.uploadOpened();
    QCOMPARE(server.nextAction().kind, ExtendedAction::Kind::Body);
    char bytes[9];
    QCOMPARE(server.takeBody(bytes, sizeof bytes), 2);
    QVERIFY(server.bufferEmpty());
    server.bodyReceived(7);
    QCOMPARE(server.bodyRemaining(), 0);
    server.receive(QByteArrayView("END sum=" + anyHash + "\r\nCANCEL\r\n"));
    QVERIFY(server.cancelRequested());
    QCOMPARE(server.nextAction().request.verb, Verb::End);
    server.performed();
    QCOMPARE(served(server, {}), "#CANCELLED\r\n");
}

void TestExtendedServerSession::whatIsLeftOfARefusedUploadIsPassedOver()
{
    auto server = loggedInServer();
    served(server, {});
    server.receive(QByteArrayView("PUT /s/a size=9 upload=1\r\nDATA 6\r\nPING\r\n"));
    QCOMPARE(server.nextAction().kind, ExtendedAction::Kind::Perform);
    server.uploadOpened();
    QCOMPARE(server.nextAction().kind, ExtendedAction::Kind::Body);
    server.uploadRefused();
    QVERIFY(!server.inUpload());
    QCOMPARE(served(server, "DATA 3\r\n\n\n\nABORT\r\nPING\r\n"), "#PONG\r\n");
}

/// The end of a connection is never taken for the end of a file.
void TestExtendedServerSession::anUploadThatIsCutOffHasNoEnd()
{
    for (const char *sent : {"", "DATA 9\r\n", "DATA 9\r\n01234567", "DATA 9\r\n012345678",
                             "DATA 9\r\n012345678END sum=xxh3:0123456789abcdef0123456789abcdef"}) {
        auto server = loggedInServer();
        served(server, {});
        served(server, "PUT /s/a size=9 upload=1\r\n");
        const QByteArray before = served(server, sent);
        QVERIFY(!before.contains('<'));
        server.receiveEnd();
        QCOMPARE(served(server, {}), "<closed>");
    }
}

void TestExtendedServerSession::onlyAServerThatTakesFilesSaysSo()
{
    ExtendedServerSession::Start start;
    start.hello = "HELLO ferry/1 can=REASONS,PUT,WINDOW";
    for (const bool takes : {false, true}) {
        start.abilities.takesFiles = takes;
        ExtendedServerSession server(start);
        QVERIFY(served(server, {}).endsWith(takes ? "RECEIPT,PUT\r\n" : "RECEIPT\r\n"));
        QVERIFY(server.peerGivesFiles() && server.peerKnowsReasons() && server.peerHasWindow());
    }
}

FERRY_TEST(TestExtendedServerSession)
#include "tst_extendedserversession.moc"
