// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/downloadstates.h"
#include "client/limits.h"
#include "client/queue/ratemeter.h"
#include "net/base/ratelimiter.h"
#include "wire/bytesum.h"

#include <QList>
#include <QSet>

#include <array>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace ferry::client {

/// What a queue does by itself when something goes wrong. As they stand: nothing, so that a
/// command line ends soon and with the reason.
struct QueueRules
{
    int retries = 0;           ///< of a file that failed for a reason that may pass
    bool waitForSpace = false; ///< a full disk holds the queue until there is space again
    qint64 spaceReserve = 0;   ///< bytes of the disk that are left free
    bool keepWaiting = false;  ///< what waits stays queued when there is no way to the server

    /// For a queue that works while nobody looks.
    static QueueRules unattended() { return {limits::retries, true, limits::spaceReserve, true}; }
};

/// The files to fetch, shared by the façade and the connection threads. Any thread may call
/// anything. Every change gives the row a new revision, so that a window copies only what
/// changed since it last looked: each call costs what it changes or returns, however long the
/// queue is.
///
/// What is next: forced rows, then by priority, then those that were under way before, then by
/// position. What a connection reports about a row that is no longer under way (it was paused,
/// cancelled or removed meanwhile) is dropped; only that it was saved is true in any case.
class DownloadQueue
{
public:
    using Clock = std::chrono::steady_clock;
    /// Free bytes of the disk that a folder is on; -1: not known.
    using FreeSpace = std::function<qint64(const QString &folder)>;

    explicit DownloadQueue(std::function<Clock::time_point()> now = &Clock::now,
                           FreeSpace freeSpace = {});

    void setRules(const QueueRules &rules);
    QueueRules rules() const;

    /// Returns the ids, in order. Rows may come in any state but a live one, e.g. Failed. They
    /// come behind the others, as one batch unless they say another.
    QList<quint64> add(const QList<Download> &downloads);

    /// Rows of an earlier program with their ids, positions and states; what was under way is
    /// Queued, in front, and what needed a decision is Queued. Only into an empty queue.
    void restore(const QList<Download> &downloads);

    /// Rows of another queue, behind those that are here; they keep their folders and batches.
    void append(const QList<Download> &downloads);

    /// Only rows from here (and those that come from nowhere yet, which do from now on) are
    /// fetched. Empty, as it begins: all are.
    void setServer(const QString &server);

    // --- The connections -------------------------------------------------------------------

    enum class Take {
        Any,
        Small, ///< not known to be large
        Large, ///< known to have more than limits::largeFile bytes
    };
    /// The next queued file, now Connecting; nothing if there is none.
    std::optional<Download> takeNext(Take what = Take::Any);

    /// takeNext() would give something.
    bool hasQueued(Take what = Take::Any);
    /// A row is to start whatever the number at once.
    bool hasForced() const;

    /// Bytes of the queued files that are known to be large.
    qint64 largeBytesQueued() const;

    /// Waits until takeNext() may have something, or wakeAll(), at most `ms`.
    void waitForWork(int ms);
    /// Waits until something wakes those that wait, at most `ms`.
    void waitForWake(int ms);
    void wakeAll();

    /// `Downloading`, `Stalled` or `Verifying`.
    void setState(quint64 id, DownloadState state);
    void setLocalName(quint64 id, const QString &name);
    void setKind(quint64 id, DownloadKind kind);
    /// As the server announced it; `there` bytes of it were here already.
    void setSize(quint64 id, qint64 size, qint64 there);
    void addReceived(quint64 id, qint64 bytes); ///< it is Downloading from now on
    /// Bytes that were here already, or (negative) that are worth nothing after all.
    void adjustReceived(quint64 id, qint64 bytes);
    /// `checksum`: of the whole, in hex; empty if only its parts were compared.
    void finish(quint64 id, bool verified, const QByteArray &checksum = {});
    void skip(quint64 id, bool identical = false);
    /// The queue decides what comes of it: tried again later, failed, or held (full disk).
    void fail(quint64 id, const Error &error);
    /// To the front, e.g. because the connection ended before the file was begun.
    void requeue(quint64 id);
    void needDecision(quint64 id, const RemoteFacts &facts);
    /// The rows of a folder's listing; what an earlier, broken listing of it gave is left out.
    void addFound(quint64 folder, const QList<Download> &downloads);
    /// Under way, and nobody has ended or paused it.
    bool isWanted(quint64 id) const;
    /// Saved, it is Done: nobody has cancelled or removed it, and no other attempt has ended it.
    bool canBeSaved(quint64 id) const;
    /// What was received of it stays for a later try, although this one ended with `error`.
    bool keepsPart(quint64 id, const Error &error, bool resume) const;

    /// Is there room for `bytes` more in that folder, and the reserve? DiskFull with a sentence.
    Result<> checkSpace(const QString &folder, qint64 bytes);

    /// All that wait, because there is no way to the server; none with QueueRules::keepWaiting.
    /// How many.
    qsizetype failQueued(const Error &error);

    // --- A window or the command line ------------------------------------------------------

