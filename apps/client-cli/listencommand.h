// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"

namespace ferry::client {

/// `ferry listen`, on an event loop: until a signal or the server ends it, or nobody reads it any
/// more. The exit code.
int runListen(Arguments arguments);

} // namespace ferry::client
