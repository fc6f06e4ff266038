// SPDX-License-Identifier: MIT
#include "client-gui/connect/passwordmemory.h"

#include "client-gui/connect/connectbar.h"
#include "client-gui/connect/connector.h"
#include "client-gui/desktop/passwordstore.h"
#include "client-gui/settings/settings.h"

#include <utility>

namespace ferry::gui {

PasswordMemory::PasswordMemory(ConnectBar *bar, Connector *connector, ClientSettings *settings,
                               QObject *parent)
    : QObject(parent)
    , m_bar(bar)
    , m_connector(connector)
    , m_settings(settings)
{
    connect(bar, &ConnectBar::serverEdited, this, &PasswordMemory::lookAtServer);
    connect(bar, &ConnectBar::passwordEdited, this, [this] { m_filled = false; });
    connect(bar, &ConnectBar::rememberChosen, this, [this](bool remember) {
        if (!remember)
            forget(m_server);
    });
    connect(connector, &Connector::connected, this, &PasswordMemory::rememberOrForget);
    showObstacle();
}

void PasswordMemory::setStore(PasswordStore *store)
{
    m_store = store;
    connect(store, &PasswordStore::obstacleChanged, this, &PasswordMemory::showObstacle);
    connect(store, &PasswordStore::found, this, &PasswordMemory::fillIn);
    connect(store, &PasswordStore::missing, this, [this](const QString &server) {
        // Somebody took it out of the keychain.
        m_settings->setPasswordRemembered(server, false);
        if (server == m_server)
            m_bar->setRemember(false);
    });
    connect(store, &PasswordStore::written, this,
            [this](const QString &server) { m_settings->setPasswordRemembered(server, true); });
    connect(store, &PasswordStore::notWritten, this,
            [this](const QString &server, const QString &why) {
                m_settings->setPasswordRemembered(server, false);
                if (server == m_server)
                    m_bar->setRemember(false);
                Q_EMIT failed(why);
            });
    showObstacle();
}

bool PasswordMemory::isUsable() const
{
    return m_store && m_store->obstacle().isEmpty();
}

bool PasswordMemory::isRemembered(const QString &server) const
{
    return isUsable() && m_settings->isPasswordRemembered(server);
}

void PasswordMemory::showObstacle()
{
    m_bar->setRememberObstacle(m_store ? m_store->obstacle()
                                       : tr("There is no keychain to keep it in."));
    m_server.clear();
    lookAtServer();
}

void PasswordMemory::lookAtServer()
{
    const QString server = m_bar->server();
    if (server == m_server)
        return;
    m_server = server;
    // What belongs to one server is not for another one.
    if (std::exchange(m_filled, false))
        m_bar->setPassword({});
    const bool known = isRemembered(server);
    m_bar->setRemember(known);
    if (known && m_bar->password().isEmpty())
        m_store->read(server);
}

void PasswordMemory::fillIn(const QString &server, const QString &password)
{
    if (server != m_server || !m_bar->password().isEmpty())
        return;
    m_bar->setPassword(password);
    m_filled = true;
    Q_EMIT filledIn(server);
}

void PasswordMemory::rememberOrForget()
{
    if (!isUsable())
        return;
    const QString server = m_bar->server();
    if (!m_bar->remember())
        forget(server);
    else if (!m_filled)
        m_store->write(server, m_bar->password());
}

void PasswordMemory::forget(const QString &server)
{
    if (!m_store || !m_settings->isPasswordRemembered(server))
        return;
    m_store->remove(server);
    m_settings->setPasswordRemembered(server, false);
    if (server == m_server)
        m_bar->setRemember(false);
}

void PasswordMemory::forgetAllBut(const QStringList &servers)
{
    const QStringList remembered = m_settings->passwordsRemembered();
    for (const QString &server : remembered) {
        if (!servers.contains(server))
            forget(server);
    }
    m_bar->setRemember(isRemembered(m_server));
}

} // namespace ferry::gui
