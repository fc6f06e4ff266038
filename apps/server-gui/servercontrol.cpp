// SPDX-License-Identifier: MIT
#include "server-gui/servercontrol.h"

#include "server-gui/addresses.h"

namespace ferry::gui {

using server::ServerState;

ServerControl::ServerControl(QObject *parent)
    : QObject(parent)
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
}

void ServerControl::start(const ServerSettings &settings)
{
    m_newest = settings;
    m_errorText.clear();
    const auto config = toConfig(settings);
    if (!config) {
        m_errorText = config.error().text;
        Q_EMIT stateChanged();
        return;
    }
    const Result<> started = m_server.start(config.value());
    if (started)
        return;
    m_errorText = started.error().text;
    Q_EMIT stateChanged();
    if (started.error().code == ErrorCode::CannotBind) {
        const auto &c = config.value();
        if (const quint16 free = nextFreePort(c.classicAddress, c.classicPort))
            Q_EMIT portTaken(c.classicPort, free);
    }
}

void ServerControl::stop()
{
    m_errorText.clear();
    m_server.stop();
}

void ServerControl::settingsChanged(const ServerSettings &settings)
{
    m_newest = settings;
    if (!isRunning())
        return;
    if (m_server.liveSessions() > 0)
        Q_EMIT changesWaiting();
    else
        restart();
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
