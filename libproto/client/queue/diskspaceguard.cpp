// SPDX-License-Identifier: MIT
#include "client/queue/diskspaceguard.h"

#include "client/limits.h"
#include "net/base/translate.h"

#include <algorithm>
#include <utility>

namespace ferry::client {

namespace {

/// A small disk could not be used at all with the reserve of a large one.
qint64 reserveOf(const DiskSpace &disk, qint64 wanted)
{
    return disk.total < 0 ? wanted : std::min(wanted, disk.total / 20);
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
                 tr("The disk is almost full: %1 MB are free, and %2 MB are to be left.")
                     .arg(free / 1'000'000)
                     .arg(left / 1'000'000)};
}

void DiskSpaceGuard::beginWait(quint64 id, const QString &folder, qint64 needed, qint64 reserve,
                               const Error &reason)
{
    const std::lock_guard lock(m_mutex);
    m_wait = Wait{id, folder, needed, reserve, reason, m_now() + limits::spaceLook};
}

std::optional<Error> DiskSpaceGuard::held() const
{
    const std::lock_guard lock(m_mutex);
    return m_wait ? std::optional(m_wait->reason) : std::nullopt;
}

quint64 DiskSpaceGuard::holder() const
{
    const std::lock_guard lock(m_mutex);
    return m_wait ? m_wait->id : 0;
}

bool DiskSpaceGuard::release(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    if (!m_wait || m_wait->id != id)
        return false;
    m_wait.reset();
    m_space.clear();
    return true;
}

std::optional<DiskSpaceGuard::Clock::time_point> DiskSpaceGuard::nextLook() const
{
    const std::lock_guard lock(m_mutex);
    return m_wait ? std::optional(m_wait->nextLook) : std::nullopt;
}

bool DiskSpaceGuard::look()
{
    Wait asked;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_wait || m_now() < m_wait->nextLook)
            return false;
        m_wait->nextLook = m_now() + limits::spaceLook; // by one thread at a time
        asked = *m_wait;
    }
    const DiskSpace disk = m_freeSpace(asked.folder);
    const qint64 reserve = std::max<qint64>(reserveOf(disk, asked.reserve), 1);
    return (disk.free < 0 || disk.free - reserve >= asked.needed) && release(asked.id);
}

} // namespace ferry::client
