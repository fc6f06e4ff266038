// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "unit/wire/scriptedserver.h"
#include "wire/classic/codec.h"
#include "wire/extended/extended.h"
#include "wire/limits.h"

#include <QTest>

using namespace ferry;
using namespace ferry::test;
using Kind = ServerAction::Kind;
Q_DECLARE_METATYPE(ServerAction::Kind)

class TestServerSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyVerbDoesItsWorkInEveryState_data();
    void everyVerbDoesItsWorkInEveryState();
    void theGreetingComesFirst();
    void nextActionAsksForBytesWhenThereIsNothingToDo();
    void afterCloseThereIsOnlyClose();
    void theLastWrongPasswordCloses();
    void wrongPasswordsCountWhileLoggedInToo();
    void whatFollowsHelloIsLeftForTheOtherDialect();
    void aFileThatIsCutShortClosesWithoutAWord();
    void commandsWaitUntilTheOneBeforeIsDone();
    void theEndOfInputComesAfterTheCommandsBeforeIt();
    void aThousandCommandsInASegmentAreAnsweredInOrder();
    void aMillionLinesOfJunkQueueNothing();
    void strangersMaySayOnlySoMuch();
    void bytesAfterLoginAreNotCounted();
    void swallowedBytesCountBeforeLoginToo();
};

namespace {

const QByteArray greeting = "send " + classic::greeting;

QByteArrayList since(const ScriptedServer &server, qsizetype first)
{
    return server.actions().sliced(first);
}

} // namespace

void TestServerSession::everyVerbDoesItsWorkInEveryState_data()
{
    QTest::addColumn<bool>("loggedIn");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArrayList>("actions");
    QTest::addColumn<bool>("loggedInAfter");

    const QByteArray invalid = "send !Invalid command.\r\n";
    for (const bool in : {false, true}) {
        const auto row = [in](const QByteArray &line, const QByteArrayList &actions, bool after) {
            QTest::addRow("%s: '%s'", in ? "logged in" : "stranger", line.constData())
                << in << line << actions << after;
        };
        row("AUTH pw", {"check pw", "send #You are logged in.\r\n"}, true);
        row("AUTH no", {"check no", "send !Bad password.\r\n"}, in);
        row("AUTH", {invalid}, in);
        row("AUTH ", {invalid}, in);
        if (in) {
            row("FILE f", {"open f", "body", "send #File f sent successfully.\r\n"}, true);
            row("FILE x", {"open x", "send !File x could not be opened.\r\n"}, true);
        } else {
            row("FILE f", {"send !You are not logged in.\r\n"}, false);
            row("FILE x", {"send !You are not logged in.\r\n"}, false);
        }
        row("FILE", {invalid}, in);
        row("FILE ", {invalid}, in);
        row("QUIT", {"close"}, in);
        row("QUIT ", {invalid}, in);
        row("QUIT now", {invalid}, in);
        row("HELLO ferry/1", {"hello HELLO ferry/1", "close"}, in);
        row("hello ferry/1 agent=a", {"hello HELLO ferry/1 agent=a", "close"}, in);
        row("HELLO ferry/2", {"send " + extended::refusal("VERSION")}, in);
        row("HELLO ferry/11", {"send " + extended::refusal("VERSION")}, in);
        row("HELLO", {invalid}, in);
        for (const char *line : {"TELL hello", "TELL", "NEWS", "NEWS now"}) // nobody takes notes
            row(line, {invalid}, in);
        row("HELP", {invalid}, in);
        row("HELP me", {invalid}, in);
        row(" ", {invalid}, in);
        row("", {}, in);
        row("\r\r", {}, in);
    }
}

void TestServerSession::everyVerbDoesItsWorkInEveryState()
{
    QFETCH(bool, loggedIn);
    QFETCH(QByteArray, line);
    QFETCH(QByteArrayList, actions);
    QFETCH(bool, loggedInAfter);
    ScriptedServer server("pw", {{"f", "content"}});
    if (loggedIn)
        server.receive("AUTH pw\r\n");
    QCOMPARE(server.session().loggedIn(), loggedIn);
    const qsizetype before = server.actions().size();
    server.receive(line + "\r\n");
    QCOMPARE(since(server, before), actions);
    QCOMPARE(server.session().loggedIn(), loggedInAfter);
    QCOMPARE(server.closed(), actions.contains("close"));
    QCOMPARE(server.session().saidGoodbye(), line == "QUIT");
}

