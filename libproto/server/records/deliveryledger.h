// SPDX-License-Identifier: MIT
#pragma once

#include "server/records/delivery.h"

#include <map>
#include <set>
#include <unordered_map>

namespace ferry::server {

/// One line of the history: a file, to whom it went or from whom it came, and how that ended.
struct Delivery
{
    enum class Outcome { // the numbers stand in the history's file
        Verified,        ///< who received it has saved it, and the checksum was right
        Unverified,      ///< all of it was sent; whether it arrived, nobody said
        BrokenOff,
    };
    qint64 beganMs = 0; ///< wall clock, since the epoch
    qint64 endedMs = 0;
    QString address;
    QString account;
    QString client;
    bool encrypted = false;
    QString file;
    qint64 size = 0; ///< of the whole file
    qint64 sent = 0; ///< less if a part was there already or it broke off, more after a repeat
    Outcome outcome = Outcome::Unverified;
    QString why;           ///< of BrokenOff
    bool received = false; ///< it came from the client; then never Unverified
};

/// Makes lines of the history out of events. A large file goes out in parts, over several
/// sessions at once, and its confirmation comes at the end: it is one line, written down when it
/// is confirmed, or when the last session that sent of it has ended.
class DeliveryLedger
{
public:
    /// What `events` complete, in the order in which that happened.
    QList<Delivery> take(const QList<DeliveryEvent> &events);

    /// Everything that is still open, as if all sessions had ended.
    QList<Delivery> takeAll();

    qsizetype open() const { return qsizetype(m_orders.size()); }

private:
    struct Open
    {
        Delivery delivery;
        std::set<quint64> sessions;
        QByteArray key;
        bool confirmed = false;
    };
    static QByteArray keyOf(const DeliveryEvent &event);
    void add(const DeliveryEvent &event, QList<Delivery> &done);
    void sessionEnded(const DeliveryEvent &event, QList<Delivery> &done);
    using Entry = std::map<quint64, Open>::iterator;
    Entry take(Entry entry, const QString &why, QList<Delivery> &done);

    std::map<quint64, Open> m_open; ///< by a number that grows, so by age
    /// Their numbers, by peer, file and its version, or upload. Not a QHash: without memory its
    /// insert() ends the program.
    std::unordered_map<QByteArray, quint64> m_orders;
    quint64 m_lastOrder = 0;
};

} // namespace ferry::server
