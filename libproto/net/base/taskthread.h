// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/workerthread.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace ferry {

/// One thread that does one thing after the other: for what may wait for a disk and must not be
/// waited for. Any thread may add.
class TaskThread
{
public:
    using Task = std::function<void()>;

    explicit TaskThread(const char *name);

    /// Does what was added before, then ends.
    ~TaskThread();

    /// False, and not done, if `most` or more wait already.
    bool add(Task task, size_t most = SIZE_MAX);

    /// Waits until everything that was added before is done.
    void flush();

private:
    void run();

    std::mutex m_mutex; ///< guards the next three
    std::condition_variable m_changed;
    std::deque<Task> m_tasks;
    bool m_ending = false;
    WorkerThread m_thread; ///< last: it uses all the others
    const bool m_started;  ///< else add() runs the task
};

} // namespace ferry
