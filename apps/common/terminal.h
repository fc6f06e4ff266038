// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry {

enum class Echo { On, Off };

/// One line that a person types at the controlling terminal, without its end. Whatever signal comes
/// meanwhile finds the terminal as it was before: one that stops the program has the question asked
/// again afterwards, any other one makes it Cancelled, unless it ends the program. Invalid without
/// a terminal. Main thread.
Result<QByteArray> askAtTerminal(const QString &question, Echo echo);

/// A new password, typed twice without echo. As above; Invalid also if the two differ.
Result<QByteArray> askForNewPassword(const QString &of);

/// Whether there is a controlling terminal; it goes when its window is closed.
bool hasTerminal();

} // namespace ferry
