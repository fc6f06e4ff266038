// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/checksum.h"
#include "server/files/loggedshares.h"
#include "server/files/replystream.h"
#include "server/limits.h"
#include "server/pacing/sessioncounters.h"
#include "server/records/delivery.h"
#include "server/uploads/foldernames.h"
#include "server/uploads/stagedfile.h"
#include "server/uploads/uploadledger.h"
#include "wire/extended/extended.h"

#include <QString>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace ferry::server {

/// What all sessions of a server share about uploads. Any thread.
struct Uploads
{
    UploadLedger ledger;
    FolderNames names;
};

/// The answers to PUT, DATA, END and ABORT (docs/PROTOCOL.md) on one connection: at most one upload
/// at a time, which is kept when the connection ends. One thread.
///
/// The errors are the stream's, and Cancelled: another connection took the upload over. What is
/// wrong with the request or the disk is a reply.
class UploadReply
{
public:
    using Log = std::function<void(const QString &)>;
    /// `close` ends the connection, from any thread, as long as this lives.
    UploadReply(LoggedShares &shares, ReplyStream &stream, SessionCounters &counters,
                DeliveryReporter &deliveries, std::shared_ptr<Uploads> uploads,
                std::function<void()> close, Log log);
    ~UploadReply();
    UploadReply(const UploadReply &) = delete;
    UploadReply &operator=(const UploadReply &) = delete;

    /// Who uploads: UTF-8.
    void setAccount(const QByteArray &account) { m_account = account; }

    /// True if the content is awaited now.
    Result<bool> put(const extended::Request &request);
    /// Content. False if the upload was refused, which was said.
    Result<bool> add(QByteArrayView bytes);
    Result<> end(const extended::Request &request);
    Result<> abort(const extended::Request &request);

    /// Bytes of the upload under way that were on the disk when it began: the client compares them
    /// with its own before it sends anything.
    qint64 toCompare() const { return m_open ? m_open->file.size() - m_open->came : 0; }

private:
    struct Open
    {
        extended::Request request;
        UploadLedger::Upload upload;
        UploadLedger::Lease lease;
        StagedFile file;
        Checksum sum;
        DeliveryReporter::Subject subject;
        qint64 came = 0;                                      ///< bytes, over this connection
        const QString &shown() const { return subject.file; } ///< the path, safe to show
    };
    const char *refusalOf(const VirtualPath &path) const;
    Result<bool> refuse(const char *token, const QString &why = {});
    Result<bool> refuse(const Error &error);
    Result<bool> putFolder(const extended::Request &request);
    const char *isOccupied(const VirtualPath &path) const;
    Result<bool> sumOfPart();
    Result<extended::Stored> publish(QByteArray sum);
    void breakOff(const QString &why);
    void tellBrokenOff(const QString &why);
    void keepOrDrop();

    LoggedShares &m_shares;
    ReplyStream &m_stream;
    SessionCounters &m_counters;
    DeliveryReporter &m_deliveries;
    const std::shared_ptr<Uploads> m_uploads;
    const std::function<void()> m_close;
    const Log m_log;
    QByteArray m_account = "ferry";
    std::unique_ptr<Open> m_open;
};

/// Parts that nobody continued for so long are removed, the others are known again.
void cleanParts(const ShareSet &shares, Uploads &uploads,
                std::chrono::milliseconds kept = limits::uploadKept);

} // namespace ferry::server
