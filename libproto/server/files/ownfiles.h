// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayList>

#include <vector>

#include <sys/stat.h>

namespace ferry::server {

/// Files and folders that are never served, whatever is shared: what the programs keep their keys,
/// passwords, accounts and logs in.
///
/// Immutable; any thread.
class OwnFiles
{
public:
    OwnFiles() = default;

    /// Paths of files and folders; what is not there yet may come later.
    explicit OwnFiles(QByteArrayList paths);

    /// Whether the open file or folder is one of them or lies below one. It is known by what it is,
    /// so that no link, hard link or mount leads around.
    /// LocalFile: it cannot be found out.
    Result<bool> contain(int descriptor, const struct stat &status) const;

    /// Those that are in the folder, however deep, as paths without links.
    QByteArrayList within(const QByteArray &folder) const;

private:
    /// Where something is. A path without links, empty if the system does not tell it; the
    /// system's number of the mount, 0 if it has none.
    struct Place
    {
        QByteArray path;
        quint64 mount = 0;
    };
    struct Own
    {
        QByteArray path;         ///< as given
        struct stat status = {}; ///< what was there at first, and where it was: seldom changes
        Place place;
    };
    static Place placeOf(int descriptor);

    std::vector<Own> m_own;
};

} // namespace ferry::server
