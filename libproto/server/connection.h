// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel.h"
#include "net/logrecord.h"
#include "server/admission.h"
#include "server/serverconfig.h"
#include "server/sessioncounters.h"
#include "server/share.h"
#include "wire/serversession.h"

#include <atomic>
#include <memory>

namespace ferry::server {

/// What all connections of a running server share. Immutable or thread-safe.
struct ServerContext
{
    ServerConfig config;
    std::shared_ptr<const ShareSet> shares;
    std::shared_ptr<LogQueue> log;
    std::atomic_bool draining = false; ///< finish the file under way, take no more commands
};

/// One client, from greeting to goodbye: one straight blocking loop on the thread that calls
/// run(). Ends by itself at the end of the conversation, at a deadline, or when the channel is
/// shut down from outside.
class Connection
{
public:
    Connection(quint64 id, Channel &channel, std::shared_ptr<const ServerContext> context,
               SessionCounters &counters, Admission::Place &place);

    struct Ending
    {
        QString cause; ///< for people
        bool failed = false;
        bool cancelled = false; ///< the channel was shut down by another thread, which knows why
    };
    Ending run();

    /// After run(): takes leave so that the last line is not lost with the connection.
    void linger();

private:
    Result<> carryOut(const ServerAction &action);
    Result<> receive();
    Result<> send(const QByteArray &bytes);
    Result<> checkPassword(const QByteArray &password);
    void openFile(const QByteArray &path);
    Result<OpenFile> find(const QByteArray &path) const;
    Result<> sendFile();
    bool drainNow(const ServerAction &action) const;
    Ending endingOf(const Error &error);
    Ending normalEnding() const;
    QDeadlineTimer writeDeadline() const;
    void log(LogKind kind, const QString &message);

    quint64 m_id;
    Channel &m_channel;
    std::shared_ptr<const ServerContext> m_context;
    SessionCounters &m_counters;
    Admission::Place &m_place;
    ServerSession m_session;
    OpenFile m_file;
    QDeadlineTimer m_loginDeadline;
    QDeadlineTimer m_idleDeadline;
    QByteArray m_lastReply;
    bool m_peerFinished = false;
    bool m_sendingFile = false; ///< the peer takes every byte for file content now
};

} // namespace ferry::server
