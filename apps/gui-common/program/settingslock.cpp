// SPDX-License-Identifier: MIT
#include "gui-common/program/settingslock.h"

#include <QCoreApplication>
#include <QFile>
#include <QLockFile>
#include <QSysInfo>

namespace ferry::gui {

void removeLeftLock(const QString &settingsFile)
{
    const QString name = settingsFile + QStringLiteral(".lock");
    if (!QFile::exists(name))
        return;
    qint64 process = 0;
    QString host;
    QString program;
    if (QLockFile(name).getLockInfo(&process, &host, &program) &&
        process == QCoreApplication::applicationPid() && host == QSysInfo::machineHostName())
        QFile::remove(name);
}

} // namespace ferry::gui
