// SPDX-License-Identifier: MIT
// The list of gifts and the folder that they lie in: ends, and what a restart finds.
#include "server/limits.h"
#include "support/testprogram.h"
#include "unit/server/people/giftstest.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace ferry;
using namespace ferry::server;

using namespace ferry::test;

using extended::GiftPath;
using extended::Note;
using extended::Party;

class TestGifts : public GiftsTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void aGiftGoesFromOneToAnother();
    void nobodyElseFindsIt();
    void whoGaveItMayTakeItBack();
    void whoIsGivenItMayDeclineIt();
    void whoHasNoMailboxIsGivenNothing();
    void theSamePutIsTheSameGift();
    void theSwitchAndMuteHoldInTheMiddle();
    void afterADayBothAreTold();
    void whatIsOnItsWayIsNotTooOld();
    void aRestartKeepsWhatIsComplete();
    void aRestartContinuesWhatIsNot();
    void whoComesBackIsToldAnew();
    void aProgramThatBeginsAnewIsToldAnew();
    void numbersAreNotGivenTwice();
    void whatTheListDoesNotKnowIsRemoved();
    void aDamagedLineIsPassedOver();
    void oneServerHasTheFolder();
};

void TestGifts::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_people = std::make_shared<People>();
    m_people->setMembers(true);
    open();
}

void TestGifts::cleanup()
{
    m_gifts.reset();
    m_people.reset();
}

void TestGifts::aGiftGoesFromOneToAnother()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    qint64 annas = 0;
    qint64 berts = 0;
    const Gifts::Begun begun = m_gifts->begin(*anna, {2, {}, "a b"}, put());
    QVERIFY(!begun.refusal && begun.fresh && !begun.stored);
    QCOMPARE(begun.number, 1);
    QVERIFY(newsOf(*bert, berts).isEmpty());
    QVERIFY(!m_gifts->find(*bert, {{}, 1, "a b"}));
    const auto stored = complete(1, *anna);
    QVERIFY(stored.ok());
    QCOMPARE(stored.value().path, "/@2/1/a b");

    const QList<Note> offered = newsOf(*bert, berts);
    QCOMPARE(offered.size(), 1);
    QCOMPARE(offered[0].kind, Note::Kind::Gift);
    QVERIFY(offered[0].from == (Party{Party::Kind::Session, 1}));
    QCOMPARE(offered[0].name, "Anna");
    QCOMPARE(offered[0].size, 5);
    QCOMPARE(offered[0].gift->path().toBytes(), "/@me/1/a b");

    const auto place = m_gifts->find(*bert, *offered[0].gift);
    QVERIFY(place);
    QVERIFY(m_gifts->shares().get()->openFile(*place).ok());
    QVERIFY(newsOf(*anna, annas).isEmpty());
    QVERIFY(m_gifts->take(*bert, *offered[0].gift));
    const QList<Note> taken = newsOf(*anna, annas);
    QCOMPARE(taken.size(), 1);
    QCOMPARE(taken[0].kind, Note::Kind::Taken);
    QVERIFY(taken[0].from == (Party{Party::Kind::Session, 2}));
    QCOMPARE(taken[0].gift->path().toBytes(), "/@2/1/a b");
    QVERIFY(!QFileInfo::exists(m_folder->filePath(QStringLiteral("gifts/1"))));
    QVERIFY(!m_gifts->take(*bert, *offered[0].gift));
    QCOMPARE(m_gifts->count(), 0);
}

void TestGifts::nobodyElseFindsIt()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    const Presence carl = arrive(3, "carl");
    const Presence nobody = arrive(4, {});
    const qint64 number = give(*anna);
    const GiftPath here{{}, number, "a b"};
    const GiftPath there{2, number, "a b"};
    for (People::Presence *const other : {carl.get(), nobody.get()}) {
        for (const GiftPath &path : {here, there}) {
            QVERIFY(!m_gifts->find(*other, path));
            QVERIFY(!m_gifts->take(*other, path));
            QVERIFY(!m_gifts->drop(*other, path));
        }
    }
    // Nor may one of the two do what is the other's.
    QVERIFY(!m_gifts->find(*anna, here) && !m_gifts->find(*anna, there));
    QVERIFY(!m_gifts->take(*anna, there) && !m_gifts->drop(*anna, here));
    QVERIFY(!m_gifts->find(*bert, there) && !m_gifts->drop(*bert, there));
    QVERIFY(!m_gifts->find(*bert, {{}, number, "a"}) && !m_gifts->find(*bert, {3, number, "a b"}));
    QVERIFY(m_gifts->find(*bert, here));
    // The same mailbox of another account is another one.
    People::Presence foreign(m_people, {9, "other", {}, QHostAddress(), {}});
    foreign.belongTo("bert");
    QVERIFY(!m_gifts->find(foreign, here));
    People::Presence own(m_people, {10, "ferry", {}, QHostAddress(), {}});
    own.belongTo("bert");
    QVERIFY(m_gifts->find(own, here));
}

