// SPDX-License-Identifier: MIT
#pragma once

#include "server/doors/addressblock.h"
#include "server/limits.h"

#include <QDeadlineTimer>
#include <QHostAddress>
#include <QMutex>

#include <map>
#include <memory>
#include <optional>

namespace ferry::server {

/// Counts the sessions, and those that have not logged in yet (strangers), in total and per address
/// (addressblock.h; 127.0.0.1 and ::1 have no caps and no penalties), and refuses before anything
/// is spent on a connection.
///
/// Each address has a penalty score, which expires: +2 for a visit that ends, or lasts long,
/// without a login, +1 for being refused, set to −2 by a login. When all places of strangers are
/// taken, the stranger with the highest score is evicted for a newcomer with a lower one; among
/// equals, one of the address that has clearly the most places. So a crowd that blocks the places,
/// or comes again and again, keeps others out only briefly, and one from a few addresses nobody.
class Admission
{
public:
    struct Limits
    {
        int sessions;
        int sessionsPerAddress;
        int strangers;
        int strangersPerAddress;
        std::chrono::milliseconds grace = limits::strangerGrace; ///< then a stranger takes long
    };
    enum class Decision { Admitted, Full, FullForAddress, StrangersFull, StrangersFullForAddress };

private:
    struct State;

public:
    /// A place, freed when it is destroyed. Any thread, one at a time.
    class Place
    {
    public:
        Place() = default;
        Place(Place &&other) noexcept = default;
        Place &operator=(Place &&other) noexcept;
        ~Place();

        /// The owner logged in: it is a stranger no more, and its address has no penalty.
        void authenticated();

    private:
        friend class Admission;
        void leave();

        std::shared_ptr<State> m_state;
        QHostAddress m_address;
        quint64 m_serial = 0;
    };

    explicit Admission(const Limits &limits);

    /// For whom comes from now on. On the thread of admit().
    void setLimits(const Limits &limits) { m_limits = limits; }

    /// `place` is filled in if the decision is Admitted. `visitor` is who evictFor() would name.
    Decision admit(const QHostAddress &address, Place &place, quint64 visitor = 0);

    /// The stranger to disconnect for this newcomer, after StrangersFull: its place is free
    /// already. Nothing if none of them has a higher score or too many places; then the newcomer's
    /// own score rises by one.
    std::optional<quint64> evictFor(const QHostAddress &newcomer);

private:
    struct Count
    {
        int sessions = 0;
        int strangers = 0;
    };
    struct Stranger
    {
        QHostAddress address;
        quint64 visitor;
        QDeadlineTimer grace; ///< until it takes long
    };
    /// Scores are compared in whole steps of VisitWeight.
    enum Weight : int { KnownWeight = -2, RefusedWeight = 1, VisitWeight = 2 };
    struct Penalty
    {
        int weight = 0; ///< less than nothing: its last visit logged in
        QDeadlineTimer until;
    };
    /// Outlives the Admission as long as there are places.
    struct State
    {
        QMutex mutex; ///< guards the rest
        Count total;
        BlockTable<Count> perAddress;
        std::map<quint64, Stranger> strangers; ///< by serial number, so by age
        quint64 lastSerial = 0;
        BlockTable<Penalty> penalties;

        Count countOf(const QHostAddress &address) const;
        int weightOf(const QHostAddress &address) const;
        int penaltyOf(const QHostAddress &address) const;
        void addPenalty(const QHostAddress &address, Weight more);
        void trust(const QHostAddress &address);
        bool forgetStranger(quint64 serial);
    };

    Limits m_limits;
    std::shared_ptr<State> m_state;
};

} // namespace ferry::server
