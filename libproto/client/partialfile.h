// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "net/filedescriptor.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>

#include <sys/types.h>

namespace ferry::client {

/// The client's jail, and its promise that a file under its final name is complete: bytes go to
/// `name.part` in the held target folder, and only finish() gives the final name, after all of
/// it is on the disk. Names are single components (localname.h). One thread.
///
/// What may be in the place of `name.part`:
///  - a partial file of ours that nobody writes to any more (a killed program left it): replaced;
///  - one that another download is writing to, or a file that only happens to have that name:
///    left alone, `name (1).part` and so on are tried;
///  - anything but a file (a link, a pipe, a folder): refused, never followed or opened.
/// Ours are known by the sticky bit, which means nothing on a file and which finish() takes
/// away; that somebody writes to one is known by its lock (flock).
class PartialFile
{
public:
    /// TargetExists if `existing` says so; LocalFile.
    static Result<PartialFile> create(const QString &folder, const QString &name,
                                      ExistingPolicy existing);

    /// The same in an open folder (targetfolder.h). With `resume`, a leftover of ours is opened
    /// instead of replaced: size() bytes of it are there, and what they are worth is the caller's
    /// to find out, before the first write().
    static Result<PartialFile> create(FileDescriptor folder, const QString &name,
                                      ExistingPolicy existing, bool resume);

    /// Says early what create() and finish() would say of what is there under the final name.
    static Result<> checkTarget(int folder, const QString &name, ExistingPolicy existing);

    PartialFile(PartialFile &&) noexcept = default;
    PartialFile &operator=(PartialFile &&other) noexcept;

    /// Removes the partial file unless finish() gave it its final name or keep() was called.
    ~PartialFile();

    Result<> write(QByteArrayView bytes);

    /// Throws away what is there and begins at the start again.
    Result<> restart();

    /// XXH3-128 of the size() bytes that are there.
    Result<QByteArray> checksum() const;

    /// The modification time that finish() gives the file, in nanoseconds since the epoch.
    void setModified(qint64 ns) { m_modifiedNs = ns; }

    /// What is there stays as `name.part` for a later try; nothing is kept of an empty one.
    void keep();

    /// Sync, rename (replacing only with ExistingPolicy::Overwrite), sync the folder.
    /// The name it got, which Rename may have changed. Call once.
    Result<QString> finish();

    // finish() in its steps, for several files that share their syncs (finisher.h):
    /// Mode and time. Then the content has to be synced.
    Result<> prepare();
    /// The final name, without a sync of the folder.
    Result<QString> rename();
    int descriptor() const { return m_file.get(); }
    int folder() const { return m_folder.get(); }

    qint64 size() const { return m_size; }

private:
    PartialFile() = default;

    Result<> openPart(bool resume);
    bool adopt(const QByteArray &partName);
    int createPart(const QByteArray &partName);
    Result<QString> giveFinalName();
    void discard();

    FileDescriptor m_folder;
    FileDescriptor m_file;
    QByteArray m_partName; ///< empty: there is none (any more)
    QString m_name;
    ExistingPolicy m_existing = ExistingPolicy::Fail;
    mode_t m_mode = 0; ///< of the finished file
    qint64 m_size = 0;
    std::optional<qint64> m_modifiedNs;
};

} // namespace ferry::client
