// SPDX-License-Identifier: MIT
// Files from one person to another over real ports: given, fetched, declined, taken back, continued
// after a restart; and nobody else gets to know of them.
#include "integration/gifts_fixture.h"
#include "integration/uploads_fixture.h"
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "support/tlspeer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;

namespace {

using Person = GiftPerson;

const QByteArray annas(32, 'a');
const QByteArray berts(32, 'b');
const QByteArray carls(32, 'c');

} // namespace

class PeopleGifts : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void theyAreAnnouncedWhereTheyAreKept();
    void aGiftIsFetchedAndIsNoMore();
    void itIsDeclinedOrTakenBack();
    void whoIsBeingServedGetsNoMoreOfIt();
    void nobodyElseGetsToKnowOfIt();
    void namesAreThoseOfFilesThatAreTaken_data();
    void namesAreThoseOfFilesThatAreTaken();
    void nothingIsGivenWhereMembersMayNotWrite();
    void mutedPeopleGiveNothing();
    void limitsOfUploadsHold();
    void answersKeepTheirOrder();
    void whatBreaksOffIsContinued();
    void aRestartLosesNothing();
    void whatIsGivenUpIsForgotten();
    void aWrongSumIsNoGift();

private:
    QString gifts() const { return m_data->filePath(QStringLiteral("gifts")); }
    QStringList kept() const
    {
        return QDir(gifts()).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    }
    /// As a server that was started anew: it knows what is on the disk.
    void startAnew()
    {
        m_host = std::make_unique<UploadHost>();
        m_host->config.dataFolder = m_data->path();
        m_host->config.members = true;
        start();
    }
    std::unique_ptr<QTemporaryDir> m_data;
};

void PeopleGifts::init()
{
    m_data = std::make_unique<QTemporaryDir>();
    startAnew();
}

void PeopleGifts::cleanup()
{
    m_host.reset();
    m_data.reset();
}

void PeopleGifts::theyAreAnnouncedWhereTheyAreKept()
{
    Person here(*m_host, annas);
    QVERIFY(here.ready());
    QVERIFY2(here.hello().endsWith(",PUT,WHO,TELL,NEWS,DROP,RECEIPTS"), here.hello());
    UploadHost nowhere; // without a data folder
    nowhere.config.members = true;
    QVERIFY(nowhere.start().ok());
    Person there(nowhere, annas);
    QVERIFY2(there.hello().endsWith(",PUT,WHO,TELL,NEWS,RECEIPTS"), there.hello());
    there.news();
    QCOMPARE(there.ask("DROP /@me/1/a"), "!UNKNOWN");
    QCOMPARE(upload(there.peer(), "/@1/a", "hello", "1"), "!NOTFOUND");
    QCOMPARE(there.ask("GET /@me/1/a"), "!NOTFOUND");
}

void PeopleGifts::aGiftIsFetchedAndIsNoMore()
{
    Person bert(*m_host, berts, "Bert");
    QVERIFY(bert.news().isEmpty());
    const QByteArray number = bert.session();
    Person anna(*m_host, annas);
    QVERIFY(anna.news().isEmpty());
    Person annasOther(*m_host, annas);
    const QByteArray content = noise(3'000'000);
    const QByteArray stored = upload(annasOther.peer(), "/@" + number + "/a%20b.txt", content, "1");
    QVERIFY2(stored.startsWith("#STORED path=/@" + number +
                               "/1/a%20b.txt size=3000000 sum=" + sumOf(content)),
             stored);

    const QByteArrayList offered = bert.news();
    QCOMPARE(offered.size(), 1);
    QCOMPARE(Person::field(offered[0], "kind"), "gift");
    QCOMPARE(Person::field(offered[0], "from"), anna.session()); // the one that reads
    QCOMPARE(Person::field(offered[0], "name"), "Anna");
    QCOMPARE(Person::field(offered[0], "size"), "3000000");
    const QByteArray path = Person::field(offered[0], "path");
    QCOMPARE(path, "/@me/1/a%20b.txt");

    Person bertsOther(*m_host, berts);
    QCOMPARE(Person::field(bertsOther.ask("SUM " + path + " length=1000"), "sum"),
             sumOf(content.first(1000)));
    QCOMPARE(bertsOther.get(path), content);
    QVERIFY(anna.news().isEmpty()); // nobody knows yet whether it was saved
    QCOMPARE(bertsOther.receipt(path, content), "#RECEIPT");
    QCOMPARE(bertsOther.ask("GET " + path), "!NOTFOUND");
    const QByteArrayList taken = anna.news();
    QCOMPARE(taken.size(), 1);
    QCOMPARE(Person::field(taken[0], "kind"), "taken");
    QCOMPARE(Person::field(taken[0], "from"), number);
    QCOMPARE(Person::field(taken[0], "path"), "/@" + number + "/1/a%20b.txt");
    QVERIFY(kept().isEmpty());
    QVERIFY(QDir(gifts() + QStringLiteral("/.ferry-uploads")).isEmpty(QDir::Files));
    // Whoever did not hear the answer to the PUT does not give it once more.
    QCOMPARE(upload(annasOther.peer(), "/@" + number + "/a%20b.txt", content, "1"), stored);
    QVERIFY(bert.news().isEmpty());
}

