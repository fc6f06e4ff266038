// SPDX-License-Identifier: MIT
#include "client/transfer/receiptbox.h"

#include "net/base/checksum.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>
#include <utility>
#include <vector>

using namespace ferry;
using namespace ferry::client;

namespace {

const QByteArray digits = "0123456789abcdef0123456789abcdef";

Receipt receipt(qint64 number)
{
    return {*VirtualPath::parseEncoded("/s/" + QByteArray::number(number)), "i", "xxh3:" + digits,
            number};
}

std::vector<Receipt> receipts(const std::vector<qint64> &numbers)
{
    std::vector<Receipt> made;
    for (const qint64 number : numbers)
        made.push_back(receipt(number));
    return made;
}

/// The lines that a connection says.
QByteArrayList lines(const std::vector<qint64> &numbers, bool gathers)
{
    QByteArrayList said;
    for (const auto &run : intoRuns(receipts(numbers), gathers)) {
        const QByteArray line = extended::requestLine(requestOf(run));
        said += line.first(line.indexOf(run.size() > 1 ? " sum=" : " id="));
    }
    return said;
}

} // namespace

class ReceiptBoxTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersThatFollowEachOtherAreARun_data();
    void numbersThatFollowEachOtherAreARun();
    void aRunIsToldWithTheSumOfItsSums();
    void everyPromiseIsResolvedOnce();
};

void ReceiptBoxTest::numbersThatFollowEachOtherAreARun_data()
{
    QTest::addColumn<std::vector<qint64>>("numbers");
    QTest::addColumn<bool>("gathers");
    QTest::addColumn<QByteArrayList>("expected");
    const auto row = [](const char *name, const std::vector<qint64> &numbers, bool gathers,
                        const QByteArrayList &expected) {
        QTest::newRow(name) << numbers << gathers << expected;
    };
    row("nothing", {}, true, {});
    row("one", {7}, true, {"RECEIPT /s/7"});
    row("a run", {7, 8, 9}, true, {"RECEIPTS first=7 count=3"});
    row("in another order", {9, 7, 8}, true, {"RECEIPTS first=7 count=3"});
    row("one is missing", {1, 2, 4, 5}, true,
        {"RECEIPTS first=1 count=2", "RECEIPTS first=4 count=2"});
    row("one is alone", {1, 3, 4}, true, {"RECEIPT /s/1", "RECEIPTS first=3 count=2"});
    row("without numbers", {0, 0, 1, 2}, true,
        {"RECEIPT /s/0", "RECEIPT /s/0", "RECEIPTS first=1 count=2"});
    row("to a server before", {1, 2, 3}, false, {"RECEIPT /s/1", "RECEIPT /s/2", "RECEIPT /s/3"});
}

void ReceiptBoxTest::numbersThatFollowEachOtherAreARun()
{
    QFETCH(std::vector<qint64>, numbers);
    QFETCH(bool, gathers);
    QFETCH(QByteArrayList, expected);
    QCOMPARE(lines(numbers, gathers), expected);
}

void ReceiptBoxTest::aRunIsToldWithTheSumOfItsSums()
{
    Checksum sums;
    sums.add(digits + digits);
    QCOMPARE(requestOf(receipts({1, 2})).sum, "xxh3:" + sums.hex());
    QCOMPARE(requestOf(receipts({1})).sum, "xxh3:" + digits);
}

/// Files of two connections end together, and one of them was not saved.
void ReceiptBoxTest::everyPromiseIsResolvedOnce()
{
    const auto one = std::make_shared<ReceiptBox>();
    const auto two = std::make_shared<ReceiptBox>();
    {
        const PromisedReceipt lost(one);
        std::vector<PromisedReceipt::Kept> kept;
        for (const auto &[box, number] :
             {std::pair(one, 1), std::pair(one, 2), std::pair(two, 1), std::pair(one, 3)})
            kept.push_back({PromisedReceipt(box), receipt(number)});
        PromisedReceipt::keep(std::move(kept));
        QVERIFY(one->pending());
        QVERIFY(!two->pending());
    }
    QVERIFY(!one->pending());
    const std::vector<Receipt> taken = one->take();
    QCOMPARE(taken.size(), size_t(3));
    QCOMPARE(taken[2].number, 3);
    QCOMPARE(two->take().size(), size_t(1));
    QVERIFY(one->take().empty());
}

FERRY_TEST(ReceiptBoxTest)
#include "tst_receiptbox.moc"
