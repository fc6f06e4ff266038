// SPDX-License-Identifier: MIT
/// A computer on which something is scarce, for this process: no thread starts, or one allocation
/// fails. Tests that use it are not built with sanitizers, which have functions of their own for
/// both.
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

} // namespace ferry::test
