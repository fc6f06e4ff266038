// SPDX-License-Identifier: MIT
#include "net/base/filedescriptor.h"

#include <unistd.h>

namespace ferry {

void FileDescriptor::reset(int fd)
{
    // No retry after EINTR: on Linux the descriptor is gone then, and closing it again could hit
    // one that another thread just got.
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = fd;
}

} // namespace ferry
