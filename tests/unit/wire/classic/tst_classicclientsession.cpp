// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "wire/classic/classicclientsession.h"
#include "wire/classic/codec.h"
#include "wire/limits.h"

#include <QTest>

using namespace ferry;
using Kind = ClassicClientEvent::Kind;

/// The client against a server that is written down piece by piece.
class TestClassicClientSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void greetingsAndLoginsAreUnderstood_data();
    void greetingsAndLoginsAreUnderstood();
    void answersAreUnderstood_data();
    void answersAreUnderstood();
    void onlyTheTailIsHeldBack();
    void aStallIsNoEndUnlessTheTrailerWasLast();
    void aFileThatHasBegunIsNeverMissing();
    void theProbeIsSentOncePerFile();
    void whatCannotBeSaidIsNotSent();
    void bytesNobodyAskedForMakeItUnusable_data();
    void bytesNobodyAskedForMakeItUnusable();
    void quitEndsIt();
    void callsAfterTheEndDoNothing();
};

namespace {

const char *const kindNames[] = {"receive", "send", "greeted", "in",        "bad",
                                 "bytes",   "end",  "missing", "violation", "cut short"};

/// Everything there is to do, as text; bytes of a file in a row as one.
QByteArray drain(ClassicClientSession &session)
{
    QByteArrayList events;
    bool inBytes = false;
    for (;;) {
        const ClassicClientEvent event = session.nextEvent();
        if (event.kind == Kind::Receive)
            break;
        if (event.kind == Kind::FileBytes && inBytes)
            events.last() += event.bytes;
        else
            events += kindNames[int(event.kind)] + QByteArray(event.bytes.isEmpty() ? "" : " ") +
                      event.bytes;
        inBytes = event.kind == Kind::FileBytes;
        if (event.kind == Kind::CutShort)
            break;
    }
    return events.join('|');
}

/// Gives the pieces to the session; EOF and SILENCE stand for themselves.
QByteArray play(ClassicClientSession &session, const QByteArrayList &pieces)
{
    QByteArrayList events;
    const auto note = [&] {
        const QByteArray said = drain(session);
        if (!said.isEmpty())
            events += said;
    };
    for (const QByteArray &piece : pieces) {
        if (piece == "EOF")
            session.receiveEnd();
        else if (piece == "SILENCE")
            session.silence();
        else
            session.receive(piece);
        note();
    }
    return events.join('|');
}

ClassicClientSession loggedIn(const QByteArray &lineEnd = "\r\n")
{
    ClassicClientSession session;
    session.receive("#Server Ready." + lineEnd);
    drain(session);
    session.login("pw");
    drain(session);
    session.receive("#You are logged in." + lineEnd);
    drain(session);
    return session;
}

} // namespace

