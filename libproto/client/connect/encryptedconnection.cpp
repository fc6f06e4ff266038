// SPDX-License-Identifier: MIT
#include "client/connect/encryptedconnection.h"
#include "net/limits.h"

#include "net/channel/socketops.h"
#include "net/channel/tlscontext.h"

namespace ferry::client {

EncryptedConnection::EncryptedConnection(ClientConfig config, std::shared_ptr<LogQueue> log,
                                         std::shared_ptr<sasl::SaltedPasswords> derived)
    : m_config(std::move(config))
    , m_log(std::move(log))
    , m_derived(std::move(derived))
{
    if (m_config.port == 0)
        m_config.port = limits::tlsPort;
}

EncryptedConnection::~EncryptedConnection()
{
    if (m_link && m_channel)
        m_channel->finishWriting();
}

Result<> EncryptedConnection::connect()
{
    auto socket = socketops::connectTo(m_config.host, m_config.port,
                                       QDeadlineTimer(m_config.connectTime), &m_closing);
    if (!socket)
        return socket.error();
    const auto context = TlsContext::forClient();
    if (!context)
        return context.error();
    {
        const std::lock_guard lock(m_mutex);
        m_channel = std::make_unique<TlsChannel>(socket.take(), context.value());
        // close() looks for the channel after it has set the flag; here it is the other way round.
        if (m_closing)
            m_channel->shutdown();
    }
    m_link = std::make_unique<SecureLink>(m_config, *m_log, m_derived);
    if (auto shaken = m_link->shakeHands(*m_channel); !shaken)
        return shaken;
    return m_link->logIn(*m_channel);
}

void EncryptedConnection::close()
{
    m_closing = true;
    const std::lock_guard lock(m_mutex);
    if (m_channel)
        m_channel->shutdown();
}

} // namespace ferry::client
