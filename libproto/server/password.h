// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace ferry::server {

/// A new password that can be read aloud: six lower-case words joined by `-`, at least 60 bits
/// from the system's random source.
QString generatePassword();

/// Equal? In time that depends on the lengths only.
bool samePassword(const QByteArray &a, const QByteArray &b);

enum class PasswordStrength { Empty, Weak, Fair, Strong };

/// A rough estimate of a password that a person made up, for the word beside the field.
PasswordStrength passwordStrength(const QString &password);

} // namespace ferry::server