void TestClassicClientSession::greetingsAndLoginsAreUnderstood_data()
{
    QTest::addColumn<QByteArrayList>("greeting");
    QTest::addColumn<QByteArrayList>("reply"); // empty: no login
    QTest::addColumn<QByteArray>("events");
    QTest::addColumn<bool>("usable");
    const auto row = [](const char *name, const QByteArrayList &greeting,
                        const QByteArrayList &reply, const char *events, bool usable) {
        QTest::newRow(name) << greeting << reply << QByteArray(events) << usable;
    };
    row("as in the tutorial", {"#Server Ready.\r\n"}, {"#You are logged in.\r\n"},
        "greeted #Server Ready.|send AUTH pw\r\n|in #You are logged in.", true);
    row("LF only", {"#Server Ready.\n"}, {"#You are logged in.\n"},
        "greeted #Server Ready.|send AUTH pw\r\n|in #You are logged in.", true);
    row("in pieces", {"#", "Server Ready.\r", "\n"}, {"#You", " are", " in\r", "\n"},
        "greeted #Server Ready.|send AUTH pw\r\n|in #You are in", true);
    row("other words", {"#Hi\r\n"}, {"#Welcome\r\n"}, "greeted #Hi|send AUTH pw\r\n|in #Welcome",
        true);
    row("wrong password", {"#Hi\n"}, {"!Bad password.\n"},
        "greeted #Hi|send AUTH pw\r\n|bad !Bad password.", true);
    row("timed out at login", {"#Hi\n"}, {"!Timed out.\n"},
        "greeted #Hi|send AUTH pw\r\n|violation !Timed out.|cut short", false);
    row("locked out at login", {"#Hi\n"}, {"!Too many failed logins, wait 5 s.\n"},
        "greeted #Hi|send AUTH pw\r\n|violation !Too many failed logins, wait 5 s.|cut short",
        false);
    row("stopping at login", {"#Hi\n"}, {"!Server is stopping.\n"},
        "greeted #Hi|send AUTH pw\r\n|violation !Server is stopping.|cut short", false);
    row("busy at login", {"#Hi\n"}, {"!Too many logins at once.\n"},
        "greeted #Hi|send AUTH pw\r\n|violation !Too many logins at once.|cut short", false);
    row("login answered by neither", {"#Hi\n"}, {"230 OK\n"},
        "greeted #Hi|send AUTH pw\r\n|violation 230 OK|cut short", false);
    row("login answered by the end", {"#Hi\n"}, {"#You are", "EOF"},
        "greeted #Hi|send AUTH pw\r\n|cut short", false);
    row("full", {"!Server is full.\r\n"}, {}, "violation !Server is full.|cut short", false);
    row("another protocol", {"SSH-2.0-x\r\nmore"}, {}, "violation SSH-2.0-x|cut short", false);
    row("another protocol, no line", {"220 x", "EOF"}, {}, "violation 220 x|cut short", false);
    row("binary", {QByteArray("#\0\1\2", 4)}, {}, "violation #\1\2|cut short", false);
    row("an empty line", {"\r\n"}, {}, "violation|cut short", false);
    row("closed at once", {"EOF"}, {}, "cut short", false);
    row("closed in mid-greeting", {"#Serv", "EOF"}, {}, "cut short", false);
    row("more than a greeting", {"#Hi\r\n#Ho\r\n"}, {}, "greeted #Hi", false);
    row("more than a greeting, later", {"#Hi\r\n", "#Ho\r\n"}, {}, "greeted #Hi", false);
    row("more than a reply", {"#Hi\r\n"}, {"#in\r\nx"}, "greeted #Hi|send AUTH pw\r\n|in #in",
        false);
    QTest::newRow("endless greeting")
        << QByteArrayList{'#' + QByteArray(3000, 'x'), QByteArray(3000, 'x')} << QByteArrayList{}
        << "violation #" + QByteArray(limits::lineBytes - 1, 'x') + "|cut short" << false;
}

void TestClassicClientSession::greetingsAndLoginsAreUnderstood()
{
    QFETCH(QByteArrayList, greeting);
    QFETCH(QByteArrayList, reply);
    QFETCH(QByteArray, events);
    QFETCH(bool, usable);
    ClassicClientSession session;
    QByteArray said = play(session, greeting);
    if (!reply.isEmpty()) {
        QVERIFY(session.idle());
        session.login("pw");
        said += '|' + drain(session);
        said += '|' + play(session, reply);
    }
    said.replace(QByteArray("\0", 1), "");
    QCOMPARE(said, events);
    QCOMPARE(session.usable(), usable);
}

