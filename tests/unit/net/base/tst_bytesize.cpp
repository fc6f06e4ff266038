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
    for (const char *wrong : {"", "k", "0", "-1", "+5", "1.5M", "1T", "0x10", "5 k",
                              "9223372036854775807k", "99999999999999999999"})
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