void TestServerSession::theGreetingComesFirst()
{
    ClassicServerSession session;
    session.receive("QUIT\r\n");
    const ServerAction first = session.nextAction();
    QCOMPARE(first.kind, Kind::Send);
    QCOMPARE(first.bytes, "#Server Ready.\r\n");
    QCOMPARE(session.nextAction().kind, Kind::Close);
}

void TestServerSession::nextActionAsksForBytesWhenThereIsNothingToDo()
{
    ClassicServerSession session;
    session.nextAction();
    for (const char *piece : {"", "A", "UTH ", "p", "w", "\r"}) {
        session.receive(piece);
        QCOMPARE(session.nextAction().kind, Kind::Receive);
        QCOMPARE(session.nextAction().kind, Kind::Receive);
        QVERIFY(!session.waitsForAnswer());
    }
    session.receive("\n");
    const ServerAction action = session.nextAction();
    QCOMPARE(action.kind, Kind::CheckPassword);
    QCOMPARE(action.bytes, "pw");
    QVERIFY(session.waitsForAnswer());
}

void TestServerSession::afterCloseThereIsOnlyClose()
{
    ClassicServerSession session;
    session.nextAction();
    session.receive("QUIT\r\nAUTH pw\r\n");
    QCOMPARE(session.nextAction().kind, Kind::Close);
    session.receive("AUTH pw\r\nFILE f\r\n");
    QCOMPARE(session.nextAction().kind, Kind::Close);
    session.receiveEnd();
    QCOMPARE(session.nextAction().kind, Kind::Close);
}

void TestServerSession::theLastWrongPasswordCloses()
{
    ScriptedServer server("pw");
    QByteArrayList expected{greeting};
    for (int i = 0; i < limits::loginTries; ++i) {
        QVERIFY(!server.closed());
        server.receive("AUTH wrong\n");
        expected << "check wrong"
                 << "send " + classic::badPassword;
    }
    QVERIFY(server.closed());
    QCOMPARE(server.actions(), expected << "close");
}

void TestServerSession::wrongPasswordsCountWhileLoggedInToo()
{
    ScriptedServer server("pw", {{"f", "x"}});
    for (int i = 0; i < limits::loginTries - 1; ++i) {
        server.receive("AUTH pw\nAUTH wrong\nFILE f\n");
        QVERIFY(server.session().loggedIn());
        QVERIFY(server.actions().last().startsWith("send #File f sent"));
    }
    server.receive("AUTH pw\nAUTH wrong\nFILE f\n");
    QVERIFY(server.closed());
    QCOMPARE(server.actions().sliced(server.actions().size() - 2),
             QByteArrayList({"send " + classic::badPassword, "close"}));
}

void TestServerSession::whatFollowsHelloIsLeftForTheOtherDialect()
{
    const QByteArray rest = "LOGIN x\r\n\xFF\xFB\r";
    ClassicServerSession session;
    session.nextAction();
    session.receive("\r\nHELLO ferry/1\r\n" + rest);
    const ServerAction action = session.nextAction();
    QCOMPARE(action.kind, Kind::Hello);
    QCOMPARE(action.bytes, "HELLO ferry/1");
    QCOMPARE(session.strangerBytes(), 17);
    QCOMPARE(session.takeRest(), rest);
    QCOMPARE(session.takeRest(), "");
}

void TestServerSession::aFileThatIsCutShortClosesWithoutAWord()
{
    ScriptedServer server("pw", {{"f", "half"}});
    server.setCutShort("f");
    server.receive("AUTH pw\n");
    server.takeOutput();
    server.receive("FILE f\nFILE f\n");
    QCOMPARE(server.takeOutput(), "half");
    QVERIFY(server.closed());
}

void TestServerSession::commandsWaitUntilTheOneBeforeIsDone()
{
    ClassicServerSession session;
    session.nextAction();
    session.receive("AUTH pw\nFILE a\nFILE b\nQUIT\n");
    QCOMPARE(session.nextAction().kind, Kind::CheckPassword);
    session.passwordChecked(true);
    QCOMPARE(session.nextAction().bytes, classic::loggedIn);
    ServerAction action = session.nextAction();
    QCOMPARE(action.kind, Kind::OpenFile);
    QCOMPARE(action.bytes, "a");
    session.fileOpened();
    QCOMPARE(session.nextAction().kind, Kind::SendFile);
    QVERIFY(session.waitsForAnswer());
    session.fileSent();
    QVERIFY(!session.waitsForAnswer());
    QCOMPARE(session.nextAction().bytes, classic::fileSent("a"));
    action = session.nextAction();
    QCOMPARE(action.kind, Kind::OpenFile);
    QCOMPARE(action.bytes, "b");
    session.fileNotOpened();
    QCOMPARE(session.nextAction().bytes, classic::fileNotOpened("b"));
    QCOMPARE(session.nextAction().kind, Kind::Close);
}

