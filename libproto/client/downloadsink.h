// SPDX-License-Identifier: MIT
#pragma once

#include "client/classicconversation.h"
#include "client/downloadqueue.h"
#include "client/partialfile.h"
#include "client/writebehind.h"

#include <algorithm>
#include <array>

namespace ferry::client {

/// What comes over the classic door goes to the file and into the queue's figures. The file is
/// not to be touched otherwise while this is there.
class DownloadSink final : public FileSink
{
public:
    DownloadSink(PartialFile &file, DownloadQueue &queue, quint64 id)
        : m_queue(queue)
        , m_id(id)
        , m_limiters{queue.rateLimiter(), queue.limiterOf(id)}
        , m_writer([&file](QByteArrayView bytes) { return file.write(bytes); })
    {
    }

    /// Also the error of an earlier write; Cancelled if the queue does not want the file any more.
    Result<> take(QByteArrayView bytes) override
    {
        if (!m_queue.isWanted(m_id))
            return Error{ErrorCode::Cancelled, {}};
        const Result<> taken = m_writer.take(bytes);
        if (taken)
            m_queue.addReceived(m_id, bytes.size());
        return taken;
    }

    void stall() override { m_queue.setState(m_id, DownloadState::Stalled); }

    qint64 piece(qint64 most) override
    {
        for (const auto &limiter : m_limiters)
            most = limiter ? limiter->piece(most) : most;
        return most;
    }

    std::chrono::nanoseconds spend(qint64 bytes) override
    {
        RateLimiter::Clock::duration rest{0};
        for (const auto &limiter : m_limiters)
            rest = std::max(rest, limiter ? limiter->spend(bytes) : rest);
        return rest;
    }

    /// All of it came: once this succeeds, all of it is in the file.
    Result<> finish() { return m_writer.flush(); }

private:
    DownloadQueue &m_queue;
    const quint64 m_id;
    const std::array<std::shared_ptr<RateLimiter>, 2> m_limiters; ///< everybody's, the row's own
    WriteBehind m_writer;
};

} // namespace ferry::client
