// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel/wakeup.h"
#include "wire/result.h"

#include <QByteArrayView>
#include <QDeadlineTimer>
#include <QString>

namespace ferry {

/// A connected byte stream for one blocking thread.
///
/// Every call may block until its deadline (steady clock) and then fails with TimedOut. An
/// orderly end from the peer is a read of 0 bytes; a broken connection fails with CutShort.
///
/// Threads: the owner thread reads and writes. shutdown() may be called from any thread while
/// the object lives; the call under way, and every later one, then fails with Cancelled.
class Channel
{
public:
    Channel() = default;
    virtual ~Channel() = default;
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    /// 1 to `most` bytes into `to`; 0 at the end of the stream.
    virtual Result<qsizetype> read(char *to, qsizetype most, QDeadlineTimer deadline) = 0;

    /// All of `bytes`.
    virtual Result<> write(QByteArrayView bytes, QDeadlineTimer deadline) = 0;

    /// The first of `bytes`, one at least: how many were accepted, which need not be repeated. So
    /// a sender of much can see that a slow peer makes progress.
    virtual Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer deadline) = 0;

    /// Some bytes of the open file `fd`, from `offset`, at most `count`: as many as one step
    /// of the fastest way takes. 0: the file ends before `offset` (it shrank). LocalFile: the
    /// file cannot be read; the stream is intact.
    virtual Result<qint64> sendFile(int fd, qint64 offset, qint64 count,
                                    QDeadlineTimer deadline) = 0;

    /// True if bytes, or the end of the stream, are there before the deadline.
    Result<bool> waitForBytes(QDeadlineTimer deadline)
    {
        const Result<Heard> heard = waitForBytes(deadline, nullptr);
        return heard ? Result<bool>(heard.value() == Heard::Bytes) : heard.error();
    }

    enum class Heard {
        Bytes,
        Woken,  ///< and there are no bytes
        Nothing ///< until the deadline
    };
    /// The same, but it ends when `wakeup` is woken, too. Null: there is none.
    virtual Result<Heard> waitForBytes(QDeadlineTimer deadline, const Wakeup *wakeup) = 0;

    /// Much is going to come: from now on, each step of reading may take more memory and more
    /// bytes.
    virtual void expectContent() {}

    /// Waits until the deadline and leaves what the peer sends where it is. Fails early with
    /// Cancelled after shutdown(), with CutShort if the connection broke; a peer that merely
    /// finished writing is still waited out.
    virtual Result<> pause(QDeadlineTimer deadline) = 0;

    /// No more bytes from us: the peer reads the end of the stream after what was written.
    virtual void finishWriting() = 0;

    /// The owner reads the end of the stream as soon as nothing is buffered, now and later, while
    /// writing goes on. Wakes a read under way. Any thread.
    virtual void finishReading() = 0;

    /// Ends both directions at once. Any thread.
    virtual void shutdown() = 0;

    /// For people: "unencrypted" or the like.
    virtual QString description() const = 0;
};

} // namespace ferry
