// SPDX-License-Identifier: MIT
#include "client/connect/listingbound.h"
#include "client/limits.h"
#include "support/testprogram.h"
#include "wire/limits.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;

class TestListingBound : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fiveMillionEntriesAreTaken();
    void longNamesFillItEarlier();
    void whatCannotBeReadIsBoundedToo();
};

void TestListingBound::fiveMillionEntriesAreTaken()
{
    ListingBound bound;
    const extended::Entry entry{false, 1, 0, "i", "a/b"};
    for (qint64 n = 0; n < limits::entriesTaken; ++n)
        QVERIFY(bound.entry(entry));
    const auto last = bound.entry(entry);
    QVERIFY(!last);
    QCOMPARE(last.error().code, ErrorCode::Protocol);
}

/// The longest path that fits a line, again and again, would fill the memory of any machine.
void TestListingBound::longNamesFillItEarlier()
{
    ListingBound bound;
    const extended::Entry entry{false, 1, 0, "i", QByteArray(limits::extendedLineBytes, 'a')};
    qint64 taken = 0;
    while (taken < limits::entriesTaken && bound.entry(entry))
        ++taken;
    QCOMPARE(taken, limits::namesTaken / limits::extendedLineBytes);
}

void TestListingBound::whatCannotBeReadIsBoundedToo()
{
    ListingBound bound;
    for (qint64 n = 0; n < limits::skippedTaken; ++n)
        QVERIFY(bound.skipped());
    QVERIFY(!bound.skipped());
}

FERRY_TEST(TestListingBound)
#include "tst_listingbound.moc"
