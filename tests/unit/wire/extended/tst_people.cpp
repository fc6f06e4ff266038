// SPDX-License-Identifier: MIT
// Who is there, messages, news and gifts, against lines: as values, and on both machines.
#include "support/testprogram.h"
#include "unit/wire/extendedhelpers.h"
#include "unit/wire/scriptedextendedclient.h"
#include "wire/extended/people.h"
#include "wire/limits.h"

#include <QTest>

#include <limits>

using namespace ferry;
using namespace ferry::extended;
using namespace ferry::test;

namespace {

Request parsed(QByteArrayView line)
{
    return parseRequest(line).request.value_or(request(Verb::Quit));
}

/// All that a server sends for `input`; what it is to carry out stands in `<>`.
QByteArray served(ExtendedServerSession &server, QByteArrayView input)
{
    server.receive(input);
    QByteArray output;
    for (;;) {
        const ExtendedAction action = server.nextAction();
        switch (action.kind) {
        case ExtendedAction::Kind::Send:
            output += action.bytes;
            break;
        case ExtendedAction::Kind::Perform:
            output += "<" + requestLine(action.request).chopped(2) + ">";
            if (action.request.verb == Verb::Put)
                server.uploadOpened();
            else
                server.performed();
            break;
        case ExtendedAction::Kind::Close:
            return output + "<closed>";
        default:
            return output;
        }
    }
}

ExtendedServerSession serverWith(const Abilities &abilities, bool loggedIn = true)
{
    ExtendedServerSession::Start start;
    start.loggedIn = loggedIn;
    start.hello = "HELLO ferry/1";
    start.agent = "Ferry/test";
    start.abilities = abilities;
    ExtendedServerSession server(start);
    served(server, {});
    return server;
}

constexpr Abilities peopleOnly{false, true, false};
constexpr Abilities peopleAndGifts{false, true, true};

/// What the note is, or nothing.
std::optional<Note> noteOf(QByteArrayView line)
{
    const auto reply = parseReply(line);
    return reply ? parseNote(*reply) : std::nullopt;
}

QByteArray lastOf(QByteArrayView asked, QByteArrayView bytes)
{
    ScriptedExtendedClient client;
    client.sent(parsed(asked));
    client.receive("#Server Ready.\r\n");
    client.receive(bytes);
    client.receiveEnd();
    return client.events().last();
}

} // namespace

class TestPeople : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void requestsSurviveTheWire_data();
    void requestsSurviveTheWire();
    void logsSayHowMuchAndNotWhat();
    void giftsHaveTwoKindsOfPlaces_data();
    void giftsHaveTwoKindsOfPlaces();
    void repliesSurviveTheWire_data();
    void repliesSurviveTheWire();
    void hostileRepliesAreRefused_data();
    void hostileRepliesAreRefused();
    void kindsOfLaterVersionsAreTaken();
    void theLongestMessageFitsIntoALine();
    void onlyWhatIsAnnouncedIsKnown_data();
    void onlyWhatIsAnnouncedIsKnown();
    void abilitiesAreAnnounced();
    void cancelEndsWhatWasAskedBefore();
    void insideAnUploadNobodyWrites();
    void lies_data();
    void lies();
    void newsMayBeRefusedInBetween();
};

void TestPeople::requestsSurviveTheWire_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line :
         {"WHO", "TELL to=operator text=x", "TELL to=all text=%E2%82%AC%0D%0A",
          "TELL to=9223372036854775807 text=a%20b", "NEWS since=0",
          "NEWS since=9223372036854775807 wait=3600", "NEWS since=5 box=0123456789abcdef",
          "NEWS since=5 wait=1 box=a-1", "DROP /@me/1/a%20b", "DROP /@12/7/a",
          "PUT /@12/a%20b size=5 upload=1",
          "HELLO ferry/1 name=Anna can=WINDOW box=0123456789abcdef", "HELLO ferry/1 box=a-1"})
        QTest::newRow(line) << QByteArray(line);
}

void TestPeople::requestsSurviveTheWire()
{
    QFETCH(QByteArray, line);
    const ParsedRequest request = parseRequest(line);
    QVERIFY2(request.request, request.refusal);
    QCOMPARE(requestLine(*request.request), line + "\r\n");
}

