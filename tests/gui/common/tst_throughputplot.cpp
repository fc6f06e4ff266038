// SPDX-License-Identifier: MIT
#include "gui-common/parts/throughputplot.h"
#include "support/testprogram.h"

#include <QImage>
#include <QTest>

using namespace ferry::gui;

class TestThroughputPlot : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsSaidWithinASecondBecomesOnePoint();
    void aTimeWithoutACallCountsAsNothing();
    void itHoldsTheLastMinutesOnly();
    void aLongSleepLeavesAnEmptyPlot();
    void itSaysTheSpeedInWords();
    void theScaleEndsWithARoundNumber_data();
    void theScaleEndsWithARoundNumber();
    void itPaintsInEverySize();
};

void TestThroughputPlot::whatIsSaidWithinASecondBecomesOnePoint()
{
    ThroughputPlot plot;
    QVERIFY(!plot.at(0));
    plot.add(100, 0);
    plot.add(300, 500);
    QVERIFY(!plot.at(0));
    plot.add(50, 1000);
    QCOMPARE(plot.at(0), std::optional<qint64>(200));
    QVERIFY(!plot.at(1));
    QCOMPARE(plot.now(), 50);
    QCOMPARE(plot.highest(), 200);
    plot.clear();
    QVERIFY(!plot.at(0));
    QCOMPARE(plot.now(), 0);
}

void TestThroughputPlot::aTimeWithoutACallCountsAsNothing()
{
    ThroughputPlot plot;
    plot.add(100, 0);
    plot.add(100, 3000);
    QCOMPARE(plot.at(0), std::optional<qint64>(0));
    QCOMPARE(plot.at(1), std::optional<qint64>(0));
    QCOMPARE(plot.at(2), std::optional<qint64>(100));
    QVERIFY(!plot.at(3));
}

void TestThroughputPlot::itHoldsTheLastMinutesOnly()
{
    ThroughputPlot plot;
    plot.add(1'000'000, 0);
    for (int second = 1; second <= ThroughputPlot::seconds + 1; ++second)
        plot.add(7, second * 1000);
    QCOMPARE(plot.highest(), 7);
    QVERIFY(plot.at(ThroughputPlot::seconds - 1));
    QVERIFY(!plot.at(ThroughputPlot::seconds));
}

void TestThroughputPlot::aLongSleepLeavesAnEmptyPlot()
{
    ThroughputPlot plot;
    plot.add(100, 0);
    plot.add(5, qint64(365) * 24 * 3600 * 1000);
    QCOMPARE(plot.highest(), 0);
    QCOMPARE(plot.now(), 5);
}

void TestThroughputPlot::itSaysTheSpeedInWords()
{
    ThroughputPlot plot;
    QVERIFY(!plot.accessibleName().isEmpty());
    plot.add(12'000'000, 0);
    plot.add(3'000'000, 1000);
    const QString said = plot.accessibleDescription().replace(QChar::Nbsp, u' ');
    QVERIFY2(said.contains(QStringLiteral("3.0 MB/s now")), qPrintable(said));
    QVERIFY2(said.contains(QStringLiteral("highest 12 MB/s")), qPrintable(said));
}

void TestThroughputPlot::theScaleEndsWithARoundNumber_data()
{
    QTest::addColumn<qint64>("speed");
    QTest::addColumn<qint64>("top");
    QTest::newRow("nothing") << qint64(0) << qint64(1000);
    QTest::newRow("exactly") << qint64(2000) << qint64(2000);
    QTest::newRow("between") << qint64(2001) << qint64(5000);
    QTest::newRow("next unit") << qint64(6'000'000) << qint64(10'000'000);
    QTest::newRow("beyond") << std::numeric_limits<qint64>::max()
                            << std::numeric_limits<qint64>::max();
}

void TestThroughputPlot::theScaleEndsWithARoundNumber()
{
    QFETCH(qint64, speed);
    QFETCH(qint64, top);
    QCOMPARE(roundSpeed(speed), top);
}

void TestThroughputPlot::itPaintsInEverySize()
{
    ThroughputPlot plot;
    for (int second = 0; second < 100; ++second)
        plot.add(second * 10'000, second * 1000);
    for (const QSize size : {QSize(1, 1), QSize(144, 32), QSize(600, 160)}) {
        plot.resize(size);
        QImage with(size, QImage::Format_ARGB32_Premultiplied);
        with.fill(Qt::transparent);
        plot.render(&with);
        ThroughputPlot empty;
        empty.resize(size);
        QImage without(size, QImage::Format_ARGB32_Premultiplied);
        without.fill(Qt::transparent);
        empty.render(&without);
        QVERIFY(size.width() == 1 || with != without);
    }
}

FERRY_TEST(TestThroughputPlot)
#include "tst_throughputplot.moc"
