// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/securelink.h"
#include "net/base/logqueue.h"
#include "net/channel/tlschannel.h"
#include "net/login/sasl.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace ferry::client {

/// A logged-in connection of the extended dialect, from the address on. One thread, but for
/// close().
class EncryptedConnection
{
public:
    EncryptedConnection(ClientConfig config, std::shared_ptr<LogQueue> log,
                        std::shared_ptr<sasl::SaltedPasswords> derived);
    ~EncryptedConnection();
    EncryptedConnection(const EncryptedConnection &) = delete;
    EncryptedConnection &operator=(const EncryptedConnection &) = delete;

    /// Once. Errors of SecureLink, and HostNotFound, CannotConnect.
    Result<> connect();

    /// After connect() succeeded.
    ExtendedConversation &conversation() { return m_link->conversation(); }

    /// The server's fingerprint, once there was a handshake.
    QByteArray offered() const { return m_link ? m_link->offered() : QByteArray(); }
    /// Another one was expected: nobody is asked, a person has to look.
    bool savedDiffers() const { return m_link && !m_link->saved().isEmpty(); }

    /// Any thread: ends what is under way, and every later call, at once.
    void close();

private:
    ClientConfig m_config;
    const std::shared_ptr<LogQueue> m_log;
    const std::shared_ptr<sasl::SaltedPasswords> m_derived;
    std::atomic_bool m_closing = false;
    std::mutex m_mutex; ///< guards the life of the channel against close()
    std::unique_ptr<TlsChannel> m_channel;
    std::unique_ptr<SecureLink> m_link;
};

} // namespace ferry::client
