// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"

namespace ferry::client {

/// `ferry put`: the exit code. The password is in `arguments`.
int runPut(Arguments arguments);

} // namespace ferry::client
