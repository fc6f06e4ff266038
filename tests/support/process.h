// SPDX-License-Identifier: MIT
/// What the operating system says about this process, and waiting with an end.
#pragma once

#include <QElapsedTimer>
#include <QString>
#include <QtGlobal>

#include <functional>
#include <optional>

namespace ferry::test {

/// Generous: only a broken program takes this long, also under a sanitizer on a busy machine.
inline constexpr int patienceMs = 60'000;

int threadCount();
/// Threads of sessions that a server of this process serves, by their name. Threads started by Qt
/// or a library are not counted.
int sessionThreadCount();
int descriptorCount();
qint64 residentBytes();
/// Whether this process holds a POSIX lock on the file, as another process sees it.
bool isLockedForOthers(const QString &path);
/// What is allocated and not freed, wherever the allocator keeps the rest; nothing where it does
/// not tell (a sanitizer's, other C libraries).
std::optional<qint64> heapBytes();

/// Looks at the condition every few milliseconds; false if it does not come true.
bool waitUntil(const std::function<bool()> &condition, int ms = patienceMs);

} // namespace ferry::test
