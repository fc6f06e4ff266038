// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QTemporaryDir>

namespace ferry {

/// A file system of another kind in a file, mounted for a test: `exfat` or `ntfs`. Needs root, FUSE
/// and the programs that make it; error() says what is missing.
class MountedDisk
{
public:
    explicit MountedDisk(const QString &kind);
    ~MountedDisk();
    MountedDisk(const MountedDisk &) = delete;
    MountedDisk &operator=(const MountedDisk &) = delete;

    QString path() const { return m_dir.filePath(QStringLiteral("disk")); }
    QString error() const { return m_error; }

private:
    QTemporaryDir m_dir;
    QString m_error;
};

} // namespace ferry
