// SPDX-License-Identifier: MIT
// How much may be said, by one and by many of one place.
#include "server/limits.h"
#include "support/testprogram.h"
#include "unit/server/people/peopletest.h"

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

} // namespace

class TestMessageBudget : public PeopleTest
{
    Q_OBJECT
private Q_SLOTS:
    void init() { begin(); }
    void fiveAtOnceAndThenOneASecond();
    void aMessageToAllCostsItsReceivers();
    void manyConnectionsOfOnePlaceAreOneSender();
    void nobodySilencesAnother_data();
    void nobodySilencesAnother();
    void twoBudgetsAreNotTwice();
};

void TestMessageBudget::fiveAtOnceAndThenOneASecond()
{
    const Presence anna = arrive(1);
    for (qint64 i = 0; i < limits::messageBurst; ++i)
        QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Sent);
    const auto refused = anna->tell(toOperator, "hello");
    QVERIFY(refused.outcome == Outcome::Slower);
    QCOMPARE(refused.wait.count(), 1);
    m_now += 999ms;
    QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Slower);
    m_now += 1ms;
    QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Sent);
    QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Slower);
    QCOMPARE(m_people->takeMessages().notes.size(), limits::messageBurst + 1);
}

void TestMessageBudget::aMessageToAllCostsItsReceivers()
{
    m_people->setMembers(true);
    const Presence anna = arrive(1);
    std::vector<Presence> others;
    for (quint64 session = 2; session < 22; ++session)
        others.push_back(arrive(session, "other"));
    QVERIFY(anna->tell(toAll, "hello").outcome == Outcome::Sent);
    // Twenty and the operator were reached, and five of that were free.
    const auto refused = anna->tell(toOperator, "hello");
    QVERIFY(refused.outcome == Outcome::Slower);
    QCOMPARE(refused.wait.count(), 21 - limits::messageBurst + 1);
    m_now += refused.wait;
    QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Sent);
}

void TestMessageBudget::manyConnectionsOfOnePlaceAreOneSender()
{
    std::vector<Presence> all;
    int sent = 0;
    for (quint64 session = 1; session <= 32; ++session) {
        all.push_back(arrive(session));
        sent += all.back()->tell(toOperator, "hello").outcome == Outcome::Sent;
    }
    QCOMPARE(sent, int(limits::messageBurst));
    const Presence elsewhere = arrive(40, "ferry", "192.0.2.2");
    QVERIFY(elsewhere->tell(toOperator, "hello").outcome == Outcome::Sent);
}

void TestMessageBudget::nobodySilencesAnother_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::newRow("elsewhere") << QByteArray("192.0.2.1");
    QTest::newRow("this machine") << QByteArray("127.0.0.1");
}

/// However many come and write at once, who has been there for a while may write.
void TestMessageBudget::nobodySilencesAnother()
{
    QFETCH(const QByteArray, address);
    const Presence anna = arrive(1, "ferry", address.constData());
    m_now += limits::messageBurst * limits::messageInterval;
    int sent = 0;
    for (quint64 session = 2; session <= 40; ++session)
        sent += arrive(session, "ferry", address.constData())->tell(toOperator, "x").outcome ==
                Outcome::Sent;
    QCOMPARE(sent, int(limits::messageBurst));
    for (qint64 i = 0; i < limits::messageBurst; ++i)
        QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Sent);
    QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Slower);
    // A newcomer beside them may after a second.
    const Presence ben = arrive(50, "ferry", address.constData());
    QCOMPARE(ben->tell(toOperator, "hello").wait.count(), 1);
    m_now += 1s;
    QVERIFY(arrive(51, "ferry", address.constData())->tell(toOperator, "x").outcome ==
            Outcome::Sent);
    QVERIFY(ben->tell(toOperator, "hello").outcome == Outcome::Sent);
    QVERIFY(anna->tell(toOperator, "hello").outcome == Outcome::Sent);
}

/// Neither alone, nor by coming back, has one person more than the rate.
void TestMessageBudget::twoBudgetsAreNotTwice()
{
    Presence anna = arrive(1, "ferry", "127.0.0.1");
    anna->useMailbox("a");
    qint64 sent = 0;
    for (int tenth = 0; tenth < 600; ++tenth) {
        sent += anna->tell(toOperator, "hello").outcome == Outcome::Sent;
        m_now += 100ms;
    }
    QCOMPARE(sent, 60 + limits::messageBurst - 1);
    // What was kept for them while they were away is no budget.
    std::vector<Presence> others;
    for (quint64 session = 2; session <= 33; ++session) {
        others.push_back(arrive(session, "ferry", "127.0.0.1"));
        others.back()->useMailbox(QByteArray::number(session));
    }
    others.clear();
    m_now += 60s;
    sent = 0;
    for (quint64 session = 2; session <= 33; ++session) {
        others.push_back(arrive(100 + session, "ferry", "127.0.0.1"));
        others.back()->useMailbox(QByteArray::number(session));
        sent += others.back()->tell(toOperator, "hello").outcome == Outcome::Sent;
    }
    QCOMPARE(sent, limits::messageBurst);
}

FERRY_TEST(TestMessageBudget)
#include "tst_messagebudget.moc"
