// SPDX-License-Identifier: MIT
#include "client/queue/diskspaceguard.h"

#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace ferry::client {

namespace {

/// A small disk could not be used at all with the reserve of a large one.
qint64 reserveOf(const DiskSpace &disk, qint64 wanted)
{
    return disk.total < 0 ? wanted : std::min(wanted, disk.total / 20);
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

} // namespace

DiskSpaceGuard::DiskSpaceGuard(std::function<Clock::time_point()> now, FreeSpace freeSpace)
    : m_now(std::move(now))
    , m_freeSpace(std::move(freeSpace))
{
}

Result<> DiskSpaceGuard::check(const QString &folder, qint64 bytes, qint64 reserve)
{
    if (reserve <= 0)
        return {};
    {
        const std::lock_guard lock(m_mutex);
        Space &space = m_space[folder];
        if (space.disk.free >= 0 && m_now() - space.asked < limits::spaceInterval &&
            space.disk.free - bytes >= reserveOf(space.disk, reserve)) {
            space.disk.free -= bytes;
            return {};
        }
    }
    DiskSpace disk = m_freeSpace(folder);
    const qint64 free = disk.free;
    const qint64 left = reserveOf(disk, reserve);
    const bool enough = free < 0 || free - bytes >= left;
    if (enough && free >= 0)
        disk.free -= bytes;
    const std::lock_guard lock(m_mutex);
    m_space[folder] = {disk, m_now()};
    if (enough)
        return {};
    return Error{ErrorCode::DiskFull,
                 tr("Not enough space in %1: needs %2, %3 free, and %4 are to stay free.")
                     .arg(displayText(folder), sizeText(bytes), sizeText(free), sizeText(left))};
}

SpaceHold DiskSpaceGuard::holdFor(const Download &download, qint64 reserve) const
{
    const DiskSpace disk = m_freeSpace(download.folder);
    return {download.id, download.folder, std::max<qint64>(download.size - download.received, 0),
            disk.free, reserveOf(disk, reserve)};
}

void DiskSpaceGuard::hold(const SpaceHold &hold)
{
    const std::lock_guard lock(m_mutex);
    m_waits[hold.folder] = Wait{hold, m_now() + limits::spaceLook};
}

QList<SpaceHold> DiskSpaceGuard::holds() const
{
    const std::lock_guard lock(m_mutex);
    QList<SpaceHold> holds;
    for (const auto &[folder, wait] : m_waits)
        holds.append(wait.hold);
    return holds;
}

bool DiskSpaceGuard::release(const SpaceHold &hold)
{
    const std::lock_guard lock(m_mutex);
    const auto wait = m_waits.find(hold.folder);
    if (wait == m_waits.end() || wait->second.hold.id != hold.id)
        return false;
    m_waits.erase(wait);
    m_space.erase(hold.folder);
    return true;
}

std::optional<DiskSpaceGuard::Clock::time_point> DiskSpaceGuard::nextLook() const
{
    const std::lock_guard lock(m_mutex);
    std::optional<Clock::time_point> next;
    for (const auto &[folder, wait] : m_waits)
        next = std::min(next.value_or(wait.nextLook), wait.nextLook);
    return next;
}

bool DiskSpaceGuard::look(const SpaceHold &hold, qint64 reserve)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto wait = m_waits.find(hold.folder);
        if (wait == m_waits.end() || m_now() < wait->second.nextLook)
            return false;
        wait->second.nextLook = m_now() + limits::spaceLook; // by one thread at a time
    }
    const DiskSpace disk = m_freeSpace(hold.folder);
    const qint64 left = reserveOf(disk, reserve);
    const std::lock_guard lock(m_mutex);
    if (const auto wait = m_waits.find(hold.folder); wait != m_waits.end()) {
        wait->second.hold.free = disk.free;
        wait->second.hold.reserve = left;
    }
    return disk.free < 0 || disk.free - std::max<qint64>(left, 1) >= hold.needed;
}

} // namespace ferry::client
