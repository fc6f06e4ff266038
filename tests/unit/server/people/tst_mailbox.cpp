// SPDX-License-Identifier: MIT
#include "server/limits.h"
#include "server/people/mailbox.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>
#include <random>

using namespace ferry;
using namespace ferry::server;

namespace {

extended::Note noteOf(qint64 id, const QByteArray &text = "x")
{
    extended::Note note;
    note.id = id;
    note.text = text;
    return note;
}

QList<qint64> idsOf(const Mailbox::News &news)
{
    QList<qint64> ids;
    for (const extended::Note &note : news.notes)
        ids.append(note.id);
    return ids;
}

} // namespace

class TestMailbox : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void anEmptyOneHasNothingToSay();
    void aNoteIsGivenAgainUntilWhatFollowsIsAskedFor();
    void theOldestNotesGoFirst();
    void longNotesGoSooner();
    void whatWasGivenIsNotCalledLost();
    void aLostAnswerIsGivenAgainWithWhatWasLost();
    void aCursorFromSomewhereElseBeginsAnew();
    void twoBecomeOneInOrder();
    void bytesAreCountedOnceAndGivenBack();
    void eachNoteComesOnceOrIsCountedAsLost();

private:
    void add(qint64 id, const QByteArray &text = "x")
    {
        m_box->add(std::make_shared<const Mailbox::Letter>(noteOf(id, text), m_held));
        m_next = id + 1;
    }
    Mailbox::News news(qint64 since) { return m_box->news(since, m_next); }

    qint64 m_held = 0;
    qint64 m_next = 1;
    std::unique_ptr<Mailbox> m_box;
};

void TestMailbox::init()
{
    m_box = std::make_unique<Mailbox>();
    m_next = 1;
    QCOMPARE(m_held, 0);
}

void TestMailbox::anEmptyOneHasNothingToSay()
{
    m_next = 7;
    const auto nothing = news(0);
    QVERIFY(!nothing.any && nothing.notes.isEmpty());
    QCOMPARE(nothing.next, 7);
    QCOMPARE(nothing.lost, 0);
}

void TestMailbox::aNoteIsGivenAgainUntilWhatFollowsIsAskedFor()
{
    add(3);
    add(5);
    QCOMPARE(idsOf(news(0)), (QList<qint64>{3, 5}));
    QCOMPARE(idsOf(news(0)), (QList<qint64>{3, 5}));
    QCOMPARE(idsOf(news(4)), QList<qint64>{5});
    QCOMPARE(news(4).next, 6);
    QCOMPARE(idsOf(news(0)), QList<qint64>{5});
    QVERIFY(!news(6).any);
    QCOMPARE(m_box->count(), 0);
}

void TestMailbox::theOldestNotesGoFirst()
{
    for (qint64 id = 1; id <= limits::notesKept + 30; ++id)
        add(id);
    QCOMPARE(m_box->count(), limits::notesKept);
    const auto rest = news(0);
    QCOMPARE(rest.notes.first().id, 31);
    QCOMPARE(rest.lost, 30);
    QCOMPARE(news(rest.next).lost, 0);
}

void TestMailbox::longNotesGoSooner()
{
    for (qint64 id = 1; id <= limits::notesKept; ++id)
        add(id, QByteArray(2000, 'a'));
    QVERIFY(m_box->bytes() <= limits::notesKeptBytes);
    QVERIFY(m_box->bytes() > limits::notesKeptBytes - 3000);
    const auto rest = news(0);
    QCOMPARE(rest.lost + rest.notes.size(), limits::notesKept);
}

void TestMailbox::whatWasGivenIsNotCalledLost()
{
    for (qint64 id = 1; id <= limits::notesKept; ++id)
        add(id);
    const auto first = news(0);
    QCOMPARE(first.notes.size(), limits::notesKept);
    for (qint64 id = 1; id <= 10; ++id)
        add(limits::notesKept + id); // in place of those that were given
    const auto second = news(first.next);
    QCOMPARE(second.lost, 0);
    QCOMPARE(second.notes.size(), 10);
}

void TestMailbox::aLostAnswerIsGivenAgainWithWhatWasLost()
{
    for (qint64 id = 1; id <= limits::notesKept + 1; ++id)
        add(id);
    QCOMPARE(news(0).lost, 1); // it gets lost on the way
    add(limits::notesKept + 2);
    const auto again = news(0);
    QCOMPARE(again.lost, 2);
    QCOMPARE(again.notes.first().id, 3);
}

void TestMailbox::aCursorFromSomewhereElseBeginsAnew()
{
    add(3);
    const auto anew = news(1000);
    QVERIFY(anew.any && anew.notes.isEmpty());
    QCOMPARE(anew.next, 3);
    QCOMPARE(idsOf(news(anew.next)), QList<qint64>{3});
}

void TestMailbox::twoBecomeOneInOrder()
{
    Mailbox other;
    add(2);
    add(6);
    other.add(std::make_shared<const Mailbox::Letter>(noteOf(4), m_held));
    const auto toAll = std::make_shared<const Mailbox::Letter>(noteOf(7), m_held);
    other.add(toAll);
    m_box->add(toAll);
    m_next = 8;
    m_box->absorb(other);
    QCOMPARE(idsOf(news(0)), (QList<qint64>{2, 4, 6, 7}));
    QCOMPARE(other.count(), 0);
    QCOMPARE(other.bytes(), 0);
    QCOMPARE(m_box->bytes(), m_held);
}

void TestMailbox::bytesAreCountedOnceAndGivenBack()
{
    Mailbox other;
    const auto letter = std::make_shared<const Mailbox::Letter>(noteOf(1, "hello"), m_held);
    m_box->add(letter);
    other.add(letter);
    QCOMPARE(m_held, letter->bytes());
    QCOMPARE(m_box->bytes() + other.bytes(), 2 * m_held);
    QVERIFY(m_box->dropOldest() && !m_box->dropOldest());
    QCOMPARE(m_box->bytes(), 0);
}

/// Notes come in any number between two answers, and any answer may be lost on its way.
void TestMailbox::eachNoteComesOnceOrIsCountedAsLost()
{
    std::mt19937 random(19);
    const auto upTo = [&random](unsigned most) { return random() % (most + 1); };
    qint64 cursor = 0;
    qint64 lost = 0;
    qint64 got = 0;
    qint64 last = 0;
    qint64 added = 0;
    for (int step = 0; step < 10'000 || cursor < m_next; ++step) {
        const unsigned many = step < 10'000 ? upTo(30) == 0 ? upTo(500) : upTo(2) : 0;
        for (unsigned i = 0; i < many; ++i, ++added)
            add(m_next + qint64(upTo(3)));
        const auto answer = news(cursor);
        if (step < 10'000 && upTo(3) == 0)
            continue; // it never arrives
        for (const extended::Note &note : answer.notes) {
            QVERIFY(note.id > last);
            last = note.id;
            ++got;
        }
        lost += answer.lost;
        cursor = answer.next;
    }
    QVERIFY(lost > 0);
    QCOMPARE(got + lost, added);
}

FERRY_TEST(TestMailbox)
#include "tst_mailbox.moc"
