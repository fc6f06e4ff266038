// SPDX-License-Identifier: MIT
#include "server-cli/hiddenfolder.h"

#include "net/base/displaytext.h"
#include "net/base/realpath.h"

#include <QDir>
#include <QFile>

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>

namespace ferry::servercli {

namespace {

bool isInMemory(const char *folder)
{
    struct statfs system = {};
    return ::statfs(folder, &system) == 0 && system.f_type == TMPFS_MAGIC;
}

bool isHidden(const QByteArray &folder)
{
    // On some computers home folders are in memory without anybody hiding something.
    if (qEnvironmentVariableIsEmpty("INVOCATION_ID"))
        return false;
    struct stat status = {};
    const bool isThere = ::stat(folder.constData(), &status) == 0;
    for (const char *home : {"/home", "/root", "/run/user"}) {
        struct stat above = {};
        if (!isWithin(home, folder) || !isInMemory(home) || ::stat(home, &above) != 0)
            continue;
        // What is there on the way to a folder that was let in belongs to root, and is empty.
        return !isThere || (status.st_dev == above.st_dev && status.st_uid == 0);
    }
    return !isThere && (isWithin("/tmp", folder) || isWithin("/var/tmp", folder));
}

} // namespace

QByteArray unitPath(const QByteArray &folder)
{
    QByteArray path;
    for (const char c : folder) {
        if (c == '%')
            path += '%';
        else if (c == ':' || c == '\\' || c == '"')
            path += '\\';
        path += c;
    }
    return path.contains(' ') || path.contains('\'') || path.contains('"') ? '"' + path + '"'
                                                                           : path;
}

QString hiddenFolderHelp(const QByteArray &folder, bool takesFiles)
{
    const QByteArray clean = QFile::encodeName(QDir::cleanPath(QFile::decodeName(folder)));
    if (!isHidden(clean))
        return {};
    return QStringLiteral(
               "the service does not see %1: home and temporary folders are hidden from it. To "
               "share it, write these two lines to "
               "/etc/systemd/system/ferryd.service.d/shares.conf, then run "
               "\"systemctl daemon-reload\" and \"systemctl restart ferryd\":\n"
               "[Service]\n"
               "%2=%3")
        .arg(displayText(clean),
             takesFiles ? QStringLiteral("BindPaths") : QStringLiteral("BindReadOnlyPaths"),
             displayText(unitPath(clean)));
}

} // namespace ferry::servercli
