// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "wire/extended/extended.h"

#include <QTest>

using namespace ferry;
using namespace ferry::extended;

class TestExtended : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void requestsSurviveTheWire_data();
    void requestsSurviveTheWire();
    void badRequestsAreRefused_data();
    void badRequestsAreRefused();
    void unknownFieldsAreIgnored();
    void fieldsOfOtherRequestsAreRefused();
    void namesMayHoldRawBytes();
    void verbsMayBeInAnyCase();
    void numbersAreStrict_data();
    void numbersAreStrict();
    void entriesSurviveTheWire();
    void hostileEntriesAreRefused_data();
    void hostileEntriesAreRefused();
    void whatIsLeftOutSurvivesTheWire_data();
    void whatIsLeftOutSurvivesTheWire();
    void hostileNamesOfWhatIsLeftOutAreRefused_data();
    void hostileNamesOfWhatIsLeftOutAreRefused();
    void factsMustFitTogether_data();
    void factsMustFitTogether();
    void everyServerLineIsAReply();
};

void TestExtended::requestsSurviveTheWire_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line : {"HELLO ferry/1",
                             "HELLO ferry/1 agent=Ferry%20Client/1",
                             "HELLO ferry/1 agent=a name=Anna%20B can=X,REASONS",
                             "LOGIN SCRAM-SHA-256-PLUS cD0=",
                             "RESPONSE YWJj",
                             "RESPONSE *",
                             "LIST /",
                             "LIST /a/b limit=10 after=x%20y",
                             "LIST /a/b skipped=yes",
                             "LIST / limit=10 after=x skipped=yes",
                             "TREE /",
                             "TREE /a%25b",
                             "GET /a/b",
                             "GET /a/b offset=5 length=0 id=i1-s2-m3",
                             "GET /a offset=5 most=7",
                             "SUM /a offset=9223372036854775807",
                             "SUM /a length=12",
                             "RECEIPT /a/b id=i1 sum=xxh3:0123456789abcdef0123456789abcdef",
                             "RECEIPTS first=1 count=1 sum=xxh3:0123456789abcdef0123456789abcdef",
                             "RECEIPTS first=9223372036854775806 count=1 "
                             "sum=xxh3:0123456789abcdef0123456789abcdef",
                             "PUT /a/b%20c size=0 upload=0-f",
                             "PUT /a/b size=9007199254740992 mtime=-1 upload=1",
                             "PUT /a/b size=1048576 upload=1 follows=yes",
                             "PUT /a/b kind=d",
                             "PUT /a/b kind=d mtime=5",
                             "DATA 1",
                             "DATA 1048576",
                             "END sum=xxh3:0123456789abcdef0123456789abcdef",
                             "ABORT",
                             "ABORT drop=yes",
                             "PING",
                             "PING hello",
                             "CANCEL",
                             "QUIT"})
        QTest::newRow(line) << QByteArray(line);
}

void TestExtended::requestsSurviveTheWire()
{
    QFETCH(QByteArray, line);
    const ParsedRequest parsed = parseRequest(line);
    QVERIFY2(parsed.request, parsed.refusal);
    QCOMPARE(requestLine(*parsed.request), line + "\r\n");
}

