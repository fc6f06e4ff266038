// SPDX-License-Identifier: MIT
#include "server-gui/settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

namespace ferry::gui {

namespace {

constexpr int formatVersion = 1;

/// Paths are bytes; the file is text.
QString toText(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toPercentEncoding("/ :"));
}

QByteArray toBytes(const QVariant &text)
{
    return QByteArray::fromPercentEncoding(text.toString().toLatin1());
}

QString text(const char *sentence)
{
    return QCoreApplication::translate("ferry::gui::SettingsFile", sentence);
}

QString wordOf(Reach reach)
{
    switch (reach) {
    case Reach::ThisComputer:
        break;
    case Reach::Everyone:
        return QStringLiteral("everyone");
    case Reach::OneAddress:
        return QStringLiteral("address");
    }
    return QStringLiteral("local");
}

Reach reachOf(const QString &word)
{
    // What is not understood must not open the door wider.
    for (const Reach reach : {Reach::Everyone, Reach::OneAddress}) {
        if (word == wordOf(reach))
            return reach;
    }
    return Reach::ThisComputer;
}

} // namespace

SettingsFile::SettingsFile(const QString &dataFolder)
    : m_path(QDir(dataFolder).filePath(QStringLiteral("ferry-server.ini")))
{
    if (!QFileInfo::exists(dataFolder) && QDir().mkpath(dataFolder))
        QFile::setPermissions(dataFolder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

QString SettingsFile::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/ferry-server");
}

void SettingsFile::load()
{
    settings = {};
    window = {};
    m_problem.clear();
    const QFileInfo info(m_path);
    if (!info.exists() || (info.isFile() && info.size() == 0))
        return;

    QSettings file(m_path, QSettings::IniFormat);
    if (!info.isFile() || !info.isReadable() || file.status() == QSettings::AccessError) {
        m_problem =
            text("The settings in %1 cannot be read. Ferry starts with fresh ones.").arg(m_path);
        return;
    }
    if (file.status() != QSettings::NoError ||
        file.value(QStringLiteral("format")).toInt() != formatVersion) {
        putAside();
        return;
    }
    read();
}

void SettingsFile::putAside()
{
    const QString aside = m_path + QStringLiteral(".damaged");
    QFile::remove(aside);
    m_problem = QFile::rename(m_path, aside)
                    ? text("The settings file was damaged. Ferry starts with fresh settings and "
                           "a new password; the old file is kept as %1.")
                          .arg(aside)
                    : text("The settings file %1 is damaged. Ferry starts with fresh settings "
                           "and a new password.")
                          .arg(m_path);
}

void SettingsFile::read()
{
    QSettings file(m_path, QSettings::IniFormat);
    settings.password = file.value(QStringLiteral("password")).toString();

    file.beginGroup(QStringLiteral("classic"));
    settings.classicReach = reachOf(file.value(QStringLiteral("reach")).toString());
    settings.classicAddress = file.value(QStringLiteral("address")).toString();
    const int port = file.value(QStringLiteral("port")).toInt();
    if (file.contains(QStringLiteral("port")) && port >= 0 && port <= 0xFFFF)
        settings.classicPort = quint16(port);
    file.endGroup();

    const int shares = file.beginReadArray(QStringLiteral("shares"));
    for (int i = 0; i < shares; ++i) {
        file.setArrayIndex(i);
        const server::ShareConfig share{toBytes(file.value(QStringLiteral("name"))),
                                        toBytes(file.value(QStringLiteral("folder")))};
        if (!share.name.isEmpty() && !share.folder.isEmpty())
            settings.shares.append(share);
    }
    file.endArray();

    file.beginGroup(QStringLiteral("window"));
    window.geometry = file.value(QStringLiteral("geometry")).toByteArray();
    window.columnsOfSetup = file.value(QStringLiteral("columnsOfSetup")).toByteArray();
    window.heights = file.value(QStringLiteral("heights")).toByteArray();
    window.sessionColumns = file.value(QStringLiteral("sessionColumns")).toByteArray();
    window.logColumns = file.value(QStringLiteral("logColumns")).toByteArray();
    window.setupShown = file.value(QStringLiteral("setupShown"), true).toBool();
    window.passwordShown = file.value(QStringLiteral("passwordShown"), true).toBool();
    file.endGroup();
}

Result<> SettingsFile::save() const
{
    const Error failed{ErrorCode::LocalFile,
                       text("The settings could not be saved to %1.").arg(m_path)};
    constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
    {
        // There before the password is, with the right mode; QSettings keeps the mode.
        QFile file(m_path);
        if (!file.open(QIODevice::ReadWrite, ownerOnly) || !file.setPermissions(ownerOnly))
            return failed;
    }
    QSettings file(m_path, QSettings::IniFormat);
    file.clear();
    file.setValue(QStringLiteral("format"), formatVersion);
    file.setValue(QStringLiteral("password"), settings.password);

    file.beginGroup(QStringLiteral("classic"));
    file.setValue(QStringLiteral("reach"), wordOf(settings.classicReach));
    file.setValue(QStringLiteral("address"), settings.classicAddress);
    file.setValue(QStringLiteral("port"), settings.classicPort);
    file.endGroup();

    file.beginWriteArray(QStringLiteral("shares"), int(settings.shares.size()));
    for (int i = 0; i < settings.shares.size(); ++i) {
        file.setArrayIndex(i);
        file.setValue(QStringLiteral("name"), toText(settings.shares[i].name));
        file.setValue(QStringLiteral("folder"), toText(settings.shares[i].folder));
    }
    file.endArray();

    file.beginGroup(QStringLiteral("window"));
    file.setValue(QStringLiteral("geometry"), window.geometry);
    file.setValue(QStringLiteral("columnsOfSetup"), window.columnsOfSetup);
    file.setValue(QStringLiteral("heights"), window.heights);
    file.setValue(QStringLiteral("sessionColumns"), window.sessionColumns);
    file.setValue(QStringLiteral("logColumns"), window.logColumns);
    file.setValue(QStringLiteral("setupShown"), window.setupShown);
    file.setValue(QStringLiteral("passwordShown"), window.passwordShown);
    file.endGroup();

    file.sync();
    if (file.status() != QSettings::NoError)
        return failed;
    return {};
}

Result<server::ServerConfig> toConfig(const ServerSettings &settings)
{
    server::ServerConfig config;
    config.shares = settings.shares;
    config.password = settings.password.toUtf8();
    config.classicPort = settings.classicPort;
    switch (settings.classicReach) {
    case Reach::ThisComputer:
        config.classicAddress = QHostAddress(QHostAddress::LocalHost);
        break;
    case Reach::Everyone:
        config.classicAddress = QHostAddress(QHostAddress::Any);
        break;
    case Reach::OneAddress:
        if (!config.classicAddress.setAddress(settings.classicAddress))
            return Error{ErrorCode::Invalid,
                         text("“%1” is no address of this computer.").arg(settings.classicAddress)};
        break;
    }
    return config;
}

} // namespace ferry::gui
