// SPDX-License-Identifier: MIT
#include "net/channel/socketops.h"
#include "server/limits.h"
#include "support/testprogram.h"
#include "unit/server/people/peopletest.h"

#include <QDateTime>
#include <QTest>

#include <memory>
#include <vector>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;
using namespace std::chrono_literals;

using extended::Party;
using Outcome = People::Told::Outcome;

namespace {

const Party toOperator{Party::Kind::Operator, 0};
const Party toAll{Party::Kind::All, 0};
Party to(quint64 session)
{
    return {Party::Kind::Session, qint64(session)};
}

QByteArrayList textsOf(const Mailbox::News &news)
{
    QByteArrayList texts;
    for (const extended::Note &note : news.notes)
        texts.append(note.text);
    return texts;
}

bool isAwake(const Wakeup &wakeup)
{
    return socketops::waitReadable(wakeup.fd(), QDeadlineTimer(0)) == socketops::Ready::Yes;
}

} // namespace

class TestPeopleWrite : public PeopleTest
{
    Q_OBJECT
private Q_SLOTS:
    void init() { begin(); }
    void theOperatorAndEverybodyReachEachOther();
    void membersDoNotUntilTheOperatorSaysSo();
    void aNoteSaysWhoItIsFrom();
    void whoIsThereIsToldOnlyToThoseWhoMayWrite();
    void whoAsksForNothingIsNobody();
    void aMessageToAllReachesEachOnce();
    void nobodyIsThereForAMessage();
    void muteHoldsAtOnceAndAfterComingBack();
    void aNoteWakesItsReceiver();
    void aMailboxWaitsForItsPerson();
    void aMailboxIsGivenUpAfterAWhile();
    void aMailboxBelongsToItsAccount();
    void theNewConnectionTakesTheMailboxOver();
    void manyMailboxesAreNotKept();
    void nobodyPushesTheMailboxesOfOthersOut();
    void numbersGoOnAfterARestart();
    void aFloodHasABound();

private:
    /// Later, so that everybody may write again.
    void passTime() { m_now += 1h; }
};

void TestPeopleWrite::theOperatorAndEverybodyReachEachOther()
{
    const Presence anna = arrive(1);
    QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Sent);
    QCOMPARE(textsOf(m_people->takeMessages()), QByteArrayList{"hello"});
    QVERIFY(m_people->takeMessages().notes.isEmpty());
    QVERIFY(m_people->tell(to(1), "good day").ok());
    const auto news = anna->news(0);
    QCOMPARE(textsOf(news), QByteArrayList{"good day"});
    QVERIFY(news.notes.first().from == toOperator);
    QVERIFY(!news.notes.first().toAll);
}

void TestPeopleWrite::membersDoNotUntilTheOperatorSaysSo()
{
    const Presence anna = arrive(1);
    const Presence ben = arrive(2);
    QVERIFY(anna->tell(to(2), "hello").outcome == Outcome::NotFound);
    QVERIFY(anna->tell(toAll, "hello").outcome == Outcome::NotFound);
    QVERIFY(!ben->news(0).any && m_people->takeMessages().notes.isEmpty());
    m_people->setMembers(true);
    QVERIFY(anna->tell(to(2), "hello").outcome == Outcome::Sent);
    QCOMPARE(textsOf(ben->news(0)), QByteArrayList{"hello"});
    m_people->setMembers(false);
    QVERIFY(anna->tell(to(2), "hello").outcome == Outcome::NotFound);
    passTime();
    // Over telnet nobody says to whom.
    QVERIFY(anna->tellWhoeverMay("for the operator").outcome == Outcome::Sent);
    QCOMPARE(textsOf(m_people->takeMessages()), QByteArrayList{"for the operator"});
    m_people->setMembers(true);
    QVERIFY(anna->tellWhoeverMay("for all").outcome == Outcome::Sent);
    QCOMPARE(textsOf(ben->news(0)), (QByteArrayList{"hello", "for all"}));
}

