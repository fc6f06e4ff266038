// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/extendedconversation.h"
#include "net/base/logqueue.h"
#include "net/channel/tlschannel.h"
#include "net/login/sasl.h"

#include <QByteArray>

#include <memory>
#include <optional>

namespace ferry::client {

/// From a connected socket to a conversation with a server that is known to be the right one:
/// TLS handshake, the fingerprint against the pins, SCRAM both ways. One thread.
class SecureLink
{
public:
    SecureLink(const ClientConfig &config, LogQueue &log,
               std::shared_ptr<sasl::SaltedPasswords> derived);

    /// The handshake, and whether this server may be spoken to: as ClientConfig says, nothing of
    /// the password has left when it is not. NotTrusted, LocalFile (the pins cannot be read),
    /// Protocol, CutShort, TimedOut.
    Result<> shakeHands(TlsChannel &channel);

    /// The login, and then the new pin, if there is one: whoever has the certificate has proved to
    /// know the password. Errors of ExtendedConversation::logIn().
    Result<> logIn(TlsChannel &channel);

    /// After logIn() succeeded.
    ExtendedConversation &conversation() { return *m_conversation; }

    /// The server's fingerprint, after the handshake; and the one that was expected instead, if
    /// it was another.
    const QByteArray &offered() const { return m_offered; }
    const QByteArray &saved() const { return m_saved; }

private:
    Result<> trust();
    Error changed(const QByteArray &saved);

    const ClientConfig &m_config;
    LogQueue &m_log;
    const std::shared_ptr<sasl::SaltedPasswords> m_derived;
    std::optional<ExtendedConversation> m_conversation;
    QByteArray m_offered;
    QByteArray m_saved;
    bool m_known = false; ///< pinned before this connection
};

} // namespace ferry::client
