// SPDX-License-Identifier: MIT
#include "server/uploads/uploadledger.h"
#include "support/testprogram.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace ferry;
using namespace ferry::server;

namespace {

UploadLedger::Upload uploadOf(const char *key, qint64 size, const char *account = "a")
{
    return {key, account, size};
}

const UploadLedger::Disk largeDisk{1, qint64(1) << 50, qint64(1) << 50, true};

} // namespace

class TestUploadLedger : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSecondHolderTakesOver();
    void aThirdWaitsForTheFirstOnesWork();
    void roomIsPromisedOnce();
    void aSmallDiskIsNotFullFromTheStart();
    void stagedBytesAreBounded();
    void accountsCountByThemselves();
    void theLastAnswersAreKept();
};

void TestUploadLedger::aSecondHolderTakesOver()
{
    UploadLedger ledger;
    int closed = 0;
    auto first = ledger.take(uploadOf("k", 10), [&closed] { ++closed; });
    QVERIFY(first && first->beginWork());
    first->setThere(4);
    first->endWork();
    auto second = ledger.take(uploadOf("k", 10), [] {});
    QVERIFY(second);
    QCOMPARE(closed, 1);
    QVERIFY(!first->beginWork());
    QVERIFY(second->beginWork());
    first.reset();
    QVERIFY(ledger.isHeld("k"));
    second.reset();
    QVERIFY(!ledger.isHeld("k"));
}

/// Whoever takes over may touch the file only when nobody before it does.
void TestUploadLedger::aThirdWaitsForTheFirstOnesWork()
{
    UploadLedger ledger;
    std::atomic_bool wanted = false;
    auto first = ledger.take(uploadOf("k", 10), [&wanted] { wanted = true; });
    QVERIFY(first->beginWork());
    std::atomic_bool over = false;
    std::atomic_int early = 0;
    std::atomic_int taken = 0;
    const auto takeOver = [&] {
        const auto lease = ledger.take(uploadOf("k", 10), [] {});
        early += over ? 0 : 1;
        taken += lease ? 1 : 0;
    };
    std::thread second(takeOver);
    std::thread third(takeOver);
    while (!wanted)
        std::this_thread::yield();
    QVERIFY(!first->beginWork()); // what is under way still is
    over = true;
    first.reset();
    second.join();
    third.join();
    QCOMPARE(early, 0);
    QVERIFY(taken >= 1);
}

void TestUploadLedger::roomIsPromisedOnce()
{
    UploadLedger ledger;
    ledger.setLimits({0, 0, 0, 0, 100});
    auto first = ledger.take(uploadOf("a", 600), [] {});
    auto second = ledger.take(uploadOf("b", 600), [] {});
    const UploadLedger::Disk disk{1, 1000, true};
    QCOMPARE(ledger.reserve(*first, 0, disk), nullptr);
    QCOMPARE(ledger.reserve(*second, 0, disk), "NOROOM");
    QCOMPARE(ledger.reserve(*second, 299, disk), "NOROOM");
    QCOMPARE(ledger.reserve(*second, 300, {2, 1000, true}), nullptr); // another disk
    QCOMPARE(ledger.reserve(*second, 0, {1, 1000, false}), "NOROOM");
    // What is written is promised no longer, and the disk has less.
    first->setThere(600);
    QCOMPARE(ledger.reserve(*second, 400, {1, 300, true}), nullptr);
    first.reset();
    QCOMPARE(ledger.reserve(*second, 0, {1, 700, true}), nullptr);
    QCOMPARE(ledger.reserve(*second, 0, {1, 699, true}), "NOROOM");
}

/// A disk of 200 MB has less than what a large one keeps free.
void TestUploadLedger::aSmallDiskIsNotFullFromTheStart()
{
    UploadLedger ledger;
    const UploadLedger::Disk small{2, 190'000'000, 200'000'000, true};
    auto lease = ledger.take(uploadOf("k", 180'000'000), [] {});
    QCOMPARE(ledger.reserve(*lease, 0, small), nullptr);
    auto larger = ledger.take(uploadOf("l", 180'000'001), [] {});
    lease.reset();
    QCOMPARE(QByteArray(ledger.reserve(*larger, 0, small)), "NOROOM"); // a twentieth stays free
    // Of a large disk 250 MB, and what the operator says holds everywhere.
    const UploadLedger::Disk large{3, 300'000'000, qint64(1) << 40, true};
    auto most = ledger.take(uploadOf("m", 50'000'000), [] {});
    QCOMPARE(ledger.reserve(*most, 0, large), nullptr);
    auto over = ledger.take(uploadOf("n", 50'000'001), [] {});
    most.reset();
    QCOMPARE(QByteArray(ledger.reserve(*over, 0, large)), "NOROOM");
    ledger.setLimits({.diskReserve = 100'000'000});
    QCOMPARE(QByteArray(ledger.reserve(*larger, 0, small)), "NOROOM");
    QCOMPARE(ledger.reserve(*over, 0, large), nullptr);
}

void TestUploadLedger::stagedBytesAreBounded()
{
    UploadLedger ledger;
    ledger.setLimits({0, 0, 0, 100, 0});
    ledger.addPart({"old", "b", 30});
    auto first = ledger.take(uploadOf("a", 50), [] {});
    QCOMPARE(ledger.reserve(*first, 0, largeDisk), nullptr);
    auto second = ledger.take(uploadOf("b", 21), [] {});
    QCOMPARE(ledger.reserve(*second, 0, largeDisk), "NOROOM");
    ledger.removePart("old");
    QCOMPARE(ledger.reserve(*second, 0, largeDisk), nullptr);
}

void TestUploadLedger::accountsCountByThemselves()
{
    UploadLedger ledger;
    ledger.setLimits({0, 100, 2, 0, 0});
    auto anna = ledger.take(uploadOf("a", 100, "anna"), [] {});
    auto more = ledger.take(uploadOf("b", 1, "anna"), [] {});
    auto bert = ledger.take(uploadOf("c", 100, "bert"), [] {});
    QCOMPARE(ledger.reserve(*anna, 0, largeDisk), nullptr);
    QCOMPARE(ledger.reserve(*more, 0, largeDisk), "QUOTA");
    QCOMPARE(ledger.reserve(*bert, 0, largeDisk), nullptr);
    QCOMPARE(ledger.countFolder("anna"), nullptr);
    anna->stored({});
    QCOMPARE(ledger.countFolder("anna"), "QUOTA");
    QCOMPARE(ledger.countFolder("bert"), nullptr);
}

void TestUploadLedger::theLastAnswersAreKept()
{
    UploadLedger ledger;
    const auto store = [&ledger](int i) {
        const QByteArray key = QByteArray::number(i);
        auto lease = ledger.take({key, "a", 1}, [] {});
        lease->stored({"/in/" + key, 1, {}, {}});
    };
    for (int i = 0; i <= limits::uploadAnswers; ++i)
        store(i);
    QVERIFY(!ledger.answered("0"));
    QCOMPARE(ledger.answered("1")->path, "/in/1");
    QVERIFY(!ledger.answered("none"));
}

FERRY_TEST(TestUploadLedger)
#include "tst_uploadledger.moc"
