// SPDX-License-Identifier: MIT
#pragma once

#include "server/serverconfig.h"
#include "wire/limits.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace ferry::gui {

/// Who can reach a door.
enum class Reach {
    ThisComputer, ///< the loopback interface
    Everyone,     ///< every interface
    OneAddress,   ///< the interface of one address
};

/// What a person chose in the server window.
struct ServerSettings
{
    QList<server::ShareConfig> shares;
    QString password;
    Reach classicReach = Reach::ThisComputer;
    QString classicAddress; ///< of Reach::OneAddress
    quint16 classicPort = limits::classicPort;
};

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

    Result<> save() const;

    /// A sentence for the person; empty if all was well.
    QString problem() const { return m_problem; }

    ServerSettings settings;
    ServerWindowState window;

private:
    void putAside();
    void read();

    QString m_path;
    QString m_problem;
};

/// The configuration that the engine starts with. Invalid with a sentence if the address is none.
Result<server::ServerConfig> toConfig(const ServerSettings &settings);

} // namespace ferry::gui
