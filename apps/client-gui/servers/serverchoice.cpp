// SPDX-License-Identifier: MIT
#include "client-gui/servers/serverchoice.h"

#include "client-gui/browser/welcome.h"
#include "client-gui/connect/connectbar.h"
#include "client-gui/connect/connector.h"
#include "client-gui/connect/passwordmemory.h"
#include "client-gui/dialogs/clientprompts.h"
#include "client-gui/servers/serversdialog.h"
#include "client-gui/settings/settings.h"
#include "client/connect/clientconfig.h"
#include "net/base/displaytext.h"

#include <QAction>
#include <QWidget>

#include <utility>

namespace ferry::gui {

ServerChoice::ServerChoice(const Parts &parts, ClientSettings *settings, ClientPrompts *prompts,
                           QWidget *window)
    : QObject(window)
    , m_parts(parts)
    , m_settings(settings)
    , m_prompts(prompts)
    , m_window(window)
{
    connect(m_parts.connector, &Connector::connected, this, &ServerChoice::connected);
    connect(m_parts.welcome, &Welcome::hostChosen, this, &ServerChoice::use);
    connect(m_parts.welcome, &Welcome::allServersWanted, this, &ServerChoice::openDialog);
    connect(m_parts.bar, &ConnectBar::serverEdited, this, [this] { m_waiting.clear(); });
    connect(m_parts.bar, &ConnectBar::passwordEdited, this, [this] { m_waiting.clear(); });
    connect(m_parts.passwords, &PasswordMemory::filledIn, this, [this](const QString &server) {
        if (server == std::exchange(m_waiting, {}))
            m_parts.bar->communicateAction()->trigger();
    });
    m_parts.connector->setNaming([this](const QByteArray &server) {
        const QString name = valueOf(server, &SavedServer::name);
        const QString address = QString::fromUtf8(server);
        return name.isEmpty() ? address : QStringLiteral("%1 (%2)").arg(name, address);
    });
    show();
    if (const QList<SavedServer> servers = m_settings->servers(); !servers.isEmpty())
        m_parts.bar->setHost(servers.first().address);
}

void ServerChoice::show()
{
    const QList<SavedServer> servers = m_settings->servers();
    m_parts.bar->setServers(servers);
    m_parts.welcome->setServers(servers);
}

void ServerChoice::use(const QString &address)
{
    if (m_parts.connector->view().isUp())
        return;
    m_parts.bar->setHost(address);
    m_parts.bar->focusPassword();
}

void ServerChoice::openDialog()
{
    ServersDialog dialog(m_settings, m_parts.passwords, m_prompts, m_window);
    const bool chosen = dialog.exec() == QDialog::Accepted;
    show();
    if (m_parts.connector->view().isUp())
        Q_EMIT folderWanted(ownFolder());
    if (chosen)
        connectTo(dialog.chosen());
}

void ServerChoice::connectTo(const QString &address)
{
    const ConnectionView &view = m_parts.connector->view();
    if (view.isUp()) {
        if (savedservers::isSame(view.host, address))
            return;
        if (!m_prompts->confirm(m_window, tr("Connect to another server?"),
                                tr("The connection to %1 ends. What is not done yet waits in the "
                                   "queue.")
                                    .arg(displayText(view.host)),
                                tr("Connect")))
            return;
        m_parts.connector->disconnect();
    }
    // What was typed for one server is not for another one.
    if (!savedservers::isSame(m_parts.bar->host(), address))
        m_parts.bar->setPassword({});
    use(address);
    if (!m_parts.bar->password().isEmpty())
        m_parts.bar->communicateAction()->trigger();
    else if (m_parts.passwords->isRemembered(m_parts.bar->server()))
        m_waiting = m_parts.bar->server();
}

/// Only what worked is worth remembering.
void ServerChoice::connected()
{
    SavedServer used{m_parts.connector->view().host, {}};
    for (const QByteArray &other : m_parts.connector->sameElsewhere()) {
        // The same server at a new address.
        if (used.name.isEmpty())
            used.name = valueOf(other, &SavedServer::name);
        if (used.folder.isEmpty())
            used.folder = valueOf(other, &SavedServer::folder);
    }
    m_settings->setServers(savedservers::withUsed(m_settings->servers(), used));
    show();
    Q_EMIT folderWanted(ownFolder());
}

QString ServerChoice::ownFolder() const
{
    const QList<SavedServer> servers = m_settings->servers();
    const ConnectionView &view = m_parts.connector->view();
    const SavedServer *server = view.isUp() ? savedservers::find(servers, view.host) : nullptr;
    return server ? server->folder : QString();
}

bool ServerChoice::keepFolder(const QString &folder)
{
    if (ownFolder().isEmpty())
        return false;
    m_settings->setServers(
        savedservers::withFolder(m_settings->servers(), m_parts.connector->view().host, folder));
    return true;
}

QString ServerChoice::valueOf(const QByteArray &server, QString SavedServer::*value) const
{
    const auto wanted = client::parseAddress(QString::fromUtf8(server));
    if (!wanted)
        return {};
    for (const SavedServer &saved : m_settings->servers()) {
        const auto config = client::parseAddress(saved.address);
        if (!config || (saved.*value).isEmpty())
            continue;
        client::ClientConfig anybody = config.value();
        anybody.user.clear();
        if (client::serverName(anybody) == client::serverName(wanted.value()))
            return saved.*value;
    }
    return {};
}

void ServerChoice::forgetRecent()
{
    m_settings->forgetRecentServers();
    QStringList kept;
    for (const SavedServer &server : m_settings->servers()) {
        if (const auto config = client::parseAddress(server.address))
            kept.append(client::serverName(config.value()));
    }
    m_parts.passwords->forgetAllBut(kept);
    show();
}

} // namespace ferry::gui
