// SPDX-License-Identifier: MIT
#pragma once

namespace ferry {

/// What main() of each program does first, before anything opens a descriptor: 0 to 2 are open, so
/// that no file or connection can be taken for them. Those that whoever started the program closed
/// are on /dev/null in the wrong direction: to read 0, or to write 1 or 2, fails with EBADF. A
/// closed pipe or a file-size limit is an error of the call that met it, and signals that mean
/// nothing to the program do nothing. Programs that are started later have the usual signals. HOME
/// and the XDG folders are absolute, or count as not set; without HOME, the user's home is the one
/// of getpwuid().
void prepareProgram();

} // namespace ferry
