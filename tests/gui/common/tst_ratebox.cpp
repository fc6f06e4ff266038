// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/ratebox.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry::gui;

class RateBoxTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesUnits_data();
    void takesUnits();
    void takesNothingElse();
    void stepsAreOfUse();
};

void RateBoxTest::takesUnits_data()
{
    QTest::addColumn<qint64>("rate");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *typed, qint64 rate, const char *shown) {
        QTest::newRow(typed) << rate << QString::fromLatin1(shown);
    };
    row("500 kB", 500'000, "500 kB/s");
    row("500k", 500'000, "500 kB/s");
    row("500 kb/s", 500'000, "500 kB/s");
    row("0.5 MB/s", 500'000, "500 kB/s");
    row("1.5", 1'500'000, "1.5 MB/s");
    row("2G", 2'000'000'000, "2000 MB/s");
    row("123456 B/s", 123'456, "123.456 kB/s");
    row("0", 0, "No limit");
}

void RateBoxTest::takesUnits()
{
    QFETCH(const qint64, rate);
    RateBox box;
    box.setLocale(QLocale::c());
    box.setBytesPerSecond(7'000'000);
    box.selectAll();
    QTest::keyClicks(&box, QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(box.bytesPerSecond(), rate);
    QTest::keyClick(&box, Qt::Key_Return);
    QTEST(box.text(), "shown");
    QCOMPARE(box.bytesPerSecond(), rate);
}

void RateBoxTest::takesNothingElse()
{
    RateBox box;
    int position = 0;
    for (const char *text : {"fast", "5 x", "-1", "1.2.3", "200000"}) {
        QString typed = QString::fromLatin1(text);
        QVERIFY2(box.validate(typed, position) != QValidator::Acceptable, text);
    }
}

void RateBoxTest::stepsAreOfUse()
{
    RateBox box;
    box.stepBy(1);
    QCOMPARE(box.bytesPerSecond(), qint64(10'000));
    box.stepBy(-2);
    QCOMPARE(box.bytesPerSecond(), qint64(0));
    box.setBytesPerSecond(2'000'000);
    box.stepBy(1);
    QCOMPARE(box.bytesPerSecond(), qint64(2'100'000));
}

FERRY_TEST(RateBoxTest)
#include "tst_ratebox.moc"
