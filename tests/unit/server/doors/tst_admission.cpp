// SPDX-License-Identifier: MIT
#include "server/doors/admission.h"
#include "support/testprogram.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace ferry::server;
using namespace std::chrono_literals;
using Decision = Admission::Decision;
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
    void theLocalHostIsExemptFromTheCapsPerAddress();
    void ipv6CountsPerNetwork();
    void aMappedAddressIsTheSameAddress();
    void whoNeverLogsInGivesWay();
    void whoTakesLongGivesWay();
    void whoWasTurnedAwayIsDoubtedToo();
    void aRefusalWeighsLessThanAVisit();
    void oneAddressSharesItsPlaces();
    void aKnownAddressKeepsItsPlaces();
    void theLocalHostHasNoPenalty();
    void crowdsOfLoopbackAreEvictedLikeOthers();
    void placesOutliveTheAdmission();
    void manyThreadsMayLeaveAtOnce();
};

void TestAdmission::theTotalIsKept()
{
    Admission admission({2, 10, 10, 10});
    Place a, b, c;
    QCOMPARE(admission.admit(one, a), Decision::Admitted);
    QCOMPARE(admission.admit(two, b), Decision::Admitted);
    QCOMPARE(admission.admit(here, c), Decision::Full);
    a.authenticated();
    QCOMPARE(admission.admit(here, c), Decision::Full);
}

void TestAdmission::aPlaceGivenBackCanBeTakenAgain()
{
    Admission admission({1, 1, 1, 1});
    for (int i = 0; i < 3; ++i) {
        Place place;
        QCOMPARE(admission.admit(one, place), Decision::Admitted);
        Place other;
        QCOMPARE(admission.admit(two, other), Decision::Full);
        Place moved = std::move(place);
        QCOMPARE(admission.admit(two, other), Decision::Full);
    }
}

void TestAdmission::oneAddressCannotTakeEveryPlace()
{
    Admission admission({10, 2, 10, 10});
    Place a, b, c;
    QCOMPARE(admission.admit(one, a), Decision::Admitted);
    QCOMPARE(admission.admit(one, b), Decision::Admitted);
    a.authenticated();
    b.authenticated();
    QCOMPARE(admission.admit(one, c), Decision::FullForAddress);
    QCOMPARE(admission.admit(two, c), Decision::Admitted);
}

void TestAdmission::strangersAreCountedUntilTheyLogIn()
{
    Admission admission({10, 10, 1, 10});
    Place a, b;
    QCOMPARE(admission.admit(one, a), Decision::Admitted);
    QCOMPARE(admission.admit(two, b), Decision::StrangersFull);
    a.authenticated();
    a.authenticated(); // once is enough, twice does no harm
    QCOMPARE(admission.admit(two, b), Decision::Admitted);
    Place c;
    QCOMPARE(admission.admit(two, c), Decision::StrangersFull);
}

void TestAdmission::strangersOfOneAddressAreCountedToo()
{
    Admission admission({10, 10, 10, 1});
    Place a, b;
    QCOMPARE(admission.admit(one, a), Decision::Admitted);
    QCOMPARE(admission.admit(one, b), Decision::StrangersFullForAddress);
    a.authenticated();
    QCOMPARE(admission.admit(one, b), Decision::Admitted);
}

void TestAdmission::theLocalHostIsExemptFromTheCapsPerAddress()
{
    Admission admission({6, 1, 6, 1});
    const QHostAddress here6(QHostAddress::LocalHostIPv6);
    const QHostAddress elsewhere(QStringLiteral("127.9.9.9"));
    std::vector<Place> places(6);
    QCOMPARE(admission.admit(here, places[0]), Decision::Admitted);
    QCOMPARE(admission.admit(here, places[1]), Decision::Admitted);
    QCOMPARE(admission.admit(here6, places[2]), Decision::Admitted);
    QCOMPARE(admission.admit(here6, places[3]), Decision::Admitted);
    QCOMPARE(admission.admit(elsewhere, places[4]), Decision::Admitted);
    QCOMPARE(admission.admit(elsewhere, places[5]), Decision::FullForAddress);
}