void TestServerSession::theEndOfInputComesAfterTheCommandsBeforeIt()
{
    ClassicServerSession session;
    session.nextAction();
    session.receive("AUTH pw\nFILE a\nFILE b");
    session.receiveEnd();
    QCOMPARE(session.nextAction().kind, Kind::CheckPassword);
    session.passwordChecked(true);
    QCOMPARE(session.nextAction().bytes, classic::loggedIn);
    QCOMPARE(session.nextAction().kind, Kind::OpenFile);
    session.fileNotOpened();
    QCOMPARE(session.nextAction().bytes, classic::fileNotOpened("a"));
    QCOMPARE(session.nextAction().kind, Kind::Close);
    QVERIFY(!session.saidGoodbye());
}

void TestServerSession::aThousandCommandsInASegmentAreAnsweredInOrder()
{
    QByteArray segment("AUTH pw\n");
    QByteArray expected = classic::greeting + classic::loggedIn;
    for (int i = 0; i < 1000; ++i) {
        const QByteArray name = QByteArray::number(i);
        segment += i % 3 == 0 ? QByteArray("NONSENSE\r\n") : classic::file(name);
        expected += i % 3 == 0 ? classic::invalidCommand : classic::fileNotOpened(name);
    }
    ScriptedServer server("pw");
    server.receive(segment);
    QCOMPARE(server.takeOutput(), expected);
    QVERIFY(!server.closed());
}

/// One reply per nextAction(), made when it is asked for: a segment of junk costs its bytes.
void TestServerSession::aMillionLinesOfJunkQueueNothing()
{
    ClassicServerSession session;
    session.nextAction();
    session.receive("AUTH pw\n");
    session.nextAction();
    session.passwordChecked(true);
    session.nextAction();
    session.receive(QByteArray("x\n").repeated(1'000'000));
    for (int i = 0; i < 1'000'000; ++i) {
        const ServerAction action = session.nextAction();
        if (action.kind != Kind::Send || action.bytes != classic::invalidCommand)
            QFAIL("a line without its reply");
    }
    QCOMPARE(session.nextAction().kind, Kind::Receive);
}

void TestServerSession::strangersMaySayOnlySoMuch()
{
    const QByteArray line("AUTHENTICATE\n");
    for (const qsizetype extra : {0, 1}) {
        QByteArray bytes = line.repeated(int(limits::bytesBeforeLogin / line.size()));
        bytes.append(limits::bytesBeforeLogin + extra - bytes.size(), 'x');
        for (const qsizetype piece : {qsizetype(1), qsizetype(1000), bytes.size()}) {
            ScriptedServer server("pw");
            for (qsizetype at = 0; at < bytes.size(); at += piece)
                server.receive(bytes.mid(at, piece));
            QCOMPARE(server.closed(), extra == 1);
            QCOMPARE(server.takeOutput().endsWith("!Too much before login.\r\n"), extra == 1);
        }
    }
}

void TestServerSession::bytesAfterLoginAreNotCounted()
{
    const QByteArray commands = classic::file("missing").repeated(10'000);
    QVERIFY(commands.size() > limits::bytesBeforeLogin);
    ScriptedServer server("pw");
    server.receive("AUTH pw\n" + commands);
    QVERIFY(!server.closed());
    QVERIFY(server.takeOutput().endsWith(classic::fileNotOpened("missing")));
}

void TestServerSession::swallowedBytesCountBeforeLoginToo()
{
    for (const char *swallowed : {"\n", "\r\n", "\xFF\xF1", "\xFF\xFB\x01"}) {
        ScriptedServer server("pw");
        server.receive(QByteArray(swallowed).repeated(int(limits::bytesBeforeLogin)));
        server.receive("AUTH pw\n");
        QVERIFY(server.closed());
        QCOMPARE(server.takeOutput(), classic::greeting + classic::tooMuchBeforeLogin);
    }
}

FERRY_TEST(TestServerSession)
#include "tst_classicserversession.moc"