void TestPeopleWrite::aNoteSaysWhoItIsFrom()
{
    m_people->setMembers(true);
    const Presence anna = arrive(1, "studio");
    const Presence ben = arrive(2);
    anna->describe("operator: Anna\r\n", extended::Person::Kind::Window);
    QVERIFY(anna->tell(to(2), "operator: hello").outcome == Outcome::Sent);
    const extended::Note note = ben->news(0).notes.value(0);
    QVERIFY(note.from == to(1));
    QCOMPARE(note.account, "studio");
    QCOMPARE(note.name, "operator: Anna\r\n");
    QVERIFY(note.kind == extended::Note::Kind::Message);
}

void TestPeopleWrite::whoIsThereIsToldOnlyToThoseWhoMayWrite()
{
    const Presence anna = arrive(1);
    Presence ben = arrive(2, "ben", "192.0.2.2");
    QCOMPARE(anna->persons().size(), 1);
    QVERIFY(anna->persons().first().self);
    m_people->setMembers(true);
    QCOMPARE(anna->persons().size(), 2);
    const extended::Person other = anna->persons().last();
    QCOMPARE(other.session, 2);
    QCOMPARE(other.account, "ben");
    QCOMPARE(other.address, "192.0.2.2");
    QVERIFY(!other.self);
    ben.reset();
    QCOMPARE(anna->persons().size(), 1);
}

/// The connections that fetch and send files.
void TestPeopleWrite::whoAsksForNothingIsNobody()
{
    m_people->setMembers(true);
    const Presence anna = arrive(1);
    m_askForNews = false;
    const Presence transfer = arrive(2);
    const Presence telnet = arrive(3);
    telnet->describe({}, extended::Person::Kind::Telnet);
    QCOMPARE(anna->persons().size(), 2);
    QCOMPARE(transfer->persons().size(), 3); // itself
    QVERIFY(m_people->standings().at(1).reads && !m_people->standings().at(2).reads);
    QVERIFY(anna->tell(to(2), "hello").outcome == Outcome::NotFound);
    QVERIFY(m_people->tell(to(2), "hello").error().code == ErrorCode::NotFound);
    QVERIFY(m_people->tell(toAll, "to all").ok());
    QCOMPARE(textsOf(telnet->news(0)), QByteArrayList{"to all"});
    QVERIFY(!transfer->news(0).any);
    QVERIFY(m_people->tell(to(2), "hello").ok()); // now it has asked
    // It writes all the same, and telnet that goes on in the other dialect has to ask anew.
    QVERIFY(transfer->tell(to(1), "hi").outcome == Outcome::Sent);
    telnet->describe({}, extended::Person::Kind::Program);
    QVERIFY(m_people->tell(to(3), "hello").error().code == ErrorCode::NotFound);
}

void TestPeopleWrite::aMessageToAllReachesEachOnce()
{
    m_people->setMembers(true);
    const Presence anna = arrive(1);
    Presence ben = arrive(2);
    ben->useMailbox("b");
    ben.reset();
    ben = arrive(3);
    ben->useMailbox("b");
    const Presence carl = arrive(4);
    QVERIFY(anna->tell(toAll, "hello").outcome == Outcome::Sent);
    QCOMPARE(textsOf(ben->news(0)), QByteArrayList{"hello"});
    QCOMPARE(textsOf(carl->news(0)), QByteArrayList{"hello"});
    QVERIFY(ben->news(0).notes.first().toAll);
    QVERIFY(!anna->news(0).any);
    QCOMPARE(textsOf(m_people->takeMessages()), QByteArrayList{"hello"});
}

void TestPeopleWrite::nobodyIsThereForAMessage()
{
    QVERIFY(m_people->tell(toAll, "hello").error().code == ErrorCode::NotFound);
    QVERIFY(m_people->tell(to(7), "hello").error().code == ErrorCode::NotFound);
    const Presence anna = arrive(1);
    for (const QByteArray &text : {QByteArray(), QByteArray(2001, 'a'), QByteArray("a\0b", 3)})
        QVERIFY(m_people->tell(to(1), text).error().code == ErrorCode::Invalid);
    m_people->setMembers(true);
    QVERIFY(anna->tell(to(7), "hello").outcome == Outcome::NotFound);
}

