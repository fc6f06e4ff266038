// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayList>

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include <sys/stat.h>

namespace ferry::server {

/// Where something is.
struct Place
{
    QByteArray path;   ///< without links; empty if the system does not tell it
    quint64 mount = 0; ///< the system's number of the mount; 0 if it has none
};

/// Asks the system about an open file or folder.
Place placeOf(int descriptor);

/// Files and folders that are never served, whatever is shared: what the programs keep their keys,
/// passwords, accounts and logs in. What was one of them stays one wherever it is moved, until it
/// is deleted, and so are the older logs and copies beside a file: its name with `.` or `-` and a
/// digit behind it, `.old`, `.bak` or `~`.
///
/// Any thread.
class OwnFiles
{
public:
    OwnFiles() = default;

    /// Paths of files and folders; what is not there yet may come later.
    explicit OwnFiles(QByteArrayList paths);

    /// Whether the file or folder is one of them or lies below one. It is known by what it is and
    /// by where it is, so that no link, hard link or mount leads around. What the paths name is
    /// looked up every limits::ownFilesKept, since this is asked for every file.
    /// LocalFile: it cannot be found out.
    Result<bool> contain(const Place &place, const struct stat &status) const;

    /// Whether one of them would be at `path`, which is without links, or is kept there when it is
    /// there: others must not put anything in its place. In whatever case, as some disks take it.
    bool isPlace(const QByteArray &path) const;
    /// Whether isPlace() can be true of anything in the folder at this path.
    bool mayBePlacesIn(const QByteArray &folder) const;

    /// Those that are in the folder, however deep, as paths without links.
    QByteArrayList within(const QByteArray &folder) const;

private:
    /// One of them as it is now. What is not there yet has a place, and neither of the others.
    struct Own
    {
        std::shared_ptr<const FileDescriptor> opened; ///< O_PATH: finds it after a move
        struct stat status = {};
        Place place;
        QByteArray folded = {}; ///< the path, as a disk sees it that does not tell cases apart
    };
    static bool isOwn(const Own &own, const Place &place, const struct stat &status);
    using Found = std::shared_ptr<const std::vector<Own>>;
    struct LookUp
    {
        std::mutex mutex;
        Found found;
        std::chrono::steady_clock::time_point at;
    };
    Found lookUp() const;

    QByteArrayList m_paths;
    std::shared_ptr<LookUp> m_last = std::make_shared<LookUp>();
};

} // namespace ferry::server
