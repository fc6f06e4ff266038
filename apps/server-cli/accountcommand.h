// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayList>

namespace ferry::servercli {

/// `ferryd account add|remove|list [NAME] [--data-dir D]`: who may log in besides `ferry`. The
/// password of `add` is read from standard input; a running server knows the change at the next
/// login. `arguments` begin behind `account`. Returns the exit code.
int runAccountCommand(const QByteArrayList &arguments);

QByteArray accountUsage();

} // namespace ferry::servercli
