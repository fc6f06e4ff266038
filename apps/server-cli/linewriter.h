// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayList>

#include <memory>

namespace ferry::servercli {

/// Lines to a descriptor that may take none for as long as it likes (standard error into a pipe
/// that nobody reads): written by a thread of its own, so that who says them never waits. Lines
/// for which there is no room are counted, and the count is a line of its own where they are
/// missing. Without a thread (the system gives none) it writes at once.
class LineWriter
{
public:
    /// `descriptor` stays open longer than this; at most `room` bytes wait for it.
    explicit LineWriter(int descriptor, qsizetype room = 1024 * 1024);

    /// Gives what waits a moment to be written, no longer.
    ~LineWriter();
    LineWriter(const LineWriter &) = delete;
    LineWriter &operator=(const LineWriter &) = delete;

    /// Without the line ends. Returns at once. Any thread. Many lines wake the other thread once.
    void write(const QByteArrayList &lines);
    void write(const QByteArray &line) { write(QByteArrayList{line}); }

    /// Waits until all of it is written; false if it is not within `ms`.
    bool flush(int ms);

private:
    struct State;
    static void run(const std::shared_ptr<State> &state);
    static void put(int descriptor, const QByteArray &bytes);

    const std::shared_ptr<State> m_state; ///< the thread's too: it may have to be left behind
    bool m_threaded = false;
};

} // namespace ferry::servercli
