// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/diskwrite.h"
#include "wire/result.h"

#include <QString>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace ferry::client {

/// Whether there is room on the disk, and what waits for some. A disk that is far away may take
/// minutes to tell, so it is never asked under a lock. Any thread may call anything.
class DiskSpaceGuard
{
public:
    using Clock = std::chrono::steady_clock;
    /// Of the disk that a folder is on.
    using FreeSpace = std::function<DiskSpace(const QString &folder)>;

    DiskSpaceGuard(std::function<Clock::time_point()> now, FreeSpace freeSpace);

    /// Is there room for `bytes` more in that folder, and for `reserve`, or a twentieth of a small
    /// disk? DiskFull with a sentence. May ask the disk.
    Result<> check(const QString &folder, qint64 bytes, qint64 reserve);

    /// Nothing is begun until the folder has `needed` bytes for the row `id`, and the reserve.
    void beginWait(quint64 id, const QString &folder, qint64 needed, qint64 reserve,
                   const Error &reason);
    /// Why nothing is begun.
    std::optional<Error> held() const;
    /// The row that there is no room for; 0: there is none.
    quint64 holder() const;
    /// The row `id` does not need the room any more. True: now nothing waits for space.
    bool release(quint64 id);
    /// When look() does something next.
    std::optional<Clock::time_point> nextLook() const;
    /// Asks the disk, once every limits::spaceLook. True: there is room now.
    bool look();

private:
    struct Wait
    {
        quint64 id = 0;
        QString folder;
        qint64 needed = 0;
        qint64 reserve = 0;
        Error reason;
        Clock::time_point nextLook;
    };
    struct Space
    {
        DiskSpace disk;
        Clock::time_point asked;
    };

    const std::function<Clock::time_point()> m_now;
    const FreeSpace m_freeSpace;

    mutable std::mutex m_mutex;       ///< guards all below
    std::map<QString, Space> m_space; ///< by folder
    std::optional<Wait> m_wait;
};

} // namespace ferry::client