void PeopleGifts::itIsDeclinedOrTakenBack()
{
    Person bert(*m_host, berts);
    Person anna(*m_host, annas);
    bert.news();
    anna.news();
    const QByteArray number = bert.session();
    QVERIFY(upload(anna.peer(), "/@" + number + "/one", "hello", "1").startsWith("#STORED"));
    QVERIFY(upload(anna.peer(), "/@" + number + "/two", {}, "2").startsWith("#STORED"));
    QCOMPARE(bert.news().size(), 2);
    QCOMPARE(bert.ask("DROP /@me/1/one"), "#DROPPED");
    QCOMPARE(bert.ask("DROP /@me/1/one"), "!NOTFOUND");
    QCOMPARE(anna.ask("DROP /@" + number + "/2/two"), "#DROPPED");
    const QByteArrayList declined = anna.news();
    QCOMPARE(declined.size(), 1);
    QVERIFY2(declined[0].contains(" kind=notice from=server ") &&
                 declined[0].endsWith(" path=/@" + number + "/1/one why=declined"),
             declined[0]);
    const QByteArrayList withdrawn = bert.news();
    QCOMPARE(withdrawn.size(), 1);
    QVERIFY2(withdrawn[0].endsWith(" path=/@me/2/two why=withdrawn"), withdrawn[0]);
    QCOMPARE(bert.get("/@me/2/two"), "!NOTFOUND");
    QVERIFY(kept().isEmpty());
}

void PeopleGifts::whoIsBeingServedGetsNoMoreOfIt()
{
    Person bert(*m_host, berts);
    Person anna(*m_host, annas);
    bert.news();
    const QByteArray number = bert.session();
    const QByteArray content = noise(40'000'000);
    QVERIFY(upload(anna.peer(), "/@" + number + "/big", content, "1").startsWith("#STORED"));
    Person bertsOther(*m_host, berts);
    bertsOther.peer().say("GET /@me/1/big\r\n");
    const QByteArray facts = bertsOther.peer().line();
    QVERIFY2(facts.startsWith("#FILE "), facts);
    QCOMPARE(anna.ask("DROP /@" + number + "/1/big"), "#DROPPED");
    qint64 came = 0;
    QByteArray line = bertsOther.peer().line();
    for (; line.startsWith("#DATA "); line = bertsOther.peer().line())
        came += bertsOther.peer().read(line.sliced(6).toLongLong()).size();
    QCOMPARE(line, "!CHANGED");
    QVERIFY(came < content.size());
    QCOMPARE(bertsOther.ask("GET /@me/1/big"), "!NOTFOUND");
}