void TestExtended::badRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char *line, const char *token) {
        QTest::newRow(line) << QByteArray(line) << QByteArray(token);
    };
    row("NOSUCH", "UNKNOWN");
    row(" GET /a", "UNKNOWN");
    row("FILE /a", "UNKNOWN");
    row("AUTH pw", "UNKNOWN");
    row("HELLO", "SYNTAX");
    row("HELLO ferry/2", "VERSION");
    row("HELLO http/1.1", "VERSION");
    row("HELLO ferry/1 agent=%zz", "SYNTAX");
    row("HELLO ferry/1 box=", "SYNTAX");
    row("HELLO ferry/1 box=A", "SYNTAX");
    row("LOGIN", "SYNTAX");
    row("LOGIN PLAIN", "SYNTAX");
    row("LOGIN PLAIN !!", "SYNTAX");
    row("LOGIN PL\rAIN YQ==", "SYNTAX");
    row("RESPONSE", "SYNTAX");
    row("RESPONSE **", "SYNTAX");
    row("GET", "SYNTAX");
    row("GET a", "SYNTAX");
    row("GET  /a", "SYNTAX");
    row("GET /a ", "SYNTAX");
    row("GET /a b", "SYNTAX");
    row("GET /../a", "SYNTAX");
    row("GET /%2e%2e/a", "SYNTAX");
    row("GET /a%2f..%2fb", "SYNTAX");
    row("GET /a%00", "SYNTAX");
    row("GET //a", "SYNTAX");
    row("GET /a/", "SYNTAX");
    row("GET /a offset=-1", "SYNTAX");
    row("GET /a offset=+5", "SYNTAX");
    row("GET /a offset=0x10", "SYNTAX");
    row("GET /a offset=", "SYNTAX");
    row("GET /a offset=9223372036854775808", "SYNTAX");
    row("GET /a offset=18446744073709551616", "SYNTAX");
    row("GET /a offset=1 offset=2", "SYNTAX");
    row("GET /a offset=9223372036854775807 length=1", "SYNTAX");
    row("GET /a length=1 most=1", "SYNTAX");
    row("GET /a most=-1", "SYNTAX");
    row("GET /a id=", "SYNTAX");
    row("GET /a id=UPPER", "SYNTAX");
    row("GET /a OFFSET=1", "SYNTAX");
    row("GET /a =1", "SYNTAX");
    row("LIST /a limit=0", "SYNTAX");
    row("LIST /a limit=1 after=", "SYNTAX");
    row("LIST /a limit=1 after=..", "SYNTAX");
    row("LIST /a limit=1 after=x%2Fy", "SYNTAX");
    row("LIST /a after=x", "SYNTAX");
    row("LIST /a skipped=maybe", "SYNTAX");
    row("GET /a grown=", "SYNTAX");
    row("SUM /a grown=YES", "SYNTAX");
    row("RECEIPT /a id=i1", "SYNTAX");
    row("RECEIPT /a id=i1 sum=xxh3:12", "SYNTAX");
    row("RECEIPT /a id=i1 sum=xxh3:0123456789ABCDEF0123456789abcdef", "SYNTAX");
    for (const char *run :
         {"", "first=1", "count=1", "first=0 count=1", "first=1 count=0", "first=-1 count=1",
          "first=9223372036854775807 count=1", "first=1 count=9223372036854775807",
          "first=9223372036854775808 count=1", "first=1 count=9223372036854775808",
          "first=1 count=1 id=i", "/a first=1 count=1"}) {
        const QByteArray line = QByteArray("RECEIPTS ") + run + (*run ? " " : "") +
                                "sum=xxh3:0123456789abcdef0123456789abcdef";
        row(line.constData(), "SYNTAX");
    }
    row("RECEIPTS first=1 count=1", "SYNTAX");
    row("RECEIPTS first=1 count=1 sum=0123456789abcdef0123456789abcdef", "SYNTAX");
    row("PUT", "SYNTAX");
    row("PUT /a", "SYNTAX");
    row("PUT /a size=1", "SYNTAX");
    row("PUT /a upload=1", "SYNTAX");
    row("PUT /a size=1 upload=", "SYNTAX");
    row("PUT /a size=1 upload=A", "SYNTAX");
    row("PUT /a size=9007199254740993 upload=1", "SYNTAX");
    row("PUT /a size=1048577 upload=1 follows=yes", "SYNTAX");
    row("PUT /a size=1 upload=1 mtime=", "SYNTAX");
    row("PUT /a size=1 upload=1 mtime=1.5", "SYNTAX");
    row("PUT /a size=1 upload=1 kind=x", "SYNTAX");
    row("DATA", "SYNTAX");
    row("DATA 0", "SYNTAX");
    row("DATA -1", "SYNTAX");
    row("DATA 01", "SYNTAX");
    row("DATA 1048577", "SYNTAX");
    row("DATA 1 ", "SYNTAX");
    row("DATA 1 a=b", "SYNTAX");
    row("END", "SYNTAX");
    row("END sum=", "SYNTAX");
    row("ABORT now", "SYNTAX");
    row("PING ", "SYNTAX");
    row("PING a b", "SYNTAX");
    row("PING a\rb", "SYNTAX");
    row("PING \x1b[2J", "SYNTAX");
    row("PING \xff", "SYNTAX");
    row("GET /a\x01", "SYNTAX");
    row("GET /\x1f", "SYNTAX");
    row("GET /\x7f", "SYNTAX");
    row("LIST /a limit=1 after=\x7f", "SYNTAX");
    row("GET /a x=\x80", "SYNTAX");
    row("HELLO ferry/1 agent=\xc3\xbc", "SYNTAX");
    // Another version may have another grammar.
    row("HELLO ferry/2 \x01", "VERSION");
    row("CANCEL now", "SYNTAX");
    row("QUIT now", "SYNTAX");
    QTest::newRow("long PING") << QByteArray("PING " + QByteArray(256, 'a'))
                               << QByteArray("SYNTAX");
    QTest::newRow("10^5 digits") << QByteArray("GET /a offset=" + QByteArray(100000, '9'))
                                 << QByteArray("SYNTAX");
}

void TestExtended::badRequestsAreRefused()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, token);
    const ParsedRequest parsed = parseRequest(line);
    QVERIFY(!parsed.request);
    QCOMPARE(QByteArray(parsed.refusal), token);
}

