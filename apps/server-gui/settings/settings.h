// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/privatefile.h"
#include "net/limits.h"
#include "server-gui/settings/limitsettings.h"
#include "server/serverconfig.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace ferry::gui {

/// Who can reach a door.
enum class Reach {
    Nobody,       ///< it stays shut
    ThisComputer, ///< the loopback interface
    Everyone,     ///< every interface
    OneAddress,   ///< the interface of one address
};

/// One way in.
struct Door
{
    Reach reach = Reach::ThisComputer;
    QString address; ///< of Reach::OneAddress
    quint16 port = 0;

    /// Can other computers reach it?
    bool isOpenToOthers() const { return reach == Reach::Everyone || reach == Reach::OneAddress; }
};

enum class WhichDoor { Tls, Classic };

/// What a person chose in the server window.
struct ServerSettings
{
    QList<server::ShareConfig> shares;
    QString password;
    Door tls{Reach::Everyone, {}, limits::tlsPort}; ///< the main one, never Nobody
    Door classic{Reach::ThisComputer, {}, limits::classicPort};

    /// People see each other and may write to each other.
    bool members = false;

    LimitSettings limits;

    /// What AUTH takes where it can be overheard: of a classic door that is open to others, and
    /// never the same as the other password. Empty until there was such a door.
    QString classicPassword;
};

/// What a start of the program adds to that.
struct StartValues
{
    QString dataFolder;
    QList<server::ShareConfig> shares;
    std::optional<quint16> port;        ///< of the encrypted door
    std::optional<quint16> classicPort; ///< of the one for telnet
    bool minimised = false;             ///< nobody is there to press Start
};

/// Keeps a second window out of the folder while the result lives: both would save all settings,
/// each over the other's. TimedOut: there is one. A folder that cannot be written to needs no lock.
Result<privatefile::Lock> lockDataFolder(const QString &dataFolder);

/// How the window looked when it was closed; what Qt's saveState() and the like gave.
struct ServerWindowState
{
    QByteArray geometry;
    QByteArray columnsOfSetup;
    QByteArray heights;
    QByteArray sessionColumns;
    QByteArray logColumns;
    bool setupShown = true;
    bool passwordShown = true;
    bool plotShown = false;
    bool advancedShown = false;
    QString colorScheme; ///< colorSchemeKey()
};

/// The settings file of the server window, in the data folder. It holds the password, so only
/// its owner may read it.
class SettingsFile
{
public:
    /// The folder is made when it is not there.
    explicit SettingsFile(const QString &dataFolder);

    static QString defaultFolder();

    QString path() const { return m_path; }

    /// The file's content, or what a first run starts with. A damaged file is put aside, and
    /// problem() says so.
    void load();

    Result<> save();

    /// A sentence for the person; empty if all was well.
    QString problem() const { return m_problem; }

    ServerSettings settings;
    ServerWindowState window;

private:
    void putAside(const QString &suffix, const char *why);
    void read();

    QString m_path;
    QString m_problem;
    bool m_unread = false; ///< there is a file, and load() could not read it
};

/// The configuration that the engine starts with, certificate and accounts in `dataFolder`.
/// Invalid with a sentence if an address is none, or a classic door that others can reach has no
/// password of its own.
Result<server::ServerConfig> toConfig(const ServerSettings &settings, const QString &dataFolder);

} // namespace ferry::gui
