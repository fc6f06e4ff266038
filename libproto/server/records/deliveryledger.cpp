// SPDX-License-Identifier: MIT
#include "server/records/deliveryledger.h"

#include "server/limits.h"

#include <algorithm>

namespace ferry::server {

using Kind = DeliveryEvent::Kind;
using Outcome = Delivery::Outcome;

QByteArray DeliveryLedger::keyOf(const DeliveryEvent &event)
{
    return event.to->address.toUtf8() + '\0' + event.to->account.toUtf8() + '\0' + event.id + '\0' +
           event.file.toUtf8();
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
    QList<Open> all = m_open.values();
    m_open.clear();
    std::sort(all.begin(), all.end(),
              [](const Open &a, const Open &b) { return a.order < b.order; });
    QList<Delivery> done;
    for (Open &open : all)
        done.append(close(std::move(open), {}));
    return done;
}

void DeliveryLedger::add(const DeliveryEvent &event, QList<Delivery> &done)
{
    const QByteArray key = keyOf(event);
    auto found = m_open.find(key);
    if (found == m_open.end()) {
        makeRoom(done);
        Open fresh;
        fresh.order = ++m_lastOrder;
        fresh.delivery.beganMs = event.timeMs;
        fresh.delivery.address = event.to->address;
        fresh.delivery.account = event.to->account;
        fresh.delivery.file = event.file;
        found = m_open.insert(key, fresh);
    }
    Delivery &delivery = found->delivery;
    delivery.endedMs = event.timeMs;
    delivery.client = event.to->client;
    delivery.encrypted = event.to->encrypted;
    delivery.size = event.size;
    delivery.sent += event.bytes;
    found->sessions.insert(event.to->session);
    if (event.kind == Kind::BrokenOff)
        delivery.why = event.why;
    if (event.kind == Kind::Confirmed) {
        delivery.outcome = Outcome::Verified;
        delivery.why.clear();
        done.append(delivery);
        m_open.erase(found);
    } else if (event.last) {
        done.append(close(*found, {}));
        m_open.erase(found);
    }
}

void DeliveryLedger::sessionEnded(const DeliveryEvent &event, QList<Delivery> &done)
{
    QList<Open> closed;
    m_open.removeIf([&](const QHash<QByteArray, Open>::iterator &entry) {
        Open &open = entry.value();
        if (!open.sessions.remove(event.to->session) || !open.sessions.isEmpty())
            return false;
        closed.append(open);
        return true;
    });
    std::sort(closed.begin(), closed.end(),
              [](const Open &a, const Open &b) { return a.order < b.order; });
    for (Open &open : closed)
        done.append(close(std::move(open), event.why));
}

/// What has been open longest is written down as it is.
void DeliveryLedger::makeRoom(QList<Delivery> &done)
{
    if (m_open.size() < limits::deliveriesOpen)
        return;
    const auto oldest =
        std::min_element(m_open.begin(), m_open.end(),
                         [](const Open &a, const Open &b) { return a.order < b.order; });
    done.append(close(*oldest, {}));
    m_open.erase(oldest);
}

Delivery DeliveryLedger::close(Open open, const QString &why)
{
    Delivery &delivery = open.delivery;
    const bool all = delivery.sent >= delivery.size && delivery.why.isEmpty();
    delivery.outcome = all ? Outcome::Unverified : Outcome::BrokenOff;
    if (!all && delivery.why.isEmpty())
        delivery.why = why;
    return std::move(delivery);
}

} // namespace ferry::server
