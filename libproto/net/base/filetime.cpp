// SPDX-License-Identifier: MIT
#include "net/base/filetime.h"

#include <limits>

namespace ferry {

qint64 modifiedNs(const struct stat &status)
{
    qint64 ns = 0;
    if (__builtin_mul_overflow(qint64(status.st_mtim.tv_sec), qint64(1'000'000'000), &ns) ||
        __builtin_add_overflow(ns, qint64(status.st_mtim.tv_nsec), &ns))
        return status.st_mtim.tv_sec < 0 ? std::numeric_limits<qint64>::min()
                                         : std::numeric_limits<qint64>::max();
    return ns;
}

} // namespace ferry
