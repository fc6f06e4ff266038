// SPDX-License-Identifier: MIT
#include "gui-common/look/localtime.h"

#include <utility>

namespace ferry::gui {

namespace {
constexpr qint64 quarterMs = 15 * 60 * 1000;
constexpr qsizetype mostOffsets = 10'000;
constexpr std::chrono::minutes kept{1};
} // namespace

LocalTimes::LocalTimes(OffsetAt offsetAt, std::function<Clock::time_point()> now)
    : m_offsetAt(std::move(offsetAt))
    , m_now(std::move(now))
{
}

QDateTime LocalTimes::at(qint64 epochMs)
{
    const Clock::time_point now = m_now();
    if (m_offsets.size() >= mostOffsets || now - m_since >= kept)
        m_offsets.clear();
    if (m_offsets.isEmpty())
        m_since = now;
    const qint64 quarter = epochMs / quarterMs - (epochMs % quarterMs < 0);
    auto offset = m_offsets.constFind(quarter);
    if (offset == m_offsets.cend())
        offset = m_offsets.insert(quarter, m_offsetAt(epochMs));
    return QDateTime::fromMSecsSinceEpoch(epochMs, Qt::OffsetFromUTC, *offset);
}

QDateTime localTime(qint64 epochMs)
{
    static LocalTimes times(
        [](qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).offsetFromUtc(); });
    return times.at(epochMs);
}

} // namespace ferry::gui
