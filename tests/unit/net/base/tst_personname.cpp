// SPDX-License-Identifier: MIT
#include "net/base/personname.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;

class TestPersonName : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ordinaryNamesStay_data();
    void ordinaryNamesStay();
    void aServersOwnWordsAreNoNames_data();
    void aServersOwnWordsAreNoNames();
    void aNameActsOnNothingAroundIt();
    void marksDoNotPileUp();
    void longNamesAreCut();
};

void TestPersonName::ordinaryNamesStay_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"Anna, studio laptop", "anna@studio-laptop", "operator room 3",
                             "server-anna", "Ecosystem", "Öperetta", "Петров Оператор", "小說",
                             "Nguyễn Thị Hằng", "שרת", "system32", "Serverus"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestPersonName::ordinaryNamesStay()
{
    QFETCH(QString, name);
    QCOMPARE(personName(name.toUtf8()), name);
}

void TestPersonName::aServersOwnWordsAreNoNames_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name :
         {"operator",        "Operator",       "SERVER",   "system",    " operator ",
          "o p e r a t o r", "operator:",      "[server]", "0perat0r",  "sys7em",
          "ѕystem",          "оpеrаtоr",       "ορεrαtor", "ОРЕRАТОR",  "ｓｅｒｖｅｒ",
          "óperator",        "sеrvеr",         "ꜱʏꜱᴛᴇᴍ",   "systern",   "oper\u200Bator",
          "\u202Eoperator",  "op\u0335erator", "𝐬𝐲𝐬𝐭𝐞𝐦",   "@operator", "oper@tor"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestPersonName::aServersOwnWordsAreNoNames()
{
    QFETCH(QString, name);
    QVERIFY(isReservedName(name));
    QCOMPARE(personName(name.toUtf8()), QString());
}

void TestPersonName::aNameActsOnNothingAroundIt()
{
    QCOMPARE(personName("Anna\r\noperator: hi"), QStringLiteral("Anna\\x0D\\x0Aoperator: hi"));
    QCOMPARE(personName("A\xE2\x80\xAE"
                        "b"),
             QStringLiteral("A\\u202Eb"));
    QCOMPARE(personName("\x1B[2J"), QStringLiteral("\\x1B[2J"));
}

void TestPersonName::marksDoNotPileUp()
{
    const QByteArray mark = QString(QChar(0x0301)).toUtf8();
    QCOMPARE(personName("a" + mark.repeated(2000) + "b" + mark),
             QStringLiteral("a\u0301\u0301b\u0301"));
}

void TestPersonName::longNamesAreCut()
{
    QCOMPARE(personName(QByteArray(1000, 'a')).size(), limits::personNameCharacters);
}

FERRY_TEST(TestPersonName)
#include "tst_personname.moc"
