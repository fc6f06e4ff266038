// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel.h"
#include "net/logrecord.h"
#include "server/serverconfig.h"
#include "server/sessioncounters.h"
#include "server/share.h"
#include "wire/serversession.h"

#include <QSemaphore>
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
               SessionCounters &counters);

    void run();

private:
    Result<> receive();
    Result<> checkPassword(const QByteArray &password);
    Result<> openFile(const QByteArray &path);
    Result<> sendFile();
    void logCommandOrReply(LogKind kind, QByteArrayView line);

    quint64 m_id;
    Channel &m_channel;
    std::shared_ptr<const ServerContext> m_context;
    SessionCounters &m_counters;
    ServerSession m_session;
    OpenFile m_file;
    QDeadlineTimer m_loginDeadline;
};

} // namespace ferry::server
