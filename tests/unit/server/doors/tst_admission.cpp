// SPDX-License-Identifier: MIT
#include "server/doors/admission.h"
#include "support/testprogram.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace ferry::server;
using namespace std::chrono_literals;
using Verdict = Admission::Verdict;
using Place = Admission::Place;

namespace {

const QHostAddress here(QHostAddress::LocalHost);
const QHostAddress one(QStringLiteral("192.0.2.1"));
const QHostAddress two(QStringLiteral("192.0.2.2"));
const QHostAddress three(QStringLiteral("192.0.2.3"));
const QHostAddress four(QStringLiteral("192.0.2.4"));

} // namespace

class TestAdmission : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theTotalIsKept();
    void aPlaceGivenBackCanBeTakenAgain();
    void oneAddressCannotTakeEveryPlace();
    void strangersAreCountedUntilTheyLogIn();
    void strangersOfOneAddressAreCountedToo();
    void loopbackIsExemptFromTheFiguresPerAddress();
    void ipv6CountsPerNetwork();
    void aMappedAddressIsTheSameAddress();
    void whoNeverLogsInGivesWay();
    void whoTakesLongGivesWay();
    void whoWasTurnedAwayIsDoubtedToo();
    void aRefusalWeighsLessThanAVisit();
    void oneAddressSharesItsPlaces();
    void aKnownAddressKeepsItsPlaces();
    void loopbackIsNotDoubted();
    void placesOutliveTheAdmission();
    void manyThreadsMayLeaveAtOnce();
};

void TestAdmission::theTotalIsKept()
{
    Admission admission({2, 10, 10, 10});
    Place a, b, c;
    QCOMPARE(admission.admit(one, a), Verdict::Admitted);
    QCOMPARE(admission.admit(two, b), Verdict::Admitted);
    QCOMPARE(admission.admit(here, c), Verdict::Full);
    a.settle();
    QCOMPARE(admission.admit(here, c), Verdict::Full);
}

void TestAdmission::aPlaceGivenBackCanBeTakenAgain()
{
    Admission admission({1, 1, 1, 1});
    for (int i = 0; i < 3; ++i) {
        Place place;
        QCOMPARE(admission.admit(one, place), Verdict::Admitted);
        Place other;
        QCOMPARE(admission.admit(two, other), Verdict::Full);
        Place moved = std::move(place);
        QCOMPARE(admission.admit(two, other), Verdict::Full);
    }
}

void TestAdmission::oneAddressCannotTakeEveryPlace()
{
    Admission admission({10, 2, 10, 10});
    Place a, b, c;
    QCOMPARE(admission.admit(one, a), Verdict::Admitted);
    QCOMPARE(admission.admit(one, b), Verdict::Admitted);
    a.settle();
    b.settle();
    QCOMPARE(admission.admit(one, c), Verdict::FullForAddress);
    QCOMPARE(admission.admit(two, c), Verdict::Admitted);
}

void TestAdmission::strangersAreCountedUntilTheyLogIn()
{
    Admission admission({10, 10, 1, 10});
    Place a, b;
    QCOMPARE(admission.admit(one, a), Verdict::Admitted);
    QCOMPARE(admission.admit(two, b), Verdict::StrangersFull);
    a.settle();
    a.settle(); // once is enough, twice does no harm
    QCOMPARE(admission.admit(two, b), Verdict::Admitted);
    Place c;
    QCOMPARE(admission.admit(two, c), Verdict::StrangersFull);
}

void TestAdmission::strangersOfOneAddressAreCountedToo()
{
    Admission admission({10, 10, 10, 1});
    Place a, b;
    QCOMPARE(admission.admit(one, a), Verdict::Admitted);
    QCOMPARE(admission.admit(one, b), Verdict::StrangersFullForAddress);
    a.settle();
    QCOMPARE(admission.admit(one, b), Verdict::Admitted);
}

