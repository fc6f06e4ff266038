// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"

#include <QHash>
#include <QList>
#include <QMutex>
#include <QWaitCondition>

#include <optional>

namespace ferry::client {

/// The files to fetch, shared by the façade and the connection threads. Any thread may call
/// anything. Every change gives the row a new revision, so that a window copies only what
/// changed since it last looked, however long the queue is.
class DownloadQueue
{
public:
    /// Returns the ids, in order.
    QList<quint64> add(const QList<Download> &downloads);

    /// The next queued file, now Connecting; nothing if there is none.
    std::optional<Download> takeNext();

    /// Waits until takeNext() may have something, or wakeAll(), at most `ms`.
    void waitForWork(int ms);
    void wakeAll();

    // The connection thread reports:
    void setState(quint64 id, DownloadState state);
    void setLocalName(quint64 id, const QString &name);
    void addReceived(quint64 id, qint64 bytes);
    void finish(quint64 id, bool verified);
    void fail(quint64 id, const Error &error);
    /// Back to the front, e.g. because the connection ended before the file was begun.
    void putBack(quint64 id);

    // A window or the command line asks:
    void cancel(quint64 id);
    bool isCancelled(quint64 id) const;
    void remove(quint64 id); ///< cancels it first if it is live
    void retry(quint64 id);  ///< Failed or Cancelled → Queued
    QList<Download> all() const;

    struct Changes
    {
        QList<Download> rows;    ///< new or changed, in queue order
        QList<quint64> removed;
        quint64 revision = 0;    ///< to be given to the next call
    };
    Changes changesSince(quint64 revision) const;

    /// Nothing queued or live.
    bool finished() const;

private:
    struct Row;
    mutable QMutex m_mutex; ///< guards all below
    QWaitCondition m_work;
    QList<Download> m_rows;
    QHash<quint64, qsizetype> m_index;
    QHash<quint64, quint64> m_revisions;
    QList<std::pair<quint64, quint64>> m_removed; ///< revision, id
    quint64 m_revision = 0;
    quint64 m_nextId = 1;
};

} // namespace ferry::client
