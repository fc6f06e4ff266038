// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/classicconversation.h"
#include "client/disk/partialfile.h"
#include "client/transfer/connectionworker.h"
#include "net/channel/plainchannel.h"

#include <memory>
#include <mutex>
#include <optional>

namespace ferry::client {

/// Fetches one file after the other in the classic dialect, which cannot stop a file: a transfer
/// that is not wanted any more ends the connection.
class ClassicWorker final : public ConnectionWorker
{
public:
    using ConnectionWorker::ConnectionWorker;

    Result<> connect(const LoggingIn &loggingIn) override;
    Result<Outcome> work() override;
    bool isAlive() override;
    void quit() override;
    void disconnect() override;
    void interrupt() override;
    void abortUnwanted() override;

private:
    bool online() const { return m_conversation && m_conversation->usable(); }
    void setCurrent(quint64 id);
    Outcome fetch(const Download &download);
    Result<> receive(const Download &download, PartialFile &file);
    void save(const Download &download, PartialFile &file);
    void failed(const Download &download, const Error &error);

    std::mutex m_mutex;                      ///< guards m_current, and the channel's end
    quint64 m_current = 0;                   ///< id of the file under way
    std::unique_ptr<PlainChannel> m_channel; ///< changed by the worker's thread only

    std::optional<ClassicConversation> m_conversation;
    bool m_fresh = false; ///< nothing was asked over this connection yet
};

} // namespace ferry::client
