// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QHostAddress>
#include <QMutex>

#include <memory>

namespace ferry::server {

/// Who may come in: counts the sessions and those of them that have not logged in yet
/// (strangers), in total and per address, and says no before anything is spent on a connection.
/// Loopback is exempt from the figures per address. An IPv6 client owns a /64, so that counts as
/// one address.
class Admission
{
public:
    struct Limits
    {
        int sessions;
        int sessionsPerAddress;
        int strangers;
        int strangersPerAddress;
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

        /// The owner logged in and is a stranger no more.
        void settle();

    private:
        friend class Admission;
        void leave();

        std::shared_ptr<State> m_state;
        QByteArray m_address;
        bool m_stranger = true;
    };

    explicit Admission(const Limits &limits);

    /// `place` is filled in if the verdict is Admitted.
    Verdict admit(const QHostAddress &address, Place &place);

private:
    struct Count
    {
        int sessions = 0;
        int strangers = 0;
    };
    /// Outlives the Admission as long as there are places.
    struct State
    {
        QMutex mutex; ///< guards the rest
        Count total;
        QHash<QByteArray, Count> perAddress;
    };

    Limits m_limits;
    std::shared_ptr<State> m_state;
};

} // namespace ferry::server
