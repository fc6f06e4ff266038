// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/connect/connectionview.h"
#include "client/client.h"

#include <QByteArrayList>
#include <QObject>
#include <QStringList>

#include <functional>
#include <utility>

class QWidget;

namespace ferry::gui {

class ClientPrompts;

/// Makes the connection, and has the person decide about a server that is not known. A server
/// with another certificate than the saved one is never asked about, only told. Nothing is tried
/// again by itself.
class Connector final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned. `window`: the parent of dialogs.
    Connector(client::Client *client, QString knownServersFile, ClientPrompts *prompts,
              QWidget *window);

    /// `shownHost`: as it was typed.
    void connectTo(const client::ClientConfig &config, const QString &shownHost,
                   bool allowPlainRemote);
    void disconnect();
    /// Of a lost connection: without waiting any longer.
    void tryNow();

    /// After the engine may have moved on.
    void look();

    const ConnectionView &view() const { return m_view; }
    /// For another connection to the server that is connected, and to no other.
    client::ClientConfig sameServer() const;
    QString knownServersFile() const { return m_knownServersFile; }

    /// The other servers with the certificate of the one that answered last, as `HOST:PORT`.
    QByteArrayList sameElsewhere() const;

    /// What the person calls the server at `HOST:PORT`.
    using Naming = std::function<QString(const QByteArray &server)>;
    void setNaming(Naming naming) { m_naming = std::move(naming); }

Q_SIGNALS:
    void viewChanged();
    /// A login succeeded.
    void connected();

private:
    void begin();
    void lookAtFailure();
    void askAboutServer();
    bool isKnown() const;
    QString server() const;

    client::Client *m_client;
    const QString m_knownServersFile;
    ClientPrompts *m_prompts;
    QWidget *m_window;

    client::ClientConfig m_config;
    bool m_allowPlainRemote = false;
    ConnectionView m_view;
    bool m_failureSeen = false;
    Naming m_naming;
};

} // namespace ferry::gui
