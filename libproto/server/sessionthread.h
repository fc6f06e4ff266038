// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel.h"
#include "server/connection.h"

#include <QSemaphore>
#include <QThread>

namespace ferry::server {

/// A thread for one connection. Owns the channel and the connection; no slots, no event loop.
/// Everything public belongs to the façade's thread.
class SessionThread final : public QThread
{
    Q_OBJECT
public:
    SessionThread(std::unique_ptr<Channel> channel, std::shared_ptr<const ServerContext> context,
                  const SessionInfo &info, Admission::Place place);
    ~SessionThread() override;

    /// Starts, and returns when the thread runs: from then on it takes no more descriptors for
    /// itself, so the next one can be judged. False if the system gives no thread.
    bool begin();

    /// Ends the connection at once, in mid-transfer too. The first `reason` becomes the outcome.
    void close(const QString &reason);

    /// No more commands; a file under way is finished. ServerContext::draining is set before.
    void drain();

    /// A copy of what is known now.
    SessionInfo info();

protected:
    void run() override;

private:
    std::shared_ptr<const ServerContext> m_context;
    std::unique_ptr<Channel> m_channel;
    SessionCounters m_counters;
    SessionInfo m_info; ///< what never changes of it
    Admission::Place m_place;
    QSemaphore m_running;
    QString m_reason; ///< set once, before the channel is shut down; read after that was noticed
    bool m_closing = false;
};

} // namespace ferry::server