void TestPeople::logsSayHowMuchAndNotWhat()
{
    QCOMPARE(loggableLine(parsed("TELL to=12 text=secret%20words")), "TELL to=12 bytes=12");
    QCOMPARE(loggableLine(parsed("NEWS since=5 wait=60 box=0123456789abcdef")),
             "NEWS since=5 wait=60");
    QCOMPARE(loggableLine(parsed("HELLO ferry/1 name=Anna box=0123456789abcdef")),
             "HELLO ferry/1 name=Anna");
    QCOMPARE(loggableLine(parsed("DROP /@me/1/a")), "DROP /@me/1/a");
}

void TestPeople::giftsHaveTwoKindsOfPlaces_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("valid");
    for (const char *path : {"/@12/a", "/@12/7/a", "/@me/7/a", "/@1/7", "/@12/7/..a"})
        QTest::newRow(path) << QByteArray(path) << true;
    for (const char *path :
         {"/", "/@12", "/@me", "/@me/a", "/@me/7", "/@me/7/a/b", "/@12/a/b", "/@12/7/a/b", "/@0/a",
          "/@-1/a", "/@012/a", "/@12x/a", "/@ME/7/a", "/@/7/a", "/me/7/a",
          "/@9223372036854775808/a", "/@me/0/a", "/@me/07/a", "/Photos/7/a"})
        QTest::newRow(path) << QByteArray(path) << false;
}

void TestPeople::giftsHaveTwoKindsOfPlaces()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, valid);
    const auto gift = giftPath(*VirtualPath::parseEncoded(path));
    QCOMPARE(gift.has_value(), valid);
    if (gift)
        QCOMPARE(gift->path().toBytes(), path);
}

void TestPeople::repliesSurviveTheWire_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line :
         {"#PERSON session=1 kind=window since=0",
          "#PERSON session=12 account=a%20b name=%FF%00 address=::1 kind=telnet since=-5",
          "#PERSON session=12 account=ferry kind=program since=5 self=yes",
          "#NOTE id=0 kind=message from=operator at=-1 text=x",
          "#NOTE id=5 kind=message from=12 account=ferry name=operator to=all at=1 text=%0D%0A",
          "#NOTE id=5 kind=gift from=12 account=ferry at=1 path=/@me/7/a%20b size=0",
          "#NOTE id=5 kind=gift from=operator at=1 text=for%20you path=/@me/7/a size=5",
          "#NOTE id=5 kind=taken from=12 at=1 path=/@12/7/a",
          "#NOTE id=5 kind=notice from=server at=1",
          "#NOTE id=5 kind=notice from=server at=1 text=x path=/@12/7/a why=withdrawn"})
        QTest::newRow(line) << QByteArray(line);
}

void TestPeople::repliesSurviveTheWire()
{
    QFETCH(QByteArray, line);
    const auto reply = parseReply(line);
    QVERIFY(reply);
    const auto person = parsePerson(*reply);
    const auto note = parseNote(*reply);
    QVERIFY(person.has_value() != note.has_value());
    QCOMPARE(person ? extended::person(*person) : extended::note(*note), line + "\r\n");
}

void TestPeople::hostileRepliesAreRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line : {
             "#PERSON",
             "#PERSON session=0 kind=window since=0",
             "#PERSON session=-1 kind=window since=0",
             "#PERSON session=1 kind=window",
             "#PERSON session=1 name=%zz kind=window since=0",
             "#NOTE id=-1 kind=message from=operator at=1 text=x",
             "#NOTE kind=message from=operator at=1 text=x",
             "#NOTE id=1 from=operator at=1 text=x",
             "#NOTE id=1 kind=message from=operator text=x",
             "#NOTE id=1 kind=message at=1 text=x",
             "#NOTE id=1 kind=message from=all at=1 text=x",
             "#NOTE id=1 kind=message from=anna at=1 text=x",
             "#NOTE id=1 kind=message from=operator at=1",
             "#NOTE id=1 kind=message from=operator at=1 text=",
             "#NOTE id=1 kind=message from=operator at=1 text=%00",
             "#NOTE id=1 kind=message from=operator at=1 text=%FF",
             "#NOTE id=1 kind=gift from=1 at=1",
             "#NOTE id=1 kind=gift from=1 at=1 path=/@me/7/a",
             "#NOTE id=1 kind=gift from=1 at=1 path=/@me/7/a size=-1",
             "#NOTE id=1 kind=gift from=1 at=1 path=/@12/7/a size=1",
             "#NOTE id=1 kind=gift from=1 at=1 path=/Photos/a size=1",
             "#NOTE id=1 kind=gift from=1 at=1 path=/@me/7/.. size=1",
             "#NOTE id=1 kind=taken from=1 at=1",
             "#NOTE id=1 kind=taken from=1 at=1 path=/@me/7/a",
             "#NOTE id=1 kind=taken from=1 at=1 path=/@12/a",
             "#NOTE id=1 kind=notice from=server at=1 path=/etc/passwd",
         })
        QTest::newRow(line) << QByteArray(line);
    QTest::newRow("a message too long")
        << "#NOTE id=1 kind=message from=1 at=1 text=" + QByteArray(limits::messageBytes + 1, 'x');
}

