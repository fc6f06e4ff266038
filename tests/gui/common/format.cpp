// SPDX-License-Identifier: MIT
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/parts/progressdelegate.h"
#include "support/testprogram.h"

#include <QApplication>
#include <QPainter>
#include <QTest>

using namespace ferry::gui;

namespace {

/// With ordinary spaces, which are easier to write down.
QString plain(QString text)
{
    return text.replace(QChar(QChar::Nbsp), QLatin1Char(' '));
}

const QLocale english(QLocale::English, QLocale::UnitedKingdom);
const QLocale german(QLocale::German, QLocale::Germany);

qsizetype pixelsOf(const QImage &image, QColor color, QRect where)
{
    qsizetype found = 0;
    for (int y = where.top(); y <= where.bottom(); ++y) {
        for (int x = where.left(); x <= where.right(); ++x)
            found += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
    }
    return found;
}

} // namespace

class FormatTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sizesAreDecimal_data();
    void sizesAreDecimal();
    void numbersFollowTheLocale();
    void anUnknownSizeOrSpeedSaysNothing();
    void durationsAreWhatPeopleSay_data();
    void durationsAreWhatPeopleSay();
    void timeLeftIsUnknownWithoutSpeed();
    void daysAreNamedWhileTheyAreNear();
    void onlyAllIsAHundredPercent();
    void anIconTakesTheColourOfThePaletteAtPainting();
    void thereIsNoIconWithoutAFile();
    void theBarIsAsLongAsTheFraction();
};

