// SPDX-License-Identifier: MIT
#include "server-gui/run/servercontrol.h"

#include "net/channel/tlsidentity.h"
#include "server-gui/run/addresses.h"
#include "server-gui/run/portholder.h"

#include <QFile>
#include <QFileInfo>

#include <utility>

namespace ferry::gui {

using server::ServerState;

ServerControl::ServerControl(const QString &dataFolder, QObject *parent)
    : QObject(parent)
    , m_dataFolder(dataFolder)
{
    connect(&m_server, &server::Server::stateChanged, this, [this](ServerState state) {
        if (state == ServerState::Listening)
            m_listening.start();
        else
            m_listening.invalidate();
        if (state == ServerState::Error)
            m_errorText = m_server.errorText();
        Q_EMIT stateChanged();
    });
    // Looking at it must not make one: that is for the first start to do.
    if (QFileInfo::exists(TlsIdentity::pathIn(m_dataFolder)))
        static_cast<void>(readIdentity()); // identityProblem() has it
}

void ServerControl::start(const ServerSettings &settings)
{
    m_newest = settings;
    m_errorText.clear();
    if (const Result<> started = tryStart(settings); !started) {
        m_errorText = started.error().text;
        Q_EMIT stateChanged();
    }
}

Result<> ServerControl::tryStart(const ServerSettings &settings)
{
    const auto made = toConfig(settings, m_dataFolder);
    if (!made)
        return made.error();
    const server::ServerConfig &config = made.value();
    if (const auto identity = readIdentity(); !identity) {
        Q_EMIT identityUnusable();
        return identity;
    }
    if (config.classicEnabled && config.tlsPort != 0 && config.tlsPort == config.classicPort) {
        offerFreePort(config, WhichDoor::Classic, true);
        return Error{ErrorCode::CannotBind,
                     tr("Telnet needs a port of its own, other than %1.").arg(config.tlsPort)};
    }
    Result<> started = m_server.start(config);
    if (!started && started.error().code == ErrorCode::CannotBind)
        offerFreePort(config,
                      canListen(config.tlsAddress, config.tlsPort) ? WhichDoor::Classic
                                                                   : WhichDoor::Tls,
                      false);
    return started;
}

Result<> ServerControl::readIdentity()
{
    const auto identity = TlsIdentity::loadOrCreate(m_dataFolder);
    m_fingerprint = identity ? identity.value()->fingerprint() : QByteArray();
    m_identityProblem = identity ? QString() : identity.error().text;
    if (!identity)
        return identity.error();
    return {};
}

Result<> ServerControl::putIdentityAside()
{
    const QString path = TlsIdentity::pathIn(m_dataFolder);
    QString aside = path + QStringLiteral(".old");
    for (int number = 2; QFileInfo::exists(aside); ++number)
        aside = path + QStringLiteral(".old-%1").arg(number);
    if (!QFile::rename(path, aside))
        return Error{ErrorCode::LocalFile,
                     tr("%1 cannot be renamed. Move it away by hand.").arg(path)};
    m_identityProblem.clear();
    return {};
}

bool ServerControl::sameDoors(const ServerSettings &a, const ServerSettings &b)
{
    const auto same = [](const Door &x, const Door &y) {
        return x.reach == y.reach && x.address == y.address && x.port == y.port;
    };
    return same(a.tls, b.tls) && same(a.classic, b.classic);
}

/// Called while neither door is open, so the other one's port counts as taken.
void ServerControl::offerFreePort(const server::ServerConfig &config, WhichDoor door,
                                  bool byTheOtherDoor)
{
    const bool tls = door == WhichDoor::Tls;
    const QHostAddress &address = tls ? config.tlsAddress : config.classicAddress;
    const quint16 port = tls ? config.tlsPort : config.classicPort;
    const quint16 other = tls ? config.classicPort : config.tlsPort;
    quint16 free = nextFreePort(address, port);
    if (free == other)
        free = nextFreePort(address, free);
    if (port != 0 && free != 0)
        Q_EMIT portTaken(
            {door, port, free, byTheOtherDoor, byTheOtherDoor ? QString() : portHolder(port)});
}

void ServerControl::stop()
{
    m_errorText.clear();
    m_server.stop();
}

void ServerControl::settingsChanged(const ServerSettings &settings)
{
    const ServerSettings before = std::exchange(m_newest, settings);
    if (!isRunning())
        return;
    if (!sameDoors(before, settings)) {
        if (m_server.liveSessions() == 0)
            return restart();
        Q_EMIT changesWaiting();
    }
    const auto config = toConfig(settings, m_dataFolder);
    const Result<> done = config ? m_server.reconfigure(config.value()) : config.error();
    if (!done)
        Q_EMIT problem(done.error().text);
}

void ServerControl::restart()
{
    const ServerSettings settings = m_newest;
    stop();
    if (!settings.shares.isEmpty())
        start(settings);
}

bool ServerControl::isRunning() const
{
    return m_server.state() != ServerState::Stopped && m_server.state() != ServerState::Error;
}

qint64 ServerControl::upMs() const
{
    return m_listening.isValid() ? m_listening.elapsed() : 0;
}

} // namespace ferry::gui
