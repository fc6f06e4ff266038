// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/taskthread.h"
#include "wire/result.h"

#include <QByteArrayView>

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace ferry {

/// Writes on a thread of its own what another thread brings, in order, so that the next bytes
/// are received while the last ones go to the file. What fits into one buffer needs no thread.
///
/// One thread calls everything.
class WriteBehind
{
public:
    using Write = std::function<Result<>(QByteArrayView bytes)>;

    /// `write`: called by either thread, never by both at once. `bufferBytes`: of each of the two
    /// buffers, and of all that is written at once but the last.
    WriteBehind(Write write, qsizetype bufferBytes);

    /// Waits for what is being written, and drops the rest.
    ~WriteBehind() = default;
    WriteBehind(const WriteBehind &) = delete;
    WriteBehind &operator=(const WriteBehind &) = delete;

    /// Where the next bytes go: at least one. Valid until anything else is called.
    std::span<char> room();

    /// `bytes` are in room() now; waits while both buffers are full. The error of an earlier write,
    /// after which nothing is written any more.
    Result<> added(qsizetype bytes);

    /// Copies them to where room() is, as often as it takes.
    Result<> take(QByteArrayView bytes);

    /// Writes what is left and waits for it.
    Result<> flush();

    /// Waits for what is being written, drops the rest, and forgets the error: for another file.
    void restart();

    /// As restart(), and gives buffers and thread back until they are needed again.
    void release();

private:
    struct Buffer
    {
        std::unique_ptr<char[]> bytes;
        qsizetype used = 0;
    };

    Result<> handOver();

    const Write m_write;
    const qsizetype m_bufferBytes;
    Buffer m_filling;
    Buffer m_writing; ///< with m_error the thread's, while it has something to do
    std::optional<Error> m_error;
    std::optional<TaskThread> m_thread; ///< once a buffer was full; last: it uses the others
};

} // namespace ferry
