// SPDX-License-Identifier: MIT
#include "net/base/workerthread.h"

#include "net/base/guarded.h"
#include "net/base/translate.h"

#include <QAbstractEventDispatcher>
#include <QSocketNotifier>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <utility>

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

namespace ferry {

namespace {

/// Takes the place of Qt's dispatcher, which opens a descriptor before run() and ends the process
/// when there is none. Nothing here has an event loop, so nothing calls it.
class NoEvents final : public QAbstractEventDispatcher
{
public:
    bool processEvents(QEventLoop::ProcessEventsFlags) override { return false; }
    void registerSocketNotifier(QSocketNotifier *) override {}
    void unregisterSocketNotifier(QSocketNotifier *) override {}
    void registerTimer(int, qint64, Qt::TimerType, QObject *) override {}
    bool unregisterTimer(int) override { return false; }
    bool unregisterTimers(QObject *) override { return false; }
    QList<TimerInfo> registeredTimers(QObject *) const override { return {}; }
    int remainingTime(int) override { return -1; }
    void wakeUp() override {}
    void interrupt() override {}
};

thread_local bool starting = false;
std::mutex quietMutex; ///< one at a time takes the place of the message handler
std::atomic<QtMessageHandler> printing = nullptr;

/// QThread::start() tells a failure on standard error, which may be a pipe that nobody reads. The
/// caller is told by start(), so the line is dropped.
class QuietStart
{
public:
    QuietStart()
        : m_lock(quietMutex)
    {
        starting = true;
        printing = qInstallMessageHandler(handle);
    }
    ~QuietStart()
    {
        qInstallMessageHandler(printing);
        starting = false;
    }
    Q_DISABLE_COPY_MOVE(QuietStart)

private:
    static void handle(QtMsgType type, const QMessageLogContext &context, const QString &text)
    {
        if (!starting)
            printing.load()(type, context, text);
    }
    const std::lock_guard<std::mutex> m_lock;
};

struct Parked
{
    std::mutex mutex; ///< guards the list
    std::unique_ptr<WorkerThread> first;
};

/// Never destroyed: some of them may still run when the program ends.
Parked &parked()
{
    static Parked *const all = new Parked;
    return *all;
}

} // namespace

WorkerThread::WorkerThread(const char *name, Work work, Failed failed, uint stackBytes)
    : m_work(std::move(work))
    , m_failed(std::move(failed))
{
    std::snprintf(m_name.data(), m_name.size(), "%s", name);
    setStackSize(stackBytes);
}

WorkerThread::~WorkerThread()
{
    wait();
    QThread::wait();
}

Result<> WorkerThread::start()
{
    const Result<> started = guarded([this]() -> Result<> {
        auto events = std::make_unique<NoEvents>();
        setEventDispatcher(events.get());
        {
            const std::lock_guard lock(m_mutex);
            m_state = State::Running;
        }
        {
            const QuietStart quiet;
            QThread::start();
        }
        // One that has ended already is not running either.
        if (isRunning() || isFinished()) {
            static_cast<void>(events.release()); // QThread deletes it
            return {};
        }
        return Error{ErrorCode::CannotConnect, tr("This computer cannot start another thread.")};
    });
    if (!started) {
        const std::lock_guard lock(m_mutex);
        m_state = State::Idle;
    }
    return started;
}

/// Of the data whose destructor is endOfThread(); an invalid one if the system has none left.
pthread_key_t WorkerThread::key()
{
    static const pthread_key_t made = [] {
        pthread_key_t key = 0;
        return ::pthread_key_create(&key, endOfThread) == 0 ? key : ~pthread_key_t(0);
    }();
    return made;
}

void WorkerThread::run()
{
    // Not by the object's name: Qt allocates for that, where nothing can be caught.
    ::pthread_setname_np(::pthread_self(), m_name.data());
    const bool told = ::pthread_setspecific(key(), this) == 0;
    const Result<> done = guarded(m_work);
    if (!done && m_failed)
        static_cast<void>(guarded([&] { m_failed(done.error()); }));
    m_work = nullptr;
    m_failed = nullptr;
    if (!told) // no memory: ~QThread waits for the rest
        end();
}

/// The destructor of the thread's own data. wait() of QThread may return before those have run.
void WorkerThread::endOfThread(void *self)
{
    auto *const thread = static_cast<WorkerThread *>(self);
    // In the second round: those of OpenSSL and Qt have all had their turn in the first.
    if (!std::exchange(thread->m_lastRound, true) && ::pthread_setspecific(key(), self) == 0)
        return;
    thread->end();
}

/// The thread's last act; a lock of our own, because ThreadSanitizer does not see those of Qt.
void WorkerThread::end()
{
    const std::lock_guard lock(m_mutex);
    m_state = State::Ended;
    m_changed.notify_all();
}

bool WorkerThread::wait(QDeadlineTimer deadline)
{
    std::unique_lock lock(m_mutex);
    const auto over = [this] { return m_state != State::Running; };
    if (!deadline.isForever())
        return m_changed.wait_for(lock, std::chrono::milliseconds(deadline.remainingTime()), over);
    m_changed.wait(lock, over);
    return true;
}

bool WorkerThread::hasEnded()
{
    const std::lock_guard lock(m_mutex);
    return m_state == State::Ended;
}

void WorkerThread::abandon(std::unique_ptr<WorkerThread> thread)
{
    Parked &all = parked();
    const std::lock_guard lock(all.mutex);
    for (std::unique_ptr<WorkerThread> *at = &all.first; *at;) {
        if ((*at)->hasEnded())
            *at = std::unique_ptr<WorkerThread>(std::move((*at)->m_parked));
        else
            at = &(*at)->m_parked;
    }
    thread->m_parked = std::move(all.first);
    all.first = std::move(thread);
}

void WorkerThread::stepBack()
{
    // On Linux each thread has a nice value of its own, and 0 is the calling one. Five more are a
    // third of the weight (sched(7)).
    constexpr int back = 5;
    ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + back);
}

void WorkerThread::releaseStack()
{
    pthread_attr_t attributes;
    if (::gettid() == ::getpid() || ::pthread_getattr_np(::pthread_self(), &attributes) != 0)
        return;
    void *lowest = nullptr;
    size_t bytes = 0;
    const bool known = ::pthread_attr_getstack(&attributes, &lowest, &bytes) == 0;
    ::pthread_attr_destroy(&attributes);
    const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
    // What is here and below it stands on less.
    constexpr uintptr_t spared = 1024;
    const uintptr_t end =
        (reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - spared) & ~(page - 1);
    const auto begin = reinterpret_cast<uintptr_t>(lowest);
    if (known && begin < end)
        ::madvise(lowest, end - begin, MADV_DONTNEED);
}

Result<> WorkerThread::startDetached(const char *name, Work work, Failed failed)
{
    return guarded([&]() -> Result<> {
        auto thread = std::make_unique<WorkerThread>(name, std::move(work), std::move(failed));
        auto started = thread->start();
        if (started)
            abandon(std::move(thread));
        return started;
    });
}

} // namespace ferry
