// SPDX-License-Identifier: MIT
/// `ferryd ban …` and `ferryd history …`: what a server keeps about others, from outside of it.
#pragma once

#include <QByteArrayList>

namespace ferry::servercli {

/// `arguments` behind the first word. The exit code.
int runBanCommand(const QByteArrayList &arguments);
int runHistoryCommand(const QByteArrayList &arguments);

QByteArray banUsage();
QByteArray historyUsage();

} // namespace ferry::servercli