void TestAdmission::loopbackIsExemptFromTheFiguresPerAddress()
{
    Admission admission({4, 1, 4, 1});
    std::vector<Place> places(4);
    QCOMPARE(admission.admit(here, places[0]), Verdict::Admitted);
    QCOMPARE(admission.admit(here, places[1]), Verdict::Admitted);
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("127.9.9.9")), places[2]),
             Verdict::Admitted);
    QCOMPARE(admission.admit(QHostAddress(QHostAddress::LocalHostIPv6), places[3]),
             Verdict::Admitted);
}

void TestAdmission::ipv6CountsPerNetwork()
{
    Admission admission({10, 1, 10, 10});
    Place a, b, c;
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("2001:db8:1:2::1")), a),
             Verdict::Admitted);
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("2001:db8:1:2:ffff::9")), b),
             Verdict::FullForAddress);
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("2001:db8:1:3::1")), c),
             Verdict::Admitted);
}

void TestAdmission::aMappedAddressIsTheSameAddress()
{
    Admission admission({10, 1, 10, 10});
    Place a, b;
    QCOMPARE(admission.admit(one, a), Verdict::Admitted);
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("::ffff:192.0.2.1")), b),
             Verdict::FullForAddress);
}

void TestAdmission::whoNeverLogsInGivesWay()
{
    Admission admission({10, 10, 2, 10, 1h});
    {
        Place visit;
        QCOMPARE(admission.admit(one, visit), Verdict::Admitted);
    }
    Place a, b, c, d, e;
    QCOMPARE(admission.admit(two, b, 22), Verdict::Admitted);
    QCOMPARE(admission.admit(one, a, 11), Verdict::Admitted);
    QCOMPARE(admission.admit(three, c, 33), Verdict::StrangersFull);
    QCOMPARE(admission.giveWay(three), std::optional<quint64>(11));
    QCOMPARE(admission.admit(three, c, 33), Verdict::Admitted);
    // Those who are left are doubted as little as the next one; and who gave way is no better.
    QCOMPARE(admission.giveWay(four), std::nullopt);
    QCOMPARE(admission.giveWay(one), std::nullopt);
    // A place that was taken away is not given back a second time.
    a = Place();
    QCOMPARE(admission.admit(four, d), Verdict::StrangersFull);
    // Who logs in is trusted again, and better than one whom nobody knows.
    c.settle();
    QCOMPARE(admission.admit(one, a, 11), Verdict::Admitted);
    a.settle();
    QCOMPARE(admission.admit(one, d, 12), Verdict::Admitted);
    QCOMPARE(admission.giveWay(three), std::optional<quint64>(22));
    QCOMPARE(admission.admit(three, e, 34), Verdict::Admitted);
    QCOMPARE(admission.giveWay(three), std::nullopt);
}

void TestAdmission::whoTakesLongGivesWay()
{
    Admission admission({10, 10, 1, 10, 0ms});
    Place a, b;
    QCOMPARE(admission.admit(one, a, 11), Verdict::Admitted);
    QCOMPARE(admission.admit(two, b, 22), Verdict::StrangersFull);
    QCOMPARE(admission.giveWay(two), std::optional<quint64>(11));
    QCOMPARE(admission.admit(two, b, 22), Verdict::Admitted);
}

void TestAdmission::whoWasTurnedAwayIsDoubtedToo()
{
    Admission admission({10, 10, 1, 10, 1h});
    Place a, b;
    QCOMPARE(admission.admit(one, a, 11), Verdict::Admitted);
    QCOMPARE(admission.giveWay(two), std::nullopt);
    QCOMPARE(admission.giveWay(two), std::nullopt);
    a = Place();
    QCOMPARE(admission.admit(two, b, 22), Verdict::Admitted);
    QCOMPARE(admission.giveWay(three), std::optional<quint64>(22));
}

