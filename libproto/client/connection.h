// SPDX-License-Identifier: MIT
#pragma once

#include "client/clientconfig.h"
#include "client/downloadqueue.h"
#include "client/partialfile.h"
#include "net/channel.h"
#include "net/logrecord.h"
#include "wire/classicclientsession.h"

#include <QMutex>
#include <QThread>

#include <atomic>
#include <memory>
#include <optional>

namespace ferry::client {

enum class LinkState {
    Offline,
    Connecting,
    LoggingIn,
    Online,
    Failed, ///< see the error; nothing is retried until asked
};

/// One connection to a server, on a thread of its own: connects, logs in, fetches what the queue
/// gives, keeps the connection while there is nothing to do, and reconnects when there is again.
/// A straight blocking loop; close() from another thread ends it at once.
class ConnectionThread final : public QThread
{
    Q_OBJECT
public:
    ConnectionThread(ClientConfig config, std::shared_ptr<DownloadQueue> queue,
                     std::shared_ptr<LogQueue> conversation);
    ~ConnectionThread() override;

    /// Any thread. Ends the connection; the file under way goes back to the queue.
    void close();

    /// Any thread. Ends the transfer of `id` if it is the one under way; the connection is made
    /// anew for the next.
    void abortTransfer(quint64 id);

    struct Link
    {
        LinkState state = LinkState::Offline;
        Error error{ErrorCode::Cancelled, {}}; ///< of state Failed
        QString description;                   ///< e.g. "unencrypted"
    };
    /// Any thread.
    Link link() const;

protected:
    void run() override;

private:
    Result<> connectAndLogIn();
    Result<> fetch(const Download &download);
    Result<ClassicClientEvent> nextEvent();
    void setLink(LinkState state);
    void setFailed(const Error &error);

    const ClientConfig m_config;
    std::shared_ptr<DownloadQueue> m_queue;
    std::shared_ptr<LogQueue> m_conversation;
    std::atomic_bool m_closing = false;
    std::atomic<quint64> m_current = 0; ///< id of the file under way

    mutable QMutex m_mutex; ///< guards m_link and the life of m_channel against shutdown()
    Link m_link;
    std::unique_ptr<Channel> m_channel;

    std::optional<ClassicClientSession> m_session; ///< this thread only
};

} // namespace ferry::client
