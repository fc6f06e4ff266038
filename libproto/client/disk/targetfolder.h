// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QString>

#include <memory>

namespace ferry::client {

/// Makes a folder that a person named, with all above it. LocalFile.
Result<> makeTargetFolder(const QString &folder);

/// Opens the folder `below` (names joined by `/`, may be empty) under the folder `base` that the
/// person chose, and makes what is missing of `below`. Goes down name by name and never through a
/// link, so that what a server calls its folders stays inside `base`. `base` must be there.
/// LocalFile, Invalid (a name that is none).
Result<FileDescriptor> openTargetFolder(const QString &base, const QString &below);

/// The same for many files: neighbours share their folder, so the last one is kept open.
class TargetFolders
{
public:
    Result<std::shared_ptr<const FileDescriptor>> open(const QString &base, const QString &below);
    /// There was nothing in the last one when it was opened: whatever is in it came since.
    bool lastWasEmpty() const { return m_lastWasEmpty; }

private:
    std::shared_ptr<const FileDescriptor> m_last;
    QString m_base;
    QString m_below;
    bool m_lastWasEmpty = false;
};

} // namespace ferry::client
