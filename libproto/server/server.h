// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/logqueue.h"
#include "server/doors/banlist.h"
#include "server/login/loginthrottle.h"
#include "server/pacing/sessioninfo.h"
#include "server/people/message.h"
#include "server/records/delivery.h"
#include "server/serverconfig.h"
#include "wire/result.h"

#include <QHostAddress>
#include <QList>
#include <QObject>

#include <chrono>
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

    /// While it runs: shares, passwords, speeds and caps from now on, for sessions that are there
    /// too; files under way go on. Time limits are for new sessions. The doors and the data folder
    /// stay as they are. Invalid: nothing has changed.
    Result<> reconfigure(const ServerConfig &config);

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

    /// Holds the content back, or lets it go on; the client is kept waiting, and told so where
    /// its dialect has a word for it.
    void pauseSession(quint64 id, bool paused);

    /// Bytes per second; 0: no limit of its own. At once.
    void limitSession(quint64 id, qint64 bytesPerSecond);

    // Messages, also while the server drains (docs/PROTOCOL.md, People). They are kept in memory
    // only, and are in no log.

    /// From the operator to the person of a session, or of one that ended a moment ago. NotFound
    /// (it is not there, or not SessionInfo::readsMessages), Invalid (empty, over
    /// limits::messageBytes in UTF-8, or with a NUL).
    Result<> tell(quint64 session, const QString &text);
    /// To everybody who reads messages. The same errors.
    Result<> tellAll(const QString &text);

    /// What was written to the operator since the last call. Poll it as takeLog(): at most
    /// limits::notesKept are kept in between.
    Messages takeMessages();

    /// Nothing that this person writes reaches anybody; at once. It holds as long as they keep
    /// their mailbox, also when they connect anew. SessionInfo::muted.
    void muteSession(quint64 id, bool muted);

    /// Whether people may see each other and write to each other. At once, also before start();
    /// start() and reconfigure() set it to what their ServerConfig says.
    void setMembers(bool mayWrite);

    /// Ends all sessions of the address's block (doors/addressblock.h) at once and refuses new
    /// ones. Kept in the data folder, if there is one; an error means that it is for this run only.
    Result<> ban(const QHostAddress &address);
    /// Ends its sessions as disconnectSession() does, and refuses new ones for that long, in this
    /// run. Invalid (too many).
    Result<> banFor(const QHostAddress &address, std::chrono::minutes time);
    Result<> liftBan(const QHostAddress &address);
    QList<BanList::Ban> bans() const; ///< newest first

    /// Reads the bans of the data folder before the first start().
    void loadBans(const QString &dataFolder);

    /// Who may not log in just now, because of wrong passwords; longest first.
    QList<LoginThrottle::Penalty> penalties() const;
    void liftPenalty(const QHostAddress &address);

    /// Whether takeDeliveries() will be called, for a history.
    void recordDeliveries(bool record);
    DeliveryQueue::Taken takeDeliveries();

    /// Since the start of the program.
    qint64 bytesSent() const;
    qint64 filesSent() const;
    qint64 bytesReceived() const;

    QList<LogRecord> takeLog();

Q_SIGNALS:
    void stateChanged(ferry::server::ServerState state);

private:
    Q_INVOKABLE void sessionEnded(quint64 session);

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ferry::server
