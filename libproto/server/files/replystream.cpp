// SPDX-License-Identifier: MIT
#include "server/files/replystream.h"

#include "net/base/translate.h"
#include "net/base/uninterrupted.h"
#include "net/limits.h"
#include "server/limits.h"
#include "server/pacing/pacer.h"
#include "server/pacing/sessioncounters.h"
#include "wire/extended/extended.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace ferry::server {

namespace {

/// Below this much room for content a chunk waits for the next buffer.
constexpr qsizetype minChunk = 4 * 1024;

/// A speed limit does not cut writes shorter than this: what is around the content would be as
/// much.
constexpr qsizetype minLimitedWrite = 512;

/// No `#DATA` line is longer.
constexpr qsizetype headerBytes = 32;

/// Room for lines, so that a large chunk can have limits::ioBytes of content all the same.
constexpr qsizetype lineBytes = 4 * 1024;

/// Chunks of a large file begin and end at multiples of this: pages are copied whole then, from
/// the one disk and to the other.
constexpr qsizetype pageBytes = 4 * 1024;

} // namespace

ReplyStream::ReplyStream(Channel &channel, const ServerConfig &config, Pacer &pacer,
                         SessionCounters &counters, CancelCheck cancelled)
    : m_channel(channel)
    , m_config(config)
    , m_pacer(pacer)
    , m_counters(counters)
    , m_cancelled(std::move(cancelled))
    , m_guard(config.minimumRate, config.minimumRateWindow)
    , m_nextBusy(limits::busyInterval)
    , m_nextBusyAtRest(limits::busyInterval)
{
}

void ReplyStream::ensureBuffer()
{
    if (m_buffer)
        return;
    m_capacity = limits::ioBytes + lineBytes;
    m_buffer = std::make_unique_for_overwrite<char[]>(size_t(m_capacity));
}

void ReplyStream::releaseBuffer()
{
    if (m_used > 0)
        return;
    m_buffer.reset();
    m_capacity = 0;
}

void ReplyStream::append(QByteArrayView bytes)
{
    std::memcpy(m_buffer.get() + m_used, bytes.data(), size_t(bytes.size()));
    m_used += bytes.size();
}

Result<> ReplyStream::line(QByteArrayView line)
{
    Q_ASSERT(line.size() <= limits::ioBytes);
    ensureBuffer();
    if (m_used + line.size() > gathered()) {
        if (auto sent = flush(); !sent)
            return sent;
    }
    append(line);
    m_lastLine = line.chopped(2).toByteArray();
    m_nextBusy.setRemainingTime(limits::busyInterval.count());
    return {};
}

Result<QByteArrayView> ReplyStream::chunk(int fd, qint64 offset, qint64 most)
{
    if (m_pacer.isPaused()) {
        if (auto resumed = waitWhilePaused(); !resumed)
            return resumed.error();
    }
    ensureBuffer();
    const qsizetype room = gathered();
    if (m_used + headerBytes + qMin<qint64>(most, minChunk) > room) {
        if (auto sent = flush(); !sent)
            return sent.error();
    }
    qint64 count = qMin<qint64>(most, room - m_used - headerBytes);
    if (count < most && count > 2 * pageBytes)
        count -= (offset + count) % pageBytes;
    const QByteArray header = extended::data(count);
    char *const content = m_buffer.get() + m_used + header.size();
    const qint64 got = uninterrupted([&] { return ::pread(fd, content, size_t(count), offset); });
    if (got < 0)
        return Error{ErrorCode::LocalFile, qt_error_string(errno)};
    if (got == 0)
        return QByteArrayView();
    char *start = content;
    if (got == count) {
        append(header);
    } else {
        // Less than announced: the line in front of it becomes shorter, or stays as long.
        append(extended::data(got));
        start = m_buffer.get() + m_used;
        std::memmove(start, content, size_t(got));
    }
    m_used += got;
    m_bodyUsed += got;
    return QByteArrayView(start, got);
}

Result<> ReplyStream::flush()
{
    if (m_used == 0)
        return {};
    if (auto rested = m_pacer.rest(m_channel, m_counters, [this] { return busyAtRest(); }); !rested)
        return rested;
    for (qsizetype at = 0; at < m_used;) {
        const auto began = RateGuard::Clock::now();
        const auto sent = m_channel.writeSome(QByteArrayView(m_buffer.get() + at, m_used - at),
                                              QDeadlineTimer(m_config.noProgressTime));
        if (!sent)
            return sent.error();
        at += sent.value();
        if (!m_guard.add(sent.value(), RateGuard::Clock::now() - began))
            return Error{ErrorCode::TimedOut, tr("too slow")};
    }
    m_pacer.spend(m_used);
    m_counters.addBytes(m_bodyUsed);
    m_used = 0;
    m_bodyUsed = 0;
    m_nextBusy.setRemainingTime(limits::busyInterval.count());
    return {};
}

Result<> ReplyStream::waitForTurn()
{
    if (m_pacer.isPaused()) {
        if (auto resumed = waitWhilePaused(); !resumed)
            return resumed;
    }
    if (auto sent = flush(); !sent)
        return sent;
    return m_pacer.rest(m_channel, m_counters, [this] { return busyAtRest(); });
}

/// How much is gathered before it is sent.
qsizetype ReplyStream::gathered() const
{
    return std::clamp<qint64>(m_pacer.piece(m_capacity), minLimitedWrite, m_capacity);
}

/// What was sent ends with a line or a chunk, and what is gathered begins with one.
Result<bool> ReplyStream::busyAtRest()
{
    if (!m_nextBusyAtRest.hasExpired())
        return false;
    m_nextBusyAtRest.setRemainingTime(limits::busyInterval.count());
    if (auto said =
            m_channel.write(extended::success("BUSY"), QDeadlineTimer(m_config.noProgressTime));
        !said)
        return said.error();
    return false;
}

/// Between two chunks, so that the client can be told that the server still works on it.
Result<> ReplyStream::waitWhilePaused()
{
    if (auto sent = flush(); !sent)
        return sent;
    if (m_tellsReasons)
        m_nextBusy.setRemainingTime(0); // it is told at once
    return m_pacer.waitWhilePaused(m_channel, [this] { return pulse(); });
}

Result<bool> ReplyStream::pulse()
{
    if (m_nextBusy.hasExpired()) {
        if (auto said = line(extended::busy(m_tellsReasons && m_pacer.isPaused())); !said)
            return said.error();
        if (auto sent = flush(); !sent)
            return sent.error();
    }
    if (!m_nextLook.hasExpired())
        return false;
    m_nextLook.setRemainingTime(limits::cancelInterval.count());
    return m_cancelled();
}

} // namespace ferry::server
