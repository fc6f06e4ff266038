// SPDX-License-Identifier: MIT
#include "net/base/threadroom.h"

#include "net/base/filedescriptor.h"

#include <fcntl.h>
#include <system_error>
#include <thread>
#include <vector>

namespace ferry::threadroom {

bool descriptorsLeft(int count)
{
    std::vector<FileDescriptor> taken;
    taken.reserve(size_t(count));
    for (int i = 0; i < count; ++i) {
        taken.emplace_back(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!taken.back().valid())
            return false;
    }
    return true;
}

bool threadLeft()
{
    if (!descriptorsLeft())
        return false;
    try {
        std::thread([] {}).join();
        return true;
    } catch (const std::system_error &) {
        return false;
    }
}

} // namespace ferry::threadroom