void TestClassicClientSession::answersAreUnderstood_data()
{
    QTest::addColumn<QByteArrayList>("pieces");
    QTest::addColumn<QByteArray>("events");
    QTest::addColumn<bool>("usable");

    // P and Q in the tables: the path asked for and the name of the probe.
    const auto row = [](const char *name, const QByteArrayList &pieces, const char *events,
                        bool usable) {
        QTest::newRow(name) << pieces << QByteArray(events) << usable;
    };
    const QByteArray sent = "#File P sent successfully.\r\n";
    const QByteArray missing = "!File P could not be opened.\r\n";
    const QByteArray answer = "!File Q could not be opened.\r\n";

    row("text", {"hello\n" + sent, answer}, "send FILE Q\r\n|bytes hello\n|end", true);
    row("text without a line end", {"hello" + sent, answer}, "send FILE Q\r\n|bytes hello|end",
        true);
    row("empty", {sent, answer}, "send FILE Q\r\n|end", true);
    row("missing", {missing, answer}, "send FILE Q\r\n|missing !File P could not be opened.", true);
    row("trailer in pieces", {"hello#File", " P sent succ", "essfully.\r", "\n", answer},
        "send FILE Q\r\n|bytes hello|end", true);
    row("answer in pieces", {"hello" + sent, "!File Q could", " not be opened.\r", "\n"},
        "send FILE Q\r\n|bytes hello|end", true);
    row("missing in pieces",
        {"!", "File P could not be opened.\r", "\n", "!File Q could not be opened.", "\r\n"},
        "send FILE Q\r\n|missing !File P could not be opened.", true);

    // The file holds the dialect's own words.
    row("trailer in the middle, cut there", {"a" + sent, "b" + sent, answer},
        "send FILE Q\r\n|bytes a#File P sent successfully.\r\nb|end", true);
    row("trailer in the middle, not cut there", {"a" + sent + "b" + sent, answer},
        "send FILE Q\r\n|bytes a#File P sent successfully.\r\nb|end", true);
    row("trailer in the middle, answer with the end", {"a" + sent, "b" + sent + answer},
        "send FILE Q\r\n|bytes a#File P sent successfully.\r\nb|end", true);
    row("trailer at the end", {"a" + sent + sent, answer},
        "send FILE Q\r\n|bytes a#File P sent successfully.\r\n|end", true);
    row("trailer at the end, cut there", {"a" + sent, sent, answer},
        "send FILE Q\r\n|bytes a#File P sent successfully.\r\n|end", true);
    row("nothing but the trailer", {sent, sent, answer},
        "send FILE Q\r\n|bytes #File P sent successfully.\r\n|end", true);
    row("trailer with the other line end", {"#File P sent successfully.\n", sent, answer},
        "send FILE Q\r\n|bytes #File P sent successfully.\n|end", true);
    row("nothing but the not-found line", {missing + sent, answer},
        "send FILE Q\r\n|bytes !File P could not be opened.\r\n|end", true);
    row("nothing but the not-found line, cut there", {missing, sent, answer},
        "send FILE Q\r\n|bytes !File P could not be opened.\r\n|end", true);
    row("begins with the not-found line", {missing, "more" + sent, answer},
        "send FILE Q\r\n|bytes !File P could not be opened.\r\nmore|end", true);
    row("begins with !", {"!a\r\n", "b" + sent, answer}, "send FILE Q\r\n|bytes !a\r\nb|end", true);
    row("begins with #", {"#a\r\n", "b" + sent, answer}, "send FILE Q\r\n|bytes #a\r\nb|end", true);
    row("an ! line after the trailer's text", {sent + "!a\r\n", "b" + sent, answer},
        "send FILE Q\r\n|bytes #File P sent successfully.\r\n!a\r\nb|end", true);
    row("the trailer of another file", {"#File X sent successfully.\r\n", sent, answer},
        "send FILE Q\r\n|bytes #File X sent successfully.\r\n|end", true);

    // Servers that do not answer the probe.
    row("silence", {"a" + sent, "SILENCE"}, "send FILE Q\r\n|bytes a|end", false);
    row("silence, missing", {missing, "SILENCE"},
        "send FILE Q\r\n|missing !File P could not be opened.", false);
    row("silence, then the answer", {"a" + sent, "SILENCE", answer}, "send FILE Q\r\n|bytes a|end",
        false);
    row("silence after another line", {"a" + sent, "!Invalid command.\r\n", "SILENCE"},
        "send FILE Q\r\n|bytes a|end", false);
    row("silence after another line, missing", {missing, "!Invalid command.\r\n", "SILENCE"},
        "send FILE Q\r\n|missing !File P could not be opened.", false);
    row("closed after the trailer", {"a" + sent, "EOF"}, "send FILE Q\r\n|bytes a|end|cut short",
        false);
    row("closed with the trailer in pieces", {"a#File P sent", " successfully.\r\n", "EOF"},
        "send FILE Q\r\n|bytes a|end|cut short", false);
    row("closed after the not-found line", {missing, "EOF"},
        "send FILE Q\r\n|missing !File P could not be opened.|cut short", false);
    row("closed after another line", {"a" + sent, "!Timed out.\r\n", "EOF"},
        "send FILE Q\r\n|bytes a|end|cut short", false);

    // A server that stops says so after a file, in the place of an answer, or of the probe's.
    const QByteArray stopping = "!Server is stopping.\r\n";
    row("stopping after the trailer", {"a" + sent, stopping, "EOF"},
        "send FILE Q\r\n|bytes a|end|cut short", false);
    row("stopping right after the trailer", {"a" + sent + stopping, "EOF"}, "bytes a|end|cut short",
        false);
    row("stopping instead of a file", {stopping, "EOF"},
        "send FILE Q\r\n|violation !Server is stopping.|cut short", false);
    row("stopping in the middle of a file", {"a" + stopping, "EOF"}, "cut short", false);

    // No end at all.
    row("closed at once", {"EOF"}, "cut short", false);
    row("closed in the file", {"abc", "EOF"}, "cut short", false);
    row("closed in the trailer", {"abc#File P sent successfully.", "EOF"}, "cut short", false);
    row("closed after the trailer's text and more", {"abc" + sent, "d", "EOF"},
        "send FILE Q\r\n|cut short", false);
    row("closed within the answer", {"abc" + sent, "!File", "EOF"}, "send FILE Q\r\n|cut short",
        false);
    row("closed after two lines", {"abc" + sent, "!a\r\n!b\r\n", "EOF"},
        "send FILE Q\r\n|cut short", false);
    row("refused, closed", {"!You are not logged in.\r\n", "EOF"}, "send FILE Q\r\n|cut short",
        false);

    // Servers that break the rules.
    row("refused", {"!You are not logged in.\r\n", "!You are not logged in.\r\n", "SILENCE"},
        "send FILE Q\r\n|violation !You are not logged in.|cut short", false);
    row("refused, probe answered", {"!No.\r\n", answer}, "send FILE Q\r\n|violation !No.|cut short",
        false);
    row("no trailer, probe answered", {"a" + sent, "b", answer},
        "send FILE Q\r\n|violation a#File P sent successfully.|cut short", false);
}