void PeopleGifts::nobodyElseGetsToKnowOfIt()
{
    Person bert(*m_host, berts);
    bert.news();
    const QByteArray number = bert.session();
    Person anna(*m_host, annas);
    QVERIFY(upload(anna.peer(), "/@" + number + "/secret", "hello", "1").startsWith("#STORED"));
    Person carl(*m_host, carls);
    QVERIFY(carl.news().isEmpty());
    Person nobody(*m_host, {});
    for (Person *const other : {&carl, &nobody, &anna}) {
        for (const QByteArray &path :
             {QByteArray("/@me/1/secret"), "/@" + number + "/1/secret", QByteArray("/@me/2/secret"),
              QByteArray("/@gifts/1/secret"), QByteArray("/@gifts/list"), QByteArray("/@me/1/list"),
              QByteArray("/@me"), QByteArray("/@gifts"), QByteArray("/@me/1"),
              QByteArray("/@me/1/../list"), "/@" + number}) {
            QCOMPARE(other->ask("GET " + path).startsWith("!"), true);
            QCOMPARE(other->ask("SUM " + path).startsWith("!"), true);
            QCOMPARE(other->ask("LIST " + path).startsWith("!"), true);
            QCOMPARE(other->ask("TREE " + path).startsWith("!"), true);
            QCOMPARE(other->receipt(path, "hello").startsWith("!"), true);
        }
        QCOMPARE(other->ask("DROP /@me/1/secret"), "!NOTFOUND");
    }
    QCOMPARE(carl.ask("DROP /@" + number + "/1/secret"), "!NOTFOUND");
    // What is asked of a gift that is there is answered as of one that is not.
    QByteArray guesses;
    constexpr int guessed = 10'000;
    for (int i = 0; i < guessed; ++i)
        guesses += "GET /@me/" + QByteArray::number(i % 100 + 1) + "/secret\r\n";
    carl.peer().say(guesses);
    for (int i = 0; i < guessed; ++i)
        QCOMPARE(carl.peer().line(), "!NOTFOUND");
    carl.peer().say("LIST /\r\n");
    for (QByteArray line = carl.peer().line(); !line.startsWith("#END"); line = carl.peer().line())
        QVERIFY2(line.startsWith("#ENTRY ") && !line.contains('@'), line);
    QCOMPARE(bert.get("/@me/1/secret"), "hello");
}

void PeopleGifts::namesAreThoseOfFilesThatAreTaken_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("hidden") << QByteArray(".bashrc");
    QTest::newRow("control") << QByteArray("a%0Ab");
    QTest::newRow("bidi") << QByteArray("photo%E2%80%AEgpj.exe");
    QTest::newRow("device") << QByteArray("NUL.txt");
    QTest::newRow("set-up") << QByteArray("desktop.ini");
    QTest::newRow("no UTF-8") << QByteArray("%FF");
    QTest::newRow("folder") << QByteArray("folder/a");
    QTest::newRow("number") << QByteArray("1/a");
    QTest::newRow("slash") << QByteArray("..%2Fa");
    QTest::newRow("up") << QByteArray("../a");
}

void PeopleGifts::namesAreThoseOfFilesThatAreTaken()
{
    QFETCH(const QByteArray, name);
    Person bert(*m_host, berts);
    bert.news();
    const QByteArray to = "/@" + bert.session() + '/';
    Person anna(*m_host, annas);
    const QByteArray refused = upload(anna.peer(), to + name, "hello", "1");
    QVERIFY2(refused == "!NAME" || refused == "!SYNTAX", refused);
    QCOMPARE(anna.ask("PUT " + to + "folder kind=d"), "!NAME");
    QVERIFY(bert.news().isEmpty());
    QVERIFY(kept().isEmpty());
    QFile list(gifts() + QStringLiteral("/list"));
    QVERIFY(!list.exists() || (list.open(QIODevice::ReadOnly) && !list.readAll().contains("gift")));
    QVERIFY(upload(anna.peer(), to + "a", "hello", "2").startsWith("#STORED"));
}

void PeopleGifts::nothingIsGivenWhereMembersMayNotWrite()
{
    Person bert(*m_host, berts);
    bert.news();
    const QByteArray number = bert.session();
    Person anna(*m_host, annas);
    QVERIFY(upload(anna.peer(), "/@" + number + "/before", "hello", "1").startsWith("#STORED"));
    anna.peer().say(putLine("/@" + number + "/during", 5, "2"));
    QVERIFY(anna.peer().line().startsWith("#SEND"));
    m_host->call([](Server &server) { server.setMembers(false); });
    anna.peer().say(dataOf("hello") + endOf("hello"));
    QCOMPARE(anna.peer().line(), "!NOTFOUND");
    QCOMPARE(upload(anna.peer(), "/@" + number + "/after", "hello", "3"), "!NOTFOUND");
    QCOMPARE(bert.news().size(), 1);
    QCOMPARE(bert.get("/@me/1/before"), "hello");
    QCOMPARE(kept(), QStringList{QStringLiteral("1")});
}

