// SPDX-License-Identifier: MIT
#include "client/disk/syncfiles.h"

#include <cerrno>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

int syncOneByOne(const std::vector<int> &descriptors)
{
    for (const int fd : descriptors) {
        // Some file systems cannot sync a folder (EINVAL); what they can do has been done.
        if (::fsync(fd) != 0 && errno != EINVAL)
            return errno;
    }
    return 0;
}

int syncFiles(const std::vector<int> &descriptors)
{
#ifdef __linux__
    std::set<dev_t> synced;
    for (const int fd : descriptors) {
        struct stat status = {};
        if (::fstat(fd, &status) != 0)
            return errno;
        if (synced.insert(status.st_dev).second && ::syncfs(fd) != 0)
            return errno == ENOSYS ? syncOneByOne(descriptors) : errno;
    }
    return 0;
#else
    return syncOneByOne(descriptors);
#endif
}

} // namespace ferry::client
