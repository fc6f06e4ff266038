// SPDX-License-Identifier: MIT
#include "server/doors/admission.h"

#include "net/base/guarded.h"
#include "server/doors/addressblock.h"
#include "server/limits.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ferry::server {

int Admission::State::weightOf(const QHostAddress &address) const
{
    const auto penalty = penalties.find(address);
    const bool none = penalty == penalties.end() || penalty->second.until.hasExpired();
    return none ? 0 : penalty->second.weight;
}

int Admission::State::penaltyOf(const QHostAddress &address) const
{
    // Rounded down: one refusal alone changes nothing.
    const int weight = weightOf(address);
    return (weight < 0 ? weight - 1 : weight) / VisitWeight;
}

Admission::Count Admission::State::countOf(const QHostAddress &address) const
{
    const auto count = perAddress.find(address);
    return count == perAddress.end() ? Count() : count->second;
}

void Admission::State::addPenalty(const QHostAddress &address, Weight more)
{
    if (isLocalHost(address))
        return;
    const int before = weightOf(address);
    if (penalties.size() >= limits::penaltyEntries && !penalties.contains(address)) {
        std::erase_if(penalties, [](const auto &entry) { return entry.second.until.hasExpired(); });
        // Whichever: with so many addresses no memory is long enough.
        for (auto it = penalties.begin();
             it != penalties.end() && penalties.size() >= limits::penaltyEntries;)
            it = it->second.weight < 0 ? std::next(it) : penalties.erase(it);
        if (penalties.size() >= limits::penaltyEntries)
            return;
    }
    penalties.insert_or_assign(address,
                               Penalty{before + more, QDeadlineTimer(limits::penaltyMemory)});
}

void Admission::State::trust(const QHostAddress &address)
{
    if (!isLocalHost(address) &&
        (penalties.size() < limits::penaltyEntries || penalties.contains(address)))
        penalties.insert_or_assign(address,
                                   Penalty{KnownWeight, QDeadlineTimer(limits::penaltyMemory)});
}

/// False if it is no stranger any more.
bool Admission::State::forgetStranger(quint64 serial)
{
    const auto stranger = strangers.find(serial);
    if (stranger == strangers.end())
        return false;
    --total.strangers;
    --perAddress[stranger->second.address].strangers;
    strangers.erase(stranger);
    return true;
}

Admission::Admission(const Limits &limits)
    : m_limits(limits)
    , m_state(std::make_shared<State>())
{
}

Admission::Decision Admission::admit(const QHostAddress &address, Place &place, quint64 visitor)
{
    const QHostAddress key = blockOf(address);
    const bool capped = !isLocalHost(address);
    const QMutexLocker lock(&m_state->mutex);
    if (m_state->total.sessions >= m_limits.sessions)
        return Decision::Full;
    const Count count = m_state->countOf(key);
    if (capped && count.sessions >= m_limits.sessionsPerAddress)
        return Decision::FullForAddress;
    if (capped && count.strangers >= m_limits.strangersPerAddress)
        return Decision::StrangersFullForAddress;
    if (m_state->total.strangers >= m_limits.strangers)
        return Decision::StrangersFull;
    // What may lack memory comes first.
    Count &ofAddress = m_state->perAddress[key];
    const quint64 serial = ++m_state->lastSerial;
    m_state->strangers.emplace(serial, Stranger{key, visitor, QDeadlineTimer(m_limits.grace)});
    for (Count *const more : {&ofAddress, &m_state->total}) {
        ++more->sessions;
        ++more->strangers;
    }
    // `place` is empty here; leaving an occupied one would need the lock that is held.
    Q_ASSERT(!place.m_state);
    place.m_state = m_state;
    place.m_address = key;
    place.m_serial = serial;
    return Decision::Admitted;
}

std::optional<quint64> Admission::evictFor(const QHostAddress &newcomer)
{
    const QHostAddress key = blockOf(newcomer);
    const QMutexLocker lock(&m_state->mutex);
    const int penalty = m_state->penaltyOf(key);
    // A higher score than the newcomer's, or the same with too many places: the oldest of the
    // worst.
    std::pair worst(penalty,
                    std::max(m_state->countOf(key).strangers + 1, limits::strangersUndisputed));
    std::optional<quint64> serial;
    for (const auto &[number, stranger] : m_state->strangers) {
        const std::pair rank(m_state->penaltyOf(stranger.address) +
                                 int(stranger.grace.hasExpired()),
                             m_state->countOf(stranger.address).strangers);
        if (rank > worst) {
            worst = rank;
            serial = number;
        }
    }
    if (!serial) {
        m_state->addPenalty(key, RefusedWeight);
        return std::nullopt;
    }
    const Stranger leaving = m_state->strangers.at(*serial);
    m_state->forgetStranger(*serial);
    if (worst.first > penalty) // else it only shares: it may be many people's address
        m_state->addPenalty(leaving.address, VisitWeight);
    return leaving.visitor;
}

Admission::Place &Admission::Place::operator=(Place &&other) noexcept
{
    if (this != &other) {
        leave();
        m_state = std::move(other.m_state);
        m_address = std::move(other.m_address);
        m_serial = other.m_serial;
    }
    return *this;
}

Admission::Place::~Place()
{
    leave();
}

void Admission::Place::authenticated()
{
    if (!m_state)
        return;
    const QMutexLocker lock(&m_state->mutex);
    if (m_state->forgetStranger(m_serial))
        m_state->trust(m_address);
}

void Admission::Place::leave()
{
    if (!m_state)
        return;
    {
        const QMutexLocker lock(&m_state->mutex);
        const bool stranger = m_state->forgetStranger(m_serial);
        --m_state->total.sessions;
        const auto count = m_state->perAddress.find(m_address);
        if (--count->second.sessions == 0)
            m_state->perAddress.erase(count);
        // From a destructor: without memory the visit has no penalty.
        if (stranger)
            static_cast<void>(guarded([this] { m_state->addPenalty(m_address, VisitWeight); }));
    }
    m_state.reset();
}

} // namespace ferry::server
