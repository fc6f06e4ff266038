// SPDX-License-Identifier: MIT
#include "server-gui/run/portholder.h"

#include "net/base/displaytext.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <unistd.h>

namespace ferry::gui {

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QList<quint64> listenersIn(const QByteArray &table, quint16 port)
{
    constexpr int localColumn = 1;
    constexpr int stateColumn = 3;
    constexpr int inodeColumn = 9;
    QList<quint64> inodes;
    const QList<QByteArray> lines = table.split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> columns = line.simplified().split(' ');
        if (columns.size() <= inodeColumn || columns.at(stateColumn) != "0A") // TCP_LISTEN
            continue;
        const QByteArray &local = columns.at(localColumn);
        bool isNumber = false;
        const ushort theirs = local.sliced(local.lastIndexOf(':') + 1).toUShort(&isNumber, 16);
        if (isNumber && theirs == port)
            inodes.append(columns.at(inodeColumn).toULongLong());
    }
    return inodes;
}

QString portHolder(quint16 port)
{
    QList<QByteArray> wanted;
    for (const char *table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        const auto inodes = listenersIn(contentOf(QString::fromLatin1(table)), port);
        for (const quint64 inode : inodes)
            wanted.append("socket:[" + QByteArray::number(inode) + ']');
    }
    if (wanted.isEmpty())
        return {};
    const QStringList processes =
        QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs);
    for (const QString &process : processes) {
        const QString folder = QStringLiteral("/proc/%1/fd/").arg(process);
        const QStringList descriptors = QDir(folder).entryList(QDir::System | QDir::Files);
        for (const QString &descriptor : descriptors) {
            char target[64];
            const ssize_t length = ::readlink(QFile::encodeName(folder + descriptor).constData(),
                                              target, sizeof target);
            if (length <= 0 || !wanted.contains(QByteArray(target, length)))
                continue;
            const QByteArray name =
                contentOf(QStringLiteral("/proc/%1/comm").arg(process)).trimmed();
            return QCoreApplication::translate("ferry::gui::PortHolder", "%1 (process %2)")
                .arg(displayText(name), process);
        }
    }
    return {};
}

} // namespace ferry::gui
