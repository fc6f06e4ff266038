// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/queue/speedlimits.h"
#include "client/upload/uploadsource.h"
#include "net/base/logqueue.h"

#include <QByteArray>

#include <atomic>
#include <deque>
#include <map>
#include <optional>

namespace ferry::client {

class DownloadQueue;

/// The uploads of a queue, in its order, for one connection. A folder is read when its turn comes:
/// its files become rows. One thread.
class QueueUploads final : public UploadSource
{
public:
    /// `closing`: a person ends it; nothing fails, all goes back.
    QueueUploads(DownloadQueue &queue, LogQueue &log, const std::atomic_bool &closing);

    /// The connection is gone: what was under way goes back to the queue. The first of it fails,
    /// so that a server that breaks over it is not asked for ever.
    void lost(const Error &error);

    std::optional<UploadItem> next() override;
    Wish wish(quint64 row) override;
    void compared(quint64 row, qint64 bytes, qint64 all) override;
    void begun(quint64 row, qint64 offset) override;
    void sent(quint64 row, qint64 bytes) override;
    void complete(quint64 row) override;
    void stalled(quint64 row, bool heldThere) override;
    qint64 piece(quint64 row, qint64 most) override;
    RateLimiter::Clock::duration spend(quint64 row, qint64 bytes) override;
    void ended(quint64 row, const UploadResult &result) override;

private:
    /// A folder and those below it, until the server has them all.
    struct Folder
    {
        qsizetype open = 0;
        std::optional<Error> error;
    };
    std::optional<UploadItem> begin(const Download &row);
    std::optional<UploadItem> beginFile(const Download &row, UploadItem item);
    void beginFolder(const Download &row, const UploadItem &item);
    void over(quint64 row, const UploadResult &result);

    DownloadQueue &m_queue;
    LogQueue &m_log;
    const std::atomic_bool &m_closing;
    std::deque<quint64> m_taken; ///< and not ended
    std::deque<UploadItem> m_folderItems;
    std::map<quint64, Folder> m_folders; ///< by row
    quint64 m_comparedRow = 0;
    qint64 m_compared = 0;
    quint64 m_limitedRow = 0;
    std::optional<SpeedLimits> m_limits; ///< of m_limitedRow
};

/// The row for a file or folder of this computer that is to be put into `target`, a folder of the
/// server. One that cannot be sent is Failed.
Download uploadRow(const QByteArray &localPath, const QByteArray &target);

/// Rows for those of `items` that are `left`: what a command line saves of its uploads. What is
/// left of a folder are its files, each under its ID, and the folders in it that are empty.
QList<Download> rowsOf(const QList<UploadItem> &items, const QList<quint64> &left,
                       const QString &server);

/// The name that the server gave to an upload that is Done, where its own was taken; else empty.
QByteArray otherName(const Download &upload);

} // namespace ferry::client
