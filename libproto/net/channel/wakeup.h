// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"

namespace ferry {

/// Something that a thread can wait for beside its socket, and that any other thread can make
/// happen: an eventfd(2), so it takes one descriptor as long as it lives.
class Wakeup
{
public:
    Wakeup();

    /// False if the system gives no descriptor: then it never happens.
    bool valid() const { return m_event.valid(); }
    int fd() const { return m_event.get(); }

    /// Any thread, never waits. Several are as good as one, and one before the wait counts.
    void wake();

private:
    FileDescriptor m_event;
};

} // namespace ferry
