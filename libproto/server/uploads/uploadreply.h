// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/checksum.h"
#include "net/base/writebehind.h"
#include "server/files/loggedshares.h"
#include "server/files/replystream.h"
#include "server/limits.h"
#include "server/pacing/sessioncounters.h"
#include "server/records/delivery.h"
#include "server/uploads/foldernames.h"
#include "server/uploads/publication.h"
#include "server/uploads/publisher.h"
#include "server/uploads/stagedfile.h"
#include "server/uploads/uploadledger.h"
#include "wire/extended/extended.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QElapsedTimer>
#include <QString>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace ferry::server {

/// What all sessions of a server share about uploads. Any thread.
struct Uploads
{
    UploadLedger ledger;
    FolderNames names;
    std::atomic_int mayBeHeld = 0; ///< complete uploads that wait for others, of all sessions
    std::atomic_int held = 0;
};

/// The answers to PUT, DATA, END and ABORT (docs/PROTOCOL.md) on one connection: at most one upload
/// at a time, which is kept when the connection ends. One thread.
///
/// Complete uploads are held until there are some, and published together, while the next ones are
/// received. Their answers are held, too, and so is what is answered behind them. Whoever would
/// wait for the peer, or answer anything else, calls settle() before.
///
/// The errors are the stream's, and Cancelled: another connection took the upload over. What is
/// wrong with the request or the disk is a reply.
class UploadReply
{
public:
    using Log = std::function<void(const QString &)>;
    using Answered = std::function<void(const QByteArray &line)>;
    /// `answered`: each answer that was held, without its end, when it is given. `close` ends the
    /// connection, from any thread, as long as this lives.
    UploadReply(LoggedShares &shares, ReplyStream &stream, SessionCounters &counters,
                DeliveryReporter &deliveries, std::shared_ptr<Uploads> uploads,
                std::function<void()> close, Log log, Answered answered);
    ~UploadReply();
    UploadReply(const UploadReply &) = delete;
    UploadReply &operator=(const UploadReply &) = delete;

    /// Called with an upload that has got its name, and with the answer that it would get: that
    /// which it gets. With an error it is gone again, and refused. May be called by the destructor.
    using Stored = std::function<Result<extended::Stored>(const extended::Request &put,
                                                          const extended::Stored &answer)>;
    void onStored(Stored stored) { m_stored = std::move(stored); }

    /// Who uploads: UTF-8.
    void setAccount(const QByteArray &account);

    /// True if the content is awaited now.
    Result<bool> put(const extended::Request &request);
    /// Where the next content goes: at least one byte. Valid until anything else is called.
    std::span<char> room() { return m_writer.room(); }
    /// So many bytes of content are in room(). False if the upload was refused, which was said.
    Result<bool> added(qsizetype bytes);
    Result<> end(const extended::Request &request);
    Result<> abort(const extended::Request &request);

    /// Bytes of the upload under way that were on the disk when it began: the client compares them
    /// with its own before it sends anything.
    qint64 toCompare() const { return m_open ? m_open->start : 0; }

    bool holdsAnswers() const { return !m_held.answers.empty() || !m_publishing.answers.empty(); }
    /// Begins to publish what is complete if as much is held as may be, or for as long; gives the
    /// answers that are there. Call it now and then while more comes.
    Result<> settleDue();
    /// Writes what came, publishes what is complete, and gives all answers in their order.
    Result<> settle();
    /// Gives memory and threads back, until the next content.
    void rest();

private:
    struct Open
    {
        extended::Request request;
        UploadLedger::Upload upload;
        UploadLedger::Lease lease;
        StagedFile file;
        Checksum sum;
        DeliveryReporter::Subject subject;
        qint64 start = 0;         ///< bytes that were there when it began
        qint64 came = 0;          ///< bytes, over this connection
        QByteArray wholeSum = {}; ///< once it is complete, as it is told
        const QString &shown() const { return subject.file; } ///< the path, safe to show
    };
    struct Held
    {
        QByteArray line; ///< empty: what becomes of the upload
        std::unique_ptr<Open> complete;
    };
    /// Answers that are given together, in their order.
    struct Group
    {
        std::vector<Held> answers;
        int complete = 0; ///< uploads among them
        qint64 bytes = 0; ///< of these
    };

    const char *refusalOf(const VirtualPath &path) const;
    Result<bool> refuse(const char *token, const QString &why = {});
    Result<bool> refuse(const Error &error);
    Result<bool> putFolder(const extended::Request &request);
    const char *isOccupied(const VirtualPath &path);
    void forgetOtherShares(const std::shared_ptr<const ShareSet> &shares);
    Result<StagedFile> openStaged(const QByteArray &share, const UploadLedger::Upload &upload);
    Result<bool> sumOfPart();
    Result<> write(QByteArrayView bytes);
    Result<> writeOut();
    Result<bool> notWritten(const Error &error);
    Result<> say(const QByteArray &line);
    void hold();
    bool isDue() const;
    QByteArrayList publishAll();
    void startPublishing();
    QByteArrayList takePublished();
    static std::vector<CompleteUpload> completeOf(const Group &group);
    QByteArrayList answersOf(Group &group, const std::vector<Publication> &publications);
    Result<> give(const QByteArrayList &answers);
    QByteArray outcome(Open &open, const Publication &publication);
    QByteArray stored(Open &open, const QByteArray &where, const extended::Stored &answer);
    void breakOff(const QString &why);
    void tellBrokenOff(Open &open, const QString &why);
    void keepOrDrop();
    static void dropEmpty(Open &open);

    LoggedShares &m_shares;
    ReplyStream &m_stream;
    SessionCounters &m_counters;
    DeliveryReporter &m_deliveries;
    const std::shared_ptr<Uploads> m_uploads;
    const std::function<void()> m_close;
    const Log m_log;
    const Answered m_answered;
    Stored m_stored;
    QByteArray m_account;
    QByteArray m_accountMark;
    std::unique_ptr<Open> m_open;

    /// What the last upload opened and the next is likely to need, as long as answers are held. It
    /// may have been moved away since: what is published looks anew.
    struct Last
    {
        std::shared_ptr<const ShareSet> shares; ///< that the rest belongs to
        QByteArray stagingShare;
        StagingFolder staging;
        QByteArrayList folders; ///< the share in front
        std::optional<TargetFolder> target;
    };
    Last m_last;

    Group m_held;
    QElapsedTimer m_heldFor;
    Group m_publishing;
    Publisher m_publisher;             ///< uses m_publishing
    std::optional<Error> m_writeError; ///< of writeOut(), not said yet
    WriteBehind m_writer;              ///< uses m_open
};

/// Parts that nobody continued for so long are removed, the others are known again.
void cleanParts(const ShareSet &shares, Uploads &uploads,
                std::chrono::milliseconds kept = limits::uploadKept);

} // namespace ferry::server
