// SPDX-License-Identifier: MIT
#include "net/login/passphrase.h"

#include "net/login/wordlist.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QStringList>
#include <QtEndian>

#include <algorithm>
#include <optional>

namespace ferry {

static_assert(passphraseWords * wordBits == passphraseRandomBits + passphraseCheckBits);

namespace {

constexpr quint64 randomMask = (quint64(1) << passphraseRandomBits) - 1;
/// Of the last word, what is left beside the check.
constexpr int lastWordRandomBits = wordBits - passphraseCheckBits;

uint checkOf(quint64 bits)
{
    QByteArray input("ferry passphrase 1:");
    const quint64 bigEndian = qToBigEndian(bits & randomMask);
    input.append(reinterpret_cast<const char *>(&bigEndian), sizeof bigEndian);
    const QByteArray hash = QCryptographicHash::hash(input, QCryptographicHash::Sha256);
    return uchar(hash.front()) >> (8 - passphraseCheckBits);
}

/// The word's place in the list, or -1.
int placeOf(const QString &word)
{
    const auto found = std::lower_bound(wordList.begin(), wordList.end(), word);
    return found != wordList.end() && *found == word ? int(found - wordList.begin()) : -1;
}

QStringList wordsOf(const QString &password)
{
    static const QRegularExpression separators(QStringLiteral("[\\s-]+"));
    return password.toLower().split(separators, Qt::SkipEmptyParts);
}

/// The random bits of six words, if all are of the list and the check is right.
std::optional<quint64> decode(const QStringList &words)
{
    if (words.size() != passphraseWords)
        return {};
    quint64 bits = 0;
    uint check = 0;
    for (int i = 0; i < passphraseWords; ++i) {
        const int place = placeOf(words.at(i));
        if (place < 0)
            return {};
        if (i < passphraseWords - 1) {
            bits = (bits << wordBits) | quint64(place);
        } else {
            bits = (bits << lastWordRandomBits) | quint64(place >> passphraseCheckBits);
            check = uint(place) & ((1U << passphraseCheckBits) - 1);
        }
    }
    return check == checkOf(bits) ? std::optional(bits) : std::nullopt;
}

} // namespace

QString generatePassphrase()
{
    return passphraseFor(QRandomGenerator::system()->generate64());
}

QString passphraseFor(quint64 bits)
{
    bits &= randomMask;
    QStringList words;
    for (int i = 0; i < passphraseWords - 1; ++i) {
        const int shift = lastWordRandomBits + wordBits * (passphraseWords - 2 - i);
        words.append(wordList.at((bits >> shift) & (wordCount - 1)));
    }
    const quint64 rest = bits & ((quint64(1) << lastWordRandomBits) - 1);
    words.append(wordList.at((rest << passphraseCheckBits) | checkOf(bits)));
    return words.join(u'-');
}

PasswordKind passwordKind(const QString &password)
{
    const QStringList words = wordsOf(password);
    if (decode(words))
        return PasswordKind::Generated;
    const auto known = std::count_if(words.begin(), words.end(),
                                     [](const QString &word) { return placeOf(word) >= 0; });
    // One word lost, doubled, split or misspelt twice: still plainly one of ours. Four words of
    // this list in a row are hardly anything else.
    const bool similar = qAbs(words.size() - passphraseWords) <= 1 && known >= passphraseWords - 2;
    return similar ? PasswordKind::Mistyped : PasswordKind::Own;
}

bool isGeneratedPassword(const QString &password)
{
    return decode(wordsOf(password)).has_value();
}

QString normalisePassword(const QString &password)
{
    const QStringList words = wordsOf(password);
    return decode(words) ? words.join(u'-') : password;
}

QByteArray normalisePassword(const QByteArray &utf8)
{
    const QString text = QString::fromUtf8(utf8);
    return isGeneratedPassword(text) ? normalisePassword(text).toUtf8() : utf8;
}

} // namespace ferry
