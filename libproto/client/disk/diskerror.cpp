// SPDX-License-Identifier: MIT
#include "client/disk/diskerror.h"

#include "client/disk/disknames.h"
#include "client/disk/localname.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"

#include <cerrno>

namespace ferry::client {

namespace {

QString shown(const QString &name)
{
    return displayText(QByteArrayView(localBytes(name)));
}

} // namespace

Error diskError(const char *what, const QString &name, int errnoValue)
{
    const bool full = errnoValue == ENOSPC || errnoValue == EDQUOT;
    const QString reason = full ? tr("the disk is full") : qt_error_string(errnoValue);
    return {full ? ErrorCode::DiskFull : ErrorCode::LocalFile,
            tr(what).arg(shown(name)) + QStringLiteral(": ") + reason, errnoValue};
}

Error nameRefused(const char *what, const QString &name, int errnoValue)
{
    Error error = diskError(what, name, errnoValue);
    const QString encoded = encodedName(name, RefusedNames::all());
    if (encoded != name)
        error.text += QStringLiteral("; ") + tr("encoded it would be %1").arg(shown(encoded));
    return error;
}

Error targetExists(const QString &name)
{
    return {ErrorCode::TargetExists, tr("There is already a file %1.").arg(shown(name))};
}

Error specialFile(const QString &name)
{
    return {ErrorCode::TargetExists,
            tr("%1 is a device, a FIFO or a socket, which is not replaced.").arg(shown(name))};
}

} // namespace ferry::client
