// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/taskthread.h"
#include "server/limits.h"
#include "server/records/delivery.h"
#include "server/records/deliveryledger.h"
#include "server/records/historystore.h"

#include <mutex>
#include <optional>

namespace ferry::server {

/// The history of deliveries for somebody who must not wait: a thread of its own writes and
/// searches, and what it found is fetched when it is there.
class History
{
public:
    explicit History(const QString &dataFolder, qint64 rows = limits::historyRows);

    /// Writes down what is open, as it is.
    ~History();

    /// Returns at once, as all of these. Any thread.
    void add(DeliveryQueue::Taken taken);

    /// takePage() has the result, of the last search that was asked for.
    void search(const QString &text, qint64 most);
    /// takeReceived() has what HistoryStore::received() found.
    void findReceived(qint64 most);
    void exportCsv(const QString &text, const QString &path);
    void clear();

    struct Found
    {
        QString text; ///< what was searched for
        HistoryStore::Page page;
    };
    std::optional<Found> takePage();
    std::optional<QList<Delivery>> takeReceived();

    /// Grows with every change of the history: then a search may find more.
    quint64 revision() const;

    /// What has to be said, in sentences: what was damaged, what could not be written, where the
    /// export went. Once each.
    QStringList takeNews();

    /// Waits until everything that was asked for is done.
    void flush() { m_thread.flush(); }

private:
    void open(HistoryStore::Access access);
    void record(const QList<Delivery> &deliveries);
    void say(const QString &sentence);

    // The thread that writes:
    HistoryStore m_store;
    DeliveryLedger m_ledger;
    bool m_kept = false;   ///< in a file, made with the first delivery
    bool m_failed = false; ///< told already

    mutable std::mutex m_mutex; ///< guards the next seven
    std::optional<Found> m_found;
    std::optional<QList<Delivery>> m_received;
    QStringList m_news;
    quint64 m_revision = 0;
    quint64 m_lastSearch = 0;
    qsizetype m_waiting = 0; ///< events that are not recorded yet, at most limits::deliveryEvents
    qint64 m_dropped = 0;

    TaskThread m_thread{"history"}; ///< last: it ends before the rest goes
};

} // namespace ferry::server
