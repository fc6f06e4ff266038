// SPDX-License-Identifier: MIT
#include "net/base/bytesize.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;

class ByteSizeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSizeIsANumberWithAUnit_data();
    void aSizeIsANumberWithAUnit();
};

void ByteSizeTest::aSizeIsANumberWithAUnit_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("size"); // -1: none
    QTest::newRow("plain") << QByteArray("1") << qint64(1);
    QTest::newRow("k") << QByteArray("12k") << qint64(12'000);
    QTest::newRow("M") << QByteArray("3M") << qint64(3'000'000);
    QTest::newRow("G") << QByteArray("9G") << qint64(9'000'000'000);
    QTest::newRow("K") << QByteArray("500K") << qint64(500'000);
    QTest::newRow("m") << QByteArray("10m") << qint64(10'000'000);
    QTest::newRow("g") << QByteArray("1g") << qint64(1'000'000'000);
    QTest::newRow("T") << QByteArray("2T") << qint64(2'000'000'000'000);
    QTest::newRow("fraction") << QByteArray("1.5M") << qint64(1'500'000);
    QTest::newRow("small fraction") << QByteArray("0.25k") << qint64(250);
    QTest::newRow("MB") << QByteArray("10MB") << qint64(10'000'000);
    QTest::newRow("KiB") << QByteArray("3KiB") << qint64(3072);
    QTest::newRow("gi") << QByteArray("1Gi") << qint64(1'073'741'824);
    QTest::newRow("bytes") << QByteArray("500B") << qint64(500);
    for (const char *wrong : {"", "k", "0", "-1", "+5", "0x10", "5 k", "1.M", ".5M", "1,5M",
                              "1.5.5M", "0.1", "1kk", "1ib", "9223372036854775807k",
                              "9223372036854775807.9k", "99999999999999999999", "1e3", "5k "})
        QTest::newRow(wrong) << QByteArray(wrong) << qint64(-1);
}

void ByteSizeTest::aSizeIsANumberWithAUnit()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, size);
    QCOMPARE(parseByteSize(text).value_or(-1), size);
}

FERRY_TEST(ByteSizeTest)
#include "tst_bytesize.moc"
