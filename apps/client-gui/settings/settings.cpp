// SPDX-License-Identifier: MIT
#include "client-gui/settings/settings.h"

#include "gui-common/program/settingslock.h"
#include "net/base/privatefile.h"
#include "net/limits.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace ferry::gui {

namespace {

struct SettingsText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::ClientSettings)
};

constexpr int currentVersion = 1;

QString versionKey()
{
    return QStringLiteral("ferry/version");
}

} // namespace

QString ClientSettings::defaultDataDir()
{
    const QString fromEnvironment = qEnvironmentVariable("FERRY_DATA_DIR");
    return fromEnvironment.isEmpty()
               ? QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)
               : fromEnvironment;
}

ClientSettings::ClientSettings(const QString &dataDir)
    : m_fileName(QDir(dataDir).absoluteFilePath(QStringLiteral("client.ini")))
{
    const bool isNew = !QFileInfo::exists(dataDir);
    if (!QDir().mkpath(dataDir)) {
        m_problem = SettingsText::tr("The folder %1 cannot be made, so settings are not "
                                     "remembered.")
                        .arg(QDir::toNativeSeparators(dataDir));
    } else if (isNew) {
        // Where a person connects is nobody else's business.
        QFile::setPermissions(dataDir, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    open();
}

ClientSettings::~ClientSettings()
{
    save();
}

void ClientSettings::open()
{
    const QFileInfo file(m_fileName);
    const bool isThere = file.exists() && !(file.isFile() && file.size() == 0);
    // Asked first: QSettings takes what a disk fails to give for nothing written.
    if (isThere && !privatefile::read(m_fileName, limits::listFileBytes))
        return startAfresh(QStringLiteral(".unread"),
                           QT_TRANSLATE_NOOP("ferry::gui::ClientSettings",
                                             "The settings file could not be read."));
    m_settings = std::make_unique<QSettings>(m_fileName, QSettings::IniFormat);
    if (!isThere)
        return;
    closeToOthers();
    bool understood = false;
    const int version = m_settings->value(versionKey()).toInt(&understood);
    if (m_settings->status() != QSettings::NoError || !understood || version < 1)
        startAfresh(
            QStringLiteral(".damaged"),
            QT_TRANSLATE_NOOP("ferry::gui::ClientSettings", "The settings file was damaged."));
}

/// The old file is kept for whoever wants to look at it; one of each kind is enough.
void ClientSettings::startAfresh(const QString &suffix, const char *why)
{
    m_settings.reset();
    const QString aside = m_fileName + suffix;
    QFile::remove(aside);
    const bool moved = QFile::rename(m_fileName, aside);
    m_problem = SettingsText::tr(why) + u' ' +
                (moved ? SettingsText::tr("Ferry starts with fresh settings; the old file is kept "
                                          "as %1.")
                             .arg(QDir::toNativeSeparators(aside))
                       : SettingsText::tr("Ferry starts with fresh settings, and cannot put %1 "
                                          "aside.")
                             .arg(QDir::toNativeSeparators(m_fileName)));
    m_settings = std::make_unique<QSettings>(m_fileName, QSettings::IniFormat);
}

/// They say where files are saved, and over which ones. Programs before 0.2 gave the file the mode
/// that all files get, which may let a group write.
void ClientSettings::closeToOthers()
{
    if (privatefile::isOurs(m_fileName, privatefile::Others::MayNothing))
        return;
    const bool everybody = QFileInfo(m_fileName).permission(QFile::WriteOther);
    if (!QFile::setPermissions(m_fileName, QFile::ReadOwner | QFile::WriteOwner) || everybody)
        m_problem = SettingsText::tr("Others could change the settings in %1. Look through them.")
                        .arg(QDir::toNativeSeparators(m_fileName));
}

QString ClientSettings::knownServersFile() const
{
    return QFileInfo(m_fileName).dir().filePath(QStringLiteral("known_servers"));
}

QString ClientSettings::queueFile() const
{
    return QFileInfo(m_fileName).dir().filePath(QStringLiteral("window-queue.sqlite"));
}

qint64 ClientSettings::rateLimit() const
{
    return std::max<qint64>(
        m_settings->value(QStringLiteral("queue/bytesPerSecond"), 0).toLongLong(), 0);
}

QList<SavedServer> ClientSettings::servers() const
{
    return savedservers::parse(m_settings->value(QStringLiteral("connect/hosts")).toStringList(),
                               m_settings->value(QStringLiteral("connect/folders")).toStringList());
}

void ClientSettings::setServers(const QList<SavedServer> &servers)
{
    set(QStringLiteral("connect/hosts"), savedservers::lines(servers));
    set(QStringLiteral("connect/folders"), savedservers::folderLines(servers));
}

void ClientSettings::forgetRecentServers()
{
    QList<SavedServer> kept = servers();
    kept.removeIf([](const SavedServer &server) { return !server.isKept(); });
    setServers(kept);
}

bool ClientSettings::isPasswordRemembered(const QString &server) const
{
    return !server.isEmpty() && passwordsRemembered().contains(server);
}

void ClientSettings::setPasswordRemembered(const QString &server, bool remembered)
{
    QStringList servers = passwordsRemembered();
    servers.removeAll(server);
    if (remembered)
        servers.prepend(server);
    set(QStringLiteral("connect/remembered"), servers);
}

QString ClientSettings::destination() const
{
    const QString chosen = m_settings->value(QStringLiteral("queue/destination")).toString();
    // One that cannot be looked at is another matter than one that is gone: what is saved there
    // says what is wrong, and elsewhere nobody would look for it.
    std::error_code why;
    const auto found = std::filesystem::status(QFile::encodeName(chosen).toStdString(), why);
    const bool unknown = found.type() == std::filesystem::file_type::none;
    if (!chosen.isEmpty() && (std::filesystem::is_directory(found) || unknown))
        return chosen;
    const QString downloads = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    // On a fresh account there is none yet.
    return downloads.isEmpty() || !QDir().mkpath(downloads) ? QDir::homePath() : downloads;
}

Preferences ClientSettings::preferences() const
{
    Preferences preferences;
    const auto number = [this](const char *key, qint64 usual, qint64 most) {
        bool understood = false;
        const qint64 value = m_settings->value(QString::fromLatin1(key)).toLongLong(&understood);
        return understood ? std::clamp<qint64>(value, 0, most) : usual;
    };
    const auto choice = [this](const char *key, bool usual) {
        return m_settings->value(QString::fromLatin1(key), usual).toBool();
    };
    preferences.filesAtOnce =
        int(number("queue/filesAtOnce", preferences.filesAtOnce, Preferences::maxFilesAtOnce));
    preferences.rateLimit = rateLimit();
    preferences.retries =
        int(number("queue/retries", preferences.retries, Preferences::maxRetries));
    preferences.spaceReserve =
        number("queue/spaceReserve", preferences.spaceReserve, Preferences::maxReserve);
    preferences.name = m_settings->value(QStringLiteral("people/name")).toString();
    preferences.executable = choice("queue/executable", preferences.executable);
    preferences.encodeNames = choice("queue/encodeNames", preferences.encodeNames);
    const QString existing = m_settings->value(QStringLiteral("queue/existing")).toString();
    for (const auto &[policy, name] : existingChoices) {
        if (existing == name)
            preferences.existing = policy;
    }
    preferences.colors =
        colorSchemeOf(m_settings->value(QStringLiteral("window/colors")).toString());
    preferences.binaryUnits = choice("window/binaryUnits", preferences.binaryUnits);
    preferences.notify = choice("window/notify", preferences.notify);
    preferences.notifyMessages = choice("window/notifyMessages", preferences.notifyMessages);
    preferences.trayIcon = choice("window/tray", preferences.trayIcon);
    return bounded(preferences);
}

void ClientSettings::setPreferences(const Preferences &preferences)
{
    set(QStringLiteral("queue/filesAtOnce"), preferences.filesAtOnce);
    setRateLimit(preferences.rateLimit);
    set(QStringLiteral("queue/retries"), preferences.retries);
    set(QStringLiteral("queue/spaceReserve"), preferences.spaceReserve);
    set(QStringLiteral("people/name"), preferences.name);
    set(QStringLiteral("queue/executable"), preferences.executable);
    set(QStringLiteral("queue/encodeNames"), preferences.encodeNames);
    for (const auto &[policy, name] : existingChoices) {
        if (preferences.existing == policy)
            set(QStringLiteral("queue/existing"), QString(name));
    }
    set(QStringLiteral("window/colors"), colorSchemeKey(preferences.colors));
    set(QStringLiteral("window/binaryUnits"), preferences.binaryUnits);
    set(QStringLiteral("window/notify"), preferences.notify);
    set(QStringLiteral("window/notifyMessages"), preferences.notifyMessages);
    set(QStringLiteral("window/tray"), preferences.trayIcon);
}

void ClientSettings::save()
{
    removeLeftLock(m_fileName);
    m_settings->sync();
}

void ClientSettings::set(const QString &key, const QVariant &value)
{
    // Of an earlier change, which Qt writes when the event loop is reached.
    removeLeftLock(m_fileName);
    m_settings->setValue(versionKey(), currentVersion);
    m_settings->setValue(key, value);
}

} // namespace ferry::gui
