// SPDX-License-Identifier: MIT
#include "server-gui/run/autostart.h"

#include "net/base/displaytext.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

namespace ferry::gui {

namespace {

struct Autostart
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::Autostart)
};

QString entryPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/autostart/org.ferry.Server.desktop");
}

/// An argument as the key Exec takes it: quoted, then with the backslashes of a string in the file.
QString quoted(QString argument)
{
    for (const char16_t character : {u'\\', u'"', u'`', u'$'})
        argument.replace(QChar(character), QStringLiteral("\\") + QChar(character));
    argument.replace(u'%', QStringLiteral("%%"));
    return u'"' + argument.replace(u'\\', QStringLiteral("\\\\")) + u'"';
}

} // namespace

bool startsAtLogin()
{
    return QFileInfo::exists(entryPath());
}

Result<> setStartsAtLogin(bool starts, const QString &dataFolder)
{
    const QString path = entryPath();
    if (starts == startsAtLogin())
        return {};
    if (!starts) {
        if (QFile::remove(path))
            return {};
        return Error{ErrorCode::LocalFile,
                     Autostart::tr("Can't remove %1.").arg(displayText(path))};
    }
    const QString entry =
        QStringLiteral("[Desktop Entry]\nType=Application\nName=Ferry Server\nIcon=ferry-server\n"
                       "Exec=%1 --minimised --data-dir %2\n")
            .arg(quoted(QCoreApplication::applicationFilePath()), quoted(dataFolder));
    QSaveFile file(path);
    QDir().mkpath(QFileInfo(path).path());
    if (!file.open(QIODevice::WriteOnly) || file.write(QFile::encodeName(entry)) < 0 ||
        !file.commit())
        return Error{
            ErrorCode::LocalFile,
            Autostart::tr("Can't write %1: %2.").arg(displayText(path), file.errorString())};
    return {};
}

} // namespace ferry::gui
