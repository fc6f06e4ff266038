// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/workerthread.h"
#include "wire/result.h"

#include <QByteArrayView>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::client {

/// Writes on a thread of its own what another thread brings, in order, so that the next bytes
/// are received while the last ones go to the file. What fits into one buffer needs no thread.
///
/// One thread calls everything.
class WriteBehind
{
public:
    using Write = std::function<Result<>(QByteArrayView bytes)>;

    /// `write`: called by either thread, never by both at once.
    explicit WriteBehind(Write write);

    /// Waits for what is being written, and drops the rest.
    ~WriteBehind();
    WriteBehind(const WriteBehind &) = delete;
    WriteBehind &operator=(const WriteBehind &) = delete;

    /// Copies `bytes`; waits while both buffers are full. The error of an earlier write, after
    /// which nothing is written any more.
    Result<> take(QByteArrayView bytes);

    /// Writes what is left and waits for it.
    Result<> flush();

private:
    struct Buffer
    {
        std::unique_ptr<char[]> bytes;
        qsizetype used = 0;
    };

    Result<> handOver();
    void work();

    const Write m_write;
    Buffer m_filling;
    Buffer m_writing; ///< with m_mutex, or by the writer alone while m_full is set

    std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_changed;
    bool m_full = false; ///< m_writing is to be written, or being written
    bool m_ending = false;
    std::optional<Error> m_error;

    std::optional<WorkerThread> m_thread; ///< once a buffer was full
};

} // namespace ferry::client
