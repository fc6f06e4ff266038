// SPDX-License-Identifier: MIT
/// Login by SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677) bound to the TLS connection by
/// `tls-exporter` (RFC 9266). Messages are bytes; base64 is the wire's work.
///
///     client                                    server
///     step({})          → client-first        → step()
///     step()            ← server-first        ←
///                       → client-final        → step(), finished: the client knows the password
///     step(), finished: the server knows it   ← server-final
#pragma once

#include "net/limits.h"
#include "net/login/scramkeys.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>

struct Gsasl_session;

namespace ferry::sasl {

inline constexpr char mechanism[] = "SCRAM-SHA-256-PLUS";

struct SessionFreer
{
    void operator()(Gsasl_session *session) const;
};
using Session = std::unique_ptr<Gsasl_session, SessionFreer>;

/// The server's side of one login. One thread.
class ScramServer
{
public:
    struct Account
    {
        Verifier verifier;
        bool exists = true; ///< false: a verifier that nobody's password fits
    };
    /// Must give a verifier for every name, so that unknown ones are not told from known ones
    /// (see server::Accounts::lookup). Called once, within step().
    using Lookup = std::function<Account(const QByteArray &user)>;

    /// `exporter`: TlsChannel::exporter(), not empty.
    ScramServer(const QByteArray &exporter, Lookup lookup);
    ~ScramServer();
    ScramServer(const ScramServer &) = delete;
    ScramServer &operator=(const ScramServer &) = delete;

    /// The answer to the client's message. WrongPassword for an unknown user, a wrong password
    /// or another channel binding, with the same text and after the same work; Protocol for what
    /// is no SCRAM. After an error, or when finished, every call fails.
    Result<QByteArray> step(QByteArrayView message);

    /// The client proved that it knows the password.
    bool finished() const { return m_state == State::Finished; }

    /// As the client named itself; from the first step on.
    QByteArray user() const { return m_user; }

private:
    friend struct Callback;
    enum class State { Start, Challenged, Finished, Failed };
    Error fail(const Error &error);

    const QByteArray m_exporter;
    Lookup m_lookup;
    State m_state = State::Start;
    QByteArray m_user;
    Account m_account;
    Session m_session;
};

/// The client's side of one login. One thread.
class ScramClient
{
public:
    struct Settings
    {
        QByteArray user;                        ///< UTF-8
        QByteArray password;                    ///< UTF-8
        QByteArray server;                      ///< key of the cache: address and pin
        bool passwordIsGenerated = false;       ///< see isGeneratedPassword()
        bool serverIsPinned = false;            ///< its certificate was trusted before
        QByteArray exporter;                    ///< TlsChannel::exporter(), not empty
        std::shared_ptr<SaltedPasswords> cache; ///< may be null
    };
    explicit ScramClient(Settings settings);
    ~ScramClient();
    ScramClient(const ScramClient &) = delete;
    ScramClient &operator=(const ScramClient &) = delete;

    /// The next message for the server. Derives the key, so it may take a second; never on a
    /// thread that must answer.
    ///
    /// NotTrusted, before any proof leaves: a server that was not pinned wants so few iterations
    /// that its answer would let a stranger guess a made-up password. NotTrusted also for a
    /// server that does not prove that it knows the password. Protocol: iterations outside
    /// limits::minIterations to maxIterations, an absurd salt, what is no SCRAM. Invalid: user
    /// or password cannot be used.
    Result<QByteArray> step(QByteArrayView message);

    /// The server proved that it knows the password (or its verifier), on this very connection.
    /// Only then is a new pin worth keeping.
    bool finished() const { return m_state == State::Finished; }

private:
    friend struct Callback;
    enum class State { Start, Introduced, Proved, Finished, Failed };
    Result<QByteArray> introduce();
    Result<QByteArray> prove(QByteArrayView challenge);
    Error fail(const Error &error);

    Settings m_settings;
    State m_state = State::Start;
    QByteArray m_saltedHex;
    Session m_session;
};

} // namespace ferry::sasl
