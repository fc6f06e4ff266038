// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry::client {

/// Where the file for standard output is until it is verified: a folder of its own, which goes with
/// the object. What a program that was killed left beside it goes when the next one begins: it is
/// known by a lock file, and as left over by nobody's holding the lock. Main thread.
class PrintFolder
{
public:
    /// Below `parent`, as it stands in Arguments::folder. LocalFile.
    static Result<PrintFolder> makeIn(const QString &parent);

    PrintFolder() = default;
    PrintFolder(PrintFolder &&other) noexcept;
    PrintFolder &operator=(PrintFolder &&other) noexcept;
    ~PrintFolder();

    /// Where the file goes; there is nothing else.
    QString path() const;

    /// The file, opened to be read; it is gone from the disk, whatever ends the program then.
    /// LocalFile.
    Result<FileDescriptor> takeFile();

private:
    void remove();

    QByteArray m_folder; ///< empty: there is none (any more)
    FileDescriptor m_lock;
};

} // namespace ferry::client
