// SPDX-License-Identifier: MIT
/// What the operating system says about this process, and waiting with an end.
#pragma once

#include <QElapsedTimer>
#include <QtGlobal>

#include <functional>

namespace ferry::test {

/// Generous: only a broken program takes this long, also under a sanitizer on a busy machine.
inline constexpr int patienceMs = 60'000;

int threadCount();
int descriptorCount();
qint64 residentBytes();

/// Looks at the condition every few milliseconds; false if it does not come true.
bool waitUntil(const std::function<bool()> &condition, int ms = patienceMs);

} // namespace ferry::test
