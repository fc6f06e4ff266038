// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "net/filedescriptor.h"
#include "wire/result.h"

#include <QByteArrayView>
#include <QString>

namespace ferry::client {

/// The client's jail, and its promise that a file under its final name is complete: bytes go to
/// `name.part` in the held target folder, and only finish() gives the final name, after all of
/// it is on the disk. Names are single components (localname.h); a link in the place of the
/// partial file is refused, never followed. One thread.
class PartialFile
{
public:
    /// TargetExists if `existing` says so; LocalFile.
    static Result<PartialFile> create(const QString &folder, const QString &name,
                                      ExistingPolicy existing);

    PartialFile(PartialFile &&) noexcept = default;
    PartialFile &operator=(PartialFile &&) noexcept = default;

    /// Removes the partial file unless finish() gave it its final name.
    ~PartialFile();

    Result<> write(QByteArrayView bytes);

    /// Flush, sync, rename (replacing only with ExistingPolicy::Overwrite), sync the folder.
    /// The name it got, which Rename may have changed.
    Result<QString> finish();

    qint64 size() const { return m_size; }

private:
    PartialFile() = default;

    FileDescriptor m_folder;
    FileDescriptor m_file;
    QByteArray m_partName;
    QString m_name;
    ExistingPolicy m_existing = ExistingPolicy::Fail;
    qint64 m_size = 0;
};

} // namespace ferry::client
