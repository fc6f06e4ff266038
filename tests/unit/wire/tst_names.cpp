// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "wire/names.h"

#include <QRandomGenerator>
#include <QTest>

using namespace ferry;

class TestNames : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNameIsAnyBytesWithoutSlashAndNul_data();
    void aNameIsAnyBytesWithoutSlashAndNul();
    void everyByteSurvivesEncoding();
    void encodedTextIsPrintableAscii();
    void badEscapesAreRefused_data();
    void badEscapesAreRefused();
    void namesAreDecodedOnceAndAfterSplitting();
    void anEscapedSeparatorIsNoSeparator();
};

void TestNames::aNameIsAnyBytesWithoutSlashAndNul_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("valid");
    QTest::newRow("plain") << QByteArray("a.txt") << true;
    QTest::newRow("dot at the start") << QByteArray(".profile") << true;
    QTest::newRow("three dots") << QByteArray("...") << true;
    QTest::newRow("backslash") << QByteArray("..\\..\\x") << true;
    QTest::newRow("newline") << QByteArray("a\nb") << true;
    QTest::newRow("invalid UTF-8") << QByteArray("\xC3\x28\xFF") << true;
    QTest::newRow("255 bytes") << QByteArray(255, 'n') << true;
    QTest::newRow("256 bytes") << QByteArray(256, 'n') << false;
    QTest::newRow("empty") << QByteArray() << false;
    QTest::newRow("dot") << QByteArray(".") << false;
    QTest::newRow("dot dot") << QByteArray("..") << false;
    QTest::newRow("slash") << QByteArray("a/b") << false;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << false;
}

void TestNames::aNameIsAnyBytesWithoutSlashAndNul()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, valid);
    QCOMPARE(isName(name), valid);
}

void TestNames::everyByteSurvivesEncoding()
{
    QByteArray all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    QCOMPARE(percentDecode(percentEncode(all)), all);
    for (int round = 0; round < 200; ++round) {
        QByteArray random(QRandomGenerator::global()->bounded(300), Qt::Uninitialized);
        for (char &c : random)
            c = static_cast<char>(QRandomGenerator::global()->bounded(256));
        QCOMPARE(percentDecode(percentEncode(random)), random);
    }
}

void TestNames::encodedTextIsPrintableAscii()
{
    const QByteArray encoded = percentEncode("a b\r\n\x1b[31m%41\xE2\x80\xAE/\x7F");
    QCOMPARE(encoded, "a%20b%0D%0A%1B[31m%2541%E2%80%AE/%7F");
}

void TestNames::badEscapesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"%", "%4", "a%", "%G1", "%1G", "%%41", "% 41", "%-1", "%+1"})
        QTest::newRow(text) << QByteArray(text);
}

void TestNames::badEscapesAreRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!percentDecode(text));
}

void TestNames::namesAreDecodedOnceAndAfterSplitting()
{
    QCOMPARE(decodeNames("a/%2541/c%20d"), QByteArrayList({"a", "%41", "c d"}));
    QVERIFY(!decodeNames(""));
    QVERIFY(!decodeNames("a//b"));
    QVERIFY(!decodeNames("/a"));
    QVERIFY(!decodeNames("a/"));
    QVERIFY(!decodeNames("a/%2E%2E/b"));
    QVERIFY(!decodeNames("a/%2e"));
    QVERIFY(!decodeNames("a/%00"));
}

void TestNames::anEscapedSeparatorIsNoSeparator()
{
    QVERIFY(!decodeNames("..%2F..%2Fetc"));
    QVERIFY(!decodeNames("a%2Fb"));
}

FERRY_TEST(TestNames)
#include "tst_names.moc"