void TestPeopleWrite::muteHoldsAtOnceAndAfterComingBack()
{
    m_people->setMembers(true);
    Presence anna = arrive(1);
    const Presence ben = arrive(2);
    anna->useMailbox("a");
    m_people->mute(1, true);
    QVERIFY(m_people->standings().at(1).muted && !m_people->standings().at(2).muted);
    for (const Party &receiver : {toOperator, toAll, to(2)})
        QVERIFY(anna->tell(receiver, "hello").outcome == Outcome::NotFound);
    QVERIFY(!ben->news(0).any && m_people->takeMessages().notes.isEmpty());
    anna.reset();
    anna = arrive(3);
    anna->useMailbox("a");
    passTime();
    QVERIFY(anna->tell(to(2), "hello").outcome == Outcome::NotFound);
    QVERIFY(m_people->tell(to(3), "be quiet").ok()); // they still hear
    m_people->mute(3, false);
    QVERIFY(anna->tell(to(2), "hello").outcome == Outcome::Sent);
}

void TestPeopleWrite::aNoteWakesItsReceiver()
{
    m_people->setMembers(true);
    const Presence anna = arrive(1);
    const Presence ben = arrive(2);
    Wakeup annas;
    Wakeup bens;
    QVERIFY(annas.valid() && bens.valid());
    anna->wakeBy(&annas);
    ben->wakeBy(&bens);
    QVERIFY(anna->tell(to(2), "hello").outcome == Outcome::Sent);
    QVERIFY(isAwake(bens) && !isAwake(annas));
    anna->wakeBy(nullptr);
    QVERIFY(m_people->tell(toAll, "hello").ok());
    QVERIFY(!isAwake(annas));
}

void TestPeopleWrite::aMailboxWaitsForItsPerson()
{
    Presence anna = arrive(1);
    anna->useMailbox("a");
    QVERIFY(m_people->tell(to(1), "one").ok());
    const auto first = anna->news(0);
    anna.reset();
    QVERIFY(m_people->tell(to(1), "two").ok());
    anna = arrive(2);
    QVERIFY(m_people->tell(to(2), "three").ok()); // before they say which mailbox is theirs
    anna->useMailbox("a");
    QVERIFY(m_people->tell(to(1), "four").ok());
    QVERIFY(m_people->tell(to(2), "five").ok());
    QCOMPARE(textsOf(anna->news(first.next)), (QByteArrayList{"two", "three", "four", "five"}));
    QCOMPARE(m_people->mailboxes(), 1);
}

void TestPeopleWrite::aMailboxIsGivenUpAfterAWhile()
{
    Presence anna = arrive(1);
    Presence nameless = arrive(2);
    anna->useMailbox("a");
    anna.reset();
    nameless.reset();
    QVERIFY(m_people->tell(to(2), "hello").error().code == ErrorCode::NotFound);
    m_now += limits::mailboxKept - 1ms;
    QVERIFY(m_people->tell(to(1), "hello").ok());
    m_now += 1ms;
    QVERIFY(m_people->tell(to(1), "hello").error().code == ErrorCode::NotFound);
    QCOMPARE(m_people->mailboxes(), 0);
    QCOMPARE(m_people->held(), 0);
}

void TestPeopleWrite::aMailboxBelongsToItsAccount()
{
    Presence anna = arrive(1);
    anna->useMailbox("a");
    QVERIFY(m_people->tell(to(1), "secret").ok());
    anna.reset();
    const Presence other = arrive(2, "other");
    other->useMailbox("a");
    QVERIFY(!other->news(0).any);
    // And a connection does not collect mailboxes.
    const Presence again = arrive(3);
    again->useMailbox("b");
    again->useMailbox("a");
    QVERIFY(!again->news(0).any);
}

