// SPDX-License-Identifier: MIT
#include "server/limits.h"
#include "server/records/deliveryledger.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::server;
using Outcome = Delivery::Outcome;

namespace {

DeliveredTo somebody(quint64 session, const char *address = "10.0.0.1")
{
    return {session, QString::fromLatin1(address), QStringLiteral("ferry"),
            QStringLiteral("Ferry/1"), true};
}

/// A session that tells, and what it told.
struct Session
{
    explicit Session(quint64 id, std::shared_ptr<DeliveryQueue> queue)
        : reporter(std::move(queue), somebody(id))
    {
    }
    DeliveryReporter reporter;
};

const DeliveryReporter::Subject small{QStringLiteral("pub/small"), "id1", 100};
const DeliveryReporter::Subject large{QStringLiteral("pub/large"), "id2", 1000};

} // namespace

class TestDeliveryLedger : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_queue = std::make_shared<DeliveryQueue>();
        m_queue->setEnabled(true);
        m_ledger = DeliveryLedger();
    }
    void aConfirmedFileIsVerified();
    void aRunOfFilesIsVerifiedTogether();
    void partsOverSeveralSessionsAreOneFile();
    void whatNobodyConfirmsIsUnverifiedWhenTheSessionEnds();
    void whatCannotBeConfirmedIsWrittenAtOnce();
    void aBrokenFileWaitsForTheLastSession();
    void whatWasBrokenAndThenConfirmedIsVerified();
    void theSameFileTwiceIsTwoLines();
    void twoReceiversAreTwoLines();
    void whatWasPutInIsOneLineUnderItsLastName();
    void whatWasPutInIsVerifiedOrNotThere();
    void bothDirectionsAreTwoLines();
    void nothingGrowsWithoutBound();
    void aQueueThatNobodyReadsKeepsNothing();
    void aFullQueueCounts();

private:
    QList<Delivery> told() { return m_ledger.take(m_queue->take().events); }
    std::shared_ptr<DeliveryQueue> m_queue;
    DeliveryLedger m_ledger;
};

void TestDeliveryLedger::aConfirmedFileIsVerified()
{
    Session session(1, m_queue);
    session.reporter.setAccount(QStringLiteral("anna"));
    session.reporter.sent(small, 100);
    QVERIFY(told().isEmpty());
    QCOMPARE(m_ledger.open(), 1);
    session.reporter.confirmed(small);
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().outcome, Outcome::Verified);
    QCOMPARE(lines.first().file, QStringLiteral("pub/small"));
    QCOMPARE(lines.first().account, QStringLiteral("anna"));
    QCOMPARE(lines.first().address, QStringLiteral("10.0.0.1"));
    QCOMPARE(lines.first().client, QStringLiteral("Ferry/1"));
    QVERIFY(lines.first().encrypted);
    QCOMPARE(lines.first().size, 100);
    QCOMPARE(lines.first().sent, 100);
    QVERIFY(lines.first().endedMs >= lines.first().beganMs && lines.first().beganMs > 0);
    QCOMPARE(m_ledger.open(), 0);
}

void TestDeliveryLedger::aRunOfFilesIsVerifiedTogether()
{
    Session session(1, m_queue);
    const DeliveryReporter::Subject other{QStringLiteral("pub/other"), "id2", 7};
    session.reporter.sent(small, 100);
    session.reporter.sent(other, 7);
    session.reporter.confirmedAll({small, other});
    const auto lines = told();
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines.first().outcome, Outcome::Verified);
    QCOMPARE(lines.last().outcome, Outcome::Verified);
    QCOMPARE(lines.last().file, QStringLiteral("pub/other"));
    QCOMPARE(lines.last().sent, 7);
    QCOMPARE(m_ledger.open(), 0);
}

void TestDeliveryLedger::partsOverSeveralSessionsAreOneFile()
{
    Session first(1, m_queue), second(2, m_queue);
    first.reporter.sent(large, 400);
    second.reporter.sent(large, 300);
    second.reporter.ended(QStringLiteral("closed by the client"));
    QVERIFY(told().isEmpty());
    first.reporter.sent(large, 300);
    first.reporter.confirmed(large);
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().sent, 1000);
    QCOMPARE(lines.first().outcome, Outcome::Verified);
}

void TestDeliveryLedger::whatNobodyConfirmsIsUnverifiedWhenTheSessionEnds()
{
    Session session(1, m_queue);
    session.reporter.sent(small, 100);
    session.reporter.ended(QStringLiteral("closed by the client"));
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().outcome, Outcome::Unverified);
    QVERIFY(lines.first().why.isEmpty());
}

void TestDeliveryLedger::whatCannotBeConfirmedIsWrittenAtOnce()
{
    Session session(1, m_queue);
    session.reporter.sent(small, 100, true);
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().outcome, Outcome::Unverified);
}