void TestClassicClientSession::answersAreUnderstood()
{
    QFETCH(QByteArrayList, pieces);
    QFETCH(QByteArray, events);
    QFETCH(bool, usable);
    for (const char *const lineEnd : {"\r\n", "\n"}) {
        const bool lfOnly = qstrlen(lineEnd) == 1;
        if (lfOnly && qstrcmp(QTest::currentDataTag(), "trailer with the other line end") == 0)
            continue; // it is no other
        QByteArrayList cut = pieces;
        QByteArray expected = events;
        if (lfOnly) {
            for (QByteArray &piece : cut)
                piece.replace("\r\n", "\n").replace("\r", "");
            expected.replace("\r\n", "\n").replace("send FILE Q\n", "send FILE Q\r\n");
        }
        ClassicClientSession session = loggedIn(lineEnd);
        session.requestFile("P", "Q");
        QCOMPARE(drain(session), "send FILE P\r\n");
        QCOMPARE(play(session, cut), expected);
        QCOMPARE(session.usable(), usable);
        QVERIFY(!session.probing());
        QCOMPARE(session.idle(), !expected.endsWith("cut short"));
    }
}

void TestClassicClientSession::onlyTheTailIsHeldBack()
{
    ClassicClientSession session = loggedIn();
    session.requestFile("P", "Q");
    drain(session);
    qsizetype given = 0;
    qsizetype received = 0;
    for (const qsizetype size : {1, 100, 4096, 100'000, 3, 262'144}) {
        session.receive(QByteArray(size, 'x'));
        received += size;
        for (ClassicClientEvent event = session.nextEvent(); event.kind != Kind::Receive;
             event = session.nextEvent()) {
            QCOMPARE(event.kind, Kind::FileBytes);
            given += event.bytes.size();
        }
        QVERIFY(received - given <= limits::lineBytes + 100);
    }
    session.receive(classic::fileSent("P"));
    session.receive(classic::fileNotOpened("Q"));
    for (ClassicClientEvent event = session.nextEvent(); event.kind != Kind::Receive;
         event = session.nextEvent())
        given += event.kind == Kind::FileBytes ? event.bytes.size() : 0;
    QCOMPARE(given, received);
}

