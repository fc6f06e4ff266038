// SPDX-License-Identifier: MIT
#include "server/admission.h"

namespace ferry::server {

namespace {

/// Empty for loopback: there are no figures for it.
QByteArray keyOf(const QHostAddress &address)
{
    if (address.isLoopback())
        return {};
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    if (isIpv4)
        return QByteArray::number(ipv4);
    const Q_IPV6ADDR ipv6 = address.toIPv6Address();
    return QByteArray(reinterpret_cast<const char *>(ipv6.c), 8).toHex();
}

} // namespace

Admission::Admission(const Limits &limits)
    : m_limits(limits)
    , m_state(std::make_shared<State>())
{
}

Admission::Verdict Admission::admit(const QHostAddress &address, Place &place)
{
    const QByteArray key = keyOf(address);
    const QMutexLocker lock(&m_state->mutex);
    if (m_state->total.sessions >= m_limits.sessions)
        return Verdict::Full;
    if (m_state->total.strangers >= m_limits.strangers)
        return Verdict::StrangersFull;
    if (!key.isEmpty()) {
        const Count count = m_state->perAddress.value(key);
        if (count.sessions >= m_limits.sessionsPerAddress)
            return Verdict::FullForAddress;
        if (count.strangers >= m_limits.strangersPerAddress)
            return Verdict::StrangersFullForAddress;
        Count &kept = m_state->perAddress[key];
        ++kept.sessions;
        ++kept.strangers;
    }
    ++m_state->total.sessions;
    ++m_state->total.strangers;
    // `place` is empty here; leaving an occupied one would need the lock that is held.
    Q_ASSERT(!place.m_state);
    place.m_state = m_state;
    place.m_address = key;
    place.m_stranger = true;
    return Verdict::Admitted;
}

Admission::Place &Admission::Place::operator=(Place &&other) noexcept
{
    if (this != &other) {
        leave();
        m_state = std::move(other.m_state);
        m_address = std::move(other.m_address);
        m_stranger = other.m_stranger;
    }
    return *this;
}

Admission::Place::~Place()
{
    leave();
}

void Admission::Place::settle()
{
    if (!m_state || !m_stranger)
        return;
    const QMutexLocker lock(&m_state->mutex);
    m_stranger = false;
    --m_state->total.strangers;
    if (!m_address.isEmpty())
        --m_state->perAddress[m_address].strangers;
}

void Admission::Place::leave()
{
    if (!m_state)
        return;
    settle();
    {
        const QMutexLocker lock(&m_state->mutex);
        --m_state->total.sessions;
        if (!m_address.isEmpty()) {
            const auto count = m_state->perAddress.find(m_address);
            if (--count->sessions == 0)
                m_state->perAddress.erase(count);
        }
    }
    m_state.reset();
}

} // namespace ferry::server
