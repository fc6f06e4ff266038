// SPDX-License-Identifier: MIT
#include "server-gui/settings/settings.h"

#include "gui-common/program/settingslock.h"
#include "net/base/ipaddresstext.h"
#include "net/base/privatefile.h"
#include "net/limits.h"
#include "server/login/password.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

#include <utility>

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

/// In the order of extended::Access.
constexpr const char *accessWords[] = {"read", "add", "inbox"};

extended::Access accessOf(const QString &word)
{
    // What is not understood lets nobody write.
    for (const auto access : {extended::Access::Add, extended::Access::Inbox}) {
        if (word == QLatin1StringView(accessWords[int(access)]))
            return access;
    }
    return extended::Access::Read;
}

QString wordOf(Reach reach)
{
    switch (reach) {
    case Reach::ThisComputer:
        break;
    case Reach::Nobody:
        return QStringLiteral("off");
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
    for (const Reach reach : {Reach::Nobody, Reach::Everyone, Reach::OneAddress}) {
        if (word == wordOf(reach))
            return reach;
    }
    return Reach::ThisComputer;
}

/// What the file does not mention stays as it is: an older Ferry wrote it.
void readDoor(QSettings &file, const QString &group, Door &door)
{
    file.beginGroup(group);
    if (file.contains(QStringLiteral("reach")))
        door.reach = reachOf(file.value(QStringLiteral("reach")).toString());
    door.address = file.value(QStringLiteral("address")).toString();
    bool ok = false;
    const ushort port = file.value(QStringLiteral("port")).toString().toUShort(&ok);
    if (ok)
        door.port = port;
    file.endGroup();
}

void writeDoor(QSettings &file, const QString &group, const Door &door)
{
    file.beginGroup(group);
    file.setValue(QStringLiteral("reach"), wordOf(door.reach));
    file.setValue(QStringLiteral("address"), door.address);
    file.setValue(QStringLiteral("port"), door.port);
    file.endGroup();
}

Result<QHostAddress> addressOf(const Door &door)
{
    switch (door.reach) {
    case Reach::Nobody:
    case Reach::ThisComputer:
        break;
    case Reach::Everyone:
        return QHostAddress(QHostAddress::Any);
    case Reach::OneAddress:
        return parseIpAddress(door.address, Scope::Allowed);
    }
    return QHostAddress(QHostAddress::LocalHost);
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
    m_unread = false;
    const QFileInfo info(m_path);
    if (!info.exists() || (info.isFile() && info.size() == 0))
        return;
    // They say what is shared, with whom, and by what password.
    if (!privatefile::isOurs(m_path, privatefile::Others::MayRead))
        return putAside(QStringLiteral(".untrusted"),
                        QT_TRANSLATE_NOOP("ferry::gui::SettingsFile",
                                          "Others could change the settings file."));
    const bool exposed = !privatefile::isOurs(m_path, privatefile::Others::MayNothing);

    // Asked first: QSettings takes what a disk fails to give for nothing written.
    if (!privatefile::read(m_path, limits::listFileBytes)) {
        m_problem =
            text("The settings in %1 cannot be read. Ferry starts with fresh ones.").arg(m_path);
        m_unread = info.isFile();
        return;
    }
    QSettings file(m_path, QSettings::IniFormat);
    if (file.status() != QSettings::NoError ||
        file.value(QStringLiteral("format")).toInt() != formatVersion) {
        return putAside(
            QStringLiteral(".damaged"),
            QT_TRANSLATE_NOOP("ferry::gui::SettingsFile", "The settings file was damaged."));
    }
    read();
    if (exposed && !settings.password.isEmpty() &&
        QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner))
        m_problem = text("Others could read the passwords in %1. Make new ones; the file is yours "
                         "alone now.")
                        .arg(m_path);
}

void SettingsFile::putAside(const QString &suffix, const char *why)
{
    const QString aside = m_path + suffix;
    QFile::remove(aside);
    const bool moved = QFile::rename(m_path, aside);
    m_unread = !moved;
    m_problem = text(why) + u' ' +
                (moved ? text("Ferry starts with fresh settings and a new password; the old file "
                              "is kept as %1.")
                             .arg(aside)
                       : text("Ferry starts with fresh settings and a new password, and cannot put "
                              "%1 aside.")
                             .arg(m_path));
}

void SettingsFile::read()
{
    QSettings file(m_path, QSettings::IniFormat);
    settings.password = file.value(QStringLiteral("password")).toString();

    settings.classicPassword = file.value(QStringLiteral("classicPassword")).toString();
    readDoor(file, QStringLiteral("tls"), settings.tls);
    readDoor(file, QStringLiteral("classic"), settings.classic);
    if (settings.tls.reach == Reach::Nobody)
        settings.tls.reach = Reach::ThisComputer;

    settings.members = file.value(QStringLiteral("members"), false).toBool();
    readLimits(file, settings.limits);

    const int shares = file.beginReadArray(QStringLiteral("shares"));
    for (int i = 0; i < shares; ++i) {
        file.setArrayIndex(i);
        const server::ShareConfig share{toBytes(file.value(QStringLiteral("name"))),
                                        toBytes(file.value(QStringLiteral("folder"))),
                                        accessOf(file.value(QStringLiteral("access")).toString())};
        if (!share.name.isEmpty() && !share.folder.isEmpty())
            settings.shares.append(share);
    }
    file.endArray();

    file.beginGroup(QStringLiteral("window"));
    window.geometry = file.value(QStringLiteral("geometry")).toByteArray();
    window.columnsOfSetup = file.value(QStringLiteral("columnsOfSetup")).toByteArray();
    window.heights = file.value(QStringLiteral("heights")).toByteArray();
    window.sessionColumns = file.value(QStringLiteral("columnsOfSessions")).toByteArray();
    window.logColumns = file.value(QStringLiteral("logColumns")).toByteArray();
    window.setupShown = file.value(QStringLiteral("setupShown"), true).toBool();
    window.advancedShown = file.value(QStringLiteral("advancedShown"), false).toBool();
    window.colorScheme = file.value(QStringLiteral("colorScheme")).toString();
    window.plotShown = file.value(QStringLiteral("plotShown"), false).toBool();
    window.passwordShown = file.value(QStringLiteral("passwordShown"), true).toBool();
    file.endGroup();
}

