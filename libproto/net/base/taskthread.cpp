// SPDX-License-Identifier: MIT
#include "net/base/taskthread.h"

#include "net/base/guarded.h"

#include <semaphore>
#include <utility>

namespace ferry {

TaskThread::TaskThread(const char *name)
    : m_thread(name, [this] { run(); })
    , m_started(m_thread.start().ok())
{
}

TaskThread::~TaskThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_one();
}

bool TaskThread::add(Task task, size_t most)
{
    if (!m_started) {
        task();
        return true;
    }
    {
        const std::lock_guard lock(m_mutex);
        if (m_tasks.size() >= most)
            return false;
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_one();
    return true;
}

void TaskThread::flush()
{
    std::binary_semaphore done(0);
    add([&done] { done.release(); });
    done.acquire();
}

void TaskThread::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_ending || !m_tasks.empty(); });
        if (m_tasks.empty())
            return;
        const Task task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        // What a task cannot do for lack of memory is lost, and the thread goes on.
        static_cast<void>(guarded(task));
        lock.lock();
    }
}

} // namespace ferry
