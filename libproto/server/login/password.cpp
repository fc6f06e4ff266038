// SPDX-License-Identifier: MIT
#include "server/login/password.h"

#include "net/login/passphrase.h"

#include <QSet>

#include <cmath>

#include <openssl/crypto.h>

namespace ferry::server {

bool samePassword(const QByteArray &given, const QByteArray &right)
{
    const QByteArray a = normalisePassword(given);
    const QByteArray b = normalisePassword(right);
    return a.size() == b.size() &&
           CRYPTO_memcmp(a.constData(), b.constData(), size_t(a.size())) == 0;
}

PasswordStrength passwordStrength(const QString &password)
{
    if (password.isEmpty())
        return PasswordStrength::Empty;
    if (isGeneratedPassword(password))
        return PasswordStrength::Strong;

    // Bits as if every character were drawn from the classes that occur, except that repeated
    // characters and runs like abc or 321 count little. An upper bound for what people make up,
    // hence the high marks to reach.
    bool lower = false, upper = false, digit = false, other = false;
    double effective = 0;
    QSet<QChar> seen;
    for (qsizetype i = 0; i < password.size(); ++i) {
        const QChar c = password.at(i);
        if (c.isDigit())
            digit = true;
        else if (c.isLower())
            lower = true;
        else if (c.isUpper())
            upper = true;
        else
            other = true;
        const int step = i > 0 ? qAbs(c.unicode() - password.at(i - 1).unicode()) : 2;
        effective += step <= 1 ? 0.25 : seen.contains(c) ? 0.6 : 1.0;
        seen.insert(c);
    }
    const int alphabet = (lower ? 26 : 0) + (upper ? 26 : 0) + (digit ? 10 : 0) + (other ? 33 : 0);
    const double bits = effective * std::log2(alphabet);
    return bits < 40   ? PasswordStrength::Weak
           : bits < 65 ? PasswordStrength::Fair
                       : PasswordStrength::Strong;
}

} // namespace ferry::server
