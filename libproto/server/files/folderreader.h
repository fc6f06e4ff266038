// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QByteArray>

#include <memory>
#include <optional>

#include <dirent.h>

namespace ferry::server {

/// One thing in a folder, as the disk has it.
struct FolderEntry
{
    enum class Kind {
        File,
        Folder,
        Link,
        Other,
        Unreadable, ///< the disk does not say what it is
    };
    QByteArray name;
    Kind kind = Kind::Other;
    qint64 size = 0;
    qint64 mtimeNs = 0;
    QByteArray id; ///< identity token
};

/// The entries of an open folder one by one, in the order of the disk, with bounded memory
/// however many there are. Names are bytes (QDir drops those that are no UTF-8).
class FolderReader
{
public:
    /// Takes the descriptor over.
    explicit FolderReader(FileDescriptor folder);

    /// Nothing at the end. What vanishes meanwhile is left out. LocalFile: it cannot be read.
    Result<std::optional<FolderEntry>> next();

    /// The same in two steps: the name costs no look at the thing itself. Empty at the end; valid
    /// until the next call.
    Result<QByteArrayView> nextName();
    /// Whether that name is a folder; looks at the thing only where the file system makes it.
    bool isFolder() const;
    /// Nothing if it is not there.
    std::optional<FolderEntry> describe(const QByteArray &name) const;

    /// Of the folder itself, if it can be asked.
    std::optional<qint64> folderModifiedNs() const;

    /// From the beginning again, with what came and went since.
    void rewind();

private:
    struct Closer
    {
        void operator()(DIR *folder) const { ::closedir(folder); }
    };
    std::unique_ptr<DIR, Closer> m_folder;
    const dirent *m_found = nullptr;
};

} // namespace ferry::server
