// SPDX-License-Identifier: MIT
/// Small files that only their owner may read: the server's key, the accounts, a client's pins.
/// A reader sees the old content or the new one, never a part, also after a power cut.
#pragma once

#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QByteArray>
#include <QDeadlineTimer>
#include <QString>

namespace ferry::privatefile {

/// Makes the folder, and the ones above it, with mode 0700 if it is not there. LocalFile.
Result<> ensureFolder(const QString &folder);

/// The whole file. NotFound; LocalFile if it cannot be read, is no regular file or is larger
/// than `most` bytes.
Result<QByteArray> read(const QString &path, qsizetype most);

/// Replaces the file, or makes it, with mode 0600: temporary file beside it, fsync, rename,
/// fsync of the folder. LocalFile; the old content is intact then.
Result<> replace(const QString &path, const QByteArray &content);

/// The same for a file that must not be there yet: false, and nothing changed, if it is.
Result<bool> create(const QString &path, const QByteArray &content);

/// May others than the owner read or write it?
bool isExposed(const QString &path);

/// What others than the owner may do with a file.
enum class Others {
    MayRead,    ///< it is no secret, but somebody is trusted for what it says
    MayNothing, ///< it is a secret
};

/// Whether the file itself belongs to us or root and others can do no more with it. What is not
/// there is no fault.
bool isOurs(const QString &path, Others others);

/// Whether a file is ours, as sshd's StrictModes asks: Invalid with a sentence if others may do
/// more with it, if they may change the folder that it is in, or if one of both belongs to somebody
/// else than us or root. What is not there is no fault, and in a folder like /tmp, where nobody
/// moves another's file (the sticky bit), only the file counts.
Result<> checkOurs(const QString &path, Others others);

/// Keeps other processes, and other threads of this one, out of a read-change-write of `path`.
/// Lives in a file of its own (`path` + ".lock"), because replace() puts a new file in the place
/// of the old one. Blocks until the deadline: TimedOut, LocalFile.
class Lock
{
public:
    static Result<Lock> take(const QString &path, QDeadlineTimer deadline);

    Lock() = default;

private:
    FileDescriptor m_file; ///< closing it unlocks
};

} // namespace ferry::privatefile
