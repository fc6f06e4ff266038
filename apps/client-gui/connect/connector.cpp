// SPDX-License-Identifier: MIT
#include "client-gui/connect/connector.h"

#include "client-gui/dialogs/clientprompts.h"
#include "client/connect/knownservers.h"
#include "net/limits.h"

#include <QWidget>

namespace ferry::gui {

using client::ConnectionState;
using client::KnownServers;

Connector::Connector(client::Client *client, QString knownServersFile, ClientPrompts *prompts,
                     QWidget *window)
    : QObject(window)
    , m_client(client)
    , m_knownServersFile(std::move(knownServersFile))
    , m_prompts(prompts)
    , m_window(window)
{
    connect(m_client, &client::Client::connectionChanged, this, &Connector::look);
}

void Connector::connectTo(const client::ClientConfig &config, const QString &shownHost,
                          bool allowPlainRemote)
{
    m_config = config;
    m_config.knownServersFile = m_knownServersFile;
    if (m_config.port == 0)
        m_config.port = config.classic ? limits::classicPort : limits::tlsPort;
    // A queue that works while nobody looks: what an earlier try left is continued, and a server
    // that is gone is looked for until it is back.
    m_config.resume = !config.classic;
    m_config.reconnects = -1;
    m_config.stayConnected = true;
    m_allowPlainRemote = allowPlainRemote;
    m_view.host = shownHost;
    m_view.classic = config.classic;
    m_view.invited = config.invited;
    begin();
}

void Connector::begin()
{
    m_failureSeen = false;
    m_view.firstContact = FirstContact::None;
    if (const auto begun = m_client->connectTo(m_config, m_allowPlainRemote); !begun)
        m_prompts->tell(m_window, tr("Cannot connect"), begun.error().text);
    look();
}

client::ClientConfig Connector::sameServer() const
{
    client::ClientConfig config = m_config;
    config.pin = m_view.status.offered;
    return config;
}

void Connector::disconnect()
{
    m_client->disconnect();
    look();
}

void Connector::tryNow()
{
    m_client->retryNow();
    look();
}

void Connector::look()
{
    const ConnectionState before = m_view.status.state;
    m_view.status = m_client->connection();
    const bool online = m_view.status.state == ConnectionState::Online;
    const bool nowOnline = online && before != ConnectionState::Online;
    if (nowOnline)
        m_view.pinned = !m_view.classic && isKnown();
    else if (!online)
        m_view.pinned = false;
    Q_EMIT viewChanged();
    if (nowOnline)
        Q_EMIT connected();
    if (m_view.status.state == ConnectionState::Failed && !m_failureSeen) {
        m_failureSeen = true;
        lookAtFailure();
    }
}

void Connector::lookAtFailure()
{
    const client::ConnectionStatus &status = m_view.status;
    if (status.error.code != ErrorCode::NotTrusted || status.offered.isEmpty())
        return;
    // Not from here: a dialog runs an event loop of its own, and this is called by the poll.
    if (!status.saved.isEmpty()) {
        QMetaObject::invokeMethod(
            this,
            [this, saved = status.saved, offered = status.offered,
             expected = m_view.isNotAsInvited() ? Expected::Invited : Expected::Saved] {
                m_prompts->tellServerChanged(m_window, server(), expected, saved, offered);
            },
            Qt::QueuedConnection);
    } else if (m_config.accepted != status.offered && m_config.invited != status.offered &&
               !isKnown()) {
        // A known one that is not trusted failed to prove that it knows the password.
        m_view.firstContact = FirstContact::Asking;
        Q_EMIT viewChanged();
        QMetaObject::invokeMethod(this, &Connector::askAboutServer, Qt::QueuedConnection);
    }
}

void Connector::askAboutServer()
{
    const QByteArray offered = m_view.status.offered;
    QStringList knownAs;
    for (const QByteArray &other : sameElsewhere())
        knownAs.append(m_naming ? m_naming(other) : QString::fromUtf8(other));
    const bool same = m_prompts->confirmServer(m_window, server(), offered, knownAs);
    // Whatever happened meanwhile: the answer is about this failure only.
    if (m_client->connection().state != ConnectionState::Failed)
        return;
    if (same) {
        m_config.accepted = offered;
        begin();
    } else {
        m_view.firstContact = FirstContact::Declined;
        Q_EMIT viewChanged();
    }
}

bool Connector::isKnown() const
{
    const auto answer = KnownServers(m_knownServersFile)
                            .lookup(m_config.host, m_config.port, m_view.status.offered);
    return answer && answer.value().match == KnownServers::Match::Same;
}

QByteArrayList Connector::sameElsewhere() const
{
    if (m_view.classic || m_view.status.offered.isEmpty())
        return {};
    QByteArrayList servers = KnownServers(m_knownServersFile).serversWith(m_view.status.offered);
    servers.removeAll(KnownServers::key(m_config.host, m_config.port));
    return servers;
}

QString Connector::server() const
{
    return QString::fromUtf8(KnownServers::key(m_config.host, m_config.port));
}

} // namespace ferry::gui
