// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/classicconversation.h"
#include "client/disk/partialfile.h"
#include "client/limits.h"
#include "client/queue/downloadqueue.h"
#include "client/queue/speedlimits.h"
#include "net/base/writebehind.h"

namespace ferry::client {

/// What comes over the classic door goes to the file and into the queue's figures. The file is
/// not to be touched otherwise while this is there.
class DownloadSink final : public FileSink
{
public:
    DownloadSink(PartialFile &file, DownloadQueue &queue, quint64 id)
        : m_queue(queue)
        , m_id(id)
        , m_limits(queue, id)
        , m_writer([&file](QByteArrayView bytes) { return file.write(bytes); }, limits::writeBytes)
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

    qint64 piece(qint64 most) override { return m_limits.piece(most); }
    std::chrono::nanoseconds spend(qint64 bytes) override { return m_limits.spend(bytes); }

    /// All of it came: once this succeeds, all of it is in the file.
    Result<> finish() { return m_writer.flush(); }

private:
    DownloadQueue &m_queue;
    const quint64 m_id;
    SpeedLimits m_limits;
    WriteBehind m_writer;
};

} // namespace ferry::client
