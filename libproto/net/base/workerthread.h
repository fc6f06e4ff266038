// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QDeadlineTimer>
#include <QThread>

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include <pthread.h>

namespace ferry {

/// The thread of one worker: it runs a blocking function from start to end, once. There is no
/// event loop. It opens no descriptor, a start that fails is an error like any other, and no
/// exception leaves it (docs/decisions/0020-a-qthread-per-worker.md).
///
/// The owner's thread calls everything but hasEnded(), which is for any.
class WorkerThread final : private QThread
{
public:
    using Work = std::function<void()>;
    using Failed = std::function<void(const Error &)>;

    /// `name`: what the system's tools show; 15 bytes at most are used. `failed`: called on the
    /// thread if an exception left `work`. `stackBytes`: 0: the system's default.
    WorkerThread(const char *name, Work work, Failed failed = {}, uint stackBytes = 0);

    /// Waits for the end.
    ~WorkerThread() override;
    WorkerThread(const WorkerThread &) = delete;
    WorkerThread &operator=(const WorkerThread &) = delete;

    /// Once. CannotConnect, since it may pass: the system has no thread, or no memory for one.
    Result<> start();

    /// False if the time was up first. Waits for nothing if it never started.
    bool wait(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));

    /// It started, and what it kept for itself is freed: its function's captures and what
    /// libraries keep per thread.
    bool hasEnded();

    /// Nobody waits for this one: what it uses has to belong to `work`. It is freed once it has
    /// ended.
    static void abandon(std::unique_ptr<WorkerThread> thread);

    /// Whichever thread calls this is a third as important as the others of the program from now
    /// on, where there are more than processors. For work beside a window, which has to answer.
    static void stepBack();

    /// The calling thread's stack, below what it stands on, goes back to the system; it comes again
    /// by itself. Before a wait that may be long: what was deep once, as a TLS handshake is, would
    /// stay in memory as long as the thread. Does nothing on the main thread.
    static void releaseStack();

    /// Starts one that nobody waits for.
    static Result<> startDetached(const char *name, Work work, Failed failed = {});

private:
    enum class State { Idle, Running, Ended };

    static pthread_key_t key();
    void run() override;
    void end();
    static void endOfThread(void *self);

    std::array<char, 16> m_name = {};
    Work m_work;
    Failed m_failed;
    bool m_lastRound = false;               ///< the thread's: see endOfThread()
    std::unique_ptr<WorkerThread> m_parked; ///< the next one that was abandoned
    std::mutex m_mutex;                     ///< guards m_state
    std::condition_variable m_changed;
    State m_state = State::Idle;
};

} // namespace ferry
