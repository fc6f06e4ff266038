// SPDX-License-Identifier: MIT
/// What SCRAM makes of a password (RFC 5802, 3; RFC 7677).
#pragma once

#include "net/limits.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>
#include <QMutex>

namespace ferry::sasl {

/// Overwrites a secret before it is freed. Only for one that shares its bytes with nobody.
void wipe(QByteArray &secret);

/// What a server keeps instead of a password. Who steals it can pose as the server, and can guess
/// at leisure, but cannot log in.
struct Verifier
{
    QByteArray salt;
    int iterations = 0;
    QByteArray storedKey; ///< 32 bytes
    QByteArray serverKey; ///< 32 bytes

    bool operator==(const Verifier &) const = default;
};

/// PBKDF2-HMAC-SHA-256 of the password after normalisePassword() and SASLprep (RFC 4013,
/// unassigned characters allowed): 32 bytes. Takes about 0.3 s of a core for a million iterations.
/// Invalid if the password is empty, longer than limits::passwordBytes, no UTF-8, or has characters
/// that SASLprep forbids.
Result<QByteArray> saltedPassword(const QByteArray &password, const QByteArray &salt,
                                  int iterations);

/// Errors of saltedPassword().
Result<Verifier> makeVerifier(const QByteArray &password, int iterations, const QByteArray &salt);

/// With a random salt.
Result<Verifier> makeVerifier(const QByteArray &password, int iterations);

/// Is it this password's? Costs one saltedPassword(); the comparison is in constant time.
bool matches(const Verifier &verifier, const QByteArray &password);

/// The derived keys of a client, so that several connections, and reconnects, derive once per
/// server, salt, iterations and password. Any thread; a second one that asks for what is being
/// derived waits for it.
class SaltedPasswords
{
public:
    SaltedPasswords() = default;
    ~SaltedPasswords();
    SaltedPasswords(const SaltedPasswords &) = delete;
    SaltedPasswords &operator=(const SaltedPasswords &) = delete;

    /// `server`: its address and pin, any text. Errors of saltedPassword().
    Result<QByteArray> get(const QByteArray &server, const QByteArray &password,
                           const QByteArray &salt, int iterations);

    /// How often it had to derive.
    int derivations() const;

private:
    struct Entry
    {
        QByteArray server;
        QByteArray password;
        QByteArray salt;
        int iterations;
        QByteArray salted;
    };
    static void wipe(Entry &entry);

    mutable QMutex m_mutex; ///< guards all below, also while deriving
    QList<Entry> m_entries; ///< latest last, at most limits::derivedKeys
    int m_derivations = 0;
};

} // namespace ferry::sasl
