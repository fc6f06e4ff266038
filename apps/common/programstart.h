// SPDX-License-Identifier: MIT
#pragma once

namespace ferry {

/// What main() of each program does first, before anything opens a descriptor: 0 to 2 are open,
/// on /dev/null if whoever started the program closed them, so that no file or connection can be
/// taken for them; and a closed pipe or a file-size limit is an error of the call that met it.
/// Programs that are started later have the usual signals. HOME and the XDG folders are absolute,
/// or count as not set; without HOME, the user's home is the one of getpwuid().
void prepareProgram();

} // namespace ferry
