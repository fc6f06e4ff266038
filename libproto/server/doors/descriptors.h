// SPDX-License-Identifier: MIT
/// How many descriptors the process may have, and whether some are left: asked before a session has
/// its thread, while a refusal can still be said.
#pragma once

namespace ferry::server::descriptors {

/// Sessions that the process's descriptor limit carries.
int sessionsCarried();

/// What the limit leaves beside so many sessions.
int sparedBy(int sessions);

/// Could `count` more be opened now? Tries it, with copies of `fd`.
bool areLeft(int fd, int count);

} // namespace ferry::server::descriptors
