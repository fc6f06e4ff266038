// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QString>

#include <memory>

struct evp_pkey_st;
struct x509_st;

namespace ferry {

/// Who a server is: a self-signed ECDSA P-256 certificate and its key. Clients pin the
/// fingerprint; names, dates and chains mean nothing to them, so the certificate says `ferry` and
/// is valid for ever (RFC 5280, 4.1.2.5). Immutable; any thread.
class TlsIdentity
{
public:
    /// The one in `folder` (file `identity.pem`, key and certificate, 0600), made at the first
    /// start together with the folder (0700). Two programs that start at once get the same one.
    ///
    /// LocalFile if it cannot be read or written. Invalid if the file is damaged, holds a key and
    /// a certificate that do not belong together, or may be read by others. A file that is there
    /// is never replaced: every client that pinned it would take the server for an impostor.
    static Result<std::shared_ptr<const TlsIdentity>> loadOrCreate(const QString &folder);

    /// The file that loadOrCreate() reads or makes.
    static QString pathIn(const QString &folder);

    /// A new one that is kept nowhere.
    static Result<std::shared_ptr<const TlsIdentity>> generate();

    /// From PEM text with one private key and one certificate. Invalid.
    static Result<std::shared_ptr<const TlsIdentity>> fromPem(const QByteArray &pem);

    ~TlsIdentity();
    TlsIdentity(const TlsIdentity &) = delete;
    TlsIdentity &operator=(const TlsIdentity &) = delete;

    /// `sha256:` and the SHA-256 of the certificate's DER in 64 lower-case hex digits.
    QByteArray fingerprint() const;

    /// Key and certificate; a secret.
    QByteArray toPem() const;

    evp_pkey_st *key() const { return m_key; }
    x509_st *certificate() const { return m_certificate; }

private:
    TlsIdentity(evp_pkey_st *key, x509_st *certificate);

    evp_pkey_st *m_key;
    x509_st *m_certificate;
};

/// The fingerprint of any certificate, in the form of TlsIdentity::fingerprint().
QByteArray fingerprintOf(x509_st *certificate);

/// Sixty-four digits with `sha256:` before them, any case, spaces and colons between digits
/// allowed: the canonical form, or empty if it is none.
QByteArray normalisedFingerprint(const QByteArray &text);

/// For people to compare and read aloud: "7F3A 91C2 …", sixteen groups of four.
QString groupedFingerprint(const QByteArray &fingerprint);

} // namespace ferry