void TestExtended::unknownFieldsAreIgnored()
{
    const ParsedRequest parsed = parseRequest("GET /a colour=red offset=7 shape=");
    QVERIFY(parsed.request);
    QCOMPARE(parsed.request->offset, 7);
    QVERIFY(!parsed.request->length);
}

/// What is known and would not be done is refused: whoever sends it counts on it.
void TestExtended::fieldsOfOtherRequestsAreRefused()
{
    const QByteArray sum = "sum=xxh3:0123456789abcdef0123456789abcdef";
    const QList<std::pair<QByteArray, QByteArrayList>> requests = {
        {"HELLO ferry/1", {"agent=x", "name=x", "can=X", "box=x"}},
        {"LOGIN PLAIN YQ==", {}},
        {"RESPONSE YQ==", {}},
        {"LIST /a", {"limit=1", "skipped=yes"}},
        {"LIST /a limit=1", {"after=x", "skipped=yes"}},
        {"TREE /a", {}},
        {"GET /a", {"offset=1", "length=1", "most=1", "grown=yes", "id=x"}},
        {"SUM /a", {"offset=1", "length=1", "grown=yes", "id=x"}},
        {"RECEIPT /a id=x " + sum, {}},
        {"RECEIPTS first=1 count=1 " + sum, {}},
    };
    QByteArrayList all = {"limit=1", "after=x", "first=1", "count=1", sum};
    for (const auto &[request, own] : requests)
        all += own;
    for (const auto &[request, own] : requests) {
        for (const QByteArray &field : all) {
            const QByteArray line = request + ' ' + field;
            QVERIFY2(parseRequest(line).request.has_value() == own.contains(field), line);
        }
        QVERIFY2(parseRequest(request + " later=1").request, request);
    }
}

void TestExtended::namesMayHoldRawBytes()
{
    for (const char *line : {"GET /\xc3\xbc", "LIST /\xff limit=1 after=\x80"})
        QVERIFY2(parseRequest(line).request, line);
}

void TestExtended::verbsMayBeInAnyCase()
{
    const ParsedRequest parsed = parseRequest("gEt /A");
    QVERIFY(parsed.request);
    QCOMPARE(parsed.request->verb, Verb::Get);
    QCOMPARE(parsed.request->path.toBytes(), "/A");
}

void TestExtended::numbersAreStrict_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("value"); // -1: refused
    QTest::newRow("zero") << QByteArray("0") << qint64(0);
    QTest::newRow("largest") << QByteArray("9223372036854775807")
                             << std::numeric_limits<qint64>::max();
    QTest::newRow("2^63") << QByteArray("9223372036854775808") << qint64(-1);
    QTest::newRow("19 nines") << QByteArray("9999999999999999999") << qint64(-1);
    for (const char *bad :
         {"", "-1", "+1", "01", "00", "1 ", " 1", "1.0", "1e3", "0x1", "\xD9\xA1"})
        QTest::newRow(bad) << QByteArray(bad) << qint64(-1);
}

void TestExtended::numbersAreStrict()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, value);
    QCOMPARE(parseNumber(text).value_or(-1), value);
}

void TestExtended::entriesSurviveTheWire()
{
    const Entry original{false, 12, -5, "i1-s2", QByteArray("a b/\xFFname\n/%41"), -7};
    const QByteArray line = entry(original);
    QVERIFY(line.endsWith("\r\n"));
    const auto reply = parseReply(QByteArrayView(line).chopped(2));
    QVERIFY(reply);
    const auto parsed = parseEntry(*reply);
    QVERIFY(parsed);
    QCOMPARE(parsed->folder, original.folder);
    QCOMPARE(parsed->size, original.size);
    QCOMPARE(parsed->mtimeNs, original.mtimeNs);
    QCOMPARE(parsed->id, original.id);
    QCOMPARE(parsed->path, original.path);
    QCOMPARE(parsed->folderMtimeNs, original.folderMtimeNs);
    // A name is none of the fields.
    const QByteArray like = entry({false, 1, 1, "i", "in=5"});
    QVERIFY(!parseEntry(*parseReply(QByteArrayView(like).chopped(2)))->folderMtimeNs);
}

void TestExtended::hostileEntriesAreRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line :
         {"#ENTRY f 1 1 i ../x", "#ENTRY f 1 1 i /x", "#ENTRY f 1 1 i a/../b", "#ENTRY f 1 1 i .",
          "#ENTRY f 1 1 i %2e%2e", "#ENTRY f 1 1 i a%2Fb", "#ENTRY f 1 1 i a%00b",
          "#ENTRY f -1 1 i x", "#ENTRY f 1 x i x", "#ENTRY l 1 1 i x", "#ENTRY f 1 1 i",
          "#ENTRY f 1 1 I x", "#ENTRY", "#ENTRY f 1 1  x", "#ENTRY f 99999999999999999999 1 i x",
          "#ENTRY f 9007199254740993 1 i x"})
        QTest::newRow(line) << QByteArray(line);
}

