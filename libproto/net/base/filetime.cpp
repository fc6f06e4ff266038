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

void setModified(int fd, qint64 ns)
{
    constexpr qint64 second = 1'000'000'000;
    const qint64 fraction = ((ns % second) + second) % second;
    const timespec modified{time_t(ns / second - (ns % second < 0 ? 1 : 0)), long(fraction)};
    // Not UTIME_OMIT: FUSE file systems that set only both times, such as exFAT's, ignore that.
    const timespec times[2] = {{0, UTIME_NOW}, modified};
    static_cast<void>(::futimens(fd, times));
}

} // namespace ferry
