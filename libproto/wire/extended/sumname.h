// SPDX-License-Identifier: MIT
#pragma once

namespace ferry::extended {

/// Before the 32 hex digits of a checksum, in the lines of both ends (docs/PROTOCOL.md).
inline constexpr char sumName[] = "xxh3:";

} // namespace ferry::extended
