// SPDX-License-Identifier: MIT
#include "server/records/deliveryledger.h"

#include "server/limits.h"

#include <iterator>

namespace ferry::server {

using Kind = DeliveryEvent::Kind;
using Outcome = Delivery::Outcome;

QByteArray DeliveryLedger::keyOf(const DeliveryEvent &event)
{
    const QByteArray peer = event.to->address.toUtf8() + '\0' + event.to->account.toUtf8() + '\0';
    // What is put in may get another name at its end; its ID stands for it alone.
    return event.received ? peer + "put" + event.id
                          : peer + "get" + event.id + '\0' + event.file.toUtf8();
}

QList<Delivery> DeliveryLedger::take(const QList<DeliveryEvent> &events)
{
    QList<Delivery> done;
    for (const DeliveryEvent &event : events) {
        if (event.kind == Kind::SessionEnded)
            sessionEnded(event, done);
        else
            add(event, done);
    }
    return done;
}

QList<Delivery> DeliveryLedger::takeAll()
{
    QList<Delivery> done;
    for (auto entry = m_open.begin(); entry != m_open.end();)
        entry = take(entry, {}, done);
    return done;
}

void DeliveryLedger::add(const DeliveryEvent &event, QList<Delivery> &done)
{
    const QByteArray key = keyOf(event);
    if (!m_orders.contains(key)) {
        // What has been open longest is written down as it is.
        if (open() >= limits::deliveriesOpen)
            take(m_open.begin(), {}, done);
        Open fresh;
        fresh.key = key;
        fresh.delivery.beganMs = event.timeMs;
        fresh.delivery.address = event.to->address;
        fresh.delivery.account = event.to->account;
        fresh.delivery.received = event.received;
        m_open.emplace(++m_lastOrder, fresh);
        m_orders.emplace(key, m_lastOrder);
    }
    const Entry found = m_open.find(m_orders.at(key));
    Delivery &delivery = found->second.delivery;
    delivery.endedMs = event.timeMs;
    delivery.file = event.file;
    delivery.client = event.to->client;
    delivery.encrypted = event.to->encrypted;
    delivery.size = event.size;
    delivery.sent += event.bytes;
    found->second.sessions.insert(event.to->session);
    if (event.kind == Kind::BrokenOff)
        delivery.why = event.why;
    found->second.confirmed = event.kind == Kind::Confirmed;
    if (found->second.confirmed || event.last)
        take(found, {}, done);
}

void DeliveryLedger::sessionEnded(const DeliveryEvent &event, QList<Delivery> &done)
{
    for (auto entry = m_open.begin(); entry != m_open.end();) {
        std::set<quint64> &sessions = entry->second.sessions;
        const bool last = sessions.erase(event.to->session) > 0 && sessions.empty();
        entry = last ? take(entry, event.why, done) : std::next(entry);
    }
}

/// It is complete; the one behind it.
DeliveryLedger::Entry DeliveryLedger::take(Entry entry, const QString &why, QList<Delivery> &done)
{
    Delivery &delivery = entry->second.delivery;
    if (entry->second.confirmed) {
        delivery.outcome = Outcome::Verified;
        delivery.why.clear();
    } else if (!delivery.received && delivery.sent >= delivery.size && delivery.why.isEmpty()) {
        delivery.outcome = Outcome::Unverified;
    } else {
        delivery.outcome = Outcome::BrokenOff;
        if (delivery.why.isEmpty())
            delivery.why = why;
    }
    done.append(delivery);
    m_orders.erase(entry->second.key);
    return m_open.erase(entry);
}

} // namespace ferry::server
