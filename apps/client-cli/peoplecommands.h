// SPDX-License-Identifier: MIT
/// `ferry who` and `ferry tell`.
#pragma once

#include "client-cli/arguments.h"

#include <optional>

namespace ferry::client {

/// The exit code.
int runWho(Arguments arguments);
int runTell(Arguments arguments);

/// A message that is not in the arguments comes from standard input. The exit code if it is none.
std::optional<int> takeMessage(Arguments &arguments);

} // namespace ferry::client
