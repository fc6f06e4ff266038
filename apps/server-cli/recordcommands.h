// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayList>

#include <optional>

namespace ferry::servercli {

/// To standard output; the exit code.
int printText(const QByteArray &text);

/// `ferryd account …`, `ferryd ban …` and `ferryd history …`: what a server keeps in its data
/// folder, from outside of it. A running server knows a change at the next login or within a
/// second. The exit code; nothing if the first word is none of the three.
std::optional<int> runRecordCommand(const QByteArrayList &arguments);

} // namespace ferry::servercli
