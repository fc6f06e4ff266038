// SPDX-License-Identifier: MIT
#pragma once

#include "common/standardoutput.h"

#include <QString>

namespace ferry::client {

/// A line on standard error.
void complain(const QString &text);

/// The exit code of a command that ends with `code`; what could not be written is said.
int endOutput(StandardOutput &output, int code);

} // namespace ferry::client
