// SPDX-License-Identifier: MIT
/// Numbers and times as people say them, in the language and locale of the user.
#pragma once

#include <QDateTime>
#include <QLocale>
#include <QString>

namespace ferry::gui {

enum class SizeUnits {
    Decimal, ///< 1 MB is a million bytes
    Binary,  ///< 1 MiB is 1024 × 1024 bytes
};
/// Of all sizes and speeds from now on; Decimal at first. Main thread.
void setSizeUnits(SizeUnits units);

/// "812 B", "24 kB", "6.1 MB", "1.5 GB", in binary units "5.8 MiB". Empty for a negative (unknown)
/// size.
QString formatSize(qint64 bytes, const QLocale &locale = QLocale());

/// "112 MB/s". Empty for a negative speed.
QString formatSpeed(qint64 bytesPerSecond, const QLocale &locale = QLocale());

/// "3 s", "2 min", "1 h 5 min", "3 d 4 h": at most two units, none that does not matter.
QString formatDuration(qint64 milliseconds, const QLocale &locale = QLocale());

/// "3 s left". Empty if the time is not known (negative).
QString formatTimeLeft(qint64 milliseconds, const QLocale &locale = QLocale());

/// Milliseconds that `remaining` bytes take at that speed; -1 if nobody can tell.
qint64 timeLeft(qint64 remaining, qint64 bytesPerSecond);

/// "today 09:12", "yesterday 09:12", "3 Mar 09:12", "3 Mar 2024": local time of a moment in
/// milliseconds since the epoch.
QString formatWhen(qint64 epochMs, qint64 nowMs = QDateTime::currentMSecsSinceEpoch(),
                   const QLocale &locale = QLocale());

/// "09:12" of a moment in milliseconds since the epoch; with seconds for logs.
QString formatClock(qint64 epochMs, bool withSeconds = false);

/// "12,345", grouped as the locale does.
QString formatCount(qint64 count, const QLocale &locale = QLocale());

/// "81 %" for 0.81. 100 % only when it is really all.
QString formatPercent(double fraction, const QLocale &locale = QLocale());

} // namespace ferry::gui
