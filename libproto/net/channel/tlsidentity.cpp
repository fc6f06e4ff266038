// SPDX-License-Identifier: MIT
#include "net/channel/tlsidentity.h"

#include "net/base/privatefile.h"
#include "net/base/translate.h"
#include "net/channel/tlserror.h"
#include "net/limits.h"

#include <QDir>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace ferry {

namespace {

template <auto Free>
struct Freer
{
    template <typename T>
    void operator()(T *object) const
    {
        Free(object);
    }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

Error invalid(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

bool addExtension(X509 *certificate, int nid, const char *value)
{
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// A key that is asked for a passphrase would make OpenSSL read the terminal.
int noPassphrase(char *, int, int, void *)
{
    return 0;
}

Certificate selfSigned(EVP_PKEY *key)
{
    Certificate certificate(X509_new());
    const Number serial(BN_new());
    if (!certificate || !serial)
        return {};
    X509 *x = certificate.get();
    X509_NAME *name = X509_get_subject_name(x);
    // 127 bits: positive and within the 20 bytes that RFC 5280 allows.
    const bool made =
        X509_set_version(x, X509_VERSION_3) && BN_rand(serial.get(), 127, 0, 0) &&
        BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(x))
        // Fixed dates: a clock that is wrong at the first start changes nothing.
        && ASN1_TIME_set_string(X509_getm_notBefore(x), "20000101000000Z") &&
        ASN1_TIME_set_string(X509_getm_notAfter(x), "99991231235959Z") &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char *>("ferry"), -1, -1, 0) &&
        X509_set_issuer_name(x, name) && X509_set_pubkey(x, key) &&
        addExtension(x, NID_basic_constraints, "critical,CA:FALSE") &&
        addExtension(x, NID_key_usage, "critical,digitalSignature") &&
        addExtension(x, NID_ext_key_usage, "serverAuth") &&
        addExtension(x, NID_subject_alt_name, "DNS:ferry") && X509_sign(x, key, EVP_sha256());
    return made ? std::move(certificate) : Certificate();
}

} // namespace

TlsIdentity::TlsIdentity(evp_pkey_st *key, x509_st *certificate)
    : m_key(key)
    , m_certificate(certificate)
{
}

TlsIdentity::~TlsIdentity()
{
    EVP_PKEY_free(m_key);
    X509_free(m_certificate);
}

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::generate()
{
    Key key(EVP_EC_gen("P-256"));
    Certificate certificate = key ? selfSigned(key.get()) : Certificate();
    if (!certificate)
        return invalid(tr("No certificate could be made: %1.").arg(takeTlsError()));
    return std::shared_ptr<const TlsIdentity>(
        new TlsIdentity(key.release(), certificate.release()));
}

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::fromPem(const QByteArray &pem)
{
    // One reader for each, because the two may stand in any order.
    const Bio forKey(BIO_new_mem_buf(pem.constData(), int(pem.size())));
    const Bio forCertificate(BIO_new_mem_buf(pem.constData(), int(pem.size())));
    if (!forKey || !forCertificate)
        return invalid(takeTlsError());
    Key key(PEM_read_bio_PrivateKey(forKey.get(), nullptr, noPassphrase, nullptr));
    Certificate certificate(
        PEM_read_bio_X509(forCertificate.get(), nullptr, noPassphrase, nullptr));
    takeTlsError();
    if (!key)
        return invalid(tr("There is no readable key in it."));
    if (!certificate)
        return invalid(tr("There is no readable certificate in it."));
    const bool match = X509_check_private_key(certificate.get(), key.get()) == 1;
    takeTlsError();
    if (!match)
        return invalid(tr("Its key and its certificate do not belong together."));
    return std::shared_ptr<const TlsIdentity>(
        new TlsIdentity(key.release(), certificate.release()));
}

QString TlsIdentity::pathIn(const QString &folder)
{
    return QDir(folder).filePath(QStringLiteral("identity.pem"));
}

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::loadOrCreate(const QString &folder)
{
    const QString path = pathIn(folder);
    if (const Result<> safe = privatefile::checkOurs(path, privatefile::Others::MayNothing); !safe)
        return safe.error();
    // Twice: a second program may create the file between our look and our attempt.
    for (int attempt = 0; attempt < 2; ++attempt) {
        const Result<QByteArray> pem = privatefile::read(path, limits::identityFileBytes);
        if (pem) {
            Result<std::shared_ptr<const TlsIdentity>> identity = fromPem(pem.value());
            if (!identity)
                return invalid(
                    tr("The server's identity %1 is damaged: %2 Bring it back from a backup, or "
                       "move it away for a new one, which every client has to confirm again.")
                        .arg(path, identity.error().text));
            return identity;
        }
        if (pem.error().code != ErrorCode::NotFound)
            return pem.error();
        if (const Result<> made = privatefile::ensureFolder(folder); !made)
            return made.error();
        Result<std::shared_ptr<const TlsIdentity>> fresh = generate();
        if (!fresh)
            return fresh;
        const QByteArray text = fresh.value()->toPem();
        if (text.isEmpty())
            return invalid(takeTlsError());
        const Result<bool> created = privatefile::create(path, text);
        if (!created)
            return created.error();
        if (created.value())
            return fresh;
    }
    return Error{ErrorCode::LocalFile, tr("%1 comes and goes.").arg(path)};
}

QByteArray TlsIdentity::fingerprint() const
{
    return fingerprintOf(m_certificate);
}

QByteArray TlsIdentity::toPem() const
{
    const Bio bio(BIO_new(BIO_s_secmem()));
    if (!bio ||
        PEM_write_bio_PKCS8PrivateKey(bio.get(), m_key, nullptr, nullptr, 0, nullptr, nullptr) !=
            1 ||
        PEM_write_bio_X509(bio.get(), m_certificate) != 1)
        return {};
    char *text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, qsizetype(length)};
}

QByteArray fingerprintOf(x509_st *certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (!certificate || X509_digest(certificate, EVP_sha256(), digest, &length) != 1)
        return {};
    return "sha256:" +
           QByteArray::fromRawData(reinterpret_cast<const char *>(digest), qsizetype(length))
               .toHex();
}

QByteArray normalisedFingerprint(const QByteArray &text)
{
    QByteArray lower = text.trimmed().toLower();
    if (!lower.startsWith("sha256:"))
        return {};
    QByteArray digits;
    for (const char c : lower.sliced(7)) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
            digits += c;
        else if (c != ':' && c != ' ')
            return {};
    }
    return digits.size() == 64 ? "sha256:" + digits : QByteArray();
}

QString groupedFingerprint(const QByteArray &fingerprint)
{
    const QByteArray digits = normalisedFingerprint(fingerprint).mid(7).toUpper();
    QString grouped;
    for (qsizetype at = 0; at < digits.size(); at += 4) {
        if (at > 0)
            grouped += u' ';
        grouped += QLatin1StringView(digits.mid(at, 4));
    }
    return grouped;
}

} // namespace ferry
