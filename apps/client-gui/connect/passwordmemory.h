// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>

namespace ferry::gui {

class ClientSettings;
class ConnectBar;
class Connector;
class PasswordStore;

/// Remembers the password of a server if the person wants that: in a PasswordStore, and after a
/// login, so that it is a right one. The settings only know for which servers there is one.
class PasswordMemory final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned; all must outlive it.
    PasswordMemory(ConnectBar *bar, Connector *connector, ClientSettings *settings,
                   QObject *parent);

    /// Without one, nothing can be remembered.
    void setStore(PasswordStore *store);

    /// Whether there is one for this server, which comes into the field once the keychain has
    /// answered. `server`: client::serverName().
    bool isRemembered(const QString &server) const;

    void forget(const QString &server);
    /// Of all servers but these.
    void forgetAllBut(const QStringList &servers);

Q_SIGNALS:
    /// The password of this server is in the field now.
    void filledIn(const QString &server);
    /// Something that the person asked for did not work; a sentence.
    void failed(const QString &why);

private:
    void showObstacle();
    void lookAtServer();
    void fillIn(const QString &server, const QString &password);
    void rememberOrForget();
    bool isUsable() const;

    ConnectBar *m_bar;
    Connector *m_connector;
    ClientSettings *m_settings;
    QPointer<PasswordStore> m_store;
    QString m_server;      ///< that is typed; empty while it is none
    bool m_filled = false; ///< the password in the field is from the store
};

} // namespace ferry::gui