Result<> SettingsFile::save()
{
    // What could not be read is not to be lost.
    if (std::exchange(m_unread, false)) {
        const QString aside = m_path + QStringLiteral(".unread");
        QFile::remove(aside);
        QFile::rename(m_path, aside);
    }
    const Error failed{ErrorCode::LocalFile,
                       text("The settings could not be saved to %1.").arg(m_path)};
    constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
    {
        // There before the password is, with the right mode; QSettings keeps the mode.
        QFile file(m_path);
        if (!file.open(QIODevice::ReadWrite, ownerOnly) || !file.setPermissions(ownerOnly))
            return failed;
    }
    removeLeftLock(m_path);
    QSettings file(m_path, QSettings::IniFormat);
    file.clear();
    file.setValue(QStringLiteral("format"), formatVersion);
    file.setValue(QStringLiteral("password"), settings.password);

    if (!settings.classicPassword.isEmpty())
        file.setValue(QStringLiteral("classicPassword"), settings.classicPassword);
    writeDoor(file, QStringLiteral("tls"), settings.tls);
    writeDoor(file, QStringLiteral("classic"), settings.classic);

    file.setValue(QStringLiteral("members"), settings.members);
    writeLimits(file, settings.limits);

    file.beginWriteArray(QStringLiteral("shares"), int(settings.shares.size()));
    for (int i = 0; i < settings.shares.size(); ++i) {
        file.setArrayIndex(i);
        file.setValue(QStringLiteral("name"), toText(settings.shares[i].name));
        file.setValue(QStringLiteral("folder"), toText(settings.shares[i].folder));
        file.setValue(QStringLiteral("access"),
                      QLatin1StringView(accessWords[int(settings.shares[i].access)]));
    }
    file.endArray();

    file.beginGroup(QStringLiteral("window"));
    file.setValue(QStringLiteral("geometry"), window.geometry);
    file.setValue(QStringLiteral("columnsOfSetup"), window.columnsOfSetup);
    file.setValue(QStringLiteral("heights"), window.heights);
    file.setValue(QStringLiteral("columnsOfSessions"), window.sessionColumns);
    file.setValue(QStringLiteral("logColumns"), window.logColumns);
    file.setValue(QStringLiteral("setupShown"), window.setupShown);
    file.setValue(QStringLiteral("advancedShown"), window.advancedShown);
    file.setValue(QStringLiteral("colorScheme"), window.colorScheme);
    file.setValue(QStringLiteral("plotShown"), window.plotShown);
    file.setValue(QStringLiteral("passwordShown"), window.passwordShown);
    file.endGroup();

    file.sync();
    if (file.status() != QSettings::NoError)
        return failed;
    return {};
}

Result<privatefile::Lock> lockDataFolder(const QString &dataFolder)
{
    // One that was closed just now may still be saving.
    constexpr int closingMs = 1000;
    static_cast<void>(privatefile::ensureFolder(dataFolder));
    auto lock = privatefile::Lock::take(QDir(dataFolder).filePath(QStringLiteral("ferry-server")),
                                        QDeadlineTimer(closingMs));
    if (!lock && lock.error().code == ErrorCode::TimedOut)
        return Error{ErrorCode::TimedOut,
                     text("%1 is in use by another window of Ferry Server. Use that one, or start "
                          "this one with --data-dir and a folder of its own.")
                         .arg(dataFolder)};
    return lock ? lock.take() : privatefile::Lock();
}

Result<server::ServerConfig> toConfig(const ServerSettings &settings, const QString &dataFolder)
{
    const auto tlsAddress = addressOf(settings.tls);
    if (!tlsAddress)
        return tlsAddress.error();
    const auto classicAddress = addressOf(settings.classic);
    if (!classicAddress)
        return classicAddress.error();

    server::ServerConfig config;
    config.besideWindow = true;
    config.shares = settings.shares;
    config.members = settings.members;
    config.password = settings.password.toUtf8();
    config.dataFolder = dataFolder;
    config.ownFiles = server::defaultDataFolders();
    config.tlsEnabled = true;
    config.tlsAddress = tlsAddress.value();
    config.tlsPort = settings.tls.port;
    config.classicEnabled = settings.classic.reach != Reach::Nobody;
    config.classicAddress = classicAddress.value();
    config.classicPort = settings.classic.port;
    putInto(config, settings.limits);
    if (settings.classic.isOpenToOthers()) {
        config.classicPassword = settings.classicPassword.toUtf8();
        if (config.classicPassword.isEmpty() ||
            server::samePassword(config.classicPassword, config.password))
            return Error{ErrorCode::Invalid,
                         text("Telnet for other computers needs a password of its own, because "
                              "it can be overheard.")};
    }
    return config;
}

} // namespace ferry::gui