void PeopleGifts::mutedPeopleGiveNothing()
{
    Person bert(*m_host, berts);
    bert.news();
    Person anna(*m_host, annas);
    anna.news();
    Person annasOther(*m_host, annas);
    const QByteArray path = "/@" + bert.session() + "/a";
    const quint64 muted = anna.session().toULongLong();
    m_host->call([muted](Server &server) { server.muteSession(muted, true); });
    QCOMPARE(upload(annasOther.peer(), path, "hello", "1"), "!NOTFOUND");
    m_host->call([muted](Server &server) { server.muteSession(muted, false); });
    QVERIFY(upload(annasOther.peer(), path, "hello", "1").startsWith("#STORED"));
}

void PeopleGifts::limitsOfUploadsHold()
{
    m_host->config.uploads.fileBytes = 4;
    QVERIFY(
        m_host->call([this](Server &server) { return server.reconfigure(m_host->config); }).ok());
    Person bert(*m_host, berts);
    bert.news();
    Person anna(*m_host, annas);
    const QByteArray path = "/@" + bert.session() + "/a";
    QCOMPARE(upload(anna.peer(), path, "hello", "1"), "!TOOLARGE");
    QVERIFY(upload(anna.peer(), path, "hell", "2").startsWith("#STORED"));
}

void PeopleGifts::answersKeepTheirOrder()
{
    Person bert(*m_host, berts);
    bert.news();
    const QByteArray to = "/@" + bert.session();
    Person anna(*m_host, annas);
    anna.peer().say(whole("/add/a", "1", "1") + whole(to + "/b", "22", "2") +
                    whole("/in/c", "333", "3") + whole("/@99/d", "4444", "4") +
                    whole(to + "/e", "55555", "5") + "PING last\r\n");
    QByteArrayList answers;
    for (QByteArray line = anna.peer().line(); !line.startsWith("#PONG") && !line.isEmpty();
         line = anna.peer().line()) {
        if (!line.startsWith("#SEND"))
            answers.append(line);
    }
    QCOMPARE(answers.size(), 5);
    QVERIFY2(answers[0].startsWith("#STORED path=/add/a size=1 "), answers[0]);
    QVERIFY2(answers[1].startsWith("#STORED path=" + to + "/1/b size=2 "), answers[1]);
    QVERIFY2(answers[2].startsWith("#STORED path=/in/c size=3 "), answers[2]);
    QCOMPARE(answers[3], "!NOTFOUND");
    QVERIFY2(answers[4].startsWith("#STORED path=" + to + "/2/e size=5 "), answers[4]);
    QCOMPARE(bert.news().size(), 2);
}

void PeopleGifts::whatBreaksOffIsContinued()
{
    Person bert(*m_host, berts);
    bert.news();
    const QByteArray path = "/@" + bert.session() + "/a";
    const QByteArray content = noise(4'000'000);
    const QByteArray half = content.first(2'000'000);
    {
        Person anna(*m_host, annas);
        anna.peer().say(putLine(path, content.size(), "1"));
        QVERIFY(anna.peer().line().startsWith("#SEND"));
        anna.peer().say(dataOf(half));
        anna.peer().finishWriting();
        QCOMPARE(anna.peer().line(), "");
    }
    QVERIFY(bert.news().isEmpty());
    Person anna(*m_host, carls); // another run of the client: who it is is not what it sends
    anna.peer().say(putLine(path, content.size(), "1"));
    QCOMPARE(anna.peer().line(), "#SEND offset=2000000 sum=" + sumOf(half));
    anna.peer().say(dataOf(content.sliced(half.size())) + endOf(content));
    QVERIFY(anna.peer().line().startsWith("#STORED path=/@"));
    QCOMPARE(bert.news().size(), 1);
    // The receiver may continue, too.
    Person other(*m_host, berts);
    const QByteArray facts = other.ask("GET /@me/1/a offset=0 length=1000000");
    QVERIFY(facts.startsWith("#FILE "));
    other.peer().reset();
    Person again(*m_host, berts);
    const QByteArray id = Person::field(facts, "id");
    QCOMPARE(Person::field(again.ask("SUM /@me/1/a length=1000000 id=" + id), "sum"),
             sumOf(content.first(1'000'000)));
    QVERIFY(again.ask("GET /@me/1/a offset=1000000 id=" + id).startsWith("#FILE "));
}

