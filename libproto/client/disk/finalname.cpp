// SPDX-License-Identifier: MIT
#include "client/disk/finalname.h"

#include "client/disk/diskerror.h"
#include "client/disk/localname.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace ferry::client {

Result<> checkTarget(int folder, const QString &name, ExistingPolicy existing)
{
    struct stat there = {};
    if (::fstatat(folder, localBytes(name).constData(), &there, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return {};
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be written"), name, errno);
    }
    if (existing == ExistingPolicy::Rename)
        return {};
    if (existing != ExistingPolicy::Overwrite)
        return targetExists(name);
    if (S_ISDIR(there.st_mode))
        return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be replaced"), name, EISDIR);
    return {};
}

Result<QString> giveName(const QString &name, ExistingPolicy existing, const PlaceFile &place)
{
    if (existing == ExistingPolicy::Overwrite) {
        const int error = place(localBytes(name), true);
        if (error != 0)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be replaced"), name, error);
        return name;
    }
    const int last = existing == ExistingPolicy::Rename ? maxNumbers : 0;
    for (int n = 0; n <= last; ++n) {
        const QString tried = n == 0 ? name : numberedName(name, n);
        const int error = place(localBytes(tried), false);
        if (error == 0)
            return tried;
        if (error != EEXIST)
            return diskError(QT_TRANSLATE_NOOP("ferry", "%1 cannot be given its name"), tried,
                             error);
    }
    return targetExists(name);
}

} // namespace ferry::client