void TestExtended::hostileEntriesAreRefused()
{
    QFETCH(QByteArray, line);
    const auto reply = parseReply(line);
    QVERIFY(reply);
    QVERIFY(!parseEntry(*reply));
}

void TestExtended::whatIsLeftOutSurvivesTheWire_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("the folder itself") << QByteArray();
    QTest::newRow("a name") << QByteArray("a b\xFF\n%41");
    QTest::newRow("further down") << QByteArray("a/b/c");
    QTest::newRow("like a field") << QByteArray("entries=5");
}

void TestExtended::whatIsLeftOutSurvivesTheWire()
{
    QFETCH(const QByteArray, path);
    const QByteArray line = skipped("LINK", path);
    const auto reply = parseReply(QByteArrayView(line).chopped(2));
    QVERIFY(reply);
    QCOMPARE(parseSkipped(*reply), std::optional(path));
}

void TestExtended::hostileNamesOfWhatIsLeftOutAreRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line : {"#SKIPPED", "#SKIPPED LINK", "#SKIPPED  x", "#SKIPPED LINK ",
                             "#SKIPPED LINK ..", "#SKIPPED LINK ../x", "#SKIPPED LINK /x",
                             "#SKIPPED LINK a/../b", "#SKIPPED LINK a//b", "#SKIPPED LINK a/.",
                             "#SKIPPED LINK %2e%2e", "#SKIPPED LINK a%2Fb", "#SKIPPED LINK a%00b"})
        QTest::newRow(line) << QByteArray(line);
}

void TestExtended::hostileNamesOfWhatIsLeftOutAreRefused()
{
    QFETCH(const QByteArray, line);
    const auto reply = parseReply(line);
    QVERIFY(!reply || !parseSkipped(*reply));
}

void TestExtended::factsMustFitTogether_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("valid");
    QTest::newRow("whole") << QByteArray("#FILE size=5 id=i mtime=-7 offset=0 length=5") << true;
    QTest::newRow("nothing") << QByteArray("#FILE size=5 id=i mtime=0 offset=5 length=0") << true;
    QTest::newRow("behind") << QByteArray("#FILE size=5 id=i mtime=0 offset=6 length=0") << false;
    QTest::newRow("longer") << QByteArray("#FILE size=5 id=i mtime=0 offset=1 length=5") << false;
    QTest::newRow("the largest") << QByteArray("#FILE size=9007199254740992 id=i mtime=0 offset=0 "
                                               "length=9007199254740992")
                                 << true;
    QTest::newRow("too large") << QByteArray("#FILE size=9007199254740993 id=i mtime=0 offset=0 "
                                             "length=5")
                               << false;
    QTest::newRow("no id") << QByteArray("#FILE size=5 mtime=0 offset=1 length=4") << false;
    QTest::newRow("negative") << QByteArray("#FILE size=-5 id=i mtime=0 offset=0 length=0")
                              << false;
    QTest::newRow("overflow") << QByteArray("#FILE size=9223372036854775807 id=i mtime=0 "
                                            "offset=9223372036854775807 length=9223372036854775807")
                              << false;
}

void TestExtended::factsMustFitTogether()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, valid);
    const auto reply = parseReply(line);
    QVERIFY(reply);
    QCOMPARE(parseFacts(*reply).has_value(), valid);
}

void TestExtended::everyServerLineIsAReply()
{
    const FileFacts facts{10, 20, "i1", 2, 3};
    const QByteArray hash = "xxh3:" + QByteArray(32, '0');
    for (const QByteArray &line :
         {hello(true, "X", "a b"), challenge("YQ=="), loggedIn("a b", "YQ=="), wait(5),
          entry({true, 0, 0, "-", "x"}), skipped("DEPTH", "a b"), listEnd(1, true), treeEnd(1, 2),
          extended::file(facts), data(3), done(3, hash), sum(facts, hash), pong("x"), pong({}),
          success("CANCELLED"), refusal("NOTFOUND"), refusal("CHANGED", 1, "i2")}) {
        QVERIFY(line.endsWith("\r\n"));
        QVERIFY2(parseReply(QByteArrayView(line).chopped(2)), line.constData());
        QCOMPARE(line.count('\n'), 1);
    }
    QVERIFY(!parseReply(""));
    QVERIFY(!parseReply("#"));
    QVERIFY(!parseReply("# X"));
    QVERIFY(!parseReply("#lower"));
    QVERIFY(!parseReply("OK"));
}

FERRY_TEST(TestExtended)
#include "tst_extended.moc"