void TestGifts::whoGaveItMayTakeItBack()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    qint64 berts = 0;
    const qint64 number = give(*anna);
    QCOMPARE(newsOf(*bert, berts).size(), 1);
    QVERIFY(m_gifts->drop(*anna, {2, number, "a b"}));
    const QList<Note> notes = newsOf(*bert, berts);
    QCOMPARE(notes.size(), 1);
    QCOMPARE(notes[0].kind, Note::Kind::Notice);
    QCOMPARE(notes[0].why, "withdrawn");
    QCOMPARE(notes[0].gift->path().toBytes(), "/@me/1/a b");
    QVERIFY(!m_gifts->take(*bert, *notes[0].gift));
    QVERIFY(!QFileInfo::exists(fileOf(number)));
}

void TestGifts::whoIsGivenItMayDeclineIt()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    qint64 annas = 0;
    const qint64 number = give(*anna);
    QVERIFY(m_gifts->drop(*bert, {{}, number, "a b"}));
    const QList<Note> notes = newsOf(*anna, annas);
    QCOMPARE(notes.size(), 1);
    QCOMPARE(notes[0].why, "declined");
    QCOMPARE(notes[0].gift->path().toBytes(), "/@2/1/a b");
}

void TestGifts::whoHasNoMailboxIsGivenNothing()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, {});
    for (const qint64 session : {2, 7}) {
        const Gifts::Begun begun = m_gifts->begin(*anna, {session, {}, "a b"}, put());
        QCOMPARE(begun.refusal, "NOTFOUND");
    }
    QCOMPARE(m_gifts->count(), 0);
}

void TestGifts::theSamePutIsTheSameGift()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    qint64 berts = 0;
    qint64 number = 0;
    {
        const Gifts::Begun begun = m_gifts->begin(*anna, {2, {}, "a b"}, put());
        number = begun.number;
    }
    const Gifts::Begun again = m_gifts->begin(*anna, {2, {}, "a b"}, put());
    QVERIFY(!again.refusal && !again.fresh);
    QCOMPARE(again.number, number);
    QVERIFY(complete(number, *anna).ok());
    // Whoever did not hear the answer hears it now, also when it has been taken.
    for (int i = 0; i < 2; ++i) {
        const Gifts::Begun stored = m_gifts->begin(*anna, {2, {}, "a b"}, put());
        QVERIFY(!stored.refusal && stored.stored);
        QCOMPARE(stored.stored->path, "/@2/1/a b");
        QCOMPARE(stored.stored->sum, "xxh3:1");
        QCOMPARE(m_gifts->take(*bert, {{}, number, "a b"}), i == 0);
    }
    QCOMPARE(newsOf(*bert, berts).size(), 1);
    const Gifts::Begun other = m_gifts->begin(*anna, {2, {}, "a b"}, put("2"));
    QCOMPARE(other.number, number + 1);
    const Gifts::Begun longer = m_gifts->begin(*anna, {2, {}, "a b"}, put("2", 6));
    QCOMPARE(longer.number, number + 2);
}

void TestGifts::theSwitchAndMuteHoldInTheMiddle()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    qint64 berts = 0;
    const qint64 before = give(*anna, "before");
    QCOMPARE(newsOf(*bert, berts).size(), 1);
    for (const bool mute : {false, true}) {
        Gifts::Begun begun = m_gifts->begin(*anna, {2, {}, "a b"}, put("under way"));
        QVERIFY(!begun.refusal);
        if (mute)
            m_people->mute(1, true);
        else
            m_people->setMembers(false);
        QCOMPARE(m_gifts->begin(*anna, {2, {}, "a b"}, put("new")).refusal, "NOTFOUND");
        QVERIFY(!complete(begun.number, *anna).ok());
        QVERIFY(!QFileInfo::exists(fileOf(begun.number)));
        m_people->setMembers(true);
    }
    QVERIFY(newsOf(*bert, berts).isEmpty());
    m_people->setMembers(false);
    QVERIFY(m_gifts->find(*bert, {{}, before, "a b"})); // it was handed over while it was allowed
    // Another connection of the same person's is as mute.
    m_people->setMembers(true);
    People::Presence other(m_people, {5, "ferry", {}, QHostAddress(), {}});
    QVERIFY(other.mayGive());
    other.belongTo("anna");
    QVERIFY(!other.mayGive());
}