void TestAdmission::ipv6CountsPerNetwork()
{
    Admission admission({10, 1, 10, 10});
    Place a, b, c;
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("2001:db8:1:2::1")), a),
             Decision::Admitted);
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("2001:db8:1:2:ffff::9")), b),
             Decision::FullForAddress);
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("2001:db8:1:3::1")), c),
             Decision::Admitted);
}

void TestAdmission::aMappedAddressIsTheSameAddress()
{
    Admission admission({10, 1, 10, 10});
    Place a, b;
    QCOMPARE(admission.admit(one, a), Decision::Admitted);
    QCOMPARE(admission.admit(QHostAddress(QStringLiteral("::ffff:192.0.2.1")), b),
             Decision::FullForAddress);
}

void TestAdmission::whoNeverLogsInGivesWay()
{
    Admission admission({10, 10, 2, 10, 1h});
    {
        Place visit;
        QCOMPARE(admission.admit(one, visit), Decision::Admitted);
    }
    Place a, b, c, d, e;
    QCOMPARE(admission.admit(two, b, 22), Decision::Admitted);
    QCOMPARE(admission.admit(one, a, 11), Decision::Admitted);
    QCOMPARE(admission.admit(three, c, 33), Decision::StrangersFull);
    QCOMPARE(admission.evictFor(three), std::optional<quint64>(11));
    QCOMPARE(admission.admit(three, c, 33), Decision::Admitted);
    // Those who are left are doubted as little as the next one; and who gave way is no better.
    QCOMPARE(admission.evictFor(four), std::nullopt);
    QCOMPARE(admission.evictFor(one), std::nullopt);
    // A place that was taken away is not given back a second time.
    a = Place();
    QCOMPARE(admission.admit(four, d), Decision::StrangersFull);
    // Who logs in is trusted again, and better than one whom nobody knows.
    c.authenticated();
    QCOMPARE(admission.admit(one, a, 11), Decision::Admitted);
    a.authenticated();
    QCOMPARE(admission.admit(one, d, 12), Decision::Admitted);
    QCOMPARE(admission.evictFor(three), std::optional<quint64>(22));
    QCOMPARE(admission.admit(three, e, 34), Decision::Admitted);
    QCOMPARE(admission.evictFor(three), std::nullopt);
}

void TestAdmission::whoTakesLongGivesWay()
{
    Admission admission({10, 10, 1, 10, 0ms});
    Place a, b;
    QCOMPARE(admission.admit(one, a, 11), Decision::Admitted);
    QCOMPARE(admission.admit(two, b, 22), Decision::StrangersFull);
    QCOMPARE(admission.evictFor(two), std::optional<quint64>(11));
    QCOMPARE(admission.admit(two, b, 22), Decision::Admitted);
}

void TestAdmission::whoWasTurnedAwayIsDoubtedToo()
{
    Admission admission({10, 10, 1, 10, 1h});
    Place a, b;
    QCOMPARE(admission.admit(one, a, 11), Decision::Admitted);
    QCOMPARE(admission.evictFor(two), std::nullopt);
    QCOMPARE(admission.evictFor(two), std::nullopt);
    a = Place();
    QCOMPARE(admission.admit(two, b, 22), Decision::Admitted);
    QCOMPARE(admission.evictFor(three), std::optional<quint64>(22));
}

/// Who was refused once is still better than one who held a place for nothing.
void TestAdmission::aRefusalWeighsLessThanAVisit()
{
    Admission admission({10, 10, 1, 10, 1h});
    Place a, b;
    QCOMPARE(admission.admit(one, a, 11), Decision::Admitted);
    QCOMPARE(admission.evictFor(two), std::nullopt);
    a = Place();
    QCOMPARE(admission.admit(one, a, 12), Decision::Admitted);
    QCOMPARE(admission.evictFor(two), std::optional<quint64>(12));
    // But not for ever: what comes again and again is no better.
    QCOMPARE(admission.admit(three, b, 33), Decision::Admitted);
    QCOMPARE(admission.evictFor(two), std::nullopt);
    b = Place();
    QCOMPARE(admission.admit(three, b, 34), Decision::Admitted);
    QCOMPARE(admission.evictFor(two), std::nullopt);
}

