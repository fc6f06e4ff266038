// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/diskwrite.h"
#include "client/download.h"
#include "wire/result.h"

#include <QList>
#include <QString>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace ferry::client {

/// Nothing more is begun in a folder until its disk has room for one of its files again.
struct SpaceHold
{
    quint64 id = 0; ///< of the row that found no room
    QString folder;
    qint64 needed = 0;  ///< bytes that are missing of it
    qint64 free = -1;   ///< bytes of the disk, as it said last; -1: not known
    qint64 reserve = 0; ///< bytes of the disk that are left free

    bool holds(const Download &download) const
    {
        return download.state == DownloadState::Queued && !download.forced &&
               !download.isUpload() && download.folder == folder;
    }
    bool operator==(const SpaceHold &) const = default;
};

/// Whether there is room on the disks, and what waits for some. A disk that is far away may take
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

    /// The hold for a row that found no room. Asks the disk.
    SpaceHold holdFor(const Download &download, qint64 reserve) const;

    /// From now on look() asks for its folder.
    void hold(const SpaceHold &hold);
    QList<SpaceHold> holds() const;
    /// Nobody waits for it any more. False: there is another for its folder by now.
    bool release(const SpaceHold &hold);
    /// When look() does something next.
    std::optional<Clock::time_point> nextLook() const;
    /// Asks the disk, once every limits::spaceLook. True: there is room for it and `reserve` now.
    bool look(const SpaceHold &hold, qint64 reserve);

private:
    struct Wait
    {
        SpaceHold hold;
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
    std::map<QString, Wait> m_waits;  ///< by folder
};

} // namespace ferry::client