void TestGifts::afterADayBothAreTold()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    qint64 annas = 0;
    qint64 berts = 0;
    const qint64 number = give(*anna);
    QCOMPARE(newsOf(*bert, berts).size(), 1);
    constexpr qint64 day = limits::giftKept.count();
    m_now += day - 1;
    m_gifts->clean();
    QVERIFY(m_gifts->find(*bert, {{}, number, "a b"}));
    m_now += 1;
    m_gifts->clean();
    QVERIFY(!QFileInfo::exists(fileOf(number)));
    QCOMPARE(newsOf(*anna, annas).value(0).why, "expired");
    QCOMPARE(newsOf(*bert, berts).value(0).why, "expired");
    QCOMPARE(m_gifts->count(), 0);
}

void TestGifts::whatIsOnItsWayIsNotTooOld()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    Gifts::Begun slow = m_gifts->begin(*anna, {2, {}, "a b"}, put());
    m_now += 2 * limits::giftKept.count();
    m_gifts->clean();
    QCOMPARE(m_gifts->count(), 1);
    QVERIFY(complete(slow.number, *anna).ok());
    m_gifts->clean();
    QCOMPARE(m_gifts->count(), 1);

    Gifts::Begun left = m_gifts->begin(*anna, {2, {}, "a b"}, put("2"));
    left.hold.release(false);
    QCOMPARE(m_gifts->count(), 2);
    Gifts::Begun refused = m_gifts->begin(*anna, {2, {}, "a b"}, put("3"));
    refused.hold.release(true);
    QCOMPARE(m_gifts->count(), 2);
}

void TestGifts::aRestartKeepsWhatIsComplete()
{
    {
        const Presence anna = arrive(1, "anna");
        const Presence bert = arrive(2, "bert");
        QCOMPARE(give(*anna, "1"), 1);
        QCOMPARE(give(*anna, "2"), 2);
        QVERIFY(QFile::remove(fileOf(2))); // as if the list had not got to know of its end
    }
    restart();
    QCOMPARE(m_gifts->count(), 1);
    const Presence bert = arrive(7, "bert");
    const auto place = m_gifts->find(*bert, {{}, 1, "a b"});
    QVERIFY(place && m_gifts->shares().get()->openFile(*place).ok());
    // Who gave it asks for the answer once more; the number of the session is nobody's.
    const Presence anna = arrive(8, "anna");
    const Gifts::Begun again = m_gifts->begin(*anna, {2, {}, "a b"}, put("1"));
    QVERIFY(again.stored);
    QVERIFY(m_gifts->drop(*anna, {2, 1, "a b"}));
}

