// SPDX-License-Identifier: MIT
#include "client/disk/freespace.h"

#include "client/disk/localname.h"

#include <sys/statvfs.h>

namespace ferry::client {

qint64 freeSpaceOf(const QString &folder)
{
    const QByteArray path = folder.isEmpty() ? QByteArray(".") : localBytes(folder);
    struct statvfs status = {};
    if (::statvfs(path.constData(), &status) != 0)
        return -1;
    return qint64(status.f_bavail) * qint64(status.f_frsize);
}

} // namespace ferry::client