void TestPeopleWrite::theNewConnectionTakesTheMailboxOver()
{
    const Presence before = arrive(1);
    before->useMailbox("a");
    QVERIFY(m_people->tell(to(1), "hello").ok());
    Wakeup wakeup;
    before->wakeBy(&wakeup);
    const Presence after = arrive(2);
    after->useMailbox("a");
    QVERIFY(isAwake(wakeup));
    QVERIFY(!before->news(0).any);
    before->useMailbox("a"); // it is not taken back
    QVERIFY(!before->news(0).any);
    QCOMPARE(textsOf(after->news(0)), QByteArrayList{"hello"});
    QVERIFY(m_people->tell(to(1), "to the first").ok());
    QCOMPARE(textsOf(before->news(0)), QByteArrayList{"to the first"});
}

void TestPeopleWrite::manyMailboxesAreNotKept()
{
    for (quint64 session = 1; session <= 3000; ++session) {
        const Presence somebody = arrive(session, "ferry", "127.0.0.1");
        m_now += 1ms;
        somebody->useMailbox(QByteArray::number(session));
    }
    QCOMPARE(m_people->mailboxes(), limits::mailboxesKept);
    QVERIFY(m_people->tell(to(3000), "hello").ok());
    QVERIFY(m_people->tell(to(1), "hello").error().code == ErrorCode::NotFound);
    // One person who keeps coming back is one.
    for (quint64 session = 4000; session < 4100; ++session) {
        const Presence somebody = arrive(session, "ferry", "127.0.0.1");
        somebody->useMailbox("3000");
    }
    QVERIFY(m_people->tell(to(4099), "hello").ok());
    QVERIFY(m_people->tell(to(3000), "hello").error().code == ErrorCode::NotFound);
    QCOMPARE(m_people->mailboxes(), limits::mailboxesKept);
}

void TestPeopleWrite::nobodyPushesTheMailboxesOfOthersOut()
{
    Presence anna = arrive(1);
    anna->useMailbox("a");
    anna.reset();
    for (quint64 session = 2; session <= 3000; ++session) {
        const Presence other = arrive(session, "ferry", "192.0.2.66");
        m_now += 1ms;
        other->useMailbox(QByteArray::number(session));
    }
    QCOMPARE(m_people->mailboxes(), limits::mailboxesKeptOfOne + 1);
    QVERIFY(m_people->tell(to(1), "hello").ok());
    QVERIFY(m_people->tell(to(3000), "hello").ok());
    QVERIFY(m_people->tell(to(2), "hello").error().code == ErrorCode::NotFound);
}

void TestPeopleWrite::numbersGoOnAfterARestart()
{
    Presence anna = arrive(1);
    QVERIFY(m_people->tell(to(1), "one").ok());
    const qint64 before = anna->news(0).next;
    anna.reset();
    // A double holds them exactly.
    QVERIFY(before < (qint64(1) << 53));
    QTRY_VERIFY(QDateTime::currentMSecsSinceEpoch() * 1000 > before);
    m_people = std::make_shared<People>();
    anna = arrive(1);
    QVERIFY(m_people->tell(to(1), "two").ok());
    QCOMPARE(textsOf(anna->news(before)), QByteArrayList{"two"});
}

/// As fast as they may, for days: nobody asks for anything.
void TestPeopleWrite::aFloodHasABound()
{
    m_people->setMembers(true);
    std::vector<Presence> all;
    for (quint64 session = 1; session <= 32; ++session)
        all.push_back(arrive(session, "ferry", "127.0.0.1"));
    const QByteArray text(2000, 'a');
    qint64 sent = 0;
    qint64 refused = 0;
    qint64 most = 0;
    for (int round = 0; round < 20'000; ++round) {
        const size_t from = size_t(round) % all.size();
        for (int i = 0; i < 10; ++i) {
            const auto told = all[from]->tell(to(1 + quint64(round * 7 + i) % 32), text);
            ++(told.outcome == Outcome::Sent ? sent : refused);
        }
        most = std::max(most, m_people->held());
        m_now += 1s;
    }
    QVERIFY(refused >= sent / 2);
    QVERIFY(sent > 50'000);
    QVERIFY(most <= limits::notesHeldBytes);
    QVERIFY(most > limits::notesHeldBytes - 3000); // it was put to the test
}

FERRY_TEST(TestPeopleWrite)
#include "tst_peoplewrite.moc"
