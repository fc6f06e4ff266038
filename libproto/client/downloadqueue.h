// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/ratemeter.h"
#include "net/ratelimiter.h"
#include "wire/limits.h"

#include <QList>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace ferry::client {

/// The files to fetch, shared by the façade and the connection threads. Any thread may call
/// anything. Every change gives the row a new revision, so that a window copies only what
/// changed since it last looked: each call costs what it changes or returns, however long the
/// queue is.
///
/// The order is that of adding. A file that goes back is therefore in front of all that wait.
/// What a connection reports about a row that is no longer under way (it was cancelled or
/// removed meanwhile) is dropped; only that it was saved is true in any case.
class DownloadQueue
{
public:
    /// Returns the ids, in order. Rows may come in any state but a live one, e.g. Failed.
    QList<quint64> add(const QList<Download> &downloads);

    enum class Take {
        Any,
        Small, ///< not known to be large
        Large, ///< known to have more than limits::largeFile bytes
    };
    /// The next queued file, now Connecting; nothing if there is none.
    std::optional<Download> takeNext(Take what = Take::Any);

    /// Bytes of the queued files that are known to be large.
    qint64 largeBytesQueued() const;

    /// Large files at once, and connections at most.
    void setFilesAtOnce(int files);
    int filesAtOnce() const;

    /// The limit of all transfers together.
    std::shared_ptr<RateLimiter> rateLimiter() const { return m_limiter; }

    /// Waits until takeNext() may have something, or wakeAll(), at most `ms`.
    void waitForWork(int ms);
    void wakeAll();

    // The connection thread reports:
    void setState(quint64 id, DownloadState state); ///< a live one
    void setLocalName(quint64 id, const QString &name);
    void setKind(quint64 id, DownloadKind kind);
    /// As the server announced it; `there` bytes of it were here already.
    void setSize(quint64 id, qint64 size, qint64 there);
    void addReceived(quint64 id, qint64 bytes); ///< it is Downloading from now on
    /// Bytes that were here already, or (negative) that are worth nothing after all.
    void adjustReceived(quint64 id, qint64 bytes);
    /// `checksum`: of the whole, in hex; empty if only its parts were compared.
    void finish(quint64 id, bool verified, const QByteArray &checksum = {});
    void skip(quint64 id);
    void fail(quint64 id, const Error &error);
    /// Back to the front, e.g. because the connection ended before the file was begun.
    void putBack(quint64 id);
    /// All that wait, because there is no way to the server. How many.
    qsizetype failQueued(const Error &error);

    // A window or the command line asks:
    void cancel(quint64 id);
    bool isCancelled(quint64 id) const; ///< or removed
    bool isWanted(quint64 id) const;    ///< under way, and nobody has ended it
    void remove(quint64 id);            ///< cancels it first if it is live
    void retry(quint64 id);             ///< Failed, Skipped or Cancelled → Queued
    QList<Download> all() const;

    struct Changes
    {
        QList<Download> rows; ///< new or changed, in queue order
        QList<quint64> removed;
        quint64 revision = 0; ///< to be given to the next call
    };
    Changes changesSince(quint64 revision) const;

    /// takeNext() would give something.
    bool hasQueued() const;

    /// Nothing queued or live.
    bool finished() const;

private:
    struct Row
    {
        Download download;
        quint64 revision = 0;
        RateMeter rate;
    };
    using Rows = std::map<quint64, Row>;

    void changed(Row &row);
    void enter(Row &row, DownloadState state);
    void setQueued(const Download &download, bool queued);
    bool nothingQueued() const { return m_queuedSmall.empty() && m_queuedLarge.empty(); }
    Row *find(quint64 id);
    Row *findLive(quint64 id);

    // The standard library's and not Qt's: ThreadSanitizer sees through these.
    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_work;
    Rows m_rows;                     ///< by id, which is the order of adding
    std::set<quint64> m_queuedSmall; ///< ids that wait and are not known to be large
    std::set<quint64> m_queuedLarge; ///< those that are
    qint64 m_queuedLargeBytes = 0;
    int m_filesAtOnce = limits::filesAtOnce;
    const std::shared_ptr<RateLimiter> m_limiter = std::make_shared<RateLimiter>();
    qsizetype m_live = 0;                 ///< how many are under way
    std::map<quint64, quint64> m_changed; ///< revision → id; each row once, with its last one
    std::vector<std::pair<quint64, quint64>> m_removed; ///< revision, id; ascending
    quint64 m_revision = 0;
    quint64 m_nextId = 1;
};

} // namespace ferry::client
