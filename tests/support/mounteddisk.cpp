// SPDX-License-Identifier: MIT
#include "support/mounteddisk.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

namespace ferry {

namespace {

/// Also finds what is in /sbin only.
QString run(const QString &name, const QStringList &arguments)
{
    QString program = QStandardPaths::findExecutable(name);
    if (program.isEmpty())
        program = QStandardPaths::findExecutable(
            name, {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin")});
    if (program.isEmpty())
        return name + QStringLiteral(" is not there");
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardOutputFile(QProcess::nullDevice()); // a mounted disk's daemon keeps it open
    process.start(program, arguments);
    return process.waitForFinished(-1) && process.exitStatus() == QProcess::NormalExit &&
                   process.exitCode() == 0
               ? QString()
               : name + QStringLiteral(" failed");
}

} // namespace

MountedDisk::MountedDisk(const QString &kind)
{
    const QString image = m_dir.filePath(QStringLiteral("image"));
    QFile file(image);
    if (!file.open(QIODevice::WriteOnly) || !file.resize(64 << 20) || !QDir().mkpath(path()))
        m_error = QStringLiteral("no room");
    file.close();
    const bool ntfs = kind == QStringLiteral("ntfs");
    if (m_error.isEmpty())
        m_error = ntfs ? run(QStringLiteral("mkfs.ntfs"),
                             {QStringLiteral("-F"), QStringLiteral("-f"), image})
                       : run(QStringLiteral("mkfs.exfat"), {image});
    if (m_error.isEmpty())
        m_error = run(QStringLiteral("mount"),
                      {QStringLiteral("-t"),
                       ntfs ? QStringLiteral("ntfs-3g") : QStringLiteral("exfat-fuse"),
                       QStringLiteral("-o"), QStringLiteral("loop"), image, path()});
}

MountedDisk::~MountedDisk()
{
    if (m_error.isEmpty())
        run(QStringLiteral("umount"), {path()});
}

} // namespace ferry