void TestDeliveryLedger::aBrokenFileWaitsForTheLastSession()
{
    Session first(1, m_queue), second(2, m_queue);
    first.reporter.sent(large, 400);
    second.reporter.brokenOff(large, 50, {});
    second.reporter.ended(QStringLiteral("connection lost"));
    QVERIFY(told().isEmpty());
    first.reporter.ended(QStringLiteral("timed out"));
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().outcome, Outcome::BrokenOff);
    QCOMPARE(lines.first().sent, 450);
    QCOMPARE(lines.first().why, QStringLiteral("timed out"));
}

void TestDeliveryLedger::whatWasBrokenAndThenConfirmedIsVerified()
{
    Session session(1, m_queue);
    session.reporter.brokenOff(large, 500, QStringLiteral("CANCELLED"));
    session.reporter.sent(large, 500);
    session.reporter.confirmed(large);
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().outcome, Outcome::Verified);
    QVERIFY(lines.first().why.isEmpty());
}

void TestDeliveryLedger::theSameFileTwiceIsTwoLines()
{
    Session session(1, m_queue);
    for (int i = 0; i < 2; ++i) {
        session.reporter.sent(small, 100);
        session.reporter.confirmed(small);
    }
    QCOMPARE(told().size(), 2);
}

void TestDeliveryLedger::twoReceiversAreTwoLines()
{
    DeliveryReporter one(m_queue, somebody(1, "10.0.0.1"));
    DeliveryReporter two(m_queue, somebody(2, "10.0.0.2"));
    one.sent(small, 100);
    two.sent(small, 100);
    two.confirmed(small);
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().address, QStringLiteral("10.0.0.2"));
    const auto rest = m_ledger.takeAll();
    QCOMPARE(rest.size(), 1);
    QCOMPARE(rest.first().address, QStringLiteral("10.0.0.1"));
    QCOMPARE(rest.first().outcome, Outcome::Unverified);
}

void TestDeliveryLedger::whatWasPutInIsOneLineUnderItsLastName()
{
    Session first(1, m_queue), second(2, m_queue);
    first.reporter.brokenOff({QStringLiteral("in/a"), "key", 100, true}, 40, {});
    second.reporter.brokenOff({QStringLiteral("in/a"), "key", 100, true}, 10,
                              QStringLiteral("ABORTED"));
    first.reporter.ended(QStringLiteral("connection lost"));
    QVERIFY(told().isEmpty());
    second.reporter.confirmed({QStringLiteral("in/a (1)"), "key", 100, true}, 50);
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QVERIFY(lines.first().received);
    QCOMPARE(lines.first().file, QStringLiteral("in/a (1)"));
    QCOMPARE(lines.first().sent, 100);
    QCOMPARE(lines.first().outcome, Outcome::Verified);
    QVERIFY(lines.first().why.isEmpty());
}

void TestDeliveryLedger::whatWasPutInIsVerifiedOrNotThere()
{
    Session session(1, m_queue);
    session.reporter.brokenOff({QStringLiteral("in/a"), "key", 100, true}, 100, {});
    session.reporter.ended(QStringLiteral("connection lost"));
    const auto lines = told();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().outcome, Outcome::BrokenOff);
    QCOMPARE(lines.first().why, QStringLiteral("connection lost"));
}

void TestDeliveryLedger::bothDirectionsAreTwoLines()
{
    Session session(1, m_queue);
    session.reporter.sent({QStringLiteral("add/a"), "id", 100}, 100);
    session.reporter.confirmed({QStringLiteral("add/a"), "id", 100, true}, 100);
    session.reporter.confirmed({QStringLiteral("add/a"), "id", 100});
    const auto lines = told();
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.at(0).received && !lines.at(1).received);
}

void TestDeliveryLedger::nothingGrowsWithoutBound()
{
    Session session(1, m_queue);
    QList<Delivery> lines;
    for (int i = 0; i < limits::deliveriesOpen + 10; ++i) {
        session.reporter.sent({QString::number(i), "id", 1}, 1);
        lines += told();
    }
    QCOMPARE(m_ledger.open(), limits::deliveriesOpen);
    QCOMPARE(lines.size(), 10);
    QCOMPARE(lines.first().file, QStringLiteral("0"));
}

void TestDeliveryLedger::aQueueThatNobodyReadsKeepsNothing()
{
    DeliveryQueue queue;
    queue.add({});
    const auto taken = queue.take();
    QVERIFY(taken.events.isEmpty());
    QCOMPARE(taken.dropped, 0);
}

void TestDeliveryLedger::aFullQueueCounts()
{
    for (int i = 0; i < limits::deliveryEvents + 7; ++i)
        m_queue->add({});
    const auto taken = m_queue->take();
    QCOMPARE(taken.events.size(), limits::deliveryEvents);
    QCOMPARE(taken.dropped, 7);
    QCOMPARE(m_queue->take().dropped, 0);
}

FERRY_TEST(TestDeliveryLedger)
#include "tst_deliveryledger.moc"
