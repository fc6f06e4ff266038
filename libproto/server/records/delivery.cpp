// SPDX-License-Identifier: MIT
#include "server/records/delivery.h"

#include "server/limits.h"

#include <QDateTime>

#include <utility>

namespace ferry::server {

void DeliveryQueue::setEnabled(bool enabled)
{
    const std::lock_guard lock(m_mutex);
    m_enabled = enabled;
    if (!enabled)
        m_events.clear();
}

void DeliveryQueue::add(DeliveryEvent event)
{
    const std::lock_guard lock(m_mutex);
    append(std::move(event));
}

void DeliveryQueue::addAll(std::vector<DeliveryEvent> events)
{
    const std::lock_guard lock(m_mutex);
    for (DeliveryEvent &event : events)
        append(std::move(event));
}

/// With the lock.
void DeliveryQueue::append(DeliveryEvent event)
{
    if (!m_enabled)
        return;
    if (m_events.size() < limits::deliveryEvents)
        m_events.append(std::move(event));
    else
        ++m_dropped;
}

DeliveryQueue::Taken DeliveryQueue::take()
{
    const std::lock_guard lock(m_mutex);
    return {std::exchange(m_events, {}), std::exchange(m_dropped, 0)};
}

DeliveryReporter::DeliveryReporter(std::shared_ptr<DeliveryQueue> queue, DeliveredTo to)
    : m_queue(std::move(queue))
    , m_to(std::make_shared<const DeliveredTo>(std::move(to)))
{
}

void DeliveryReporter::setClient(const QString &displayName)
{
    DeliveredTo to = copy();
    to.client = displayName;
    m_to = std::make_shared<const DeliveredTo>(std::move(to));
}

void DeliveryReporter::setAccount(const QString &displayName)
{
    DeliveredTo to = copy();
    to.account = displayName;
    m_to = std::make_shared<const DeliveredTo>(std::move(to));
}

void DeliveryReporter::sent(const Subject &subject, qint64 bytes, bool last)
{
    tell(DeliveryEvent::Kind::Sent, subject, bytes, last, {});
}

void DeliveryReporter::brokenOff(const Subject &subject, qint64 bytes, const QString &why)
{
    tell(DeliveryEvent::Kind::BrokenOff, subject, bytes, false, why);
}

void DeliveryReporter::confirmed(const Subject &subject, qint64 bytes)
{
    tell(DeliveryEvent::Kind::Confirmed, subject, bytes, true, {});
}

void DeliveryReporter::confirmedAll(const std::vector<Subject> &subjects)
{
    std::vector<DeliveryEvent> events;
    events.reserve(subjects.size());
    for (const Subject &subject : subjects)
        events.push_back(event(DeliveryEvent::Kind::Confirmed, subject, 0, true, {}));
    m_queue->addAll(std::move(events));
}

void DeliveryReporter::ended(const QString &why)
{
    tell(DeliveryEvent::Kind::SessionEnded, {}, 0, true, why);
}

void DeliveryReporter::tell(DeliveryEvent::Kind kind, const Subject &subject, qint64 bytes,
                            bool last, const QString &why)
{
    m_queue->add(event(kind, subject, bytes, last, why));
}

DeliveryEvent DeliveryReporter::event(DeliveryEvent::Kind kind, const Subject &subject,
                                      qint64 bytes, bool last, const QString &why) const
{
    return {kind,       QDateTime::currentMSecsSinceEpoch(),
            m_to,       subject.file,
            subject.id, subject.size,
            bytes,      last,
            why,        subject.received};
}

} // namespace ferry::server
