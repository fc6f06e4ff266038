// SPDX-License-Identifier: MIT
#pragma once

namespace ferry {

/// Whether what SQLite met is the computer's trouble and none of the file's: no room, no memory, no
/// descriptors, a read-only disk, another program. It may pass, and the file is to be left as it
/// is, because nothing says that it is damaged.
/// `code`: SQLite's, extended or not.
inline bool isPassingSqliteError(int code)
{
    switch (code & 0xff) {
    case 3:  // SQLITE_PERM
    case 5:  // SQLITE_BUSY
    case 6:  // SQLITE_LOCKED
    case 7:  // SQLITE_NOMEM
    case 8:  // SQLITE_READONLY
    case 9:  // SQLITE_INTERRUPT
    case 10: // SQLITE_IOERR
    case 13: // SQLITE_FULL
    case 14: // SQLITE_CANTOPEN
    case 15: // SQLITE_PROTOCOL: locks that cannot be had
        return true;
    default:
        return false;
    }
}

} // namespace ferry
