// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"

namespace ferry::client {

/// `ferry ls`: prints and returns the exit code. Blocks.
int runLs(Arguments arguments);

} // namespace ferry::client
