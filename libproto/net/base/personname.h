// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QString>

namespace ferry {

/// What a person calls themselves, so that it is safe to show beside what the server knows of them:
/// as displayText(), at most limits::personNameCharacters, and no more marks on a letter than any
/// script needs. Empty if it isReservedName().
QString personName(QByteArrayView claimed);

/// Could it be taken for `operator`, `server` or `system`, the words for a server's own? Case,
/// accents, spaces, invisible characters and letters that look alike make no difference.
bool isReservedName(const QString &name);

} // namespace ferry
