// SPDX-License-Identifier: MIT
#include "server-cli/linewriter.h"

#include "net/base/guarded.h"
#include "net/base/workerthread.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace ferry::servercli {

namespace {
constexpr int lastWordsMs = 1000;
}

struct LineWriter::State
{
    State(int to, qsizetype most)
        : descriptor(to)
        , room(most)
    {
    }

    QByteArray missing() const
    {
        return "ferryd: " + QByteArray::number(missed) + " messages were not kept.\n";
    }

    const int descriptor;
    const qsizetype room;

    std::mutex mutex; ///< guards the rest; not held while it is written
    std::condition_variable changed;
    QByteArray waiting; ///< whole lines
    qint64 missed = 0;  ///< lines that belong behind `waiting`
    bool writing = false;
    bool ending = false;
};

LineWriter::LineWriter(int descriptor, qsizetype room)
    : m_state(std::make_shared<State>(descriptor, room))
{
    // Nobody waits for it: nothing can wake a thread whose write does not return.
    m_threaded = WorkerThread::startDetached("messages", [state = m_state] { run(state); }).ok();
}

LineWriter::~LineWriter()
{
    flush(lastWordsMs);
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->ending = true;
    }
    m_state->changed.notify_all();
}

void LineWriter::write(const QByteArrayList &lines)
{
    if (!m_threaded) {
        for (const QByteArray &line : lines)
            put(m_state->descriptor, line + '\n');
        return;
    }
    {
        const std::lock_guard lock(m_state->mutex);
        QByteArray &waiting = m_state->waiting;
        for (const QByteArray &line : lines) {
            // Once a line is missing, so are the ones behind it, until the gap can be told.
            if (m_state->missed > 0 || waiting.size() + line.size() >= m_state->room) {
                ++m_state->missed;
                continue;
            }
            waiting += line;
            waiting += '\n';
        }
    }
    m_state->changed.notify_all();
}

bool LineWriter::flush(int ms)
{
    if (!m_threaded)
        return true;
    std::unique_lock lock(m_state->mutex);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
    return m_state->changed.wait_until(lock, end, [this] {
        return m_state->waiting.isEmpty() && m_state->missed == 0 && !m_state->writing;
    });
}

void LineWriter::run(const std::shared_ptr<State> &state)
{
    std::unique_lock lock(state->mutex);
    for (;;) {
        state->changed.wait(lock, [&state] {
            return state->ending || !state->waiting.isEmpty() || state->missed > 0;
        });
        if (state->waiting.isEmpty() && state->missed == 0)
            return;
        QByteArray lines = std::exchange(state->waiting, {});
        if (state->missed > 0 && guarded([&] { lines += state->missing(); }))
            state->missed = 0;
        state->writing = true;
        lock.unlock();
        put(state->descriptor, lines);
        lock.lock();
        state->writing = false;
        state->changed.notify_all();
    }
}

/// What cannot be written at all is lost: there is nowhere left to say so.
void LineWriter::put(int descriptor, const QByteArray &bytes)
{
    for (qsizetype at = 0; at < bytes.size();) {
        const ssize_t count =
            ::write(descriptor, bytes.constData() + at, size_t(bytes.size() - at));
        if (count > 0) {
            at += count;
        } else if (errno == EAGAIN) {
            // Somebody else who has this pipe made it non-blocking.
            pollfd room{descriptor, POLLOUT, 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

} // namespace ferry::servercli
