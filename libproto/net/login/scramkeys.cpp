// SPDX-License-Identifier: MIT
#include "net/login/scramkeys.h"

#include "net/base/translate.h"
#include "net/limits.h"
#include "net/login/passphrase.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <gsasl.h>

#include <cstring>

namespace ferry::sasl {

namespace {

Verifier verifierFrom(const QByteArray &salted, int iterations, const QByteArray &salt)
{
    char clientKey[32];
    Verifier verifier{salt, iterations, QByteArray(32, '\0'), QByteArray(32, '\0')};
    gsasl_scram_secrets_from_salted_password(GSASL_HASH_SHA256, salted.constData(), clientKey,
                                             verifier.serverKey.data(), verifier.storedKey.data());
    OPENSSL_cleanse(clientKey, sizeof clientKey);
    return verifier;
}

} // namespace

void wipe(QByteArray &secret)
{
    if (!secret.isEmpty())
        OPENSSL_cleanse(secret.data(), size_t(secret.size()));
    secret.clear();
}

Result<QByteArray> saltedPassword(const QByteArray &password, const QByteArray &salt,
                                  int iterations)
{
    if (password.isEmpty())
        return Error{ErrorCode::Invalid, tr("The password is empty.")};
    if (password.size() > limits::passwordBytes)
        return Error{ErrorCode::Invalid, tr("The password is too long.")};
    char *prepared = nullptr;
    const QByteArray normalised = normalisePassword(password);
    // A C string: a NUL would silently cut the password.
    bool good = false;
    if (!password.contains('\0')) {
        // Some versions of libgsasl take the flag for its opposite, so both are tried; what it
        // allows changes nothing in the result.
        for (const Gsasl_saslprep_flags flags : {GSASL_ALLOW_UNASSIGNED, Gsasl_saslprep_flags(0)}) {
            if (!good)
                good =
                    gsasl_saslprep(normalised.constData(), flags, &prepared, nullptr) == GSASL_OK;
        }
        good = good && *prepared != '\0';
    }
    QByteArray salted(32, Qt::Uninitialized);
    good = good && PKCS5_PBKDF2_HMAC(prepared, int(strlen(prepared)),
                                     reinterpret_cast<const unsigned char *>(salt.constData()),
                                     int(salt.size()), iterations, EVP_sha256(), int(salted.size()),
                                     reinterpret_cast<unsigned char *>(salted.data())) == 1;
    if (prepared)
        OPENSSL_cleanse(prepared, strlen(prepared));
    gsasl_free(prepared);
    if (!good)
        return Error{ErrorCode::Invalid,
                     tr("The password has characters that cannot be used in passwords.")};
    return salted;
}

Result<Verifier> makeVerifier(const QByteArray &password, int iterations, const QByteArray &salt)
{
    Result<QByteArray> salted = saltedPassword(password, salt, iterations);
    if (!salted)
        return salted.error();
    Verifier verifier = verifierFrom(salted.value(), iterations, salt);
    wipe(salted.value());
    return verifier;
}

Result<Verifier> makeVerifier(const QByteArray &password, int iterations)
{
    QByteArray salt(limits::saltBytes, Qt::Uninitialized);
    if (RAND_bytes(reinterpret_cast<unsigned char *>(salt.data()), int(salt.size())) != 1)
        return Error{ErrorCode::Invalid, tr("The system gives no random numbers.")};
    return makeVerifier(password, iterations, salt);
}

bool matches(const Verifier &verifier, const QByteArray &password)
{
    const Result<Verifier> other = makeVerifier(password, verifier.iterations, verifier.salt);
    return other && verifier.storedKey.size() == other.value().storedKey.size() &&
           CRYPTO_memcmp(verifier.storedKey.constData(), other.value().storedKey.constData(),
                         size_t(verifier.storedKey.size())) == 0;
}

SaltedPasswords::~SaltedPasswords()
{
    for (Entry &entry : m_entries)
        wipe(entry);
}

void SaltedPasswords::wipe(Entry &entry)
{
    sasl::wipe(entry.salted);
    entry.password.clear(); // shared with the caller, whose it is
}

Result<QByteArray> SaltedPasswords::get(const QByteArray &server, const QByteArray &password,
                                        const QByteArray &salt, int iterations)
{
    const QMutexLocker locker(&m_mutex);
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries.at(i);
        if (entry.server == server && entry.password == password && entry.salt == salt &&
            entry.iterations == iterations) {
            m_entries.move(i, m_entries.size() - 1);
            // A copy of its own: the caller wipes what it gets.
            const QByteArray &salted = m_entries.constLast().salted;
            return QByteArray(salted.constData(), salted.size());
        }
    }
    ++m_derivations;
    const Result<QByteArray> salted = saltedPassword(password, salt, iterations);
    if (!salted)
        return salted;
    while (m_entries.size() >= limits::derivedKeys) {
        wipe(m_entries.first());
        m_entries.removeFirst();
    }
    m_entries.append({server, password, salt, iterations,
                      QByteArray(salted.value().constData(), salted.value().size())});
    return salted;
}

int SaltedPasswords::derivations() const
{
    const QMutexLocker locker(&m_mutex);
    return m_derivations;
}

} // namespace ferry::sasl