void FormatTest::sizesAreDecimal_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64(0) << QStringLiteral("0 B");
    QTest::newRow("bytes") << qint64(812) << QStringLiteral("812 B");
    QTest::newRow("last byte") << qint64(999) << QStringLiteral("999 B");
    QTest::newRow("kilo") << qint64(1000) << QStringLiteral("1 kB");
    QTest::newRow("kilos") << qint64(23'700) << QStringLiteral("24 kB");
    QTest::newRow("just below mega") << qint64(999'499) << QStringLiteral("999 kB");
    QTest::newRow("rounds to mega") << qint64(999'500) << QStringLiteral("1.0 MB");
    QTest::newRow("mega") << qint64(6'140'000) << QStringLiteral("6.1 MB");
    QTest::newRow("nearly ten") << qint64(9'949'000) << QStringLiteral("9.9 MB");
    QTest::newRow("rounds to ten") << qint64(9'950'000) << QStringLiteral("10 MB");
    QTest::newRow("giga") << qint64(1'500'000'000) << QStringLiteral("1.5 GB");
    QTest::newRow("tera") << qint64(2'000'000'000'000) << QStringLiteral("2.0 TB");
    QTest::newRow("most") << std::numeric_limits<qint64>::max() << QStringLiteral("9.2 EB");
}

void FormatTest::sizesAreDecimal()
{
    QFETCH(const qint64, bytes);
    QFETCH(const QString, text);
    QCOMPARE(plain(formatSize(bytes, english)), text);
    QCOMPARE(plain(formatSpeed(bytes, english)), text + QStringLiteral("/s"));
}

void FormatTest::numbersFollowTheLocale()
{
    QCOMPARE(plain(formatSize(1'500'000'000, german)), QStringLiteral("1,5 GB"));
    QCOMPARE(formatCount(12'345, english), QStringLiteral("12,345"));
    QCOMPARE(formatCount(12'345, german), QStringLiteral("12.345"));
}

void FormatTest::anUnknownSizeOrSpeedSaysNothing()
{
    QCOMPARE(formatSize(-1), QString());
    QCOMPARE(formatSpeed(-1), QString());
    QCOMPARE(formatTimeLeft(-1), QString());
}

void FormatTest::durationsAreWhatPeopleSay_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64(0) << QStringLiteral("0 s");
    QTest::newRow("seconds") << qint64(59) << QStringLiteral("59 s");
    QTest::newRow("a minute") << qint64(60) << QStringLiteral("1 min");
    QTest::newRow("a minute and some") << qint64(65) << QStringLiteral("1 min 5 s");
    QTest::newRow("many minutes") << qint64(7 * 60 + 31) << QStringLiteral("7 min");
    QTest::newRow("an hour") << qint64(3600) << QStringLiteral("1 h");
    QTest::newRow("an hour and some") << qint64(3900) << QStringLiteral("1 h 5 min");
    QTest::newRow("a day") << qint64(24 * 3600) << QStringLiteral("1 d");
    QTest::newRow("days") << qint64(76 * 3600) << QStringLiteral("3 d 4 h");
}

void FormatTest::durationsAreWhatPeopleSay()
{
    QFETCH(const qint64, seconds);
    QFETCH(const QString, text);
    QCOMPARE(plain(formatDuration(seconds * 1000, english)), text);
    if (seconds > 0)
        QCOMPARE(plain(formatTimeLeft(seconds * 1000, english)), text + QStringLiteral(" left"));
}

void FormatTest::timeLeftIsUnknownWithoutSpeed()
{
    QCOMPARE(timeLeft(1000, 0), qint64(-1));
    QCOMPARE(timeLeft(-1, 1000), qint64(-1));
    QCOMPARE(timeLeft(3000, 1000), qint64(3000));
    QCOMPARE(timeLeft(std::numeric_limits<qint64>::max(), 1), qint64(-1));
    QCOMPARE(plain(formatTimeLeft(timeLeft(1, 1'000'000), english)), QStringLiteral("1 s left"));
}

void FormatTest::daysAreNamedWhileTheyAreNear()
{
    const QDateTime now(QDate(2026, 3, 4), QTime(14, 0));
    const auto when = [&](QDate date) {
        return formatWhen(QDateTime(date, QTime(9, 12)).toMSecsSinceEpoch(),
                          now.toMSecsSinceEpoch(), english);
    };
    QCOMPARE(when(QDate(2026, 3, 4)), QStringLiteral("today 09:12"));
    QCOMPARE(when(QDate(2026, 3, 3)), QStringLiteral("yesterday 09:12"));
    QCOMPARE(when(QDate(2026, 1, 31)), QStringLiteral("31 Jan 09:12"));
    QCOMPARE(when(QDate(2024, 1, 31)), QStringLiteral("31 Jan 2024"));
}

void FormatTest::onlyAllIsAHundredPercent()
{
    QCOMPARE(plain(formatPercent(0, english)), QStringLiteral("0 %"));
    QCOMPARE(plain(formatPercent(0.81, english)), QStringLiteral("81 %"));
    QCOMPARE(plain(formatPercent(0.9999, english)), QStringLiteral("99 %"));
    QCOMPARE(plain(formatPercent(1, english)), QStringLiteral("100 %"));
    QCOMPARE(plain(formatPercent(7, english)), QStringLiteral("100 %"));
}

void FormatTest::anIconTakesTheColourOfThePaletteAtPainting()
{
    const QIcon stop = icon(QLatin1StringView("stop"));
    QVERIFY(!stop.isNull());
    const QPalette before = QApplication::palette();
    for (const QColor color : {QColor(255, 0, 0), QColor(0, 0, 255)}) {
        QPalette palette;
        palette.setColor(QPalette::Text, color);
        palette.setColor(QPalette::WindowText, color);
        QApplication::setPalette(palette);
        const QImage image = stop.pixmap(QSize(32, 32)).toImage();
        QVERIFY2(pixelsOf(image, color, image.rect()) > 20, qPrintable(color.name()));
    }
    QApplication::setPalette(before);
}

void FormatTest::thereIsNoIconWithoutAFile()
{
    QVERIFY(icon(QLatin1StringView("no-such-icon")).isNull());
}

void FormatTest::theBarIsAsLongAsTheFraction()
{
    QPalette palette;
    const QColor color = toneColor(Tone::Accent, palette);
    const auto colored = [&](double fraction, QRect where) {
        QImage image(200, 20, QImage::Format_ARGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintProgressBar(&painter, image.rect(), {fraction, Tone::Accent}, palette, 0.5);
        painter.end();
        return pixelsOf(image, color, where);
    };
    const QRect left(20, 0, 70, 20);
    const QRect right(110, 0, 70, 20);
    QCOMPARE(colored(0, QRect(0, 0, 200, 20)), qsizetype(0));
    QVERIFY(colored(0.5, left) > 200);
    QCOMPARE(colored(0.5, right), qsizetype(0));
    QVERIFY(colored(1, right) > 200);
    // Of unknown length: a part of it, somewhere.
    const qsizetype moving = colored(-1, QRect(0, 0, 200, 20));
    QVERIFY(moving > 100);
    QVERIFY(moving < colored(0.6, QRect(0, 0, 200, 20)));
}

FERRY_TEST(FormatTest)
#include "format.moc"
