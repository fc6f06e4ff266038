// SPDX-License-Identifier: MIT
#include "server/doors/descriptors.h"

#include "net/base/filedescriptor.h"
#include "server/limits.h"

#include <algorithm>
#include <climits>
#include <fcntl.h>
#include <sys/resource.h>
#include <vector>

namespace ferry::server::descriptors {

namespace {

/// Those that are not reserved.
int allowed()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    const auto descriptors = qint64(std::min<rlim_t>(limit.rlim_cur, INT_MAX));
    return int(std::max<qint64>(descriptors - limits::descriptorsReserved, 0));
}

} // namespace

int sessionsCarried()
{
    return allowed() / limits::descriptorsPerSession;
}

int sparedBy(int sessions)
{
    return std::max(allowed() - sessions * limits::descriptorsPerSession, 0);
}

bool areLeft(int fd, int count)
{
    std::vector<FileDescriptor> copies;
    copies.reserve(size_t(count));
    for (int i = 0; i < count; ++i) {
        copies.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
        if (!copies.back().valid())
            return false;
    }
    return true;
}

} // namespace ferry::server::descriptors