/// Who was refused once is still better than one who held a place for nothing.
void TestAdmission::aRefusalWeighsLessThanAVisit()
{
    Admission admission({10, 10, 1, 10, 1h});
    Place a, b;
    QCOMPARE(admission.admit(one, a, 11), Verdict::Admitted);
    QCOMPARE(admission.giveWay(two), std::nullopt);
    a = Place();
    QCOMPARE(admission.admit(one, a, 12), Verdict::Admitted);
    QCOMPARE(admission.giveWay(two), std::optional<quint64>(12));
    // But not for ever: what comes again and again is no better.
    QCOMPARE(admission.admit(three, b, 33), Verdict::Admitted);
    QCOMPARE(admission.giveWay(two), std::nullopt);
    b = Place();
    QCOMPARE(admission.admit(three, b, 34), Verdict::Admitted);
    QCOMPARE(admission.giveWay(two), std::nullopt);
}

/// Nobody is doubted: who has fewest takes from who has most, until nobody has clearly more.
void TestAdmission::oneAddressSharesItsPlaces()
{
    Admission admission({20, 20, 6, 20, 1h});
    std::vector<Place> crowd(6), others(3);
    Place third, fourth;
    for (quint64 i = 0; i < 6; ++i)
        QCOMPARE(admission.admit(one, crowd[i], 11 + i), Verdict::Admitted);
    for (quint64 i = 0; i < 3; ++i) {
        QCOMPARE(admission.giveWay(two), std::optional<quint64>(11 + i));
        QCOMPARE(admission.admit(two, others[i], 22 + i), Verdict::Admitted);
    }
    // Three each. It does not go to and fro.
    QCOMPARE(admission.giveWay(two), std::nullopt);
    QCOMPARE(admission.giveWay(one), std::nullopt);
    // But somebody who has none takes one; and who lost some is not doubted for it.
    QCOMPARE(admission.giveWay(three), std::optional<quint64>(14));
    QCOMPARE(admission.admit(three, third, 33), Verdict::Admitted);
    QCOMPARE(admission.giveWay(four), std::optional<quint64>(22));
    QCOMPARE(admission.admit(four, fourth, 44), Verdict::Admitted);
    QCOMPARE(admission.giveWay(QHostAddress(QStringLiteral("192.0.2.5"))), std::nullopt);
}

/// Of an address where somebody has logged in, all come in together.
void TestAdmission::aKnownAddressKeepsItsPlaces()
{
    Admission admission({10, 10, 4, 10, 1h});
    {
        Place before;
        QCOMPARE(admission.admit(one, before), Verdict::Admitted);
        before.settle();
    }
    std::vector<Place> places(4);
    for (Place &place : places)
        QCOMPARE(admission.admit(one, place, 11), Verdict::Admitted);
    QCOMPARE(admission.giveWay(two), std::nullopt);
}

/// There the machine's own users and proxies meet.
void TestAdmission::loopbackIsNotDoubted()
{
    Admission admission({10, 10, 1, 10, 1h});
    for (int visit = 0; visit < 3; ++visit) {
        Place place;
        QCOMPARE(admission.admit(here, place), Verdict::Admitted);
    }
    Place a;
    QCOMPARE(admission.admit(here, a, 11), Verdict::Admitted);
    QCOMPARE(admission.giveWay(one), std::nullopt);

    Admission other({10, 10, 4, 10, 1h});
    std::vector<Place> places(4);
    for (Place &place : places)
        QCOMPARE(other.admit(here, place, 11), Verdict::Admitted);
    QCOMPARE(other.giveWay(one), std::nullopt);
}

void TestAdmission::placesOutliveTheAdmission()
{
    Place place;
    {
        Admission admission({1, 1, 1, 1});
        QCOMPARE(admission.admit(one, place), Verdict::Admitted);
    }
    place.settle();
    place = Place();
}

void TestAdmission::manyThreadsMayLeaveAtOnce()
{
    constexpr int count = 64;
    Admission admission({count, count, count, count});
    for (int round = 0; round < 20; ++round) {
        std::vector<std::thread> threads;
        for (int i = 0; i < count; ++i) {
            auto place = std::make_shared<Place>();
            QCOMPARE(admission.admit(one, *place), Verdict::Admitted);
            threads.emplace_back([place]() mutable {
                place->settle();
                place.reset();
            });
        }
        for (std::thread &thread : threads)
            thread.join();
    }
}

FERRY_TEST(TestAdmission)
#include "tst_admission.moc"
