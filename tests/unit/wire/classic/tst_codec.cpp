// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "wire/classic/codec.h"
#include "wire/classic/telnetfilter.h"
#include "wire/goodbye.h"
#include "wire/limits.h"
#include "wire/receivebuffer.h"

#include <QTest>

using namespace ferry;
Q_DECLARE_METATYPE(ferry::Verb)

class TestCodec : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesBecomeCommands_data();
    void linesBecomeCommands();
    void httpIsRecognised_data();
    void httpIsRecognised();
    void repliesAreFixedToTheByte();
    void theLinesBeforeHangingUpAreKnown();
    void whatAClientSendsIsWhatAServerReads_data();
    void whatAClientSendsIsWhatAServerReads();
    void whatCannotBeSentIsKnown_data();
    void whatCannotBeSentIsKnown();
    void aNoteIsOneLine_data();
    void aNoteIsOneLine();
};

void TestCodec::linesBecomeCommands_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Verb>("verb");
    QTest::addColumn<bool>("hasArgument");
    QTest::addColumn<QByteArray>("argument");
    const auto row = [](const QByteArray &line, Verb verb) {
        QTest::newRow('"' + line.simplified() + "\" " + QByteArray::number(line.size()))
            << line << verb << false << QByteArray();
    };
    const auto rowWith = [](const QByteArray &line, Verb verb, const QByteArray &argument) {
        QTest::newRow('"' + line.simplified() + "\" " + QByteArray::number(line.size()))
            << line << verb << true << argument;
    };
    row("AUTH", Verb::Auth);
    row("file", Verb::File);
    row("qUiT", Verb::Quit);
    row("", Verb::Unknown);
    row("FIL", Verb::Unknown);
    row("FILES", Verb::Unknown);
    row("QUIT\r", Verb::Unknown);
    row("FILE\tx", Verb::Unknown);
    row("\xEF\xBC\xA6ILE", Verb::Unknown); // a full-width F
    rowWith("AUTH pw", Verb::Auth, "pw");
    rowWith("AUTH ", Verb::Auth, "");
    rowWith("auth  pw ", Verb::Auth, " pw ");
    rowWith("FILE a b  c", Verb::File, "a b  c");
    rowWith("FILE \xFF\t\r", Verb::File, "\xFF\t\r");
    rowWith("QUIT ", Verb::Quit, "");
    rowWith("QUIT now", Verb::Quit, "now");
    rowWith(" QUIT", Verb::Unknown, "QUIT");
    rowWith("hello ferry/1 a=b", Verb::Hello, "ferry/1 a=b");
    rowWith("HELO you", Verb::Unknown, "you");
}

void TestCodec::linesBecomeCommands()
{
    QFETCH(QByteArray, line);
    QFETCH(Verb, verb);
    QFETCH(bool, hasArgument);
    QFETCH(QByteArray, argument);
    const Command command = parseCommand(line);
    QCOMPARE(command.verb, verb);
    QCOMPARE(command.argument.has_value(), hasArgument);
    QCOMPARE(command.argument.value_or(QByteArray()), argument);
}

void TestCodec::httpIsRecognised_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("http");
    for (const char *line :
         {"GET / HTTP/1.1", "get /a HTTP/1.0", "PRI * HTTP/2.0", "CONNECT a:443 HTTP/1.1",
          "POST /a b HTTP/1.1", "GET http://a/ HTTP/1", "OPTIONS * HTTP/1.1 "})
        QTest::newRow(line) << QByteArray(line) << true;
    for (const char *line :
         {"GET /", "GET HTTP/1.1", "GET / HTTP/", "GET / HTTP/x", "G3T / HTTP/1.1", " / HTTP/1.1",
          "HTTP/1.1", "GET / http/1.1", "", " "})
        QTest::newRow(line) << QByteArray(line) << false;
}

void TestCodec::httpIsRecognised()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, http);
    QCOMPARE(looksLikeHttp(line), http);
}

void TestCodec::repliesAreFixedToTheByte()
{
    QCOMPARE(classic::greeting, "#Server Ready.\r\n");
    QCOMPARE(classic::loggedIn, "#You are logged in.\r\n");
    QCOMPARE(classic::badPassword, "!Bad password.\r\n");
    QCOMPARE(classic::notLoggedIn, "!You are not logged in.\r\n");
    QCOMPARE(classic::invalidCommand, "!Invalid command.\r\n");
    QCOMPARE(classic::fileSent("c:\\a b"), "#File c:\\a b sent successfully.\r\n");
    QCOMPARE(classic::fileNotOpened("\xFF"), "!File \xFF could not be opened.\r\n");
    for (const QByteArray &reply :
         {classic::lineTooLong, classic::lineHoldsNul, classic::tooMuchBeforeLogin,
          classic::serverFull, classic::serverStopping, classic::timedOut}) {
        QVERIFY(reply.startsWith('!'));
        QVERIFY(reply.endsWith(".\r\n"));
        QCOMPARE(reply.count('\n'), 1);
    }
}

