// SPDX-License-Identifier: MIT
/// Whether a thread may be started. Qt ends the process when a QThread finds no descriptor for its
/// event dispatcher, and Qt D-Bus waits for ever for a thread that did not start, so whoever starts
/// one of those asks first. Any thread.
#pragma once

namespace ferry::threadroom {

/// Could `count` more descriptors be opened now? Tries it.
bool descriptorsLeft(int count = 4);

/// The same, and does the system start a thread now? Tries it.
bool threadLeft();

} // namespace ferry::threadroom
