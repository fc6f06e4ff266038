// SPDX-License-Identifier: MIT
#include "net/channel/wakeup.h"

#include "net/base/uninterrupted.h"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace ferry {

Wakeup::Wakeup()
    : m_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

void Wakeup::wake()
{
    // It fails where it has been woken more often than it can count, and then it is awake.
    const std::uint64_t once = 1;
    static_cast<void>(uninterrupted([&] { return ::write(fd(), &once, sizeof once); }));
}

} // namespace ferry
