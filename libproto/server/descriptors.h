// SPDX-License-Identifier: MIT
/// How many descriptors the process may have, and whether some are left. At the limit QThread
/// aborts the process, so the server asks before it starts one.
#pragma once

namespace ferry::server::descriptors {

/// Sessions that the process's descriptor limit carries.
int sessionsCarried();

/// Could `count` more be opened now? Tries it, with copies of `fd`.
bool areLeft(int fd, int count);

} // namespace ferry::server::descriptors
