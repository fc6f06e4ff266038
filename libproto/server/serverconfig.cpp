// SPDX-License-Identifier: MIT
#include "server/serverconfig.h"

#include "net/base/displaytext.h"
#include "net/base/realpath.h"
#include "net/base/translate.h"
#include "wire/classic/codec.h"
#include "wire/virtualpath.h"

#include <QFile>
#include <QSet>
#include <QStandardPaths>

#include <sys/stat.h>
#include <unistd.h>

namespace ferry::server {

namespace {

Error invalid(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

Result<> checkFolder(const QByteArray &folder, extended::Access access)
{
    struct stat status = {};
    struct stat root = {};
    if (folder.isEmpty())
        return invalid(tr("The name of the folder is missing."));
    if (::stat(folder.constData(), &status) != 0)
        return invalid(tr("There is no file or folder %1.").arg(displayText(folder)));
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
        return invalid(tr("%1 is neither a folder nor a file.").arg(displayText(folder)));
    // Compared by what it is: `/.` and a link to `/` share just as much.
    if (::stat("/", &root) == 0 && status.st_dev == root.st_dev && status.st_ino == root.st_ino)
        return invalid(tr("The whole file system is not shared. Choose a folder in it."));
    return checkAccess(folder, access);
}

} // namespace

bool isShareName(const QByteArray &name)
{
    const auto path = VirtualPath::parse(name);
    return path && path->names().size() == 1 && path->share() == name && !name.startsWith('@');
}

Result<> checkAccess(const QByteArray &folder, extended::Access access)
{
    struct stat status = {};
    if (access == extended::Access::Read)
        return {};
    if (::stat(folder.constData(), &status) == 0 && !S_ISDIR(status.st_mode))
        return invalid(tr("%1 is a file. Only a folder can take files.").arg(displayText(folder)));
    if (::access(folder.constData(), W_OK | X_OK) != 0)
        return invalid(tr("Ferry may not write into %1, so nobody can put files in there.")
                           .arg(displayText(folder)));
    return {};
}

Result<> check(const ServerConfig &config)
{
    QSet<QByteArray> names;
    for (const ShareConfig &share : config.shares) {
        if (!isShareName(share.name))
            return invalid(tr("“%1” cannot be the name of a share.").arg(displayText(share.name)));
        if (names.contains(share.name))
            return invalid(tr("Two shares are called “%1”.").arg(displayText(share.name)));
        names.insert(share.name);
        if (auto folder = checkFolder(share.folder, share.access); !folder)
            return folder;
        if (isWithin(realPath(QFile::encodeName(config.dataFolder)), realPath(share.folder)))
            return invalid(tr("%1 is not shared: Ferry keeps its key and its passwords there.")
                               .arg(displayText(share.folder)));
    }
    if (config.password.isEmpty() && config.dataFolder.isEmpty())
        return invalid(tr("The password is empty."));
    for (const QByteArray &password : {config.password, config.classicPassword}) {
        if (!password.isEmpty() && !classic::canBeSent(password))
            return invalid(
                tr("The password is too long, or holds a line break that nobody could type."));
    }
    if (config.maxSessions < 1 || config.maxSessionsPerAddress < 1 || config.maxStrangers < 1 ||
        config.maxStrangersPerAddress < 1)
        return invalid(tr("At least one session must be allowed."));
    return {};
}

QByteArrayList defaultDataFolders()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    QByteArrayList folders;
    for (const char *name : {"/ferry", "/ferry-server", "/ferry-client"})
        folders.append(QFile::encodeName(folder) + name);
    return folders;
}

Result<ShareConfig> parseShare(const QByteArray &text, extended::Access access)
{
    ShareConfig share{{}, text, access};
    const qsizetype equals = text.indexOf('=');
    if (equals >= 0 && !text.first(equals).contains('/')) {
        share.name = text.first(equals);
        share.folder = text.sliced(equals + 1);
    } else {
        const QByteArray path = realPath(text);
        if (path.isEmpty())
            return invalid(tr("There is no file or folder %1.").arg(displayText(text)));
        share.name = path.sliced(path.lastIndexOf('/') + 1);
    }
    // The folder first: “the whole file system” explains more than its lack of a name.
    if (auto folder = checkFolder(share.folder, access); !folder)
        return folder.error();
    if (!isShareName(share.name))
        return invalid(tr("“%1” cannot be the name of a share.").arg(displayText(share.name)));
    return share;
}

} // namespace ferry::server
