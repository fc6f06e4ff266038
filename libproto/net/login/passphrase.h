// SPDX-License-Identifier: MIT
/// Passwords made by Ferry: six words of the word list, joined by `-`.
///
/// Six words are 66 bits: 60 random ones, then 6 bits of the SHA-256 of those as a check. So both
/// ends can tell such a password from one that a person made up, and most typing mistakes from a
/// wrong password: a mistyped word is hardly ever another word of the list, and if it is, the
/// check fails in 63 of 64 cases. The check is a function of the random bits and gives nothing
/// away about them.
#pragma once

#include <QByteArray>
#include <QString>

namespace ferry {

inline constexpr int passphraseWords = 6;
inline constexpr int passphraseRandomBits = 60;
inline constexpr int passphraseCheckBits = 6;

/// A new one, from the system's random source.
QString generatePassphrase();

/// The one that belongs to the lowest passphraseRandomBits of `bits`.
QString passphraseFor(quint64 bits);

enum class PasswordKind {
    Generated, ///< six words of the list with the right check
    Mistyped,  ///< so like a generated one that it must be meant for one, but wrong
    Own,       ///< made up by a person
};

/// Words in any case, with `-` or white space between them.
PasswordKind passwordKind(const QString &password);

bool isGeneratedPassword(const QString &password);

/// A generated password as it was generated: lower case, with `-`. Any other one unchanged.
QString normalisePassword(const QString &password);

/// The same on UTF-8; bytes that are no UTF-8 stay as they are.
QByteArray normalisePassword(const QByteArray &utf8);

} // namespace ferry
