// SPDX-License-Identifier: MIT
#include "client/connect/listingbound.h"
#include "client/limits.h"
#include "support/testprogram.h"
#include "wire/limits.h"

#include <QTest>

#include <sys/resource.h>

using namespace ferry;
using namespace ferry::client;

class TestListingBound : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void entriesAreTakenUntilTheMemoryIsFull();
    void longPathsFillItEarlier();
    void whatIsLeftOutIsBoundedToo();
    void theLimitOfTheProcessCounts();
};

void TestListingBound::entriesAreTakenUntilTheMemoryIsFull()
{
    ListingBound bound(100 * (listedCost.entry + 3 * listedCost.pathByte), listedCost);
    const extended::Entry entry{false, 1, 0, "i", "a/b", {}};
    for (int n = 0; n < 100; ++n)
        QVERIFY(bound.entry(entry));
    const auto last = bound.entry(entry);
    QVERIFY(!last);
    QCOMPARE(last.error().code, ErrorCode::Protocol);
}

/// The longest path that fits a line, again and again, would fill the memory of any machine.
void TestListingBound::longPathsFillItEarlier()
{
    ListingBound bound(limits::listingBytes, rowCost);
    const extended::Entry entry{false, 1, 0, "i", QByteArray(limits::extendedLineBytes, 'a'), {}};
    qint64 taken = 0;
    while (bound.entry(entry))
        ++taken;
    QCOMPARE(taken,
             limits::listingBytes / (rowCost.entry + rowCost.pathByte * limits::extendedLineBytes));
}

void TestListingBound::whatIsLeftOutIsBoundedToo()
{
    ListingBound bound(limits::listingBytes, rowCost);
    for (qint64 n = 0; n < limits::skippedTaken; ++n)
        QVERIFY(bound.skipped("a"));
    QVERIFY(!bound.skipped("a"));
    ListingBound full(rowCost.entry, rowCost);
    QVERIFY(!full.skipped("a"));
}

void TestListingBound::theLimitOfTheProcessCounts()
{
#ifdef FERRY_SANITIZED
    QSKIP("a sanitizer takes all of the address space");
#endif
    constexpr qint64 gibibyte = qint64(1) << 30;
    const qint64 before = listingMemory();
    QVERIFY(before > 0 && before <= limits::listingBytes);
    rlimit old = {};
    QCOMPARE(::getrlimit(RLIMIT_AS, &old), 0);
    rlimit less = old;
    less.rlim_cur = gibibyte;
    QCOMPARE(::setrlimit(RLIMIT_AS, &less), 0);
    const qint64 after = listingMemory();
    QCOMPARE(::setrlimit(RLIMIT_AS, &old), 0);
    QVERIFY(after < gibibyte / 2);
}

FERRY_TEST(TestListingBound)
#include "tst_listingbound.moc"
