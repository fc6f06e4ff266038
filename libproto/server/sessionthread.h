// SPDX-License-Identifier: MIT
#pragma once

#include "net/filedescriptor.h"
#include "server/connection.h"

#include <QThread>

namespace ferry::server {

/// A thread for one connection. Owns the channel and the connection; no slots, no event loop.
/// close() may be called from the façade's thread at any time.
class SessionThread final : public QThread
{
    Q_OBJECT
public:
    SessionThread(quint64 id, FileDescriptor socket, std::shared_ptr<const ServerContext> context,
                  const SessionInfo &info);
    ~SessionThread() override;

    /// Ends the connection at once, in mid-transfer too. `reason` becomes the outcome.
    void close(const QString &reason);

    /// A copy of what is known now. Façade's thread.
    SessionInfo info();

protected:
    void run() override;

private:
    quint64 m_id;
    std::shared_ptr<const ServerContext> m_context;
    std::unique_ptr<Channel> m_channel;
    SessionCounters m_counters;
    SessionInfo m_info;
};

} // namespace ferry::server
