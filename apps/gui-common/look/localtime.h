// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QHash>

#include <chrono>
#include <functional>

namespace ferry::gui {

/// Local times for lists that show many of them, again and again. The system looks at the file of
/// the time zone for each conversion; this one asks it once for each quarter of an hour, which is
/// when clocks are changed, and again after a minute, as the zone may be another one then.
class LocalTimes
{
public:
    using Clock = std::chrono::steady_clock;
    /// Seconds east of UTC at a moment in milliseconds since the epoch.
    using OffsetAt = std::function<int(qint64 epochMs)>;

    explicit LocalTimes(OffsetAt offsetAt, std::function<Clock::time_point()> now = &Clock::now);

    QDateTime at(qint64 epochMs);

private:
    const OffsetAt m_offsetAt;
    const std::function<Clock::time_point()> m_now;
    QHash<qint64, int> m_offsets; ///< by the quarter of an hour
    Clock::time_point m_since;    ///< when the first of them was asked for
};

/// A moment in milliseconds since the epoch, in local time. Main thread.
QDateTime localTime(qint64 epochMs);

} // namespace ferry::gui