void PeopleGifts::aRestartLosesNothing()
{
    const QByteArray content = noise(3'000'000);
    const QByteArray half = content.first(2'000'000);
    QByteArray path;
    {
        Person bert(*m_host, berts);
        bert.news();
        path = "/@" + bert.session();
        Person anna(*m_host, annas);
        QVERIFY(upload(anna.peer(), path + "/done", "hello", "1").startsWith("#STORED"));
        anna.peer().say(putLine(path + "/half", content.size(), "2"));
        QVERIFY(anna.peer().line().startsWith("#SEND"));
        anna.peer().say(dataOf(half));
        anna.peer().finishWriting();
        QCOMPARE(anna.peer().line(), "");
    }
    m_host.reset();
    startAnew();
    // Carl has the number that Bert had.
    Person carl(*m_host, carls);
    QVERIFY(carl.news().isEmpty());
    QCOMPARE("/@" + carl.session(), path);
    Person anna(*m_host, annas);
    anna.news();
    anna.peer().say(putLine(path + "/half", content.size(), "2"));
    QCOMPARE(anna.peer().line(), "#SEND offset=2000000 sum=" + sumOf(half));
    anna.peer().say(dataOf(content.sliced(half.size())) + endOf(content));
    QVERIFY(anna.peer().line().startsWith("#STORED path=" + path + "/2/half "));
    QVERIFY(carl.news().isEmpty());
    // Bert comes back and is told of both, once.
    Person bert(*m_host, berts);
    const QByteArrayList notes = bert.news();
    QCOMPARE(notes.size(), 2);
    QVERIFY2(notes[0].contains(" path=/@me/1/done "), notes[0]);
    QVERIFY2(notes[1].contains(" path=/@me/2/half "), notes[1]);
    QVERIFY(bert.news().isEmpty());
    QCOMPARE(bert.get("/@me/2/half"), content);
    QCOMPARE(bert.receipt("/@me/2/half", content), "#RECEIPT");
    QCOMPARE(anna.news().size(), 1);
    // What was taken before a restart is not offered behind it.
    m_host.reset();
    startAnew();
    Person again(*m_host, berts);
    QCOMPARE(again.news().size(), 1);
}

void PeopleGifts::whatIsGivenUpIsForgotten()
{
    Person bert(*m_host, berts);
    bert.news();
    const QByteArray path = "/@" + bert.session() + "/a";
    Person anna(*m_host, annas);
    const QByteArray content = noise(2'000'000);
    for (const QByteArray &drop : {QByteArray(), QByteArray(" drop=yes")}) {
        anna.peer().say(putLine(path, content.size(), "1"));
        QVERIFY(anna.peer().line().startsWith("#SEND"));
        anna.peer().say(dataOf(content.first(1'000'000)) + "ABORT" + drop + "\r\n");
        QCOMPARE(anna.peer().line(), "#ABORTED");
        QFile list(gifts() + QStringLiteral("/list"));
        QVERIFY(list.open(QIODevice::ReadOnly));
        QCOMPARE(list.readAll().contains("\ngift 1 coming "), drop.isEmpty());
    }
    QVERIFY(bert.news().isEmpty());
    QVERIFY(QDir(gifts() + QStringLiteral("/.ferry-uploads")).isEmpty(QDir::Files));
}

void PeopleGifts::aWrongSumIsNoGift()
{
    Person bert(*m_host, berts);
    bert.news();
    const QByteArray path = "/@" + bert.session() + "/a";
    Person anna(*m_host, annas);
    anna.peer().say(putLine(path, 5, "1", " follows=yes") + dataOf("hello") + endOf("other"));
    QVERIFY(anna.peer().line().startsWith("#SEND"));
    QCOMPARE(anna.peer().line(), "!MISMATCH");
    QVERIFY(bert.news().isEmpty());
    QVERIFY(kept().isEmpty());
    QVERIFY(upload(anna.peer(), path, "hello", "1").startsWith("#STORED"));
    QCOMPARE(bert.news().size(), 1);
}

FERRY_TEST(PeopleGifts)
#include "people_gifts.moc"
