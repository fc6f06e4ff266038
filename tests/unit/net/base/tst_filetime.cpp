// SPDX-License-Identifier: MIT
#include "net/base/filetime.h"
#include "support/testprogram.h"

#include <QTest>

#include <limits>

using namespace ferry;

class FileTimeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aTimeIsNanosecondsOrTheNearestToThem_data();
    void aTimeIsNanosecondsOrTheNearestToThem();
};

void FileTimeTest::aTimeIsNanosecondsOrTheNearestToThem_data()
{
    constexpr qint64 last = std::numeric_limits<qint64>::max();
    constexpr qint64 first = std::numeric_limits<qint64>::min();
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("epoch") << qint64(0) << qint64(5) << qint64(5);
    QTest::newRow("1901") << qint64(-2147483648) << qint64(1) << qint64(-2147483647999999999);
    QTest::newRow("last") << qint64(9223372036) << qint64(854775807) << last;
    QTest::newRow("a nanosecond later") << qint64(9223372036) << qint64(854775808) << last;
    QTest::newRow("2446") << qint64(15032385535) << qint64(0) << last;
    QTest::newRow("year 1") << qint64(-62135596800) << qint64(0) << first;
}

void FileTimeTest::aTimeIsNanosecondsOrTheNearestToThem()
{
    QFETCH(const qint64, seconds);
    QFETCH(const qint64, nanoseconds);
    struct stat status = {};
    status.st_mtim = {time_t(seconds), long(nanoseconds)};
    QTEST(modifiedNs(status), "expected");
}

FERRY_TEST(FileTimeTest)
#include "tst_filetime.moc"
