// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace ferry::server {

/// May a client that typed `given` in? A generated password may be typed in any case and with
/// spaces; every other one counts byte for byte. In time that depends on the lengths only.
bool samePassword(const QByteArray &given, const QByteArray &right);

enum class PasswordStrength { Empty, Weak, Fair, Strong };

/// A rough estimate of a password that a person made up, for the word beside the field.
PasswordStrength passwordStrength(const QString &password);

} // namespace ferry::server
