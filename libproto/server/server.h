// SPDX-License-Identifier: MIT
#pragma once

#include "net/logrecord.h"
#include "server/serverconfig.h"
#include "server/sessioninfo.h"
#include "wire/result.h"

#include <QHostAddress>
#include <QList>
#include <QObject>

#include <memory>

namespace ferry::server {

enum class ServerState { Stopped, Starting, Listening, Draining, Error };

/// The server, as a window or a command line sees it. Lives on the main thread; gives out
/// copies, never a pointer to a worker. Windows poll sessions() and takeLog() a few times a
/// second; only a change of state is signalled.
class Server : public QObject
{
    Q_OBJECT
public:
    explicit Server(QObject *parent = nullptr);
    ~Server() override;

    /// CannotBind, Invalid.
    Result<> start(const ServerConfig &config);

    /// Ends every session at once; returns when all threads have ended.
    void stop();

    /// Accepts nobody new, ends idle sessions, lets files under way finish; then `stopped`.
    void drain();

    ServerState state() const;
    QString errorText() const; ///< of state Error

    struct Endpoint
    {
        QHostAddress address;
        quint16 port = 0;
    };
    /// Where the doors really listen; port 0 when they do not.
    Endpoint tlsEndpoint() const;
    Endpoint classicEndpoint() const;

    /// Of the certificate, `sha256:HEX`; empty before the first start with the TLS door.
    QByteArray fingerprint() const;

    /// min(maxSessions, what the descriptor limit carries).
    int sessionCap() const;

    /// Live sessions first, then ended ones that were not cleared; oldest first in both.
    QList<SessionInfo> sessions() const;
    int liveSessions() const;
    void clearEnded();

    /// At once, in mid-transfer too.
    void disconnectSession(quint64 id);

    /// Since the start of the program.
    qint64 bytesSent() const;

    QList<LogRecord> takeLog();

Q_SIGNALS:
    void stateChanged(ferry::server::ServerState state);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ferry::server
