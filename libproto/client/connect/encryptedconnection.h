// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/extendedconversation.h"
#include "net/base/logqueue.h"
#include "net/channel/tlschannel.h"
#include "net/login/sasl.h"

#include <QByteArray>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::client {

/// A logged-in connection of the extended dialect to a server that is known to be the right one:
/// from the address over the TLS handshake and the fingerprint against the pins to SCRAM both
/// ways. One thread, but for close().
class EncryptedConnection
{
public:
    EncryptedConnection(ClientConfig config, std::shared_ptr<LogQueue> log,
                        std::shared_ptr<sasl::SaltedPasswords> derived);
    ~EncryptedConnection();
    EncryptedConnection(const EncryptedConnection &) = delete;
    EncryptedConnection &operator=(const EncryptedConnection &) = delete;

    /// Once. `loggingIn` is called when the server is known to be the right one: nothing of the
    /// password has left before. A new pin is stored after the login: whoever has the certificate
    /// has proved to know the password. HostNotFound, CannotConnect, NotTrusted, LocalFile (the
    /// pins cannot be read, or, with ClientConfig::trustNew, not be written), and errors of
    /// ExtendedConversation::logIn().
    Result<> connect(const std::function<void()> &loggingIn = {});

    /// After connect() succeeded.
    ExtendedConversation &conversation() { return *m_conversation; }

    /// The server's fingerprint, once there was a handshake; and the one that was expected
    /// instead, if it was another: nobody is asked then, a person has to look.
    const QByteArray &offered() const { return m_offered; }
    const QByteArray &saved() const { return m_saved; }

    /// After the handshake, e.g. "TLS 1.3, TLS_AES_128_GCM_SHA256".
    QString description() const { return m_channel->description(); }

    /// Any thread: ends what is under way, and every later call, at once.
    void close();

private:
    Result<> open();
    Result<> trust();
    Error changed(const QByteArray &saved);
    Result<> asInvited();
    bool isAccepted() const;
    Result<> logIn();
    Result<> storePin();

    ClientConfig m_config;
    const std::shared_ptr<LogQueue> m_log;
    const std::shared_ptr<sasl::SaltedPasswords> m_derived;
    QByteArray m_offered;
    QByteArray m_saved;
    bool m_known = false; ///< pinned before this connection
    std::atomic_bool m_closing = false;
    std::mutex m_mutex; ///< guards the life of the channel against close()
    std::unique_ptr<TlsChannel> m_channel;
    std::optional<ExtendedConversation> m_conversation;
};

} // namespace ferry::client