void TestPeople::hostileRepliesAreRefused()
{
    QFETCH(QByteArray, line);
    const auto reply = parseReply(line);
    QVERIFY(reply);
    QVERIFY(!parsePerson(*reply) && !parseNote(*reply));
}

void TestPeople::kindsOfLaterVersionsAreTaken()
{
    const auto note = noteOf("#NOTE id=1 kind=poke from=12 at=1 new=field");
    QVERIFY(note);
    QCOMPARE(int(note->kind), int(Note::Kind::Notice));
    const auto person = parsePerson(*parseReply("#PERSON session=1 kind=phone since=0 new=field"));
    QVERIFY(person);
    QCOMPARE(int(person->kind), int(Person::Kind::Program));
}

/// However its bytes are written, to the server and from it.
void TestPeople::theLongestMessageFitsIntoALine()
{
    const QByteArray text(limits::messageBytes, '\n');
    Request tell = request(Verb::Tell);
    tell.to = {Party::Kind::Session, std::numeric_limits<qint64>::max()};
    tell.text = text;
    auto server = serverWith(peopleOnly);
    QVERIFY(served(server, requestLine(tell)).startsWith("<TELL "));

    Note note;
    note.from = tell.to;
    note.account = note.name = QByteArray(limits::nameBytes, ' ');
    note.text = text;
    note.gift = GiftPath{tell.to.session, tell.to.session, QByteArray(limits::nameBytes, ' ')};
    QVERIFY(extended::note(note).size() <= limits::extendedLineBytes);
    QCOMPARE(lastOf("NEWS since=0", extended::note(note) + newsEnd({1, 0})), "ended");
}

void TestPeople::onlyWhatIsAnnouncedIsKnown_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("gifts");
    for (const char *line : {"WHO", "tell to=all text=x", "NEWS since=0"})
        QTest::newRow(line) << QByteArray(line) << false;
    for (const char *line : {"WHO /", "TELL", "NEWS wait=x"})
        QTest::newRow(line) << QByteArray(line) << false;
    for (const char *line : {"DROP /@me/1/a", "drop /@12/1/a", "DROP", "DROP /@me/a"})
        QTest::newRow(line) << QByteArray(line) << true;
}

void TestPeople::onlyWhatIsAnnouncedIsKnown()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, gifts);
    const auto request = parseRequest(line).request;
    const QByteArray carriedOut =
        request ? "<" + requestLine(*request).chopped(2) + ">" : QByteArray("!SYNTAX\r\n");
    for (const bool loggedIn : {false, true}) {
        auto without = serverWith({}, loggedIn);
        QCOMPARE(served(without, line + "\r\n"), "!UNKNOWN\r\n");
        auto people = serverWith(peopleOnly, loggedIn);
        auto both = serverWith(peopleAndGifts, loggedIn);
        const QByteArray known = loggedIn || !request ? carriedOut : QByteArray("!NOLOGIN\r\n");
        QCOMPARE(served(people, line + "\r\n"), gifts ? QByteArray("!UNKNOWN\r\n") : known);
        QCOMPARE(served(both, line + "\r\n"), known);
    }
}

void TestPeople::abilitiesAreAnnounced()
{
    const auto can = [](const Abilities &abilities) {
        const QByteArray line = hello(true, {}, "a", abilities).chopped(2);
        return line.sliced(line.indexOf("can="));
    };
    QCOMPARE(can({}), "can=LIST,TREE,GET,SUM,RECEIPT");
    QCOMPARE(can(peopleOnly), "can=LIST,TREE,GET,SUM,RECEIPT,WHO,TELL,NEWS");
    QCOMPARE(can({true, true, true, true}),
             "can=LIST,TREE,GET,SUM,RECEIPT,PUT,WHO,TELL,NEWS,DROP,RECEIPTS");
}

