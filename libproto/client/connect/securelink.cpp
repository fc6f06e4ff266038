// SPDX-License-Identifier: MIT
#include "client/connect/securelink.h"

#include "client/connect/knownservers.h"
#include "net/login/passphrase.h"

#include <QCoreApplication>

namespace ferry::client {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ferry", text);
}

} // namespace

SecureLink::SecureLink(const ClientConfig &config, LogQueue &log,
                       std::shared_ptr<sasl::SaltedPasswords> derived)
    : m_config(config)
    , m_log(log)
    , m_derived(std::move(derived))
{
}

Result<> SecureLink::shakeHands(TlsChannel &channel)
{
    if (auto shaken = channel.handshake(QDeadlineTimer(m_config.connectTime)); !shaken)
        return shaken;
    m_offered = channel.peerFingerprint();
    const auto trusted = trust();
    // A person is asked, or will be; the operator of the server sees no accident in it.
    if (!trusted)
        channel.finishWriting();
    return trusted;
}

Result<> SecureLink::trust()
{
    if (!m_config.pin.isEmpty()) {
        m_known = m_config.pin == m_offered;
        return m_known ? Result<>() : changed(m_config.pin);
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
    if (m_known || m_config.trustNew || m_config.accepted == m_offered)
        return {};
    return Error{ErrorCode::NotTrusted, tr("This server is not known yet. Its fingerprint is %1.")
                                            .arg(QString::fromLatin1(m_offered))};
}

Error SecureLink::changed(const QByteArray &saved)
{
    m_saved = saved;
    return {ErrorCode::NotTrusted,
            tr("The server's certificate is not the one that is known. Saved: %1. Offered: %2.")
                .arg(QString::fromLatin1(saved), QString::fromLatin1(m_offered))};
}

Result<> SecureLink::logIn(TlsChannel &channel)
{
    ExtendedConversation::Credentials credentials;
    credentials.user = m_config.user.isEmpty() ? QByteArray("ferry") : m_config.user.toUtf8();
    credentials.password = m_config.password;
    credentials.server = KnownServers::key(m_config.host, m_config.port) + ' ' + m_offered;
    credentials.serverIsPinned = m_known;
    credentials.exporter = channel.exporter();
    credentials.cache = m_derived;
    m_conversation.emplace(channel, m_config, m_log);
    if (auto loggedIn = m_conversation->logIn(credentials); !loggedIn) {
        // A server that takes a generated password is content with few iterations; what is like
        // such a password, and is none, is more likely mistyped than that server a stranger.
        const auto kind = passwordKind(QString::fromUtf8(m_config.password));
        if (loggedIn.error().code == ErrorCode::NotTrusted && kind == PasswordKind::Mistyped)
            return Error{ErrorCode::WrongPassword, tr("A word of the password is mistyped.")};
        return loggedIn;
    }
    if (m_known || m_config.knownServersFile.isEmpty())
        return {};
    const auto kept =
        KnownServers(m_config.knownServersFile).save(m_config.host, m_config.port, m_offered);
    if (!kept)
        m_log.add(0, LogKind::Warning,
                  tr("The server's fingerprint could not be stored: %1").arg(kept.error().text));
    return {};
}

} // namespace ferry::client