void TestClassicClientSession::aStallIsNoEndUnlessTheTrailerWasLast()
{
    ClassicClientSession session = loggedIn();
    session.requestFile("P", "Q");
    drain(session);
    session.receive("abc");
    QVERIFY(!session.probing());
    session.silence();
    session.receive(classic::fileSent("P"));
    QVERIFY(session.probing());
    QCOMPARE(drain(session), "send FILE Q\r\n");
    session.receive("d");
    QVERIFY(!session.probing());
    session.silence();
    session.receive("\r\n!e\r\n");
    QVERIFY(!session.probing());
    session.silence();
    QCOMPARE(drain(session), "");
    QVERIFY(session.usable());
    session.receive(classic::fileSent("P"));
    QVERIFY(session.probing());
    session.receive("!File Q could");
    QVERIFY(!session.probing());
    session.silence();
    session.receive(" not be opened.\r\n");
    QCOMPARE(drain(session), "bytes abc" + classic::fileSent("P") + "d\r\n!e\r\n|end");
    QVERIFY(session.usable());
}

/// Content that was given out counts, even if all that is held back reads like a not-found line
/// and a line in the place of the probe's answer.
void TestClassicClientSession::aFileThatHasBegunIsNeverMissing()
{
    ClassicClientSession session = loggedIn();
    session.requestFile("P", "Q");
    drain(session);
    session.receive(QByteArray(10'000, 'x') + classic::fileSent("P"));
    drain(session);
    session.receive(classic::fileNotOpened("P") + '!' + QByteArray(limits::lineBytes - 1, 'y') +
                    "\r\n");
    drain(session);
    QVERIFY(!session.probing());
    session.silence();
    QCOMPARE(drain(session), "");
    session.receiveEnd();
    QCOMPARE(drain(session), "cut short");
}

void TestClassicClientSession::theProbeIsSentOncePerFile()
{
    ClassicClientSession session = loggedIn();
    for (const char *probe : {"Q1", "Q2"}) {
        session.requestFile("P", probe);
        QCOMPARE(drain(session), "send FILE P\r\n");
        for (int i = 0; i < 5; ++i)
            session.receive(classic::fileSent("P"));
        session.receive(classic::fileNotOpened(probe));
        QCOMPARE(drain(session), "send FILE " + QByteArray(probe) + "\r\n|bytes " +
                                     classic::fileSent("P").repeated(4) + "|end");
        QVERIFY(session.idle() && session.usable());
    }
}

void TestClassicClientSession::whatCannotBeSaidIsNotSent()
{
    ClassicClientSession session = loggedIn();
    session.requestFile("a\nQUIT", "Q");
    QCOMPARE(drain(session), "missing");
    session.requestFile(QByteArray(limits::lineBytes, 'x'), "Q");
    QCOMPARE(drain(session), "missing");
    session.login("");
    QCOMPARE(drain(session), "bad");
    QVERIFY(session.idle() && session.usable());
}

void TestClassicClientSession::bytesNobodyAskedForMakeItUnusable_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a line") << QByteArray("!Timed out.\r\n");
    QTest::newRow("a byte") << QByteArray("x");
}

void TestClassicClientSession::bytesNobodyAskedForMakeItUnusable()
{
    QFETCH(QByteArray, bytes);
    ClassicClientSession session = loggedIn();
    session.receive({});
    QVERIFY(session.usable());
    session.receive(bytes);
    QVERIFY(!session.usable());
    QCOMPARE(drain(session), "");
}

void TestClassicClientSession::quitEndsIt()
{
    ClassicClientSession session = loggedIn();
    session.quit();
    QVERIFY(!session.usable());
    QCOMPARE(drain(session), "send QUIT\r\n|cut short");
    session.quit();
    QCOMPARE(drain(session), "cut short");
}

/// The end may be noticed before the events from before it are taken; the calls that answer
/// those are then too late, not wrong.
void TestClassicClientSession::callsAfterTheEndDoNothing()
{
    ClassicClientSession session;
    session.receive("#Server Ready.\r\n");
    session.receiveEnd();
    QCOMPARE(session.nextEvent().kind, Kind::Greeted);
    session.login("pw");
    session.requestFile("P", "Q");
    session.receive("#x\r\n");
    session.silence();
    QCOMPARE(session.nextEvent().kind, Kind::CutShort);
    QCOMPARE(session.nextEvent().kind, Kind::CutShort);
}

FERRY_TEST(TestClassicClientSession)
#include "tst_classicclientsession.moc"