void TestCodec::theLinesBeforeHangingUpAreKnown()
{
    for (const QByteArray &line :
         {classic::serverFull, classic::serverStopping, classic::timedOut,
          classic::tooMuchBeforeLogin, classic::tooBusy, classic::mustWait(5)})
        QVERIFY2(isGoodbye(QByteArrayView(line).chopped(2)), line.constData());
    for (const QByteArray &line : {classic::invalidCommand, classic::badPassword,
                                   classic::notLoggedIn, classic::fileNotOpened("a")})
        QVERIFY2(!isGoodbye(QByteArrayView(line).chopped(2)), line.constData());
}

void TestCodec::whatAClientSendsIsWhatAServerReads_data()
{
    QTest::addColumn<QByteArray>("argument");
    QTest::newRow("plain") << QByteArray("/a/b.txt");
    QTest::newRow("spaces") << QByteArray(" a  b ");
    QTest::newRow("UTF-8") << QByteArray("\xC3\xA4/\xE2\x80\xA6");
    QTest::newRow("telnet bytes") << QByteArray("\xFF\xFB\x01\xFF\xFF\xFA");
    QTest::newRow("CR inside") << QByteArray("a\rb");
    QTest::newRow("longest") << QByteArray(limits::lineBytes - 5, '\xFF');
}

void TestCodec::whatAClientSendsIsWhatAServerReads()
{
    QFETCH(QByteArray, argument);
    QVERIFY(classic::canBeSent(argument));
    TelnetFilter filter;
    ReceiveBuffer buffer;
    buffer.append(filter.filter(classic::auth(argument) + classic::file(argument) + classic::quit));
    Command command = parseCommand(buffer.takeLine().line);
    QCOMPARE(command.verb, Verb::Auth);
    QCOMPARE(command.argument.value(), argument);
    command = parseCommand(buffer.takeLine().line);
    QCOMPARE(command.verb, Verb::File);
    QCOMPARE(command.argument.value(), argument);
    command = parseCommand(buffer.takeLine().line);
    QCOMPARE(command.verb, Verb::Quit);
    QVERIFY(!command.argument.has_value());
    QCOMPARE(buffer.size(), 0);
}

void TestCodec::whatCannotBeSentIsKnown_data()
{
    QTest::addColumn<QByteArray>("argument");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("LF") << QByteArray("a\nQUIT");
    QTest::newRow("CR at the end") << QByteArray("a\r");
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("CR NUL") << QByteArray("a\r\0b", 4);
    QTest::newRow("too long") << QByteArray(limits::lineBytes - 4, 'x');
}

void TestCodec::whatCannotBeSentIsKnown()
{
    QFETCH(QByteArray, argument);
    QVERIFY(!classic::canBeSent(argument));
}

void TestCodec::aNoteIsOneLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("line ends") << QByteArray("a\r\n#server: b\n\r#c");
    QTest::newRow("other line ends") << QByteArray("a\u2028b\u2029c\u0085d");
    QTest::newRow("commands of a terminal") << QByteArray("\x1b[2J\u009b2J\x07\x7f\b");
    QTest::newRow("turned round") << QByteArray("\u202egpj.exe\u2066\u200f\u061c");
}

void TestCodec::aNoteIsOneLine()
{
    QFETCH(QByteArray, text);
    extended::Note note;
    note.from = {extended::Party::Kind::Session, 12};
    note.name = text + '\xff'; // no UTF-8, and a command of telnet
    note.text = text;
    note.gift = extended::GiftPath{12, 7, text};
    for (const extended::Note::Kind kind :
         {extended::Note::Kind::Message, extended::Note::Kind::Gift, extended::Note::Kind::Taken,
          extended::Note::Kind::Notice}) {
        note.kind = kind;
        const QByteArray line = classic::note(note);
        QVERIFY(line.startsWith('#') && line.endsWith("\r\n") && !line.contains('\xff'));
        for (const QChar c : QString::fromUtf8(line.chopped(2))) {
            QVERIFY(c.category() != QChar::Other_Control);
            QVERIFY(!QStringLiteral("\u2028\u2029\u202e\u2066\u200f\u061c").contains(c));
        }
    }
}

FERRY_TEST(TestCodec)
#include "tst_codec.moc"
