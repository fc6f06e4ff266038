// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings/settings.h"
#include "server/server.h"

#include <QElapsedTimer>
#include <QObject>

namespace ferry::gui {

/// A port that a door could not have.
struct TakenPort
{
    WhichDoor door;
    quint16 port;
    quint16 free;        ///< the next one that could be had
    bool byTheOtherDoor; ///< not by another program
    QString holder;      ///< the program that holds it, where the system tells
};

/// Between the window and the engine: starts it with the settings, and with new ones when they
/// change while it runs.
class ServerControl final : public QObject
{
    Q_OBJECT
public:
    /// The certificate is kept in `dataFolder`.
    explicit ServerControl(const QString &dataFolder, QObject *parent = nullptr);

    server::Server &server() { return m_server; }

    void start(const ServerSettings &settings);
    void stop();

    /// Lets files under way finish, and takes nobody new.
    void drain() { m_server.drain(); }

    /// While the server runs all applies at once but the doors: for these it starts again if nobody
    /// is connected, otherwise changesWaiting() says that it has to.
    void settingsChanged(const ServerSettings &settings);

    /// Ends the sessions and starts with the newest settings.
    void restart();

    bool isRunning() const;
    qint64 upMs() const; ///< since it listens; 0 if it does not

    /// In a sentence, after start() failed.
    QString errorText() const { return m_errorText; }

    /// Of the certificate, before the start too; empty if it has not been made yet.
    QByteArray fingerprint() const { return m_fingerprint; }

    /// In a sentence: there is a certificate, but it cannot be used.
    QString identityProblem() const { return m_identityProblem; }

    /// Keeps the unusable certificate under another name, so that the next start makes one.
    Result<> putIdentityAside();

Q_SIGNALS:
    void stateChanged();
    void portTaken(const ferry::gui::TakenPort &taken);
    void identityUnusable();
    void changesWaiting();
    void problem(const QString &sentence); ///< the change could not be made

private:
    Result<> tryStart(const ServerSettings &settings);
    static bool sameDoors(const ServerSettings &a, const ServerSettings &b);
    Result<> readIdentity();
    void offerFreePort(const server::ServerConfig &config, WhichDoor door, bool byTheOtherDoor);

    const QString m_dataFolder;
    server::Server m_server;
    ServerSettings m_newest;
    QElapsedTimer m_listening;
    QString m_errorText;
    QByteArray m_fingerprint;
    QString m_identityProblem;
};

} // namespace ferry::gui