/// Nobody is doubted: who has fewest takes from who has most, until nobody has clearly more.
void TestAdmission::oneAddressSharesItsPlaces()
{
    Admission admission({20, 20, 6, 20, 1h});
    std::vector<Place> crowd(6), others(3);
    Place third, fourth;
    for (quint64 i = 0; i < 6; ++i)
        QCOMPARE(admission.admit(one, crowd[i], 11 + i), Decision::Admitted);
    for (quint64 i = 0; i < 3; ++i) {
        QCOMPARE(admission.evictFor(two), std::optional<quint64>(11 + i));
        QCOMPARE(admission.admit(two, others[i], 22 + i), Decision::Admitted);
    }
    // Three each. It does not go to and fro.
    QCOMPARE(admission.evictFor(two), std::nullopt);
    QCOMPARE(admission.evictFor(one), std::nullopt);
    // But somebody who has none takes one; and who lost some is not doubted for it.
    QCOMPARE(admission.evictFor(three), std::optional<quint64>(14));
    QCOMPARE(admission.admit(three, third, 33), Decision::Admitted);
    QCOMPARE(admission.evictFor(four), std::optional<quint64>(22));
    QCOMPARE(admission.admit(four, fourth, 44), Decision::Admitted);
    QCOMPARE(admission.evictFor(QHostAddress(QStringLiteral("192.0.2.5"))), std::nullopt);
}

/// Of an address where somebody has logged in, all come in together.
void TestAdmission::aKnownAddressKeepsItsPlaces()
{
    Admission admission({10, 10, 4, 10, 1h});
    {
        Place before;
        QCOMPARE(admission.admit(one, before), Decision::Admitted);
        before.authenticated();
    }
    std::vector<Place> places(4);
    for (Place &place : places)
        QCOMPARE(admission.admit(one, place, 11), Decision::Admitted);
    QCOMPARE(admission.evictFor(two), std::nullopt);
}

/// There the machine's own users and proxies meet.
void TestAdmission::theLocalHostHasNoPenalty()
{
    Admission admission({10, 10, 1, 10, 1h});
    for (int visit = 0; visit < 3; ++visit) {
        Place place;
        QCOMPARE(admission.admit(here, place), Decision::Admitted);
    }
    Place a;
    QCOMPARE(admission.admit(here, a, 11), Decision::Admitted);
    QCOMPARE(admission.evictFor(one), std::nullopt);
}

/// Neither its many addresses keep the others out, nor the one that has no caps.
void TestAdmission::crowdsOfLoopbackAreEvictedLikeOthers()
{
    Admission admission({10, 10, 4, 10, 1h});
    std::vector<Place> places(4);
    for (int round = 0; round < 2; ++round) {
        for (quint32 number = 0; number < 4; ++number) {
            places[number] = Place();
            QCOMPARE(admission.admit(QHostAddress(0x7F000100u + number), places[number], 11),
                     Decision::Admitted);
        }
    }
    QCOMPARE(admission.evictFor(here), std::optional<quint64>(11));

    Admission other({10, 10, 4, 10, 1h});
    for (Place &place : places) {
        place = Place();
        QCOMPARE(other.admit(here, place, 11), Decision::Admitted);
    }
    QCOMPARE(other.evictFor(one), std::optional<quint64>(11));
}

void TestAdmission::placesOutliveTheAdmission()
{
    Place place;
    {
        Admission admission({1, 1, 1, 1});
        QCOMPARE(admission.admit(one, place), Decision::Admitted);
    }
    place.authenticated();
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
            QCOMPARE(admission.admit(one, *place), Decision::Admitted);
            threads.emplace_back([place]() mutable {
                place->authenticated();
                place.reset();
            });
        }
        for (std::thread &thread : threads)
            thread.join();
    }
}

FERRY_TEST(TestAdmission)
#include "tst_admission.moc"
