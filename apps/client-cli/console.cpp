// SPDX-License-Identifier: MIT
#include "client-cli/console.h"

#include "client-cli/exitcodes.h"

#include <cstdio>

namespace ferry::client {

void complain(const QString &text)
{
    std::fprintf(stderr, "ferry: %s\n", text.toLocal8Bit().constData());
}

int endOutput(StandardOutput &output, int code)
{
    return output.end("ferry", code, exitcode::localFile);
}

} // namespace ferry::client
