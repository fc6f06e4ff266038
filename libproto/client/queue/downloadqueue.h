// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/disknames.h"
#include "client/disk/savednames.h"
#include "client/download.h"
#include "client/limits.h"
#include "client/queue/diskspaceguard.h"
#include "client/queue/downloadtable.h"
#include "net/base/ratelimiter.h"

#include <QList>
#include <QSet>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::client {

/// What a queue does by itself. When something goes wrong, the defaults fail at once, for the
/// command line.
struct QueueRules
{
    int retries = 0;           ///< of a file that failed for a reason that may pass
    bool waitForSpace = false; ///< files for a full disk wait until there is space again
    qint64 spaceReserve = 0;   ///< bytes of the disk that are left free
    bool keepWaiting = false;  ///< what waits stays queued when there is no way to the server
    bool encodeNames = false;  ///< that the disk does not take
    bool executable = true;    ///< a file that may be run on the server may be run here

    /// For a queue that works while nobody looks.
    static QueueRules unattended() { return {limits::retries, true, limits::spaceReserve, true}; }
};

/// The files to fetch and to send, shared by the façade and the connection threads. Any thread may
/// call anything. Every change gives the row a new revision, so that a window copies only what
/// changed since it last looked: each call costs what it changes or returns, however long the
/// queue is.
///
/// TurnOrder says what is next. What a connection reports about a row that is no longer under way
/// (paused, cancelled or removed meanwhile) is dropped, except that it was saved.
class DownloadQueue
{
public:
    using Clock = DownloadTable::Clock;
    using Changes = DownloadTable::Changes;
    using Counts = DownloadTable::Counts;
    using FreeSpace = DiskSpaceGuard::FreeSpace;
    enum class Take {
        Any,    ///< whatever download comes first
        Next,   ///< what comes first, and may begin beside the files that are in transfer
        Large,  ///< of those, one that is known to have more than limits::largeFile bytes
        Upload, ///< whatever upload comes first
    };

    explicit DownloadQueue(std::function<Clock::time_point()> now = &Clock::now,
                           FreeSpace freeSpace = {});

    void setRules(const QueueRules &rules);
    QueueRules rules() const;
    /// Whether a file of this row that may be run on the server may be run here.
    bool keepsExecutable(const Download &download) const
    {
        return download.executable && rules().executable;
    }

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

    /// The next queued file, now Connecting; nothing if there is none.
    std::optional<Download> takeNext(Take what = Take::Any);

    /// Asks the disks whether files that wait for space may go on, if that is due.
    void lookForSpace();

    /// takeNext() would give something, once lookForSpace() is done.
    bool hasQueued(Take what = Take::Any);

    /// Bytes of the queued files that are known to be large.
    qint64 largeBytesQueued() const;

    /// Waits until takeNext() may have something, or wakeAll(), at most `ms`.
    void waitForWork(int ms);
    /// Waits until something wakes those that wait, at most `ms`.
    void waitForWake(int ms);
    void wakeAll();

    /// `Checking`, `Downloading`, `Stalled` or `Verifying`.
    void setState(quint64 id, DownloadState state);
    /// Stalled; `heldThere`: the server's operator paused it.
    void stall(quint64 id, bool heldThere);
    void setLocalName(quint64 id, const QString &name);
    void setKind(quint64 id, DownloadKind kind);
    /// As the server announced it; `there` bytes of it were here already.
    void setSize(quint64 id, qint64 size, qint64 there);
    /// The same; it is Checking what is here, and what was received of it before counts until then.
    void beginCheck(quint64 id, qint64 size);
    void addReceived(quint64 id, qint64 bytes); ///< it is Downloading from now on
    /// Bytes that were here already, or (negative) that are worth nothing after all; while it is
    /// Checking, of those that were compared.
    void adjustReceived(quint64 id, qint64 bytes);
    /// `checksum`: of the whole, in hex; empty if only its parts were compared. `grown`: only its
    /// beginning is here (Download::grown).
    void finish(quint64 id, bool verified, const QByteArray &checksum = {}, bool grown = false);
    void skip(quint64 id, bool identical = false);
    /// The queue decides what comes of it: tried again later, failed, or held (full disk: asks it).
    void fail(quint64 id, const Error &error);
    /// To the front, e.g. because the connection ended before the file was begun.
    void requeue(quint64 id);
    /// An upload: of this very file that is here now.
    void setUpload(quint64 id, qint64 size, qint64 modifiedNs, const QByteArray &uploadId);
    /// There is a new login. What was for a person and is not there fails, and is not sent again:
    /// the server may have been restarted, and the number may be somebody else's now.
    void loggedIn();
    /// An upload goes on behind so many bytes, which the server has.
    void beginUpload(quint64 id, qint64 there);
    /// An upload is stored on the server: under this path, if it was told.
    void finishUpload(quint64 id, const QByteArray &storedPath, const QByteArray &checksum);
    void needDecision(quint64 id, const RemoteFacts &facts);
    /// The rows of a folder's listing; what an earlier, broken listing of it gave is left out.
    void addFound(quint64 folder, const QList<Download> &downloads);
    /// Under way, and nobody has ended or paused it.
    bool isWanted(quint64 id) const;
    /// Saved, it is Done: nobody has cancelled or removed it, and no other attempt has ended it.
    bool canBeSaved(quint64 id) const;
    /// What was received of it stays for a later try, although this one ended with `error`.
    bool keepsPart(quint64 id, const Error &error, bool resume) const;

    /// Is there room for `bytes` more in its folder, and the reserve? One that a person started now
    /// may use the reserve. DiskFull with a sentence.
    Result<> checkSpace(const Download &download, qint64 bytes);