void TestGifts::aRestartContinuesWhatIsNot()
{
    {
        const Presence anna = arrive(1, "anna");
        const Presence bert = arrive(2, "bert");
        const Gifts::Begun begun = m_gifts->begin(*anna, {2, {}, "a b"}, put());
        QCOMPARE(begun.number, 1);
        // It was named, and the list was not told.
        QVERIFY(QDir().mkpath(QFileInfo(fileOf(1)).path()));
        QFile file(fileOf(1));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    restart();
    QVERIFY(!QFileInfo::exists(fileOf(1)));
    const Presence anna = arrive(1, "anna");
    const Presence carl = arrive(2, "carl");
    const Presence bert = arrive(3, "bert");
    qint64 carls = 0;
    qint64 berts = 0;
    const Gifts::Begun again = m_gifts->begin(*anna, {2, {}, "a b"}, put());
    QVERIFY(!again.refusal && !again.fresh);
    QCOMPARE(again.number, 1);
    QVERIFY(complete(1, *anna).ok());
    // For whom it was, not for whom the number means by now.
    QVERIFY(newsOf(*carl, carls).isEmpty());
    QCOMPARE(newsOf(*bert, berts).size(), 1);
}

void TestGifts::whoComesBackIsToldAnew()
{
    {
        const Presence anna = arrive(1, "anna");
        const Presence bert = arrive(2, "bert");
        QVERIFY(give(*anna));
    }
    restart();
    const Presence carl = arrive(1, "carl");
    QVERIFY(carl->news(0).notes.isEmpty());
    Presence bert = arrive(2, "bert");
    for (int i = 0; i < 2; ++i) {
        const Mailbox::News news = bert->news(0);
        QCOMPARE(news.notes.size(), 1);
        QCOMPARE(news.notes[0].gift->path().toBytes(), "/@me/1/a b");
        // The number that she had then is nobody's; her name is hers.
        QVERIFY(news.notes[0].from == (Party{Party::Kind::Server, 0}));
        QCOMPARE(news.notes[0].name, "Anna");
        // Who only lost the connection has the mailbox still, and is not told twice.
        bert.reset();
        bert = arrive(quint64(3 + i), "bert");
    }
    // Unless she is there.
    const Presence anna = arrive(10, "anna");
    restart();
    const Presence back = arrive(1, "anna");
    const Presence other = arrive(2, "bert");
    QVERIFY(other->news(0).notes.value(0).from == (Party{Party::Kind::Session, 1}));
}

/// What it was told before it was killed, nobody remembers there.
void TestGifts::aProgramThatBeginsAnewIsToldAnew()
{
    const Presence anna = arrive(1, "anna");
    Presence bert = arrive(2, "bert");
    QVERIFY(give(*anna, "1"));
    qint64 next = 0;
    QCOMPARE(newsOf(*bert, next).size(), 1);
    QVERIFY(give(*anna, "2"));
    // Over a reconnection there is only what is new.
    bert.reset();
    bert = arrive(3, "bert", "192.0.2.1", next);
    QCOMPARE(newsOf(*bert, next).size(), 1);
    QVERIFY(newsOf(*bert, next).isEmpty());
    // One that still waits there does not come twice.
    QVERIFY(give(*anna, "3"));
    bert.reset();
    bert = arrive(4, "bert");
    next = 0;
    QList<QByteArray> paths;
    for (const Note &note : newsOf(*bert, next))
        paths.append(note.gift->path().toBytes());
    std::sort(paths.begin(), paths.end());
    QCOMPARE(paths, (QList<QByteArray>{"/@me/1/a b", "/@me/2/a b", "/@me/3/a b"}));
    // What has come to its end is not told of.
    QVERIFY(m_gifts->take(*bert, {{}, 1, "a b"}));
    QVERIFY(newsOf(*bert, next).isEmpty());
    bert.reset();
    bert = arrive(5, "bert");
    next = 0;
    QCOMPARE(newsOf(*bert, next).size(), 2);
    // The mailbox that another connection took over is not theirs any more.
    const Presence other = arrive(6, "bert");
    static_cast<void>(other->news(next));
    m_gifts->welcome(*bert, "bert", 0);
    QVERIFY(bert->news(0).notes.isEmpty());
}

void TestGifts::numbersAreNotGivenTwice()
{
    {
        const Presence anna = arrive(1, "anna");
        const Presence bert = arrive(2, "bert");
        const qint64 number = give(*anna);
        QVERIFY(m_gifts->take(*bert, {{}, number, "a b"}));
    }
    restart();
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    QCOMPARE(give(*anna), 2);
}

void TestGifts::whatTheListDoesNotKnowIsRemoved()
{
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    const qint64 number = give(*anna);
    QDir gifts(m_folder->filePath(QStringLiteral("gifts")));
    QVERIFY(gifts.mkpath(QStringLiteral("77/deeper")));
    m_gifts->clean();
    QVERIFY(!gifts.exists(QStringLiteral("77")));
    QVERIFY(QFileInfo::exists(fileOf(number)));
    QVERIFY(gifts.exists(QStringLiteral("list")));
}

void TestGifts::aDamagedLineIsPassedOver()
{
    {
        const Presence anna = arrive(1, "anna");
        const Presence bert = arrive(2, "bert");
        QVERIFY(give(*anna));
    }
    m_gifts.reset();
    QFile list(m_folder->filePath(QStringLiteral("gifts/list")));
    QVERIFY(list.open(QIODevice::Append));
    QVERIFY(list.write("gift 5 there nonsense\n") > 0);
    list.close();
    restart();
    QCOMPARE(m_gifts->count(), 1);
    QCOMPARE(m_gifts->problems().size(), 1);
}

void TestGifts::oneServerHasTheFolder()
{
    const auto second = Gifts::open(m_folder->path(), m_people);
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::TimedOut);
}

FERRY_TEST(TestGifts)
#include "tst_gifts.moc"
