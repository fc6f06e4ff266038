// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/rateguard.h"
#include "net/channel/channel.h"
#include "net/limits.h"
#include "server/limits.h"
#include "server/serverconfig.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>

namespace ferry::server {

class Pacer;
class SessionCounters;

/// What a session of the extended dialect sends: lines and file content gathered into large
/// writes, so that a thousand small files cost a few dozen system calls. One buffer, bounded by
/// limits::ioBytes, and freed while the session has nothing to do. With a speed limit it gathers
/// what the limit lets through at once, so that it can say `#BUSY` between two writes.
///
/// One thread. The errors are the channel's, and TimedOut for a peer that takes too little.
class ReplyStream
{
public:
    /// Reads what the peer sent meanwhile, without waiting; true if it wants the request that is
    /// being answered to end.
    using CancelCheck = std::function<Result<bool>()>;

    ReplyStream(Channel &channel, const ServerConfig &config, Pacer &pacer,
                SessionCounters &counters, CancelCheck cancelled);

    Result<> line(QByteArrayView line);

    /// One `#DATA` chunk with up to `most` bytes of the file from `offset`, as many as the file
    /// has there and the buffer holds. What was taken: it may be summed up before the next call;
    /// empty: the file ends there. A paused session waits here. LocalFile: it cannot be read; the
    /// stream is intact.
    Result<QByteArrayView> chunk(int fd, qint64 offset, qint64 most);

    /// Before content is taken from the peer: waits while the session is paused, or its speed limit
    /// wants.
    Result<> waitForTurn();

    /// Everything gathered so far goes out.
    Result<> flush();

    /// Long work without content: says `#BUSY` every limits::busyInterval without a line, and looks
    /// for a cancel every limits::cancelInterval. True: the request is to end.
    Result<bool> pulse();
    /// The client understands why it has to wait.
    void tellReasons(bool understood) { m_tellsReasons = understood; }

    /// Looks for a cancel at once, for work that sends much between two calls.
    Result<bool> cancelled() { return m_cancelled(); }

    void releaseBuffer();

    /// The last line, without its end: what a log says of an answer.
    const QByteArray &lastLine() const { return m_lastLine; }

private:
    Result<> waitWhilePaused();
    Result<bool> busyAtRest();
    qsizetype gathered() const;
    void append(QByteArrayView bytes);
    void ensureBuffer();

    Channel &m_channel;
    const ServerConfig &m_config;
    Pacer &m_pacer;
    SessionCounters &m_counters;
    CancelCheck m_cancelled;
    RateGuard m_guard;
    QDeadlineTimer m_nextBusy;
    QDeadlineTimer m_nextBusyAtRest;
    QDeadlineTimer m_nextLook{0}; ///< for a cancel
    std::unique_ptr<char[]> m_buffer;
    QByteArray m_lastLine;
    qsizetype m_capacity = 0;
    qsizetype m_used = 0;
    qsizetype m_bodyUsed = 0; ///< of m_used: file content, for the counters
    bool m_tellsReasons = false;
};

} // namespace ferry::server
