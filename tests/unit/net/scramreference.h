// SPDX-License-Identifier: MIT
/// SCRAM-SHA-256 written down straight from RFC 5802, on OpenSSL's primitives and without
/// libgsasl: the independent peer of the tests. RFC 7677's vector checks it.
#pragma once

#include <QByteArray>
#include <QList>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace ferry::test {

inline QByteArray hmacSha256(const QByteArray &key, const QByteArray &text)
{
    QByteArray out(32, Qt::Uninitialized);
    HMAC(EVP_sha256(), key.constData(), int(key.size()),
         reinterpret_cast<const unsigned char *>(text.constData()), size_t(text.size()),
         reinterpret_cast<unsigned char *>(out.data()), nullptr);
    return out;
}

inline QByteArray sha256(const QByteArray &text)
{
    QByteArray out(32, Qt::Uninitialized);
    EVP_Digest(text.constData(), size_t(text.size()), reinterpret_cast<unsigned char *>(out.data()),
               nullptr, EVP_sha256(), nullptr);
    return out;
}

inline QByteArray exclusiveOr(QByteArray a, const QByteArray &b)
{
    for (qsizetype i = 0; i < a.size(); ++i)
        a[i] = char(a[i] ^ b[i]);
    return a;
}

/// Hi() of RFC 5802, 2.2, as the loop that it says. ASCII passwords only.
inline QByteArray hi(const QByteArray &password, const QByteArray &salt, int iterations)
{
    QByteArray u = hmacSha256(password, salt + QByteArray("\0\0\0\1", 4));
    QByteArray sum = u;
    for (int i = 1; i < iterations; ++i) {
        u = hmacSha256(password, u);
        sum = exclusiveOr(sum, u);
    }
    return sum;
}

inline QByteArray field(const QByteArray &message, char name)
{
    for (const QByteArray &part : message.split(',')) {
        if (part.size() > 1 && part[0] == name && part[1] == '=')
            return part.mid(2);
    }
    return {};
}

struct ReferenceClient
{
    QByteArray user;
    QByteArray password;
    QByteArray nonce;
    QByteArray header;  ///< gs2-header: "n,," or "p=tls-exporter,,"
    QByteArray binding; ///< channel binding data
    QByteArray serverSignature;

    QByteArray bare() const { return "n=" + user + ",r=" + nonce; }
    QByteArray first() const { return header + bare(); }
    QByteArray last(const QByteArray &challenge)
    {
        const QByteArray salted = hi(password, QByteArray::fromBase64(field(challenge, 's')),
                                     field(challenge, 'i').toInt());
        const QByteArray clientKey = hmacSha256(salted, "Client Key");
        const QByteArray start =
            "c=" + (header + binding).toBase64() + ",r=" + field(challenge, 'r');
        const QByteArray authMessage = bare() + "," + challenge + "," + start;
        serverSignature = hmacSha256(hmacSha256(salted, "Server Key"), authMessage);
        const QByteArray proof = exclusiveOr(clientKey, hmacSha256(sha256(clientKey), authMessage));
        return start + ",p=" + proof.toBase64();
    }
};

struct ReferenceServer
{
    QByteArray password;
    QByteArray salt;
    int iterations = 0;
    QByteArray nonce; ///< its own part
    QByteArray binding;
    QByteArray clientFirstBare;
    QByteArray challenge;

    QByteArray answerFirst(const QByteArray &message)
    {
        clientFirstBare = message.mid(message.indexOf("n="));
        challenge = "r=" + field(clientFirstBare, 'r') + nonce + ",s=" + salt.toBase64() +
                    ",i=" + QByteArray::number(iterations);
        return challenge;
    }
    /// The server-final message, or nothing if the proof is wrong.
    QByteArray answerLast(const QByteArray &message) const
    {
        if (QByteArray::fromBase64(field(message, 'c')) != "p=tls-exporter,," + binding)
            return {};
        const QByteArray salted = hi(password, salt, iterations);
        const QByteArray authMessage =
            clientFirstBare + "," + challenge + "," + message.left(message.indexOf(",p="));
        const QByteArray storedKey = sha256(hmacSha256(salted, "Client Key"));
        const QByteArray clientKey = exclusiveOr(QByteArray::fromBase64(field(message, 'p')),
                                                 hmacSha256(storedKey, authMessage));
        if (sha256(clientKey) != storedKey)
            return {};
        return "v=" + hmacSha256(hmacSha256(salted, "Server Key"), authMessage).toBase64();
    }
};

} // namespace ferry::test