    void pause(const QList<quint64> &ids);
    void resume(const QList<quint64> &ids); ///< to the front
    void pauseAll();
    void resumeAll();
    void cancel(quint64 id) { cancel(QList<quint64>{id}); }
    void cancel(const QList<quint64> &ids);
    void remove(quint64 id) { remove(QList<quint64>{id}); } ///< cancels it first
    void remove(const QList<quint64> &ids);
    void retry(quint64 id) { retry(QList<quint64>{id}); } ///< of Failed, Skipped or Cancelled ones
    void retry(const QList<quint64> &ids);                ///< Retrying ones: at once
    qsizetype retryAllFailed();
    qsizetype clearDone(); ///< Done, Skipped and Cancelled rows; how many
    void moveUp(const QList<quint64> &ids);
    void moveDown(const QList<quint64> &ids);
    void moveToTop(const QList<quint64> &ids);
    void moveToBottom(const QList<quint64> &ids);
    void setPriority(const QList<quint64> &ids, Priority priority);
    void forceStart(const QList<quint64> &ids);
    void setRowLimit(const QList<quint64> &ids, qint64 bytesPerSecond); ///< 0: none
    /// Of rows that need a decision.
    void decide(const QList<quint64> &ids, ExistingPolicy policy);
    /// Of all rows of the batch that would ask: those that come later, too, and those that are
    /// tried again, also by a later program that keeps the same file.
    void decideBatch(quint64 batch, ExistingPolicy policy);

    /// Large files at once, and connections at most.
    void setFilesAtOnce(int files);
    int filesAtOnce() const;
    /// The limit of all transfers together.
    std::shared_ptr<RateLimiter> rateLimiter() const { return m_limiter; }
    void setRateLimit(qint64 bytesPerSecond) { m_limiter->setRate(bytesPerSecond); }
    /// Of one row; null: none.
    std::shared_ptr<RateLimiter> limiterOf(quint64 id) const;

    // --- Looking ---------------------------------------------------------------------------

    /// In the order of their ids.
    QList<Download> all() const;
    std::optional<Download> find(quint64 id) const;

    struct Changes
    {
        QList<Download> rows; ///< new or changed, in the order of their ids
        QList<quint64> removed;
        quint64 revision = 0; ///< to be given to the next call
    };
    Changes changesSince(quint64 revision) const;

    struct Counts
    {
        std::array<qsizetype, downloadStates> of{}; ///< by DownloadState
        qsizetype all() const;
        qsizetype active() const; ///< all that have not ended
        qsizetype failed() const { return of[size_t(DownloadState::Failed)]; }
        qsizetype done() const; ///< and Skipped ones
    };
    Counts counts() const;

    /// Why nothing starts although something waits: the disk is full.
    std::optional<Error> held() const;

    /// Nothing of the connected server is left that has not ended.
    bool finished() const;

    /// Bytes of memory for one row, without what its texts need.
    static qsizetype bytesPerRow();

private:
    struct Row
    {
        Download download;
        quint64 revision = 0;
        RateMeter rate;
        qint64 progress = 0; ///< bytes received in this try
        int mismatches = 0;
        std::shared_ptr<RateLimiter> limiter;
    };
    using Rows = std::map<quint64, Row>;
    /// The smallest is next: rank, position, id.
    using Turn = std::tuple<quint8, qint64, quint64>;
    struct Hold
    {
        Error reason;
        QString folder;
        qint64 needed = 0; ///< free bytes
        Clock::time_point nextLook;
    };
    struct Space
    {
        qint64 free = -1;
        Clock::time_point asked;
    };

    Row &insert(Download download);
    void changed(Row &row);
    bool apply(Row &row, DownloadEvent event);
    void enter(Row &row, DownloadState state);
    void setQueued(const Download &download, bool queued);
    void setCounted(const Download &download, int sign);
    static Turn turnOf(const Download &download);
    bool isOurs(const Download &download) const;
    bool nothingQueued() const { return m_queuedSmall.empty() && m_queuedLarge.empty(); }
    std::optional<Turn> firstOf(Take what) const;
    void queueDue();
    void lookForSpace();
    void hold(const Download &download, const Error &error);
    template <typename Change>
    void change(const QList<quint64> &ids, Change change);
    QList<quint64> idsInOrder(const QList<quint64> &ids);
    void swapPositions(quint64 a, quint64 b);
    void moveTo(Row &row, qint64 position);
    Row *row(quint64 id);
    Row *liveRow(quint64 id);

    const std::function<Clock::time_point()> m_now;
    const FreeSpace m_freeSpace;
    const std::shared_ptr<RateLimiter> m_limiter = std::make_shared<RateLimiter>();

    // The standard library's and not Qt's: ThreadSanitizer sees through these.
    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_work;
    QueueRules m_rules;
    QString m_server;
    Rows m_rows;                       ///< by id
    std::map<qint64, quint64> m_order; ///< position → id
    std::set<Turn> m_queuedSmall;      ///< that wait and are not known to be large
    std::set<Turn> m_queuedLarge;      ///< those that are
    std::set<std::pair<Clock::time_point, quint64>> m_retrying;
    std::map<quint64, QSet<QString>> m_known; ///< targets found, by folder
    std::map<QString, Space> m_space;         ///< by folder
    std::optional<Hold> m_hold;
    ByteSum m_queuedLargeBytes;
    qsizetype m_forced = 0; ///< how many of the queued are
    int m_filesAtOnce = limits::filesAtOnce;
    Counts m_counts;
    qsizetype m_open = 0;                 ///< how many of the server have not ended
    std::map<quint64, quint64> m_changed; ///< revision → id; each row once, with its last one
    std::vector<std::pair<quint64, quint64>> m_removed; ///< revision, id; ascending
    quint64 m_revision = 0;
    quint64 m_nextId = 1;
    quint64 m_nextBatch = 1;
};

} // namespace ferry::client