    /// All that wait, because there is no way to the server; none with QueueRules::keepWaiting.
    /// How many.
    qsizetype failQueued(const Error &error);

    // --- A window or the command line ------------------------------------------------------

    /// Called after each of these changes, without a lock, by the thread that made it. Set before
    /// the queue is shared.
    void setPersonHook(std::function<void()> hook) { m_personHook = std::move(hook); }

    void pause(const QList<quint64> &ids);
    void resume(const QList<quint64> &ids); ///< to the front
    void pauseAll();
    void resumeAll();
    void cancel(quint64 id) { cancel(QList<quint64>{id}); }
    void cancel(const QList<quint64> &ids);
    void remove(quint64 id) { remove(QList<quint64>{id}); }
    /// They are gone, in any state. What was received of them stays for limits::undoTime, in which
    /// undoRemove() brings them back.
    void remove(const QList<quint64> &ids);
    qsizetype undoRemove(); ///< the last removal; how many rows are back
    /// Rows whose removal cannot be undone any more (or, with `all`, none can), once.
    QList<Download> takeRemoved(bool all = false);
    bool hasRemoved() const;
    /// The target folder, of rows that nobody works on and that have not ended. What they were.
    QList<Download> setFolder(const QList<quint64> &ids, const QString &folder);
    void retry(quint64 id) { retry(QList<quint64>{id}); } ///< of Failed, Skipped or Cancelled ones
    void retry(const QList<quint64> &ids);                ///< Retrying ones: at once
    qsizetype retryAllFailed();
    qsizetype clearDone(); ///< Done, Skipped and Cancelled rows; how many
    /// These rows take each other's places, so that they come in this order.
    void arrange(const QList<quint64> &ids) { move(&DownloadTable::arrange, ids); }
    /// What comes before a large file in transfer now takes its place, as with setPriority().
    void moveToTop(const QList<quint64> &ids) { move(&DownloadTable::moveToTop, ids); }
    void moveToBottom(const QList<quint64> &ids) { move(&DownloadTable::moveToBottom, ids); }
    /// The server `from` has another address now: all of it that is neither done nor under way
    /// comes from `to` (serverName() both). How many.
    qsizetype moveToServer(const QString &from, const QString &to);
    void setPriority(const QList<quint64> &ids, Priority priority);
    /// Beside those that are in transfer; of a folder also what is found in it from now on.
    void forceStart(const QList<quint64> &ids);
    void setRowLimit(const QList<quint64> &ids, qint64 bytesPerSecond); ///< 0: none
    /// Of rows that need a decision.
    void decide(const QList<quint64> &ids, ExistingPolicy policy);
    /// Of all rows of the batch that would ask: those that come later, too, and those that are
    /// tried again, also by a later program that keeps the same file.
    void decideBatch(quint64 batch, ExistingPolicy policy);

    /// Large files in transfer at once, and connections at most. With a lower number those that are
    /// too many wait.
    void setFilesAtOnce(int files);
    int filesAtOnce() const;
    /// The limit of all transfers together.
    std::shared_ptr<RateLimiter> rateLimiter() const { return m_limiter; }
    void setRateLimit(qint64 bytesPerSecond) { m_limiter->setRate(bytesPerSecond); }
    /// Of one row; null: none.
    std::shared_ptr<RateLimiter> limiterOf(quint64 id) const;

    /// What was saved since this queue is there.
    SavedNames &savedNames() { return m_savedNames; }
    DiskNames &diskNames() { return m_diskNames; }
    /// Of a row that is called as on the server still: as its disk takes it.
    void encodeName(Download &download);

    // --- Looking ---------------------------------------------------------------------------

    /// In the order of their ids.
    QList<Download> all() const;
    std::optional<Download> find(quint64 id) const;

    Changes changesSince(quint64 revision) const;

    Counts counts() const;

    /// The folders whose disks are full.
    QList<SpaceHold> spaceHolds() const { return m_space.holds(); }

    /// Nothing of the connected server is left that has not ended.
    bool finished() const;

private:
    using Row = DownloadTable::Row;

    template <typename Change>
    void change(const QList<quint64> &ids, Change change);
    template <typename Change>
    void changeAll(Change change);
    template <typename Condition>
    QList<quint64> idsWhere(Condition condition) const;
    void move(void (DownloadTable::*how)(const QList<quint64> &), const QList<quint64> &ids);
    void resize(Row &row, qint64 size, qint64 received);
    void end(Row &row, DownloadEvent event);
    void changedByPerson();
    std::optional<quint64> nextTurn(Take what) const;
    std::optional<SpaceHold> holdFor(quint64 id) const;
    // With the lock.
    bool isNeedless(const SpaceHold &hold) const;
    void release(const SpaceHold &hold);
    void releaseNeedless();

    const std::function<Clock::time_point()> m_now;
    const std::shared_ptr<RateLimiter> m_limiter = std::make_shared<RateLimiter>();
    std::function<void()> m_personHook;
    DiskSpaceGuard m_space;
    SavedNames m_savedNames;
    DiskNames m_diskNames;

    // The standard library's and not Qt's: ThreadSanitizer sees through these.
    mutable std::mutex m_mutex; ///< guards all below; taken before that of m_space
    std::condition_variable m_work;
    QueueRules m_rules;
    DownloadTable m_table;
    struct Removal
    {
        Clock::time_point until;
        QList<Download> rows;
    };
    std::deque<Removal> m_removals; ///< the last one is at the end
    QSet<quint64> m_removedIds;     ///< of these rows
    quint64 m_nextBatch = 1;
};

} // namespace ferry::client
