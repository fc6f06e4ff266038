// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "server/files/share.h"
#include "server/uploads/foldernames.h"
#include "wire/result.h"
#include "wire/virtualpath.h"

#include <QByteArrayList>

#include <functional>

namespace ferry::server {

/// The folder of a share that something new goes to, held open. Each step down is made below the
/// folder that is held, through no link and into no other disk, so nobody who may change the share
/// can bend the way out of it.
class TargetFolder
{
public:
    enum class Missing {
        Make,    ///< folders that are not there are made
        MayLack, ///< … are made later: what is there need only be no file
    };

    /// `names`: below the share, of folders alone. `mayMake` is asked before each new folder.
    /// Errors by their code: TargetExists (a file is in the way), DiskFull, Refused (nothing may
    /// be put there), Invalid (the disk does not take a name), LocalFile; Cancelled (`mayMake` said
    /// no).
    static Result<TargetFolder> open(const ShareSet &shares, FolderNames &known,
                                     const QByteArray &share, const QByteArrayList &names,
                                     Missing missing, const std::function<bool()> &mayMake = {});

    bool complete() const { return m_complete; } ///< all of the folders are there
    int descriptor() const { return m_folder.get(); }
    dev_t device() const { return m_device; }
    /// As ShareSet::isOwnPlace(); asked of the system once for all names.
    bool isOwnPlace(const ShareSet &shares, const QByteArray &name) const;
    /// As they are called here: another case, or a number.
    const QByteArrayList &names() const { return m_names; }
    /// What was made is found again after a power cut. 0 or an errno.
    int sync() const;

private:
    enum class Step { Done, Absent, Occupied, Failed };
    Step enter(const QByteArray &name, jail::Method method);
    Result<> checkOwn(const ShareSet &shares);
    Step make(const ShareSet &shares, const QByteArray &name, FolderNames &known);

    FileDescriptor m_folder;
    dev_t m_device = 0;
    QByteArrayList m_names;
    bool m_complete = true;
    bool m_mayHaveOwnPlaces = true;
    int m_error = 0;
};

/// What is said of an errno of a place that should take something.
Error putError(int error);

/// The token that refuses an upload for such an error, or for one of StagedFile.
const char *putToken(const Error &error);

/// Of a new name in the open folder: Invalid if its disk does not take it, else as putError().
Error newNameError(int folder, int error);

} // namespace ferry::server
