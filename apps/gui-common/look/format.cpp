// SPDX-License-Identifier: MIT
#include "gui-common/look/format.h"

#include "gui-common/look/localtime.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace ferry::gui {

namespace {

// A struct only to give lupdate a context for the free functions below.
struct Format
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::Format)
public:
    static QString unit(int power, bool binary)
    {
        static constexpr const char *decimalUnits[] = {
            QT_TR_NOOP("B"),  QT_TR_NOOP("kB"), QT_TR_NOOP("MB"), QT_TR_NOOP("GB"),
            QT_TR_NOOP("TB"), QT_TR_NOOP("PB"), QT_TR_NOOP("EB")};
        static constexpr const char *binaryUnits[] = {
            QT_TR_NOOP("B"),   QT_TR_NOOP("KiB"), QT_TR_NOOP("MiB"), QT_TR_NOOP("GiB"),
            QT_TR_NOOP("TiB"), QT_TR_NOOP("PiB"), QT_TR_NOOP("EiB")};
        return tr(binary ? binaryUnits[power] : decimalUnits[power]);
    }
    static QString perSecond(const QString &size) { return tr("%1/s", "speed").arg(size); }
    static QString left(const QString &duration) { return tr("%1 left", "time").arg(duration); }
    static QString days(qint64 n) { return tr("%1 d", "duration in days").arg(n); }
    static QString hours(qint64 n) { return tr("%1 h", "duration in hours").arg(n); }
    static QString minutes(qint64 n) { return tr("%1 min", "duration in minutes").arg(n); }
    static QString seconds(qint64 n) { return tr("%1 s", "duration in seconds").arg(n); }
    static QString two(const QString &a, const QString &b)
    {
        return tr("%1 %2", "duration: two units").arg(a, b);
    }
    static QString today(const QString &time) { return tr("today %1").arg(time); }
    static QString yesterday(const QString &time) { return tr("yesterday %1").arg(time); }
    static QString dayAndTime(const QString &day, const QString &time)
    {
        return tr("%1 %2", "date and time of day").arg(day, time);
    }
    static QString dayPattern() { return tr("d MMM", "day and month as QLocale formats them"); }
    static QString datePattern() { return tr("d MMM yyyy", "date as QLocale formats it"); }
    static QString percent(const QString &number) { return tr("%1 %", "percentage").arg(number); }
};

SizeUnits chosenUnits = SizeUnits::Decimal;

} // namespace

void setSizeUnits(SizeUnits units)
{
    chosenUnits = units;
}

QString formatSize(qint64 bytes, const QLocale &locale)
{
    if (bytes < 0)
        return {};
    int power = 0;
    double value = double(bytes);
    // 999.6 kB rounds to 1000 kB, which nobody says: go on as soon as the rounded figure would
    // have four digits, 1000 KiB no less.
    const bool binary = chosenUnits == SizeUnits::Binary;
    while (power < 6 && std::round(value) >= 1000) {
        value /= binary ? 1024 : 1000;
        ++power;
    }
    // Below 10 the first decimal matters, except for bytes (there is none) and kB (too small to
    // care). 9.96 would round to "10.0".
    const bool decimal = power >= 2 && value < 9.95;
    return locale.toString(decimal ? value : std::round(value), 'f', decimal ? 1 : 0) +
           QChar(QChar::Nbsp) + Format::unit(power, binary);
}

QString formatSpeed(qint64 bytesPerSecond, const QLocale &locale)
{
    return bytesPerSecond < 0 ? QString() : Format::perSecond(formatSize(bytesPerSecond, locale));
}

QString formatDuration(qint64 milliseconds, const QLocale &)
{
    const qint64 seconds = std::max<qint64>(0, (milliseconds + 500) / 1000);
    const qint64 minutes = seconds / 60;
    const qint64 hours = minutes / 60;
    const qint64 days = hours / 24;
    if (seconds < 60)
        return Format::seconds(seconds);
    if (minutes < 5 && seconds % 60 != 0)
        return Format::two(Format::minutes(minutes), Format::seconds(seconds % 60));
    if (minutes < 60)
        return Format::minutes(minutes);
    if (hours < 24)
        return minutes % 60 == 0 ? Format::hours(hours)
                                 : Format::two(Format::hours(hours), Format::minutes(minutes % 60));
    return hours % 24 == 0 ? Format::days(days)
                           : Format::two(Format::days(days), Format::hours(hours % 24));
}

QString formatTimeLeft(qint64 milliseconds, const QLocale &locale)
{
    // "0 s left" is a lie while something is still coming.
    return milliseconds < 0
               ? QString()
               : Format::left(formatDuration(std::max<qint64>(milliseconds, 1000), locale));
}

qint64 timeLeft(qint64 remaining, qint64 bytesPerSecond)
{
    if (remaining < 0 || bytesPerSecond <= 0)
        return -1;
    const double ms = double(remaining) * 1000 / double(bytesPerSecond);
    constexpr double tenDays = 10.0 * 24 * 3600 * 1000;
    return ms > tenDays ? -1 : qint64(ms); // beyond that it is a guess nobody wants to read
}

QString formatWhen(qint64 epochMs, qint64 nowMs, const QLocale &locale)
{
    const QDateTime local = localTime(epochMs);
    const QDate today = localTime(nowMs).date();
    const QString time = locale.toString(local.time(), QStringLiteral("HH:mm"));
    if (local.date() == today)
        return Format::today(time);
    if (local.date() == today.addDays(-1))
        return Format::yesterday(time);
    if (local.date().year() == today.year())
        return Format::dayAndTime(locale.toString(local.date(), Format::dayPattern()), time);
    return locale.toString(local.date(), Format::datePattern());
}

QString formatClock(qint64 epochMs, bool withSeconds)
{
    return localTime(epochMs).toString(withSeconds ? QStringLiteral("HH:mm:ss")
                                                   : QStringLiteral("HH:mm"));
}

QString formatCount(qint64 count, const QLocale &locale)
{
    QLocale grouped = locale;
    grouped.setNumberOptions(grouped.numberOptions() & ~QLocale::OmitGroupSeparator);
    return grouped.toString(count);
}

QString formatPercent(double fraction, const QLocale &locale)
{
    const int whole = int(std::floor(std::clamp(fraction, 0.0, 1.0) * 100 + 1e-9));
    return Format::percent(locale.toString(whole));
}

} // namespace ferry::gui
