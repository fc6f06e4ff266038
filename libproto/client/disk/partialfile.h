// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>

#include <sys/types.h>

namespace ferry::client {

/// A file under its final name is complete: bytes go to partName() (localname.h) in the open target
/// folder, and only finish() gives the final name, after all of it is on the disk. Names are single
/// components. One thread, but for writeAt() and checksum(), which any number may call at once for
/// bytes that do not overlap.
///
/// What may be in the place of the partial file:
///  - one of ours that nobody writes to any more (a killed program left it): replaced;
///  - anything else (one that is being written to, another file, a link, a pipe, a folder): left
///    alone, never followed or opened; the next number is tried.
/// Ours have the sticky bit, which means nothing on a file and which finish() clears last, and our
/// user. Where the file system keeps neither, they look like any file that is made there, and the
/// name has to do. One that is being written to has a lock (flock).
class PartialFile
{
public:
    /// TargetExists if `existing` says so; LocalFile.
    static Result<PartialFile> create(const QString &folder, const QString &name,
                                      ExistingPolicy existing);

    /// The same in an open folder (targetfolder.h).
    static Result<PartialFile> create(const FileDescriptor &folder, const QString &name,
                                      ExistingPolicy existing);

    /// What an earlier try left of ours, if nobody writes to it: size() bytes are there, and what
    /// they are worth is the caller's to find out. A file with a second name is none: it would be
    /// written to in another folder as well.
    static std::optional<PartialFile> findLeftover(const FileDescriptor &folder,
                                                   const QString &name, ExistingPolicy existing);

    /// Removes such a leftover, if there is one: the file was saved in another way.
    static void removeLeftover(const FileDescriptor &folder, const QString &name);

    PartialFile(PartialFile &&) noexcept = default;
    PartialFile &operator=(PartialFile &&other) noexcept;

    /// Removes the partial file unless finish() gave it its final name or keep() was called.
    ~PartialFile();

    /// At the end of what is there.
    Result<> write(QByteArrayView bytes);

    /// At `offset`. Does not change size().
    Result<> writeAt(qint64 offset, QByteArrayView bytes) const;

    /// XXH3-128 of a range that is there.
    Result<QByteArray> checksum(qint64 offset, qint64 length) const;

    /// Makes sure that `size` bytes will have room, as far as the file system can say, and throws
    /// away what is there behind them.
    Result<> reserve(qint64 size);

    /// The modification time that finish() gives the file, in nanoseconds since the epoch.
    void setModified(qint64 ns) { m_modifiedNs = ns; }

    /// Whoever may read the finished file may run it.
    void setExecutable(bool executable) { m_executable = executable; }

    /// What is there stays for a later try, without the room that was reserved
    /// behind it; nothing is kept of an empty one.
    void keep();

    /// The part is in that folder from now on, if it is on the same disk and has none.
    bool moveTo(const FileDescriptor &folder);

    /// Sync, rename (replacing only with ExistingPolicy::Overwrite), sync the folder.
    /// The name it got, which Rename may have changed. Call once.
    Result<QString> finish();

    // finish() in its steps, for several files that share their syncs:
    /// Modification time and executable bit. Then the content has to be synced.
    void prepare();
    /// The final name and mode, without a sync of the folder.
    Result<QString> rename();
    int descriptor() const { return m_file.get(); }
    int folder() const { return m_folder.get(); }

    /// Bytes that write() wrote, or that were found.
    qint64 size() const { return m_size; }

private:
    PartialFile() = default;

    Result<> attach(const FileDescriptor &folder, const QString &name, ExistingPolicy existing);
    Result<> openPart();
    bool adoptAny();
    bool adopt(const QByteArray &partName);
    int createPart(const QByteArray &partName);
    void discard();

    FileDescriptor m_folder;
    FileDescriptor m_file;
    QByteArray m_partName; ///< empty: there is none (any more)
    QString m_name;
    ExistingPolicy m_existing = ExistingPolicy::Fail;
    mode_t m_mode = 0; ///< of the finished file
    bool m_executable = false;
    qint64 m_size = 0;
    std::optional<qint64> m_modifiedNs;
};

} // namespace ferry::client