/// NEWS that waits is the longest request of all.
void TestPeople::cancelEndsWhatWasAskedBefore()
{
    auto server = serverWith(peopleAndGifts);
    server.receive("NEWS since=0 wait=60\r\n");
    QCOMPARE(int(server.nextAction().kind), int(ExtendedAction::Kind::Perform));
    QVERIFY(!server.cancelRequested());
    server.receive("WHO\r\nTELL to=all text=x\r\nCANCEL\r\n");
    QVERIFY(server.cancelRequested());
    server.performed();
    QCOMPARE(served(server, "WHO\r\n"), "!CANCELLED\r\n!CANCELLED\r\n#CANCELLED\r\n<WHO>");
}

void TestPeople::insideAnUploadNobodyWrites()
{
    for (const char *line : {"WHO", "TELL to=all text=x", "NEWS since=0", "DROP /@me/1/a"}) {
        auto server = serverWith(peopleAndGifts);
        served(server, "PUT /@12/a size=9 upload=1\r\n");
        QCOMPARE(served(server, QByteArray(line) + "\r\n"), "!ORDER\r\n<closed>");
    }
}

void TestPeople::lies_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("last");
    const auto row = [](const char *name, const char *asked, const QByteArray &bytes,
                        const char *last) {
        QTest::newRow(name) << QByteArray(asked) << bytes << QByteArray(last);
    };
    const auto note = [](qint64 id) {
        return "#NOTE id=" + QByteArray::number(id) + " kind=message from=operator at=1 text=x\r\n";
    };
    row("nobody", "WHO", "#PERSON session=0 kind=window since=0\r\n",
        "violation: a person that cannot be");
    row("something else than people", "WHO", "#PONG\r\n", "violation: a person that cannot be");
    row("a note among people", "WHO", note(1), "violation: a person that cannot be");
    row("a message without its number", "TELL to=all text=x", "#TOLD\r\n",
        "violation: no answer to a message");
    row("a message answered by another word", "TELL to=all text=x", "#END\r\n",
        "violation: no answer to a message");
    row("a note that is none", "NEWS since=0", "#NOTE id=1\r\n",
        "violation: a note that cannot be");
    row("a note from before", "NEWS since=5", note(4), "violation: a note out of order");
    row("a note twice", "NEWS since=5", note(5) + note(5), "violation: a note out of order");
    row("notes the wrong way round", "NEWS since=5", note(7) + note(6),
        "violation: a note out of order");
    row("an end that would give a note again", "NEWS since=5", note(7) + newsEnd({7, 0}),
        "violation: news without an end");
    row("an end without a number", "NEWS since=5", "#END\r\n", "violation: news without an end");
    row("an end that does not say what was lost", "NEWS since=5", "#END next=5\r\n",
        "violation: news without an end");
    QByteArray many;
    for (qint64 id = 1; id <= limits::notesAtOnce; ++id)
        many += note(id);
    row("as many notes as may come", "NEWS since=0", many + newsEnd({limits::notesAtOnce + 1, 0}),
        "ended");
    row("more notes than may come", "NEWS since=0", many + note(limits::notesAtOnce + 1),
        "violation: more notes than may come at once");
    row("numbers that begin anew", "NEWS since=5", newsEnd({1, 0}), "ended");
    row("cut between notes", "NEWS since=0", note(1), "cut short");
    row("a note unasked", "PING", "#PONG\r\n" + note(1), "violation: a reply to nothing");
    row("a gift that is not dropped", "DROP /@me/1/a", "#RECEIPT\r\n",
        "violation: an answer to something else");
    row("busy meanwhile", "NEWS since=0 wait=9", "#BUSY\r\n" + note(1) + newsEnd({2, 0}), "ended");
}

void TestPeople::lies()
{
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, last);
    QCOMPARE(lastOf(asked, bytes), last);
}

/// What came before counts nothing for the next answer.
void TestPeople::newsMayBeRefusedInBetween()
{
    ScriptedExtendedClient client;
    client.sent(parsed("NEWS since=5"));
    client.sent(parsed("NEWS since=5"));
    client.sent(parsed("TELL to=all text=x"));
    const QByteArray note = "#NOTE id=7 kind=notice from=server at=1\r\n";
    client.receive("#Server Ready.\r\n" + note + "!CANCELLED\r\n" + note + newsEnd({8, 3}) +
                   slower(2));
    const QByteArray said = "note " + note.chopped(2);
    QCOMPARE(client.events(), QByteArrayList({"greeted", said, "refused CANCELLED", said,
                                              "next 8 lost 3", "refused SLOWER"}));
}

FERRY_TEST(TestPeople)
#include "tst_people.moc"
