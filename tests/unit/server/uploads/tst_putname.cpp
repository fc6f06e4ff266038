// SPDX-License-Identifier: MIT
#include "net/base/filename.h"
#include "server/uploads/putname.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::server;

class TestPutName : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ordinaryNamesArePut_data();
    void ordinaryNamesArePut();
    void othersAreNot_data();
    void othersAreNot();
    void caseAndFormMakeNoOtherName();
};

void TestPutName::ordinaryNamesArePut_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"a",
                             "a.txt",
                             "with space",
                             " x",
                             "a..b",
                             "console",
                             "nul_.txt",
                             "com0",
                             "com10",
                             "COM",
                             "lpt",
                             "xcon",
                             "desktop.ini.txt",
                             "a:b",
                             "a\\b",
                             "100%",
                             "-rf",
                             "~",
                             "na\xC3\xAFve.txt",
                             "\xE5\xB0\x8F\xE8\xAA\xAA.epub",
                             "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA7",
                             "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85"})
        QTest::newRow(name) << QByteArray(name);
}

void TestPutName::ordinaryNamesArePut()
{
    QFETCH(QByteArray, name);
    QVERIFY(mayBePut(name));
}

void TestPutName::othersAreNot_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"",
                             ".",
                             "..",
                             ".a",
                             "a.",
                             "a ",
                             "a. ",
                             "\x01",
                             "a\tb",
                             "a\x7F",
                             "\xC2\x85",
                             "a\xE2\x80\xAE"
                             "b",
                             "\xE2\x81\xA7",
                             "\xE2\x80\x8E",
                             "\xD8\x9C",
                             "\xE2\x80\xA9",
                             "\xFF",
                             "\xC0\x80",
                             "\xED\xA0\x80",
                             "\xF4\x90\x80\x80",
                             "con",
                             "CON.txt",
                             "Con .txt",
                             "NUL",
                             "aux.a.b",
                             "PRN",
                             "COM1",
                             "lpt9.log",
                             "com\xC2\xB9",
                             "CONOUT$",
                             "DESKTOP.INI",
                             "autorun.inf",
                             ".directory"})
        QTest::newRow(QByteArray(name).toHex().constData()) << QByteArray(name);
}

void TestPutName::othersAreNot()
{
    QFETCH(QByteArray, name);
    QVERIFY(!mayBePut(name));
}

void TestPutName::caseAndFormMakeNoOtherName()
{
    QCOMPARE(foldedName("README"), foldedName("readme"));
    QCOMPARE(foldedName("\xC3\x84"), foldedName("a\xCC\x88")); // one character, or two
    QVERIFY(foldedName("a") != foldedName("b"));
}

FERRY_TEST(TestPutName)
#include "tst_putname.moc"
