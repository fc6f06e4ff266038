// SPDX-License-Identifier: MIT
/// A computer on which something is scarce, for this process: no thread starts, one allocation
/// fails, or the disk takes nothing more. Tests that use it are not built with sanitizers, which
/// have functions of their own for some of it.
#pragma once

#include <QtGlobal>

namespace ferry::test {

/// As long as it lives, pthread_create() says EAGAIN.
class NoThreads
{
public:
    NoThreads();
    ~NoThreads();
    Q_DISABLE_COPY_MOVE(NoThreads)
};

/// Allocations of this thread never fail: it is the test, or has an event loop.
void spareThisThread();

/// While it lives, the `when`-th allocation by `new` fails, once, of all
/// threads that are not spared.
class FailingAllocation
{
public:
    explicit FailingAllocation(qint64 when);
    ~FailingAllocation();
    bool happened() const;
    Q_DISABLE_COPY_MOVE(FailingAllocation)
};

/// While it lives, fsync() of a file of `size` bytes says ENOSPC, and of nothing else.
class FailingSync
{
public:
    explicit FailingSync(qint64 size);
    ~FailingSync();
    Q_DISABLE_COPY_MOVE(FailingSync)
};

} // namespace ferry::test
