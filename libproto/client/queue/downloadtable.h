// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/downloadstates.h"
#include "client/queue/filesatonce.h"
#include "client/queue/ratemeter.h"
#include "client/queue/turnorder.h"
#include "net/base/ratelimiter.h"

#include <QList>
#include <QSet>

#include <array>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace ferry::client {

/// The rows of a queue: their states, counts and order, and what changed since when. One thread.
class DownloadTable
{
public:
    using Clock = std::chrono::steady_clock;

    struct Row
    {
        Download download;
        quint64 revision = 0;
        RateMeter rate;
        qint64 progress = 0; ///< bytes received in this try
        qint64 kept = 0;     ///< the most that a server was seen to have of an upload
        int mismatches = 0;
        std::shared_ptr<RateLimiter> limiter;
    };
    using Rows = std::map<quint64, Row>;

    struct Changes
    {
        QList<Download> rows; ///< new or changed, in the order of their ids
        QList<quint64> removed;
        /// `rows` are all there are, and `removed` says nothing: the last call is too long ago.
        bool everything = false;
        quint64 revision = 0; ///< to be given to the next call
    };

    struct Counts
    {
        std::array<qsizetype, downloadStates> of{}; ///< by DownloadState
        qsizetype all() const;
        qsizetype active() const; ///< all that have not ended
        qsizetype failed() const { return of[size_t(DownloadState::Failed)]; }
        qsizetype done() const; ///< and Skipped ones
    };

    DownloadTable() { atOnce(Direction::Upload).setMost(1); }

    /// With an id and a position that no other row has. What was under way is Queued.
    Row &insert(Download download);
    void erase(Row &row);

    Rows &rows() { return m_rows; }
    const Rows &rows() const { return m_rows; }
    Row *find(quint64 id);
    const Row *find(quint64 id) const;
    Row *findLive(quint64 id); ///< somebody works on it
    quint64 nextId() const { return m_lastId + 1; }
    bool hasPosition(qint64 position) const { return m_order.contains(position); }
    qint64 nextPosition() const { return m_order.empty() ? 0 : m_order.rbegin()->first + 1; }

    /// The one way to another state, so that counts and order stay true. False: the event means
    /// nothing in this state.
    bool apply(Row &row, DownloadEvent event);
    /// After any other change of a row.
    void changed(Row &row);
    /// `change(download)` changes what the order goes by.
    template <typename Change>
    void reorder(Row &row, Change change)
    {
        setQueued(row.download, false);
        change(row.download);
        setQueued(row.download, true);
        changed(row);
    }
    void setServerOf(Row &row, const QString &server);
    /// `change(download)` changes its size or kind.
    template <typename Change>
    void reweigh(Row &row, Change change)
    {
        const Weight before = weightOf(row.download);
        setCounted(row.download, -1);
        change(row.download);
        setCounted(row.download, 1);
        if (const Weight now = weightOf(row.download); before == Weight::Unknown && now != before)
            atOnce(row.download.direction).learned(now);
        changed(row);
    }
    /// Retrying rows whose pause is over.
    void queueDue(Clock::time_point now);
    const std::set<std::pair<Clock::time_point, quint64>> &retrying() const { return m_retrying; }

    /// Remembers what is there of a folder, until nobody works on it any more.
    void learn(quint64 folder);
    bool isLearned(quint64 folder, const QString &target) const;

    /// Only rows from here count as open and get a turn. Empty: all do.
    void setServer(const QString &server);
    const QString &server() const { return m_server; }
    const TurnOrder &turns(Direction direction = Direction::Download) const
    {
        return m_turns[size_t(direction)];
    }
    bool isOurs(const Download &download) const;

    /// Rows for this folder get no turn, unless a person starts them now.
    void hold(const QString &folder);
    void release(const QString &folder);
    const TurnOrder &held() const { return m_held; }

    /// Uploads go one after the other, whatever is said of downloads.
    FilesAtOnce &atOnce(Direction direction = Direction::Download)
    {
        return m_atOnce[size_t(direction)];
    }
    const FilesAtOnce &atOnce() const { return m_atOnce[size_t(Direction::Download)]; }
    /// More large files than may be at once, or than may be beside those of `ids`, wait from now
    /// on, the last in the order first.
    void makeRoom(const QList<quint64> &ids = {});
    void makeRoom(Direction direction, const QList<quint64> &ids);

    /// These rows take each other's places, so that they come in this order.
    void arrange(const QList<quint64> &ids);
    void moveToTop(const QList<quint64> &ids);
    void moveToBottom(const QList<quint64> &ids);

    Changes changesSince(quint64 revision) const;
    const Counts &counts() const { return m_counts; }
    qsizetype open() const { return m_open; } ///< how many of the server have not ended

private:
    void enter(Row &row, DownloadState state);
    void setQueued(const Download &download, bool queued);
    void setCounted(const Download &download, int sign);
    bool isHeld(const Download &download) const;
    QList<quint64> idsInOrder(const QList<quint64> &ids) const;
    void moveTo(Row &row, qint64 position, bool front);

    Rows m_rows;                       ///< by id
    std::map<qint64, quint64> m_order; ///< position → id
    QString m_server;
    std::array<TurnOrder, 2> m_turns; ///< by Direction
    TurnOrder m_held;                 ///< queued downloads without a turn
    std::set<QString> m_heldFolders;
    std::array<FilesAtOnce, 2> m_atOnce; ///< by Direction
    std::set<std::pair<Clock::time_point, quint64>> m_retrying;
    std::map<quint64, QSet<QString>> m_learned; ///< targets, by folder
    Counts m_counts;
    qsizetype m_open = 0;
    std::map<quint64, quint64> m_changed; ///< revision → id; each row once, with its last one
    std::vector<std::pair<quint64, quint64>> m_removed; ///< revision, id; ascending; the last ones
    quint64 m_removedSince = 0;                         ///< the revision from which it has all
    quint64 m_revision = 0;
    quint64 m_lastId = 0;
};

} // namespace ferry::client
