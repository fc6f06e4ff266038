// SPDX-License-Identifier: MIT
#include "client/connect/encryptedconnection.h"

#include "client/connect/knownservers.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "net/channel/socketops.h"
#include "net/channel/tlscontext.h"
#include "net/limits.h"
#include "net/login/passphrase.h"

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
    if (m_channel)
        m_channel->finishWriting();
}

Result<> EncryptedConnection::connect(const std::function<void()> &loggingIn)
{
    if (auto opened = open(); !opened)
        return opened;
    if (auto shaken = m_channel->handshake(QDeadlineTimer(m_config.connectTime)); !shaken)
        return shaken;
    m_offered = m_channel->peerFingerprint();
    if (auto trusted = trust(); !trusted) {
        // A person is asked, or will be; the operator of the server sees no accident in it.
        m_channel->finishWriting();
        return trusted;
    }
    if (loggingIn)
        loggingIn();
    auto loggedIn = logIn();
    if (loggedIn && !m_known && !m_config.knownServersFile.isEmpty())
        return storePin();
    return loggedIn;
}

Result<> EncryptedConnection::open()
{
    auto socket = socketops::connectTo(m_config.host, m_config.port,
                                       QDeadlineTimer(m_config.connectTime), &m_closing);
    if (!socket)
        return socket.error();
    const auto context = TlsContext::forClient();
    if (!context)
        return context.error();
    const std::lock_guard lock(m_mutex);
    m_channel = std::make_unique<TlsChannel>(socket.take(), context.value());
    // close() looks for the channel after it has set the flag; here it is the other way round.
    if (m_closing)
        m_channel->shutdown();
    return {};
}

Result<> EncryptedConnection::trust()
{
    if (!m_config.pin.isEmpty()) {
        m_known = m_config.pin == m_offered;
        return m_known ? asInvited() : changed(m_config.pin);
    }
    if (!m_config.knownServersFile.isEmpty()) {
        const auto answer =
            KnownServers(m_config.knownServersFile).lookup(m_config.host, m_config.port, m_offered);
        if (!answer)
            return answer.error();
        if (answer.value().match == KnownServers::Match::Changed)
            return changed(answer.value().saved);
        m_known = answer.value().match == KnownServers::Match::Same;
    }
    if (auto meant = asInvited(); !meant)
        return meant;
    if (m_known || m_config.trustNew || isAccepted())
        return {};
    QString text = tr("This is the first connection to %1. Its fingerprint is %2.")
                       .arg(displayText(m_config.host), QString::fromLatin1(m_offered));
    const QByteArrayList others = KnownServers(m_config.knownServersFile).serversWith(m_offered);
    if (!others.isEmpty())
        text += u' ' + tr("This key is known as %1.").arg(displayText(others.join(", ")));
    return Error{ErrorCode::NotTrusted, text};
}

Result<> EncryptedConnection::asInvited()
{
    if (m_config.invited.isEmpty() || m_config.invited == m_offered)
        return {};
    m_saved = m_config.invited;
    return Error{ErrorCode::NotTrusted,
                 tr("%1 is not the server that the invitation names. Expected: %2. Offered: %3. "
                    "Nothing was sent.")
                     .arg(displayText(m_config.host), QString::fromLatin1(m_config.invited),
                          QString::fromLatin1(m_offered))};
}

bool EncryptedConnection::isAccepted() const
{
    return m_config.accepted == m_offered || m_config.invited == m_offered;
}

Error EncryptedConnection::changed(const QByteArray &saved)
{
    m_saved = saved;
    return {ErrorCode::NotTrusted,
            tr("The identity of %1 has changed. Expected: %2. Offered: %3. Either it was "
               "reinstalled, or someone is impersonating it.")
                .arg(displayText(m_config.host), QString::fromLatin1(saved),
                     QString::fromLatin1(m_offered))};
}

Result<> EncryptedConnection::logIn()
{
    ExtendedConversation::Credentials credentials;
    credentials.user = accountOf(m_config);
    credentials.password = m_config.password;
    credentials.server = KnownServers::key(m_config.host, m_config.port) + ' ' + m_offered;
    credentials.serverIsPinned = m_known || isAccepted();
    credentials.exporter = m_channel->exporter();
    credentials.cache = m_derived;
    m_conversation.emplace(*m_channel, m_config, *m_log);
    auto loggedIn = m_conversation->logIn(credentials);
    // A server that takes a generated password is content with few iterations; what is like such
    // a password, and is none, is more likely mistyped than that server a stranger.
    if (!loggedIn && loggedIn.error().code == ErrorCode::NotTrusted &&
        passwordKind(QString::fromUtf8(m_config.password)) == PasswordKind::Mistyped)
        return Error{ErrorCode::WrongPassword, tr("A word of the password is mistyped.")};
    return loggedIn;
}

/// Where nobody looks at the fingerprint, it has to be known the next time.
Result<> EncryptedConnection::storePin()
{
    const auto kept =
        KnownServers(m_config.knownServersFile).save(m_config.host, m_config.port, m_offered);
    if (kept)
        return {};
    const Error error{ErrorCode::LocalFile,
                      tr("The server's fingerprint %1 could not be stored: %2")
                          .arg(QString::fromLatin1(m_offered), kept.error().text)};
    if (m_config.trustNew)
        return error;
    m_log->add(0, LogKind::Warning, error.text);
    return {};
}

void EncryptedConnection::close()
{
    m_closing = true;
    const std::lock_guard lock(m_mutex);
    if (m_channel)
        m_channel->shutdown();
}

} // namespace ferry::client
