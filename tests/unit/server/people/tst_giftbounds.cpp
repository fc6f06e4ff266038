// SPDX-License-Identifier: MIT
// How much may be given: at once, in a while, by one and by all.
#include "server/limits.h"
#include "support/testprogram.h"
#include "unit/server/people/giftstest.h"

#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;

class TestGiftBounds : public GiftsTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void eachBoundHolds_data();
    void eachBoundHolds();
    void aFloodIsOneTooMany_data();
    void aFloodIsOneTooMany();
};

void TestGiftBounds::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_people = std::make_shared<People>();
    m_people->setMembers(true);
    open();
}

void TestGiftBounds::cleanup()
{
    m_gifts.reset();
    m_people.reset();
}

void TestGiftBounds::eachBoundHolds_data()
{
    QTest::addColumn<int>("gifts");
    QTest::addColumn<int>("giftsOfOne");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<qint64>("bytesOfOne");
    QTest::addColumn<qint64>("bytesOfAll");
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<QByteArray>("ofAnother");
    constexpr qint64 many = 1000;
    QTest::newRow("all") << 2 << 10 << many << many << many << QByteArray("NOROOM")
                         << QByteArray("NOROOM");
    QTest::newRow("of one") << 10 << 2 << many << many << many << QByteArray("QUOTA")
                            << QByteArray();
    QTest::newRow("size") << 10 << 10 << qint64(4) << many << many << QByteArray("TOOLARGE")
                          << QByteArray("TOOLARGE");
    QTest::newRow("bytes of one") << 10 << 10 << many << qint64(14) << many << QByteArray("QUOTA")
                                  << QByteArray();
    QTest::newRow("bytes of all") << 10 << 10 << many << many << qint64(14) << QByteArray("NOROOM")
                                  << QByteArray("NOROOM");
}

void TestGiftBounds::eachBoundHolds()
{
    QFETCH(const int, gifts);
    QFETCH(const int, giftsOfOne);
    QFETCH(const qint64, bytes);
    QFETCH(const qint64, bytesOfOne);
    QFETCH(const qint64, bytesOfAll);
    QFETCH(const QByteArray, refusal);
    QFETCH(const QByteArray, ofAnother);
    open({gifts, giftsOfOne, bytes, bytesOfOne, bytesOfAll});
    const Presence anna = arrive(1, "anna");
    const Presence bert = arrive(2, "bert");
    const Presence carl = arrive(3, "carl", "198.51.100.1");
    // One that is complete counts as one that is on its way.
    if (bytes >= 5) {
        QVERIFY(give(*anna, "1"));
        QVERIFY(!m_gifts->begin(*anna, {2, {}, "a b"}, put("2")).refusal);
    }
    QCOMPARE(QByteArray(m_gifts->begin(*anna, {2, {}, "a b"}, put("3")).refusal), refusal);
    QCOMPARE(QByteArray(m_gifts->begin(*carl, {2, {}, "a b"}, put("4")).refusal), ofAnother);
}

/// Over one connection, or each over one of its own.
void TestGiftBounds::aFloodIsOneTooMany_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<bool>("anew");
    QTest::newRow("elsewhere") << QByteArray("192.0.2.1") << false;
    QTest::newRow("this machine") << QByteArray("127.0.0.1") << false;
    QTest::newRow("many connections of this machine") << QByteArray("127.0.0.1") << true;
}

void TestGiftBounds::aFloodIsOneTooMany()
{
    QFETCH(const QByteArray, address);
    QFETCH(const bool, anew);
    Presence anna = arrive(1, "anna", address.constData());
    const Presence bert = arrive(2, "bert");
    for (qint64 i = 0; i < limits::giftBurst; ++i) {
        if (anew)
            anna = arrive(quint64(10 + i), QByteArray::number(i), address.constData());
        const qint64 number = give(*anna, QByteArray::number(i));
        QVERIFY(number > 0);
        QVERIFY(m_gifts->drop(*bert, {{}, number, "a b"}));
    }
    if (anew)
        anna = arrive(1000, "another", address.constData());
    QCOMPARE(m_gifts->begin(*anna, {2, {}, "a b"}, put("more")).refusal, "QUOTA");
}

FERRY_TEST(TestGiftBounds)
#include "tst_giftbounds.moc"
