// SPDX-License-Identifier: MIT
#pragma once

#include "wire/limits.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QHostAddress>
#include <QMutex>

#include <map>
#include <memory>
#include <optional>

namespace ferry::server {

/// Who may come in: counts the sessions and those of them that have not logged in yet
/// (strangers), in total and per address, and says no before anything is spent on a connection.
/// Loopback is exempt from the figures per address. An IPv6 client owns a /64, so that counts as
/// one address.
///
/// Where strangers fill all their places, one may give way: an address whose visits end without a
/// login is doubted, for a while or until it logs in, which makes it better than one nobody knows;
/// a stranger who takes long is doubted, too, and half as much who finds no place. A
/// newcomer takes the place of the one who is doubted most, if more than itself. So a crowd that
/// holds the places open, or comes again and again, keeps out nobody for long who is not part of
/// it. Among those who are doubted as much as itself, it takes one from the address that holds the
/// most, if that has clearly more: a crowd from a few addresses keeps nobody out at all.
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
    enum class Verdict { Admitted, Full, FullForAddress, StrangersFull, StrangersFullForAddress };

private:
    struct State;

public:
    /// Somebody's place, given back when it is destroyed. Any thread, one at a time.
    class Place
    {
    public:
        Place() = default;
        Place(Place &&other) noexcept = default;
        Place &operator=(Place &&other) noexcept;
        ~Place();

        /// The owner logged in and is a stranger no more, and its address is not doubted.
        void settle();

    private:
        friend class Admission;
        void leave();

        std::shared_ptr<State> m_state;
        QByteArray m_address;
        quint64 m_serial = 0;
    };

    explicit Admission(const Limits &limits);

    /// `place` is filled in if the verdict is Admitted. `visitor` is who giveWay() would name.
    Verdict admit(const QHostAddress &address, Place &place, quint64 visitor = 0);

    /// The stranger who is to be sent away for this newcomer, after StrangersFull: its place is
    /// free already. Nothing if none of them is doubted more or holds too many places; then the
    /// newcomer is doubted a little more than before.
    std::optional<quint64> giveWay(const QHostAddress &newcomer);

private:
    struct Count
    {
        int sessions = 0;
        int strangers = 0;
    };
    struct Stranger
    {
        QByteArray address;
        quint64 visitor;
        QDeadlineTimer grace; ///< until it takes long
    };
    /// In halves of a doubt; only whole ones count.
    enum Weight : int { KnownWeight = -2, RefusedWeight = 1, VisitWeight = 2 };
    struct Doubt
    {
        int weight = 0; ///< less than nothing: its last visit logged in
        QDeadlineTimer until;
    };
    /// Outlives the Admission as long as there are places.
    struct State
    {
        QMutex mutex; ///< guards the rest
        Count total;
        QHash<QByteArray, Count> perAddress;
        std::map<quint64, Stranger> strangers; ///< by serial number, so by age
        quint64 lastSerial = 0;
        QHash<QByteArray, Doubt> doubts;

        int weightOf(const QByteArray &address) const;
        int doubtsOf(const QByteArray &address) const;
        int placesOf(const QByteArray &address) const;
        void doubt(const QByteArray &address, Weight more);
        void trust(const QByteArray &address);
        bool forgetStranger(quint64 serial);
    };

    Limits m_limits;
    std::shared_ptr<State> m_state;
};

} // namespace ferry::server
